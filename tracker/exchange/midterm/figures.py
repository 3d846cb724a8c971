"""Counts of the Matrix for Cover and Summary, from the same rows by the same rule."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tracker.exchange.midterm.columns import level_of
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.queries.midterm import MatrixRow

Groups = dict[str, list[MatrixRow]]


def count_levels(rows: Iterable[MatrixRow], voice: Voice) -> Counter[ShownLevel]:
    return Counter(level_of(row, voice) for row in rows)


def count_entries(rows: Iterable[MatrixRow], voice: Voice) -> int:
    return sum(level_of(row, voice) != ShownLevel.NOT_ASSESSED for row in rows)


def count_disagreements(rows: Iterable[MatrixRow], disagreement: Disagreement) -> int:
    return sum(row.disagreement == disagreement for row in rows)


def by_heading(rows: Sequence[MatrixRow]) -> Groups:
    """Groups in the order of the source, which is the order of the rows; rows without a heading come last."""
    groups: Groups = {row.heading: [] for row in rows if row.heading}
    for row in rows:
        groups.setdefault(row.heading, []).append(row)
    return groups


def by_lead(rows: Sequence[MatrixRow]) -> Groups:
    """Groups alphabetically; rows that nobody leads come last, under the empty name."""
    names = sorted({row.lead_organisation for row in rows if row.lead_organisation}, key=str.casefold)
    groups: Groups = {name: [] for name in names}
    for row in rows:
        groups.setdefault(row.lead_organisation or "", []).append(row)
    return groups
