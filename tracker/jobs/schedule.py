"""What runs when: the whole schedule on one page. Every job is safe to run twice, by hand and for any day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tracker.database import Session
from tracker.jobs import deliver_mails
from tracker.jobs.context import JobContext
from tracker.language import ngettext
from tracker.services.evidence.stored_bytes import remove_leftovers
from tracker.services.reminders import remind_of_milestones


@dataclass(frozen=True)
class Job:
    """`cron` is minute hour day month weekday in the configured zone; `every_seconds` replaces it for short intervals.

    `verb` returns a sentence about what it did; an empty one means nothing, and is not logged. `is_recorded` writes
    each run into `job_runs`.
    """

    name: str
    verb: Callable[[JobContext, date, datetime], str]
    cron: str = ""
    every_seconds: int = 0
    is_recorded: bool = True


def _remind(context: JobContext, today: date, now: datetime) -> str:
    def verb(session: Session) -> int:
        return remind_of_milestones(session, today, now, context.base_url)

    return ngettext("%(num)s digest queued", "%(num)s digests queued", context.in_transaction(verb))


def _remove_leftovers(context: JobContext, _today: date, _now: datetime) -> str:
    removed = context.in_transaction(remove_leftovers)
    return ngettext("%(num)s file removed", "%(num)s files removed", removed) if removed else ""


SCHEDULE = (
    Job("remind_of_milestones", _remind, cron="0 7,9,12 * * *"),
    Job("deliver_mails", deliver_mails.deliver_due, every_seconds=20, is_recorded=False),
    Job("remove_leftover_evidence", _remove_leftovers, cron="30 3 * * *", is_recorded=False),
)
"""The reminders run three times in the morning: the next run queues what one missed. Evidence files are removed with
their rows; the night removes those that a crash left in between."""
