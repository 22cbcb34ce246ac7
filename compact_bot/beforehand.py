"""What takes seconds is done before a message's transaction, never in it: others must be answered meanwhile."""

from collections.abc import Callable


class Beforehand(Exception):  # noqa: N818  # named for what it asks for, as Refused is
    """Raised in a message's transaction, which is then undone: `work` comes first, then the message is answered anew.

    `work` touches no database and keeps what it made where the message's handler finds it.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__("to be done first")
        self.work = work
