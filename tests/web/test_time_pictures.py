"""The pictures with a time axis are drawn and read back."""

from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from tests.web.drawing import draw, number, with_class
from tracker.web.time_pictures import LevelGiven, Window, calendar, timeline

HEIGHTS = {16: "fully_implemented", 40: "partially_implemented", 64: "planned", 92: "not_implemented"} | {
    116: "regressed"
}
TODAY = date(2026, 11, 30)
SAID = [
    LevelGiven("civil_society", "partially_implemented", date(2026, 11, 15), "High Pasture"),
    LevelGiven("state", "planned", date(2025, 1, 9), "State"),
    LevelGiven("state", "fully_implemented", date(2026, 10, 13), "State"),
    LevelGiven("nhri", "regressed", date(2026, 10, 13), "Ombudsperson"),
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
        [*SAID, LevelGiven("un", "regressed", TODAY, "A name that is much too long for its room")], TODAY
    )
    assert {(each.text, each.y - 5, each.is_strong) for each in drawn.names} == {
        ("State", 16, True),
        ("High Pasture", 40, False),
        ("NHRI, UN", 116, False),
    }


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
codes = st.sampled_from([*HEIGHTS.values(), "overtaken", "no_level"])
entries = st.lists(
    st.builds(LevelGiven, st.sampled_from(["state", "nhri"]), codes, days, st.just("x")), max_size=8
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
