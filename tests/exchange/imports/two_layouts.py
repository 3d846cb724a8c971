"""A review that stands here from one file, and another file of it that comes."""

from collections.abc import Sequence

from tests.exchange.imports.states import known_states
from tracker.exchange.imports.matching import Match, match_file
from tracker.exchange.imports.rows import FileRow


def match(standing: Sequence[FileRow], rows: Sequence[FileRow]) -> tuple[Match, ...]:
    """The keys are the places in `standing`, of which each row is a recommendation."""
    return match_file({at: (row,) for at, row in enumerate(standing)}, rows, known_states())


def recommendations(standing: Sequence[FileRow], found: Sequence[Match]) -> set[frozenset[FileRow]]:
    """The rows of both files, those of one recommendation together."""
    matched = {at for each in found if not each.is_other for at in each.keys}
    alone = {frozenset([row]) for at, row in enumerate(standing) if at not in matched}
    return alone | {
        frozenset([*each.item.rows, *(standing[at] for at in each.keys if not each.is_other)])
        for each in found
    }


def count(standing: Sequence[FileRow], rows: Sequence[FileRow]) -> int:
    """How many recommendations both files have, the same whichever of them came first."""
    forth = recommendations(standing, match(standing, rows))
    assert recommendations(rows, match(rows, standing)) == forth
    return len(forth)
