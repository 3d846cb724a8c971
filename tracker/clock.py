"""The only file that reads the time. Verbs take `now` or `today` as an argument; web, cli and jobs ask here."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta(0)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return real_now() + _shift


def real_now() -> datetime:
    """The present instant of the machine, without the shift: APScheduler waits by it."""
    return datetime.now(UTC)


def day_in(timezone: str, instant: datetime) -> date:
    """The calendar day of an instant in a zone (`Asia/Bishkek`): reminders count in days of people."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def begin_of(timezone: str, day: date) -> datetime:
    """The instant at which a calendar day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def shift_by_days(days: int) -> None:
    """Moves the clock of this process `days` forward. Only for TRACKER_ENV=testing: some stories sleep a week."""
    global _shift  # noqa: PLW0603 - one clock per process is the point
    _shift = timedelta(days=days)
