"""Levels in words: counts, ranges, single points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.level_words import (
    ORDER,
    code_of,
    counts_of,
    distinct_levels,
    words_of_count,
    words_of_counts,
    words_of_points,
    words_of_range,
)

GIVEN = [code for code in ORDER if code not in ("mixed", "no_entry")]
points = st.lists(st.lists(st.sampled_from(GIVEN), max_size=4).map(tuple), max_size=30)


@pytest.mark.parametrize(
    ("given_points", "words"),
    [
        ([("planned",), (), (), ()], "1 planned, 3 no entry"),
        ([("fully_implemented",)], "fully"),
        ([()], "no entry"),
        ([(), ()], "no entry"),
        ([("planned",), ("planned",)], "2 planned"),
        (
            [("partially_implemented", "not_implemented"), ("regressed",), ()],
            "1 range, 1 regressed, 1 no entry",
        ),
        ([("regressed", "partially_implemented")], "regressed to partially, 2 organisations"),
        ([("no_level",)], "entry, no level"),
        ([("no_level",), ("no_level",), ()], "2 entries without a level, 1 no entry"),
        ([("no_level", "planned")], "planned"),
        ([], "no entry"),
    ],
)
def test_points_in_words(given_points: list[tuple[str, ...]], words: str) -> None:
    assert words_of_points(given_points) == words


def test_only_levels_of_the_scale_form_a_range() -> None:
    assert words_of_range(("no_information", "regressed")) == "regressed, no information, 2 organisations"
    levels = ("overtaken", "planned", "regressed", "fully_implemented")
    assert words_of_range(levels) == "regressed to fully, overtaken, 4 organisations"


def test_who_knows_the_number_of_organisations_says_it() -> None:
    assert words_of_range(("planned", "regressed"), 5) == "regressed to planned, 5 organisations"


@given(points)
def test_counts_add_up_to_the_points_and_say_what_was_given(found: list[tuple[str, ...]]) -> None:
    counts = counts_of(found)
    assert sum(counts.values()) == len(found)
    for code in set(counts) - {"mixed", "no_entry"}:
        assert any(code in point for point in found)
    said = words_of_counts(counts).split(", ")
    if set(counts) - {"no_entry"}:
        assert said == [words_of_count(code, number) for code, number in counts.items()]


@given(st.lists(st.sampled_from(GIVEN), max_size=4))
def test_the_order_of_the_entries_does_not_matter(point: list[str]) -> None:
    turned = list(reversed(point))
    assert distinct_levels(point) == distinct_levels(turned)
    assert code_of(point) == code_of(turned)
