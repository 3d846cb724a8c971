"""The answer of the search of UPR Info's present site (Uwazi), as a sheet of records. It is cut at 10,000 records."""

from collections.abc import Iterator
from typing import Any

from tracker.exchange.imports.rows import Problem
from tracker.exchange.imports.sheets import Row, Sheet
from tracker.language import gettext

_FIELDS = {
    "state_under_review": "State under review",
    "recommendation": "Recommendation",
    "recommending_state": "Recommending State",
    "response": "Response",
    "action_category": "Action category",
    "issues": "Issues",
    "session": "Session",
    "cycle": "Cycle",
}
"""The keys of the answer and the headers that `upr_info.py` knows."""


class RecordSheet(Sheet):
    """Its first row is the header that the records lack."""

    def place(self, row: int, column: int = 0) -> str:  # noqa: ARG002 - records have none
        return gettext("record %(number)s", number=max(row - 1, 1))


def read_answer(answer: dict[str, Any]) -> RecordSheet | None:
    """None: it is another JSON."""
    rows = answer.get("rows")
    if not isinstance(rows, list) or not any(
        isinstance(row, dict) and "metadata" in row for row in rows[:10]
    ):
        return None
    problems: list[Problem] = []
    total = answer.get("totalRows")
    if isinstance(total, int) and total > len(rows):
        sentence = gettext(
            "The file holds %(number)s of %(total)s records that were found. Download the others, too.",
            number=len(rows),
            total=total,
        )
        problems.append(Problem(gettext("record %(number)s", number=len(rows)), sentence))
    return RecordSheet("", _rows(rows), problems)


def _rows(rows: list[Any]) -> Iterator[Row]:
    yield Row(1, list(_FIELDS.values()))
    for number, row in enumerate(rows, start=2):
        found = row.get("metadata") if isinstance(row, dict) else None
        metadata = found if isinstance(found, dict) else {}
        cells = [_text(metadata.get(field)) for field in _FIELDS]
        if not cells[1] and isinstance(row, dict):
            cells[1] = str(row.get("title") or "")
        yield Row(number, cells if any(cells) else ["?"])


def _text(value: Any) -> str:
    """Values come in lists of objects with a label, or with a value that is the text itself."""
    parts = value if isinstance(value, list) else [value]
    found = [part.get("label") or part.get("value") if isinstance(part, dict) else part for part in parts]
    return ",".join(str(part).strip() for part in found if isinstance(part, str | int | float))
