"""The offsets of reminders (docs/rules.md): clipped months, one after downtime, none from before the set-up."""

from datetime import date, timedelta

import pytest

from tracker.services.milestones import LAST_WINDOW, months_before, offset_due, offsets_of

START = date(2027, 9, 8)
DAY = timedelta(days=1)
LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 9, 8), 9, date(2026, 12, 8)),
        (date(2027, 9, 8), 12, date(2026, 9, 8)),
        (date(2027, 1, 31), 1, date(2026, 12, 31)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2027, 7, 31), 1, date(2027, 6, 30)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 12, 31), 6, date(2027, 6, 30)),
        (date(2027, 12, 15), 12, date(2026, 12, 15)),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_a_day_is_reminded_of_before_on_and_after() -> None:
    assert [offset.due_on for offset in offsets_of(START, START)] == [
        date(2026, 9, 8),
        date(2026, 12, 8),
        date(2027, 3, 8),
        date(2027, 6, 8),
        date(2027, 8, 8),
        date(2027, 8, 25),
        date(2027, 9, 5),
        date(2027, 9, 8),
        date(2027, 9, 22),
        date(2027, 10, 8),
    ]


def test_a_window_counts_down_to_its_start_and_on_from_its_end() -> None:
    found = [offset.due_on for offset in offsets_of(START, date(2028, 3, 8))]
    assert found[-4:] == [date(2027, 9, 5), date(2028, 3, 8), date(2028, 3, 22), date(2028, 4, 7)]
    assert START not in found


def test_each_offset_lasts_until_the_next_falls_and_the_last_for_thirty_days() -> None:
    found = offsets_of(START, START)
    assert [offset.until for offset in found[:-1]] == [offset.due_on for offset in found[1:]]
    assert found[-1].until == found[-1].due_on + LAST_WINDOW == date(2027, 11, 7)


def due(today: date, set_up_on: date = LONG_AGO, end: date = START) -> date | None:
    found = offset_due(START, end, today, set_up_on)
    return found.due_on if found else None


def test_nothing_is_due_before_the_first_offset() -> None:
    assert due(date(2026, 9, 7)) is None
    assert due(date(2026, 9, 8)) == date(2026, 9, 8)


def test_of_several_missed_ones_the_newest_alone_is_due() -> None:
    assert due(date(2027, 8, 30)) == date(2027, 8, 25)
    assert due(date(2027, 9, 4)) == date(2027, 8, 25)
    assert due(date(2027, 9, 5)) == date(2027, 9, 5)


def test_what_fell_before_the_set_up_is_not_sent() -> None:
    assert due(date(2027, 1, 10), set_up_on=date(2027, 1, 10)) is None
    assert due(date(2027, 3, 8), set_up_on=date(2027, 1, 10)) == date(2027, 3, 8)
    assert due(date(2026, 12, 8), set_up_on=date(2026, 12, 8)) == date(2026, 12, 8)
    assert due(date(2026, 12, 9), set_up_on=date(2026, 12, 9)) is None


def test_after_the_last_window_it_stops() -> None:
    assert due(date(2027, 11, 6)) == date(2027, 10, 8)
    assert due(date(2027, 11, 7)) is None
    assert due(date(2035, 1, 1)) is None


def test_day_after_day_each_offset_is_the_due_one_once() -> None:
    days = [date(2026, 1, 1) + number * DAY for number in range(900)]
    found = list(dict.fromkeys(due(day) for day in days))
    assert found == [None, *(offset.due_on for offset in offsets_of(START, START))]
