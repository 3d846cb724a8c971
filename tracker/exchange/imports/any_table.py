"""Any table: a person says what its columns hold. Until then, its headers and first rows are returned."""

from collections.abc import Iterator, Sequence

from tracker.exchange.imports.column_names import known_headers
from tracker.exchange.imports.refs import find_lost_zeros
from tracker.exchange.imports.rows import Asked, Column, FileRow, Layout, NotReadable, Problem, ReadFile
from tracker.exchange.imports.sheets import Row, Sheet, find_header, headers_key
from tracker.exchange.imports.table_rows import SplitStates, TableRow
from tracker.language import gettext

SAMPLES = 10
_LEAST_COLUMNS = 2
_CYRILLIC = range(0x400, 0x500)
_KYRGYZ = frozenset("өүңӨҮҢ")
_LANGUAGE_TEXTS = 200


def find_table(sheets: Sequence[Sheet]) -> tuple[Sheet, Row] | None:
    """The first sheet with a header of at least two columns and something beneath it."""
    for sheet in sheets:
        header = find_header(sheet.head, known_headers())
        is_table = header is not None and sum(map(bool, header.cells)) >= _LEAST_COLUMNS
        if header is not None and is_table and sheet.head[-1].number > header.number:
            return sheet, header
    return None


def read_any_table(sheets: Sequence[Sheet], asked: Asked) -> ReadFile:
    """Reads the sheets that have the headers of the first table; the others are named. Raises `NotReadable` where
    there is no table, or where nothing is to be read of it."""
    if (found := find_table(sheets)) is None:
        raise NotReadable(
            gettext(
                "No table was found: a row of headers, and a row for each recommendation beneath it. Check the file,"
                " or copy the cells and paste them."
            )
        )
    sheet, header = found
    if not asked.columns:
        return _for_choosing(sheet, header)
    if not {Column.TEXT, Column.REF} & set(asked.columns):
        raise NotReadable(
            gettext("Choose the column that holds the recommendations, or the one that holds their numbers.")
        )
    problems: list[Problem] = []
    rows: list[FileRow] = []
    for each, its_header in _alike(sheets, header, problems):
        rows += read_rows(each, its_header, asked, problems)
    problems += find_lost_zeros(rows)
    return ReadFile(
        Layout.TABLE, tuple(rows), tuple(problems), language=_language(rows), headers=tuple(header.cells)
    )


def _for_choosing(sheet: Sheet, header: Row) -> ReadFile:
    width = max(len(row.cells) for row in sheet.head)
    headers = tuple(header.cell(position) for position in range(width))
    rows = [row for row in sheet.head if row.number > header.number][:SAMPLES]
    samples = tuple(tuple(row.cell(position) for position in range(width)) for row in rows)
    return ReadFile(Layout.TABLE, problems=tuple(sheet.problems), headers=headers, samples=samples)


def _alike(sheets: Sequence[Sheet], header: Row, problems: list[Problem]) -> Iterator[tuple[Sheet, Row]]:
    """The sheets of the same headers. Others that hold a table are told: their columns were not chosen."""
    for sheet in sheets:
        its_header = find_header(sheet.head, known_headers())
        if its_header and headers_key(its_header.cells) == headers_key(header.cells):
            yield sheet, its_header
        elif find_table([sheet]):
            sentence = gettext(
                "The sheet “%(sheet)s” has other columns and was not read. If it holds recommendations, save it as a"
                " file of its own.",
                sheet=sheet.name,
            )
            problems.append(sheet.problem(1, 0, sentence))


def read_rows(sheet: Sheet, header: Row, asked: Asked, problems: list[Problem]) -> Iterator[FileRow]:
    """A row of which only one cell is filled, and neither with a text nor a number, is a heading of those beneath."""
    heading, found_states = "", SplitStates()
    for row in sheet.rows_below(header.number):
        read = TableRow(sheet, row, asked, problems, found_states)
        if found := read.as_heading():
            heading = found
            continue
        if file_row := read.as_recommendation(heading):
            yield file_row
    problems += sheet.problems


def _language(rows: Sequence[FileRow]) -> str:
    texts = "".join(row.text for row in rows[:_LANGUAGE_TEXTS])
    letters = [letter for letter in texts if letter.isalpha()]
    if sum(ord(letter) in _CYRILLIC for letter in letters) * 2 <= len(letters):
        return "en"
    return "ky" if _KYRGYZ & set(texts) else "ru"
