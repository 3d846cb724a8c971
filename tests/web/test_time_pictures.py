"""The pictures with a time axis are drawn and read back."""

from datetime import UTC, date, datetime, time
from itertools import pairwise
from uuid import UUID
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.drawing import draw, number, with_class
from tracker.web.time_pictures import LevelGiven, Window, calendar, timeline

HEIGHTS = {16: "fully_implemented", 40: "partially_implemented", 64: "planned", 92: "not_implemented"} | {
    116: "regressed"
}
TODAY = date(2026, 11, 30)


def given_at(voice: str, code: str, on: date, name: str, hour: int = 9, number: int = 1) -> LevelGiven:
    """Published on the day that it tells of."""
    return LevelGiven(voice, code, on, name, datetime.combine(on, time(hour), UTC), UUID(int=number))


SAID = [
    given_at("civil_society", "partially_implemented", date(2026, 11, 15), "High Pasture"),
    given_at("state", "planned", date(2025, 1, 9), "State"),
    given_at("state", "fully_implemented", date(2026, 10, 13), "State"),
    given_at("nhri", "regressed", date(2026, 10, 13), "Ombudsperson", hour=10),
]
WINDOWS = [
    Window("Fifth review", "projected", "projected", date(2029, 10, 28), date(2030, 5, 31)),
    Window("Preparing the mid-term report", "own", "own", date(2026, 4, 1), date(2026, 12, 31)),
    Window("Mid-term report, fourth cycle", "derived", "derived", date(2027, 9, 8), date(2028, 4, 8)),
    Window("Target year of the 2030 Agenda", "sourced", "sourced", date(2030, 12, 31), date(2030, 12, 31)),
]


def marks(drawn: Element) -> list[tuple[str, str, float]]:
    """Kind, level by height, place."""
    nested = [each for each in drawn.iter("svg") if each.get("overflow")]
    return [
        (
            each[0].get("class", "").rpartition("--")[2],
            HEIGHTS[round(number(each, "y"))],
            number(each, "x"),
        )
        for each in nested
    ]


def test_a_timeline_shows_each_entry_at_its_height_in_its_order() -> None:
    for form in draw("point_timeline", SAID, TODAY):
        found = marks(form)
        assert [(kind, level) for kind, level, _ in found] == [
            ("square", "planned"),
            ("square", "fully_implemented"),
            ("diamond", "regressed"),
            ("circle", "partially_implemented"),
        ]
        places = [place for _, _, place in found]
        assert places == sorted(places)
        assert form.get("aria-label") == (
            "State: planned, 9 Jan 2025; State: fully, 13 Oct 2026; Ombudsperson: regressed, 13 Oct 2026; "
            "High Pasture: partially, 15 Nov 2026"
        )


def test_the_line_of_the_state_is_unbroken_and_ends_at_its_newest_level() -> None:
    steps = timeline(SAID, TODAY).steps
    assert steps[0][:2] == timeline(SAID, TODAY).marks[0][2:]
    assert all(one[2:] == other[:2] for one, other in pairwise(steps))
    assert steps[-1][3] == 16


def test_names_stand_at_the_height_of_the_newest_entry() -> None:
    drawn = timeline(
        [*SAID, given_at("un", "regressed", TODAY, "A name that is much too long for its room")], TODAY
    )
    assert {(each.text, each.y - 5, each.is_strong) for each in drawn.names} == {
        ("State", 16, True),
        ("High Pasture", 40, False),
        ("NHRI, UN", 116, False),
    }


@pytest.mark.parametrize("voice", ["state", "civil_society"])
@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("later", [{"hour": 10}, {"number": 0}], ids=["by the hour", "by the identifier"])
def test_what_was_corrected_on_the_same_day_stands(
    voice: str, is_reversed: bool, later: dict[str, int]
) -> None:
    """The same rule as that of the entry that counts (services/levels.py), whatever order the levels come in."""
    said = [
        given_at(voice, "regressed", TODAY, "Lantern"),
        given_at(voice, "planned", TODAY, "Lantern", **later),
    ]
    drawn = timeline(said[::-1] if is_reversed else said, TODAY)
    assert [code for _, code, _, _ in drawn.marks] == ["regressed", "planned"]
    assert [(each.text, each.y - 5) for each in drawn.names] == [("Lantern", 64)]
    assert drawn.words == "Lantern: regressed, 30 Nov 2026; Lantern: planned, 30 Nov 2026"
    if voice == "state":
        assert drawn.steps[-1][3] == 64


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
codes = st.sampled_from([*HEIGHTS.values(), "overtaken", "no_level"])
entries = st.lists(
    st.builds(given_at, st.sampled_from(["state", "nhri"]), codes, days, st.just("x")), max_size=8
)


@given(entries, st.booleans())
def test_every_timeline_stays_within_its_picture(said: list[LevelGiven], is_wide: bool) -> None:
    drawn = timeline(said, TODAY, is_wide)
    assert len(drawn.marks) == len([each for each in said if each.code != "no_level"])
    places = [mark[2] for mark in drawn.marks] + [tick.x for tick in drawn.ticks]
    assert all(drawn.left <= place <= drawn.right for place in places)
    assert drawn.right <= 100


def test_the_calendar_draws_each_window_by_its_certainty() -> None:
    drawn = calendar(WINDOWS, TODAY)
    assert [(lane.window.name, lane.kind) for lane in drawn.lanes] == [
        ("Preparing the mid-term report", "dotted"),
        ("Mid-term report, fourth cycle", "filled"),
        ("Fifth review", "outlined"),
        ("Target year of the 2030 Agenda", "filled"),
    ]
    assert [each.text for each in drawn.years] == ["2026", "2027", "2028", "2029", "2030"]
    assert drawn.years[0].x < drawn.today < drawn.years[1].x


def test_the_word_of_certainty_stands_in_the_text() -> None:
    for form in list(draw("calendar", WINDOWS, TODAY)[0])[:2]:
        said = [
            " ".join("".join(each.itertext()).split()) for each in with_class(form, "calendar-picture__name")
        ]
        assert said == [
            "Preparing the mid-term report own",
            "Mid-term report, fourth cycle derived",
            "Fifth review projected",
            "Target year of the 2030 Agenda sourced",
        ]


@given(st.lists(st.tuples(days, days, st.text(max_size=80)), max_size=6), st.booleans())
def test_every_window_stays_within_its_picture(found: list[tuple[date, date, str]], is_wide: bool) -> None:
    windows = [Window(name, "sourced", "sourced", *sorted((one, other))) for one, other, name in found]
    drawn = calendar(windows, TODAY, is_wide)
    for lane in drawn.lanes:
        assert lane.width > 0
        assert 0 <= lane.x <= lane.x + lane.width <= 100.01
        assert lane.top + 46 <= drawn.height
    assert len(drawn.lanes) == len([each for each in windows if each.ends_on.year >= 2026])
