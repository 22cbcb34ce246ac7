"""What stops the taking in of an agreement."""

from knowledge.agreement import AgreementError


class AdoptError(AgreementError):
    """The file or folder cannot be used; the message says what to do, in one line."""
