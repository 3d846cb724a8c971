"""Documents of the shape of OHCHR's matrices, with invented recommendations."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document

SECOND = (
    "Recommendation",
    "Position",
    "Full list of themes",
    "Assessment/comments on level of implementation",
)
EGYPT = ("Recommendation", "Recommending state/s", "Position", "Full list of rights/affected persons")
FOURTH = (
    "Recommendation and recommending State",
    "Position of the State under review",
    "Human rights themes and groups of persons",
    "Relevant SDGs",
)
Row = str | Sequence[str]
"""A heading across the table, or the cells."""

SECOND_ROWS: tuple[Row, ...] = (
    "Theme: A12 Acceptance of international norms",
    (
        "186.28. Plant more trees (Mongolia);\nSource of position: A/HRC/99/5/Add.1 - Para. 186.28. ",
        "Supported",
        "A12 Acceptance of international norms\nB51 Right to an effective remedy\nAffected persons:\n- general",
        "Begun in 2031",
    ),
    (
        "186.20 . Measure the rain (No. 29) (Chile); (Côte d’Ivoire);\nSource of position: A/HRC/99/5/Add.1",
        "Noted",
        "S16 SDG 16 - peace, justice and strong institutions\nF4 Persons with disabilities",
        "",
    ),
    "Theme: F4 Persons with disabilities",
    (
        "186.3. Count the birds (New Zealand); Feed the birds (Uruguay) (Mali);\nSource of position: A/HRC/99/5",
        "Supported",
        "F4 Persons with disabilities\nAffected persons:\n- children\n- women",
        "",
    ),
)
EGYPT_ROWS: tuple[Row, ...] = (
    "Right or area: 2.1. Acceptance of international norms  \n",
    (
        "166.12. Mend the old bridge (Chile); (Gabon); \nSource of position: A/HRC/99/16/Add.1\n",
        "Chile\nGabon\n",
        "Supported/Noted\n",
        "2.1. Acceptance of international norms  \n12.4. Death penalty\nAffected persons:\n- general",
    ),
    (
        "166.16. Open the\xa0school (Bolivia (Plurinational S tate of));\nComments: Sent in a later letter\n",
        "Bolivia (Plurinational S tate of)",
        "Noted\n",
        "16. Right to an effective remedyAffected persons:- general",
    ),
)
THIRD_ROWS: tuple[Row, ...] = (
    "Theme: Acceptance of international norms",
    (
        "121.1 Sweep the square (France) (Lithuania);\nSource of Position: A/HRC/99/15 - Para 121",
        "Supported",
        "- Acceptance of international norms\n- 2030 Agenda & other commitments\nSDGs: \n- 16 - PEACE\n"
        "- 10 - EQUALITY\nAffected persons: \n- Disappeared persons",
        "",
    ),
)
FOURTH_ROWS: tuple[Row, ...] = (
    "Theme: Ratification",
    (
        "140.7 Paint the benches (Maldives) (Portugal);\nSource of Position: A/HRC/99/15/Add.1 - Para.3vv",
        "Supported",
        "- Ratification\n- Equality & non-discrimination\nGroups of Persons: \n- Public officials",
        "- 1 - NO POVERTY\n- 16.3 - ACCESS TO JUSTICE",
    ),
)
LAYOUTS = ((SECOND, SECOND_ROWS), (EGYPT, EGYPT_ROWS), (SECOND, THIRD_ROWS), (FOURTH, FOURTH_ROWS))


def matrix(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The document; a row may have more or fewer cells than the header."""
    document = Document()
    document.add_paragraph("Thematic list of recommendations")
    table = document.add_table(rows=0, cols=len(header))
    for row in (header, *rows):
        cells = table.add_row().cells
        if isinstance(row, str):
            cells[0].merge(cells[-1]).text = row
            continue
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
        for cell in cells[len(row) :]:
            cell._tc.getparent().remove(cell._tc)
    return saved(document)


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
}
_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def quick_matrix(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The same as `matrix`, without python-docx: for many documents."""
    lines = [_line(row, len(header)) for row in (header, *rows)]
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in _PARTS.items():
            package.writestr(name, content)
        package.writestr(
            "word/document.xml",
            f"<w:document {_SPACE}><w:body><w:tbl>{''.join(lines)}</w:tbl></w:body></w:document>",
        )
    return file.getvalue()


def _line(row: Row, width: int) -> str:
    cells = [_cell(row, width)] if isinstance(row, str) else [_cell(text, 1) for text in row]
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _cell(text: str, span: int) -> str:
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{lines}</w:tc>'
