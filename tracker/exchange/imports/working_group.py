"""Files of the Working Group on the UPR: its report as text, or a table that somebody made of such reports."""

from tracker.exchange.imports.charsets import decode
from tracker.exchange.imports.rows import Asked, NotReadable, ReadFile
from tracker.exchange.imports.working_group_reports import read_working_group_report
from tracker.exchange.imports.working_group_tables import is_working_group_table, read_working_group_table
from tracker.language import gettext

_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")


def read_working_group(content: bytes, asked: Asked) -> ReadFile:
    """Takes plain text and CSV, in whatever alphabet."""
    if content.startswith(_BINARY):
        raise NotReadable(
            gettext(
                "This is no plain text. Open the report in its program, select everything, copy it into a new text"
                " file (.txt) and upload that."
            )
        )
    text = decode(content).text
    if not text.strip():
        raise NotReadable(gettext("The file is empty. Choose it again."))
    if is_working_group_table(text):
        return read_working_group_table(content, asked)
    return read_working_group_report(text, asked)
