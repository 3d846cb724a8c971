"""The only file that asks the time. Verbs take `now` or `today` as an argument; the edge asks here."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta(0)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return unshifted() + _shift


def unshifted() -> datetime:
    """The present instant of the machine, also in a process that lives later: what APScheduler waits by."""
    return datetime.now(UTC)


def day_in(timezone: str, instant: datetime) -> date:
    """The calendar day of an instant in a zone (`Asia/Bishkek`): reminders count in days of people."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def begin_of(timezone: str, day: date) -> datetime:
    """The instant at which a calendar day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def shift_by_days(days: int) -> None:
    """Lets a process live `days` later. Only `config.Testing` sets it: a story that sleeps for a week needs it."""
    global _shift  # noqa: PLW0603 - one clock per process is the point
    _shift = timedelta(days=days)
