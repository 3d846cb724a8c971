"""The cell of themes, groups and goals."""

import pytest

from tracker.exchange.imports.theme_lists import is_heading, read_goals, read_theme_lists, without_code


def test_each_part_of_the_cell_is_read_without_bullets_and_codes() -> None:
    lists = read_theme_lists(
        "- Equality\n- Equality\nF4 Persons with disabilities\n"
        "SDGs: \n- 16 - PEACE\nAffected persons: \n- women\n- girls"
    )
    assert lists.themes == ("Equality", "Persons with disabilities")
    assert (lists.sdgs, lists.groups, lists.odd) == (("16",), ("women", "girls"), ())


def test_lost_line_breaks_are_found_again() -> None:
    lists = read_theme_lists("B51 Right to an effective remedyAffected persons:- general")
    assert (lists.themes, lists.groups) == (("Right to an effective remedy",), ("general",))


def test_a_goal_among_the_themes_is_a_goal() -> None:
    lists = read_theme_lists("S16 SDG 16 - peace, justice and strong institutions\nA12 Norms")
    assert (lists.themes, lists.sdgs) == (("Norms",), ("16",))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Theme: A12 Norms", "Norms"),
        ("Right or area: 2.1. Norms  ", "Norms"),
        ("16. Remedy", "Remedy"),
        ("- 2030 Agenda & other commitments", "2030 Agenda & other commitments"),
        ("A Budget", "A Budget"),
    ],
)
def test_codes_go_and_words_stay(line: str, label: str) -> None:
    assert without_code(line) == label


def test_what_names_no_goal_is_told() -> None:
    assert read_goals("- 1 - NO POVERTY\n- 16.3\n- 18 - MOON\n- SDG 5: equality") == (
        ("1", "16.3", "5"),
        ("18 - MOON",),
    )


def test_headings_say_that_they_are_some() -> None:
    assert is_heading("Theme: Norms")
    assert is_heading("Right or area: 2.1. Norms")
    assert not is_heading("140.7 Plant trees")
