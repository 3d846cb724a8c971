"""When reminders of a milestone are due: its offsets (docs/rules.md, "Reminders") as pure dates."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_BEFORE = (12, 9, 6, 3, 1)
DAYS_BEFORE = (14, 3)
DAYS_AFTER = (14, 30)
LAST_WINDOW = timedelta(days=30)
"""How long after its day the last offset may still be sent; each other one may until the next falls."""


@dataclass(frozen=True)
class Offset:
    """The day on which a reminder is due, and the day from which it is too late to send it."""

    due_on: date
    until: date


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, clipped to the month's end."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day `months` later, clipped to the month's end."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def offsets_of(starts_on: date, ends_on: date) -> list[Offset]:
    """Months and days before the start, the end day, days after the end; in order, each once."""
    days = {months_before(starts_on, months) for months in MONTHS_BEFORE}
    days |= {starts_on - timedelta(days=ahead) for ahead in DAYS_BEFORE}
    days |= {ends_on, *(ends_on + timedelta(days=behind) for behind in DAYS_AFTER)}
    ordered = sorted(days)
    ends = [*ordered[1:], ordered[-1] + LAST_WINDOW]
    return [Offset(due_on, until) for due_on, until in zip(ordered, ends, strict=True)]


def offset_due(starts_on: date, ends_on: date, today: date, set_up_on: date) -> Offset | None:
    """The one offset to send today: the newest that fell, if it is not too late and it fell since set-up.

    Earlier ones that were missed are not sent: one line says what is due now.
    """
    fallen = [offset for offset in offsets_of(starts_on, ends_on) if offset.due_on <= today]
    if not fallen or fallen[-1].due_on < set_up_on or fallen[-1].until <= today:
        return None
    return fallen[-1]


def next_offset(starts_on: date, ends_on: date, today: date) -> date | None:
    """The next day on which a reminder of the milestone is due; None when all have fallen."""
    return next((offset.due_on for offset in offsets_of(starts_on, ends_on) if offset.due_on > today), None)
