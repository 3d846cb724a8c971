"""The records of UHRI's workbook and of its JSON, with the same fields and their places."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from tracker.codes import RecommendationKind
from tracker.exchange.imports.json_arrays import DamagedRecord, read_array
from tracker.exchange.imports.plain_cells import JOINED, clean_cell, split_list
from tracker.exchange.imports.rows import Problem, Weight
from tracker.exchange.imports.sheets import NamedColumns, Sheet, columns_named, find_header
from tracker.language import gettext

_NAMES = {
    "countries": ("countries concerned", "countries", "country", "country concerned"),
    "text": ("text", "recommendation"),
    "body": ("reccomending body", "recommending body", "body"),
    "type": ("type", "annotation type", "annotationtype"),
    "session": ("upr session", "uprsession"),
    "cycle": ("upr cycle", "uprcycle"),
    "from": (
        "upr reccomending states",
        "upr recommending states",
        "upr recommending state",
        "uprrecommendingcountry",
    ),
    "position": ("upr position", "upr positions", "uprpositions"),
    "themes": ("themes",),
    "groups": ("affected persons", "affectedpersons"),
    "sdgs": ("sdgs",),
    "symbol": ("document symbol", "symbol"),
    "published": ("document publication date", "publication date", "publicationdate"),
    "id": ("ohchr annotation id", "annotation id", "annotationid"),
}
"""Headers of the workbook, with UHRI's own spelling, and keys of the JSON, folded."""
HEADERS = {name: code for code, names in _NAMES.items() for name in names}
_REQUIRED = frozenset(["countries", "text"])
_OF_UHRI = ("body", "session", "position", "id", "from")
_LEAST_OF_UHRI = 2
_KEYS = {
    "Countries": "countries",
    "Text": "text",
    "Body": "body",
    "AnnotationType": "type",
    "UprSession": "session",
    "UprCycle": "cycle",
    "UprRecommendingCountry": "from",
    "UprPositions": "position",
    "Themes": "themes",
    "AffectedPersons": "groups",
    "Sdgs": "sdgs",
    "Symbol": "symbol",
    "PublicationDate": "published",
    "AnnotationId": "id",
}
"""Of the JSON."""
RECORD_KEYS = frozenset(["Text", "Countries", "AnnotationId"])
"""By these the first record of the JSON is recognised."""
_UPR = re.compile(r"\bUPR\b|universal periodic review", re.IGNORECASE)
_PLEDGE = re.compile(r"pledge|commitment", re.IGNORECASE)


class UhriRecord:
    """`values`: what the file holds, by field. Of a sheet each is a text, of the JSON also a list or nothing."""

    __slots__ = ("_columns", "_number", "_sheet", "_values")

    def __init__(
        self,
        values: dict[str, Any],
        number: int,
        sheet: Sheet | None = None,
        columns: dict[str, int] | None = None,
    ) -> None:
        self._values, self._number, self._sheet, self._columns = values, number, sheet, columns or {}

    def place(self, field: str) -> str:
        if self._sheet is not None:
            return self._sheet.place(self._number, self._columns.get(field, 0))
        return place_in_array(self._number)

    def problem(self, field: str, sentence: str, weight: Weight = Weight.DOUBTFUL) -> Problem:
        return Problem(self.place(field), sentence, weight)

    def one(self, field: str) -> str:
        """A single value, which begins with “- ”."""
        return clean_cell(" ".join(_texts(self._values.get(field)))).removeprefix("-").strip()

    def many(self, field: str) -> list[str]:
        return [item for value in _texts(self._values.get(field)) for item in split_list(value)]

    @property
    def parts_of_goals(self) -> str:
        """The goals and their labels one a line: the labels may be joined by the same sign as the goals."""
        return "\n".join(part for item in self.many("sdgs") for part in JOINED.split(item))

    @property
    def is_of_upr(self) -> bool:
        if body := self.one("body"):
            return bool(_UPR.search(body))
        return "body" not in self._values or any(map(self.one, ("session", "position", "cycle")))

    @property
    def kind(self) -> RecommendationKind:
        if _PLEDGE.search(self.one("type")):
            return RecommendationKind.VOLUNTARY_PLEDGE
        return RecommendationKind.WG_RECOMMENDATION


def find_columns(sheet: Sheet) -> NamedColumns | None:
    """None: the sheet has another layout."""
    header = find_header(sheet.head, HEADERS.keys(), len(_REQUIRED) + _LEAST_OF_UHRI)
    columns = columns_named(header, HEADERS) if header else None
    if columns is None or not columns.at.keys() >= _REQUIRED:
        return None
    return columns if sum(field in columns.at for field in _OF_UHRI) >= _LEAST_OF_UHRI else None


def records_of_sheet(sheet: Sheet, columns: NamedColumns, problems: list[Problem]) -> Iterator[UhriRecord]:
    problems += columns.problems(sheet)
    for row in sheet.rows_below(columns.header.number):
        values = {field: row.cell(position) for field, position in columns.at.items()}
        yield UhriRecord(values, row.number, sheet, columns.at)
    problems += sheet.problems


def records_of_array(file: BinaryIO, problems: list[Problem]) -> Iterator[UhriRecord]:
    """One by one, so that the memory needed is that of what is taken."""
    try:
        for number, record in enumerate(read_array(file), start=1):
            if isinstance(record, dict):
                yield UhriRecord({_KEYS[key]: record[key] for key in _KEYS.keys() & record.keys()}, number)
            else:
                sentence = gettext("This is no record of UHRI, so it was not read.")
                problems.append(Problem(place_in_array(number), sentence, Weight.REFUSED))
    except DamagedRecord as error:
        sentence = gettext(
            "The file is damaged from here on, or ends too early: nothing behind was read. Download it again."
        )
        problems.append(Problem(place_in_array(error.number), sentence, Weight.REFUSED))


def place_in_array(number: int) -> str:
    return gettext("record %(number)s", number=number)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    found = value if isinstance(value, list) else [value]
    return [str(each) for each in found if isinstance(each, str | int | float) and not isinstance(each, bool)]
