"""Invented tables in the shapes of the files that officials hold."""

import csv
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from tests.evidence_files import package

Rows = Sequence[Sequence[Any]]

OLD_HEADER = [
    "SuR",
    "Rgrp",
    "Org",
    "Recommendation",
    "RS",
    "Rgrp",
    "Org",
    "Response",
    "Action",
    "Issue",
    "Session",
]
RENAMED_HEADER = [
    "To",
    "To-Rgrp",
    "To-Org",
    "Text",
    "From",
    "From-Rgrp",
    "From-Org",
    "Response",
    "Action",
    "Issue",
    "Session",
]
UPR_INFO = [
    [
        "Kyrgyzstan",
        "Asia",
        "OIC",
        "Plant trees in each street ",
        "Chile",
        "GRULAC",
        "",
        "Accepted",
        4.0,
        "Justice",
        8.0,
    ],
    [
        "Kyrgyzstan",
        "Asia",
        "OIC",
        "Open  a library",
        "Cote d'Ivoire",
        "Africa",
        "",
        "Noted",
        5.0,
        "Justice,HIV - Aids",
        8.0,
    ],
    ["Kyrgyzstan", "Asia", "OIC", "Teach swimming", "&#40;Unknown&#41;", "", "", "Accepted", 2.0, "", 8.0],
    ["Kyrgyzstan", "Asia", "OIC", "Teach chess", "Laos", "Asia", "", "Noted", 1.0, "Education", 21.0],
    ["Peru", "GRULAC", "OAS", "Plant trees", "Chile", "GRULAC", "", "Accepted", 4.0, "Justice", 8.0],
]
UHRI_HEADER = [
    *(
        "Text",
        "Countries Concerned",
        "Reccomending Body",
        "UPR Session",
        "Document Symbol",
        "UPR Reccomending States",
    ),
    *(
        "UPR Position",
        "Themes",
        "Affected Persons",
        "Sdgs",
        "Document Publication Date",
        "OHCHR Annotation Id",
    ),
]
UHRI = [
    [
        *(
            "137.197 Plant&nbsp;trees <b>here</b>",
            "- Kyrgyzstan",
            "- UPR",
            "- 35th Session - Cycle 3",
            "A/HRC/44/4",
        ),
        *(
            "- Timor-Leste - Chile",
            "- Supported",
            "- Clean air\n- Right to health",
            "- Children - Women & girls",
        ),
        *("- 16.2 - Protect all - 5 - EQUALITY", 43933, "a-1"),
    ],
    [
        *("137.20 Open a library", "- Kyrgyzstan", "- UPR", "- 35th Session - Cycle 3", "A/HRC/44/4"),
        *("- Côte d’Ivoire", "- Supported/Noted", "- Education", "", "", date(2020, 4, 15), "a-2"),
    ],
    [
        *(
            "7. The Committee asks for a bridge",
            "- Kyrgyzstan",
            "- CRC",
            "",
            "CRC/C/KGZ/CO/5",
            "",
            "",
            "- Roads",
            "",
            "",
            "",
            "b",
        ),
    ],
    [
        *(
            "90.1 Teach chess",
            "- Peru",
            "- UPR",
            "- 28th Session - Cycle 3",
            "A/HRC/37/8",
            "- Chile",
            "- Noted",
            "",
            "",
            "",
            "",
            "c",
        ),
    ],
]
EXPLODED_HEADER = ["position", "code", "recommendations", "country", "theme_code", "description"]
EXPLODED = [
    ["Supported", "28.1", "Plant trees in each street", "Chile", "A12", "Clean air"],
    ["Supported", "28.1", "Open a library in each village", "Laos", "A12", "Education"],
    *(
        ["Noted", f"28.{number}", f"Build bridge {number} of stone", "Peru", "B1", "Roads"]
        for number in range(2, 23)
        if number % 10
    ),
]
TRACKER_HEADER = ["№", "Рекомендация", "Статус", "Что сделано", "Дата", "Министерство"]
TRACKER = [
    [
        "140.7",
        "Посадить деревья",
        "Частично выполнено",
        "Посажено сто деревьев",
        "20.11.2026",
        "Министерство парков",
    ],
    ["140.10", "Открыть библиотеку", "в процессе", "Выбрано место", "2026-10-01", "Министерство книг"],
    ["140.11", "Учить шахматам", "неясно", "", "скоро", "Министерство игр"],
]


def xlsx(header: Sequence[Any], rows: Rows, above: Rows = (), title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in (*above, header, *rows):
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def text(header: Sequence[Any], rows: Rows, separator: str = ",", ends: str = "\n") -> str:
    file = StringIO(newline="")
    quoting = csv.QUOTE_ALL if ends == "\r" else csv.QUOTE_MINIMAL
    writer = csv.writer(file, delimiter=separator, lineterminator=ends, quoting=quoting)
    writer.writerows([header, *map(_written, rows)])
    return file.getvalue()


def _written(row: Sequence[Any]) -> list[Any]:
    return [f"{value:g}" if isinstance(value, float) else value for value in row]


def ods(header: Sequence[Any], rows: Rows) -> bytes:
    lines = "".join(
        "<table:table-row>" + "".join(_ods_cell(value) for value in row) + "</table:table-row>"
        for row in (header, *rows)
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0"'
        f' xmlns:text="{names}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    said = "application/vnd.oasis.opendocument.spreadsheet"
    return package({"mimetype": said, "content.xml": content, "META-INF/manifest.xml": "<m/>"})


def _ods_cell(value: Any) -> str:
    if isinstance(value, float):
        value_of = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {value_of}><text:p>{value:g}</text:p></table:table-cell>"
    said = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'
