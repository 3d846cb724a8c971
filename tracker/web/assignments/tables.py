"""A table of assignments on its way through two steps: what was read of it travels in a field of the form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from tracker.exchange.imports.assignments import AssignmentRow
from tracker.exchange.imports.reading_apart import read_assignments_apart
from tracker.exchange.imports.rows import NotReadable
from tracker.failures import BadInput
from tracker.language import gettext
from tracker.web.assignments.forms import TableForm
from tracker.web.uploads import limits, uploads_of

PASTED = "pasted.txt"


@dataclass(frozen=True)
class SentTable:
    """`problems`: pairs of place and sentence."""

    rows: Sequence[AssignmentRow]
    problems: Sequence[tuple[str, str]]

    def as_text(self) -> str:
        rows = [[row.place, row.ref, row.lead, *row.supporting] for row in self.rows]
        return json.dumps(
            {"rows": rows, "problems": [list(each) for each in self.problems]}, ensure_ascii=False
        )


def read_sent(form: TableForm) -> SentTable:
    """Reads what was chosen or pasted, in a process of its own. Call it before the session is used: it takes seconds.
    Raises `BadInput` with what to do."""
    uploads = uploads_of(request.files.getlist("file"))
    if uploads and uploads[0].content is None:
        most = limits().form_bytes // 1_000_000
        raise BadInput(
            gettext(
                "The file is too large: at most %(most)s MB are taken. Divide it, or paste its cells",
                most=most,
            )
        )
    name, content = PASTED, (form.cells.data or "").encode()
    if uploads and uploads[0].content:
        name, content = uploads[0].name, uploads[0].content
    if not content.strip():
        raise BadInput(gettext("Paste cells from a spreadsheet, or choose a file"))
    try:
        read = read_assignments_apart(name, content)
    except NotReadable as error:
        raise BadInput(str(error)) from error
    return SentTable(read.rows, [(each.place, each.sentence) for each in read.problems])


def read_again(text: str) -> SentTable:
    """What `as_text` wrote, as the form brings it back."""
    try:
        told = json.loads(text)
        rows = [
            AssignmentRow(str(place), str(ref), str(lead), tuple(map(str, supporting)))
            for place, ref, lead, *supporting in told["rows"]
        ]
        problems = [(str(place), str(sentence)) for place, sentence in told["problems"]]
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(
            gettext("The table was damaged on its way. Paste it, or choose the file, again.")
        ) from error
    return SentTable(rows, problems)
