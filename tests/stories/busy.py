"""A process in which more people sign in at once than it can check."""

import pytest

from tracker.failures import TooBusy
from tracker.identity import passphrases


class full_queue:  # noqa: N801 - reads as a block
    """Every place of this process is taken."""

    def __enter__(self) -> None:
        self.turns = [
            passphrases.QUEUE.place() for _ in range(passphrases.AT_ONCE + passphrases.MOST_WAITING)
        ]
        for turn in self.turns:
            turn.__enter__()
        with pytest.raises(TooBusy), passphrases.QUEUE.place():
            pass

    def __exit__(self, *_: object) -> None:
        for turn in self.turns:
            turn.__exit__(None, None, None)
