"""Why a file of recommendations cannot be read at all, and what to do: sentences with the file's name."""

from tracker.exchange.cleaning import refusals
from tracker.exchange.imports.rows import NotReadable
from tracker.language import gettext, mark

EMPTY = mark("“%(name)s” is empty. Choose the file again.")
DAMAGED = mark("“%(name)s” is damaged. Open it in its program, save it anew and choose that file.")
LOCKED = mark("“%(name)s” is protected with a password. Save it without one and choose that file.")
MACROS = mark(
    "“%(name)s” holds macros, or something that looks like one. Save it as .xlsx without them and choose that file."
)
TOO_LARGE = mark(
    "“%(name)s” becomes too large when it is opened. Take out what is not of this review, save it anew and choose that"
    " file."
)
TOO_MUCH = mark(
    "“%(name)s” takes more time or memory than a list of recommendations needs. Take out what is not of this review,"
    " save it anew and choose that file."
)
OLD_WORD = mark(
    "“%(name)s” is an older Word document (.doc). Open it in Word, save it as .docx and choose that file."
)
WORD = mark(
    "“%(name)s” is a Word document. If it holds a table, save it as .docx, or copy the table into a sheet and save that"
    " as .xlsx."
)
OLD_OFFICE = mark(
    "“%(name)s” is of an older program and holds no table that can be read. Save the table as .xlsx and"
    " choose that file."
)
PDF = mark(
    "“%(name)s” is a PDF, from which no table can be read with certainty. Choose OHCHR's matrix (.docx), the export of"
    " UPR Info or UHRI, or copy the table into a sheet and save it as .xlsx."
)
PICTURE = mark(
    "“%(name)s” is a picture, from which nothing can be read. Choose the document or table that it shows."
)
WEB_PAGE = mark(
    "“%(name)s” is a web page or XML, whatever its name says. Open it in Excel or LibreOffice, save it as .xlsx and"
    " choose that file."
)
BINARY_WORKBOOK = mark(
    "“%(name)s” is a workbook of a rare kind. Open it in Excel, save it as .xlsx and choose that file."
)
ARCHIVE = mark("“%(name)s” is an archive. Unpack it and choose the file inside.")
UNKNOWN = mark(
    "“%(name)s” is of a kind that is not read here. Save the table as .xlsx or .csv, or OHCHR's matrix as .docx, and"
    " choose that file."
)
NO_TABLE = mark(
    "No table was found in “%(name)s”. A table has a row of headers and a row for each recommendation. Check the file,"
    " or copy the cells and paste them."
)
_OF_PACKAGES = {
    refusals.LOCKED: LOCKED,
    refusals.TOO_LARGE: TOO_LARGE,
    refusals.MACROS: MACROS,
}


def refuse(sentence: str, name: str) -> NotReadable:
    """To be raised."""
    return NotReadable(gettext(sentence, name=name))


def refuse_package(refusal: refusals.Refusal, name: str) -> NotReadable:
    """To be raised: an archive that is not opened."""
    return refuse(_OF_PACKAGES.get(refusal.message, DAMAGED), name)
