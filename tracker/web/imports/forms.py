"""The form that uploads a file or takes pasted text, with the document that the recommendations come from."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2

from tracker.exchange.imports.rows import Column, Layout
from tracker.language import file_size, gettext, lazy, mark
from tracker.models.reviews import Source
from tracker.services.imports.uploads import FileSent
from tracker.web.forms import AtMost, WordsAreaField
from tracker.web.source_form import SourceForm
from tracker.web.uploads import limits, uploads_of

LONGEST_PASTE = 300_000
LAYOUT_LABELS: dict[str, str] = {
    "": mark("Recognise it"),
    "ohchr-matrix": mark("Matrix of OHCHR (Word)"),
    "upr-info": mark("Export of UPR Info"),
    "uhri": mark("Export of the Universal Human Rights Index"),
    "working-group": mark("Report or table of the Working Group, as text"),
    "positions": mark("Numbers of an addendum: accepted, noted"),
    "table": mark("Any other table: you choose what its columns hold"),
}
COLUMN_LABELS: dict[str, str] = {
    "none": mark("Leave out"),
    "ref": mark("Number of the recommendation"),
    "text": mark("Text of the recommendation"),
    "states": mark("Recommending States"),
    "position": mark("Position of the State under review"),
    "heading": mark("Heading under which it stands"),
    "themes": mark("Themes"),
    "groups": mark("Groups of persons"),
    "sdgs": mark("Development goals"),
    "lead": mark("Lead organisation"),
    "supporting": mark("Supporting organisations"),
    "level": mark("Level of implementation"),
    "done": mark("What was done"),
    "as_of_on": mark("Situation on (a day)"),
    "organisation": mark("Organisation that says it"),
}


def layout_choices() -> list[SelectChoice]:
    return [SelectChoice(code, gettext(label)) for code, label in LAYOUT_LABELS.items()]


def column_choices() -> list[tuple[str, str]]:
    return [(column, gettext(COLUMN_LABELS[column])) for column in sorted(Column, key=[*COLUMN_LABELS].index)]


def read_layout(code: str | None) -> Layout | None:
    """None to recognise it."""
    return Layout(code) if code and code in {*Layout} else None


class UploadForm(SourceForm):
    file = FileField(
        lazy("File"),
        description=lazy(
            "Word (.docx), Excel (.xlsx, .xls), OpenDocument (.ods), CSV, JSON or text. Save an old .doc as .docx"
            " first."
        ),
    )
    pasted = WordsAreaField(
        lazy("Or paste cells, or the numbers of an addendum"),
        [AtMost(LONGEST_PASTE)],
        description=lazy("Instead of a file. Copy the header of the table along with its rows."),
    )
    layout = SelectField(lazy("Format"), default="", validate_choice=False)
    source_id = SelectField(lazy("Document that the recommendations come from"), validate_choice=False)

    def offer(self, sources: Sequence[Source]) -> None:
        """The documents of the review, the newest first, or another one."""
        known = [SelectChoice(str(each.id), _named(each)) for each in reversed(sources)]
        self._known = {choice.value for choice in known}
        self.source_id.choices = [*known, SelectChoice("new", gettext("Another document: fill it in below"))]
        self.layout.choices = layout_choices()

    def chosen_source(self) -> int | None:
        """None for a new one."""
        chosen = self.source_id.data
        return int(chosen) if chosen in self._known else None

    def read(self) -> FileSent | None:
        """The file or the pasted text; None, with errors at the fields, where there is none or too much."""
        is_valid, sent = self.validate(), self._sent()
        has_source = self.chosen_source() is not None or self.check_source()
        return sent if is_valid and has_source else None

    def _sent(self) -> FileSent | None:
        layout, pasted = read_layout(self.layout.data), (self.pasted.data or "").strip("\r\n")
        uploads = uploads_of([self.file.data] if self.file.data else [])
        if uploads and uploads[0].content is None:
            most = file_size(limits().form_bytes)
            self.add_errors(
                {
                    "file": gettext(
                        "“%(name)s” is larger than %(most)s. Keep only the rows of your State, or divide the file",
                        name=uploads[0].name,
                        most=most,
                    )
                }
            )
        elif uploads and pasted.strip():
            self.add_errors({"pasted": gettext("Choose a file or paste text, not both")})
        elif uploads and not uploads[0].content:
            self.add_errors(
                {"file": gettext("“%(name)s” is empty. Choose the file again", name=uploads[0].name)}
            )
        elif uploads:
            return FileSent(uploads[0].name, uploads[0].content or b"", layout)
        elif pasted.strip():
            return FileSent(gettext("Pasted text"), pasted.encode(), layout)
        else:
            self.add_errors({"file": gettext("Choose a file, or paste text below")})
        return None


def _named(source: Source) -> str:
    return f"{source.symbol}: {source.title}" if source.symbol else source.title
