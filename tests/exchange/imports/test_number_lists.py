"""Accepted and noted numbers, as an addendum lists them or as somebody pastes them."""

import pytest

from tests.exchange.imports.states import asked
from tracker.exchange.imports.number_lists import read_number_lists
from tracker.exchange.imports.rows import Asked, Layout, NotReadable, ReadFile, Weight
from tracker.models.recommendations import Position

S, N = Position.SUPPORTED, Position.NOTED
ADDENDUM = """I. Accepted recommendations
   3.   The Government accepts the following recommendations: 140.7, 140.35. 140.36,
   140.41. 140.42 and 140.10.

II. Accepted recommendations that are already implemented
   4.   The Government accepts the following recommendations and provides information: 140.11, 140.12.
   140.11-12
        The Government has supported this since 2020. It grew by 99.9% in a year.

III. Noted recommendations
   5.   The Government takes note of recommendations 140.1, 140.2
   and wishes to explain:
   140.1-2
        This is no priority. See 140.7.
"""


def read(text: str) -> ReadFile:
    return read_number_lists(text, asked("SVN"))


def positions(text: str) -> dict[str | None, Position | None]:
    return {row.ref: row.position for row in read(text).rows}


def test_an_addendum_is_read_with_its_typing_errors() -> None:
    found = read_number_lists(ADDENDUM.encode(), asked("SVN"))
    assert (found.layout, found.problems) == (Layout.POSITIONS, ())
    accepted = ("140.7", "140.35", "140.36", "140.41", "140.42", "140.10", "140.11", "140.12")
    assert {row.ref: row.position for row in found.rows} == {
        **dict.fromkeys(accepted, S),
        "140.1": N,
        "140.2": N,
    }
    assert {row.heading for row in found.rows} == {""}, "the sentence before a list is no theme"
    assert (found.rows[0].place, found.rows[-1].place) == ("line 2", "line 11")
    assert {row.state_code for row in found.rows} == {"SVN"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Accepted: 140.1, 140.2\nNoted: 140.3", {"140.1": S, "140.2": S, "140.3": N}),
        ("Supported\n140.1\n140.2\n\nNoted\n140.3", {"140.1": S, "140.2": S, "140.3": N}),
        ("Accepted: 140.1–140.3", {"140.1": S, "140.2": S, "140.3": S}),
        ("Accepted: 140.1 to 140.3; 140.9", {"140.1": S, "140.2": S, "140.3": S, "140.9": S}),
        ("Accepted: 140.1-3, 7 and 140.9", {"140.1": S, "140.2": S, "140.3": S, "140.7": S, "140.9": S}),
        ("Accepted: 140.35.140.36", {"140.35": S, "140.36": S}),
        ("Accepted: 96.1.1, 96.1.2", {"96.1.1": S, "96.1.2": S}),
        ("Accepted: 140.10, 140.1", {"140.10": S, "140.1": S}),
        ("Recommendations 140.1 and 140.2 enjoy the support of the State.", {"140.1": S, "140.2": S}),
        ("Приняты рекомендации: 140.1, 140.2 и 140.3", {"140.1": S, "140.2": S, "140.3": S}),
        ("Приняты к сведению: 140.4–140.5", {"140.4": N, "140.5": N}),
        ("III. Noted\nThe following recommendations: 140.4", {"140.4": N}),
        ("Partially accepted: 140.4", {"140.4": Position.SUPPORTED_IN_PART}),
    ],
)
def test_lists_are_read_as_people_write_them(text: str, expected: dict[str, Position]) -> None:
    assert positions(text) == expected
    assert read(text).problems == ()


def test_a_number_in_two_lists_has_a_row_of_each_so_that_a_person_decides() -> None:
    found = read("Accepted: 140.1, 140.2\nNoted: 140.2, 140.3")
    rows = [(row.place, row.ref, row.position) for row in found.rows]
    assert rows == [
        ("line 1", "140.1", S),
        ("line 1", "140.2", S),
        ("line 2", "140.2", N),
        ("line 2", "140.3", N),
    ]


def test_a_number_that_is_twice_in_lists_of_one_position_is_one() -> None:
    found = read("Accepted: 140.1, 140.1\nAlso accepted: 140.1")
    assert (len(found.rows), found.problems) == (1, ())


@pytest.mark.parametrize(
    ("text", "words", "weight"),
    [
        ("Accepted: 140.9-140.2, 140.11", "“140.9-140.2” is no range", Weight.REFUSED),
        ("Accepted: 140.1-150.3", "is no range", Weight.REFUSED),
        ("Accepted: 140.1-140.999", "is no range", Weight.REFUSED),
        ("Accepted: 140.1\n\nOther recommendations: 140.2", "The sentence before 140.2", Weight.REFUSED),
        ("Accepted: 140.1.\n\nThis was supported.\n140.9-10\n", "stand in no list: 140.9", Weight.DOUBTFUL),
        ("Accepted: 140.1.\n\nSome words.\n140.8 is odd.", "stand in no list: 140.8", Weight.DOUBTFUL),
    ],
)
def test_numbers_that_were_not_read_are_told(text: str, words: str, weight: Weight) -> None:
    found = read(text)
    assert words in found.problems[-1].sentence
    assert found.problems[-1].weight is weight


@pytest.mark.parametrize("text", ["", "140.1, 140.2", "Dear colleagues", "Accepted: all"])
def test_a_text_without_lists_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(NotReadable, match="Write “Accepted:”"):
        read(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(NotReadable, match="longer than any addendum"):
        read("Accepted: 140.1 " + "x" * 500_000)


def test_more_numbers_than_may_be_are_told() -> None:
    few = Asked("SVN", asked().states, most_rows=2)
    found = read_number_lists("Accepted: 140.1-140.5", few)
    assert [row.ref for row in found.rows] == ["140.1", "140.2"]
    assert found.problems[-1].weight is Weight.REFUSED
