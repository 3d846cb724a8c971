"""UHRI's workbook and JSON: the recommendations of the UPR to one State in one cycle."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import UHRI, UHRI_HEADER, text, xlsx
from tracker.exchange.imports import json_arrays
from tracker.exchange.imports.json_arrays import DamagedRecord, read_array
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import Layout, NotReadable, ReadFile, Weight
from tracker.models.recommendations import Position

RECORD = {
    "AffectedPersons": ["Children"],
    "AnnotationId": "a-1",
    "AnnotationType": "- Recommendations",
    "Body": "- UPR",
    "Countries": ["Kyrgyzstan"],
    "DocumentId": "d",
    "PublicationDate": "2020-04-12T00:00:00",
    "Sdgs": ["16.2 - Protect children from harm", "5 - GENDER EQUALITY"],
    "Symbol": "A/HRC/44/4",
    "Text": "140.7 Plant “trees” &amp; bushes",
    "Themes": ["Asylum-seekers - refugees"],
    "UprCycle": None,
    "UprPositions": ["Supported"],
    "UprRecommendingCountry": ["Timor-Leste", "Chile"],
    "UprSession": ["- 35th Session - Cycle 3"],
}


def read(content: bytes, cycle: int | None = 3) -> ReadFile:
    found = read_file("export", content, asked("KGZ", cycle))
    assert found.layout == Layout.UHRI
    return found


def read_records(*records: Any) -> ReadFile:
    return read(json.dumps(records).encode())


def test_the_workbook() -> None:
    found = read(xlsx(UHRI_HEADER, UHRI))
    first, second = found.rows
    assert (first.place, first.ref, first.text) == ("Sheet1!A2", "137.197", "Plant trees here")
    assert (first.session, first.symbol, first.external_id) == (35, "A/HRC/44/4", "a-1")
    assert (first.state_codes, first.position) == (("TLS", "CHL"), Position.SUPPORTED)
    assert (first.themes, first.groups) == (("Clean air", "Right to health"), ("Children", "Women & girls"))
    assert first.sdgs == ("16.2", "5")
    assert (first.published_on, second.published_on) == (date(2020, 4, 12), date(2020, 4, 15))
    assert (second.ref, second.state_codes, second.position) == (
        "137.20",
        ("CIV",),
        Position.SUPPORTED_IN_PART,
    )
    assert (found.left_out, found.problems) == (2, ())


def test_the_same_as_text() -> None:
    places = [row.but(place="") for row in read(text(UHRI_HEADER, UHRI).encode("utf-16")).rows]
    assert places == [row.but(place="") for row in read(xlsx(UHRI_HEADER, UHRI)).rows]


def test_the_json() -> None:
    [row] = read_records(RECORD).rows
    assert (row.place, row.ref, row.text) == ("record 1", "140.7", "Plant “trees” & bushes")
    assert (row.state_codes, row.position, row.session) == (("TLS", "CHL"), Position.SUPPORTED, 35)
    assert (row.themes, row.groups, row.sdgs) == (
        ("Asylum-seekers - refugees",),
        ("Children",),
        ("16.2", "5"),
    )
    assert row.published_on == date(2020, 4, 12)


def test_other_bodies_states_and_cycles_are_counted() -> None:
    others: list[dict[str, object]] = [
        {"Body": "- CRC"},
        {"Countries": ["Peru"]},
        {"UprSession": ["8th Session - Cycle 1"]},
    ]
    found = read_records(RECORD, *({**RECORD, **other} for other in others))
    assert (len(found.rows), found.left_out) == (1, 3)


@pytest.mark.parametrize(
    ("changed", "words", "weight"),
    [
        ({"UprSession": []}, "No session", Weight.DOUBTFUL),
        ({"Countries": ["South Sudan", "Kyrgyzstan"]}, "other States", Weight.DOUBTFUL),
        ({"UprPositions": []}, "No position", Weight.DOUBTFUL),
        ({"UprRecommendingCountry": ["Atlantis"]}, "Atlantis", Weight.DOUBTFUL),
        ({"PublicationDate": "soon"}, "no date", Weight.DOUBTFUL),
        ({"Sdgs": ["Peace"]}, "no Sustainable", Weight.DOUBTFUL),
        ({"Text": " "}, "no text", Weight.REFUSED),
        ({"Countries": []}, "no State under review", Weight.REFUSED),
    ],
)
def test_what_is_doubtful_is_told(changed: dict[str, object], words: str, weight: Weight) -> None:
    found = read_records({**RECORD, **changed})
    assert [(each.place, each.weight, words in each.sentence) for each in found.problems] == [
        ("record 1", weight, True)
    ]


def test_what_is_no_record_is_told() -> None:
    found = read_records(RECORD, 5, RECORD)
    assert (len(found.rows), [problem.place for problem in found.problems]) == (2, ["record 2"])


def test_a_file_that_ends_too_early_says_where() -> None:
    whole = json.dumps([RECORD, RECORD, RECORD]).encode()
    found = read(whole[:-20])
    assert (len(found.rows), [problem.place for problem in found.problems]) == (2, ["record 3"])


def test_a_file_without_the_upr_is_refused() -> None:
    with pytest.raises(NotReadable, match="none of the UPR"):
        read_records({**RECORD, "Body": "- CRC"})


class Endless:
    """A text of a hundred megabytes."""

    def __init__(self) -> None:
        self.left = 100

    def read(self, _size: int = -1) -> bytes:
        if not self.left:
            return b""
        self.left -= 1
        return b'["' if self.left == 99 else b"a" * 1_000_000


def test_an_array_is_read_record_by_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the blocks cut the records."""
    records = [{"a": "ө" * number, "b": [number]} for number in range(200)]
    content = json.dumps(records, ensure_ascii=False).encode()
    for size in (1, 7, 64, 1 << 20):
        monkeypatch.setattr(json_arrays, "_BLOCK", size)
        assert list(read_array(BytesIO(content))) == records


def test_what_does_not_end_is_not_kept_in_memory() -> None:
    """A text that is never closed."""
    file = Endless()
    with pytest.raises(DamagedRecord) as damaged:
        list(read_array(file))  # type: ignore[arg-type]
    assert damaged.value.number == 1
    assert file.left > 90


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b"[1", b"[1,", b"[" * 100_000])
def test_a_damaged_array_is_told(content: bytes) -> None:
    with pytest.raises(DamagedRecord):
        list(read_array(BytesIO(content)))


def test_a_number_of_more_digits_than_any_is_told_with_its_record() -> None:
    """Python refuses to read one of over 4,300 digits."""
    content = b'[{"a": 1}, {"a": ' + b"1" * 5_000 + b"}]"
    with pytest.raises(DamagedRecord) as damaged:
        list(read_array(BytesIO(content)))
    assert damaged.value.number == 2
    read = read_file("export", json.dumps([RECORD])[:-1].encode() + b", " + content[11:], asked("KGZ", 3))
    assert len(read.rows) == 1
    assert (read.problems[-1].place, read.problems[-1].weight) == ("record 2", Weight.REFUSED)
