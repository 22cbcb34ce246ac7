"""How long somebody waits for an answer, and what may still be saved once they were told that nothing was."""

import threading


class Patience:
    """One message's: either its work is saved or its sender is told that it was given up, never both.

    The lock guards two words of this one message, and nothing is waited for while it is held.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_over = False
        self._is_saving = False

    @property
    def is_over(self) -> bool:
        return self._is_over

    def may_save(self) -> bool:
        """Asked right before the work is saved. False once it was given up."""
        with self._lock:
            self._is_saving = not self._is_over
            return self._is_saving

    def give_up(self) -> bool:
        """Wait no longer. True when nothing will be saved, False when it is being saved just now."""
        with self._lock:
            self._is_over = True
            return not self._is_saving
