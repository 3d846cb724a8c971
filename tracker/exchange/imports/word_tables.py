"""The tables of a Word document, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

from tracker.exchange.imports.rows import NotReadable
from tracker.exchange.imports.word_documents import open_word_document, open_word_headers, too_large
from tracker.language import gettext

MOST_CELLS, MOST_DEEP, MOST_COLUMNS = 400_000, 8, 63
"""More than in any matrix; tables in tables beyond that depth are not read; Word has no more columns."""
_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
_TEXT, _TAB, _HYPHEN, _VALUE = qn("w:t"), qn("w:tab"), qn("w:noBreakHyphen"), qn("w:val")
_DELETED_ROW, _BEFORE = f"{qn('w:trPr')}/{qn('w:del')}", f"{qn('w:trPr')}/{qn('w:gridBefore')}"
_SPAN, _MERGED = f"{qn('w:tcPr')}/{qn('w:gridSpan')}", f"{qn('w:tcPr')}/{qn('w:vMerge')}"
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), _TABLE, qn("w:txbxContent"), qn("w:pPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
"""Text that was taken out with changes being tracked, or that older programs show; tables inside a cell are read by
themselves."""
_AROUND = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}
_BREAKS = {qn("w:br"), qn("w:cr")}


@dataclass(frozen=True)
class WordCell:
    """`column`: from 0, counted in columns of the table. `span`: of how many columns it is merged."""

    text: str
    column: int
    span: int = 1


WordRow = tuple[WordCell, ...]


@dataclass(frozen=True)
class WordTable:
    number: int
    rows: tuple[WordRow, ...]


def read_word_tables(content: bytes) -> tuple[WordTable, ...]:
    """All tables, those inside of others behind them. Raises `NotReadable`."""
    body, has_pictures = open_word_document(content)
    tables = tuple(_read_tables(body))
    if not any(table.rows for table in tables):
        raise NotReadable(_without_tables(has_pictures))
    return tables


def read_word_headers(content: bytes) -> list[str]:
    """The lines above the pages. Raises `NotReadable`."""
    lines: list[str] = []
    for header in open_word_headers(content):
        for paragraph in header.iter(_PARAGRAPH):
            parts: list[str] = []
            _collect(paragraph, parts)
            lines += "".join(parts).split("\n")
    return lines


def _read_tables(body: Any) -> Iterator[WordTable]:
    left = MOST_CELLS
    for number, table in enumerate(body.iter(_TABLE), start=1):
        if sum(1 for _ in table.iterancestors(_TABLE)) >= MOST_DEEP:
            continue
        rows: list[WordRow] = []
        for line in _own(table, _ROW):
            if line.find(_DELETED_ROW) is not None:
                continue
            rows.append(_read_row(line, rows[-1] if rows else ()))
            left -= len(rows[-1])
            if left < 0:
                raise NotReadable(too_large())
        yield WordTable(number, tuple(rows))


def _read_row(line: Any, above: WordRow) -> WordRow:
    """A cell that is merged with the one above it has that one's text."""
    cells: list[WordCell] = []
    column = _number(line.find(_BEFORE), 0)
    for cell in _own(line, _CELL):
        span = _number(cell.find(_SPAN), 1)
        read = WordCell(_text(cell), column, span)
        merged = cell.find(_MERGED)
        if merged is not None and merged.get(_VALUE) != "restart" and not read.text.strip():
            read = next((replace(read, text=each.text) for each in above if each.column == column), read)
        cells.append(read)
        column += span
    return tuple(cells)


def _own(parent: Any, tag: str) -> Iterator[Any]:
    """Children, also where a content control stands around them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _own(child, tag)


def _text(cell: Any) -> str:
    """Paragraphs and line breaks are lines."""
    parts: list[str] = []
    for paragraph in _own(cell, _PARAGRAPH):
        _collect(paragraph, parts)
        parts.append("\n")
    return "".join(parts).rstrip("\n")


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == _TAB:
            parts.append(" ")
        elif child.tag == _HYPHEN:
            parts.append("-")
        elif child.tag not in _SKIPPED:
            _collect(child, parts)


def _number(element: Any, without: int) -> int:
    found = element.get(_VALUE, "") if element is not None else ""
    return min(int(found), MOST_COLUMNS) if found.isascii() and found.isdigit() else without


def _without_tables(has_pictures: bool) -> str:
    if has_pictures:
        return gettext(
            "The document holds only pictures of pages, as a scan does, and no table. Find the matrix as a Word"
            " document (.docx) on OHCHR's page of the review and upload that."
        )
    return gettext(
        "The document holds no table. Choose OHCHR's matrix of recommendations, or paste a list of numbers instead."
    )
