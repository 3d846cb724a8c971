"""What runs when: the whole schedule on one page. Every job is safe to run twice, by hand and for any day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tracker.database import Session
from tracker.identity.second_factors import forget_used_steps
from tracker.identity.throttles import forget_expired
from tracker.jobs import deliver_mails, read_imports
from tracker.jobs.context import JobContext
from tracker.language import gettext, ngettext
from tracker.services.evidence.stored_bytes import remove_leftovers
from tracker.services.imports.uploads import discard_old_imports
from tracker.services.reminders import remind_of_milestones
from tracker.upkeep.erasing import empty_log, rewrite_tables, vacuum_changed_tables


@dataclass(frozen=True)
class Job:
    """`cron` is minute hour day month weekday in the configured zone; `every_seconds` replaces it for short intervals.

    `verb` returns a sentence about what it did; an empty one means nothing, and is not logged. `is_recorded` writes
    each run into `job_runs`. `runs_at_start`: also once when the scheduler starts, to make up for downtime.
    """

    name: str
    verb: Callable[[JobContext, date, datetime], str]
    cron: str = ""
    every_seconds: int = 0
    is_recorded: bool = True
    runs_at_start: bool = True


def _remind(context: JobContext, today: date, now: datetime) -> str:
    def verb(session: Session) -> int:
        return remind_of_milestones(session, today, now, context.base_url)

    return ngettext("%(num)s mail queued", "%(num)s mails queued", context.in_transaction(verb))


def _remove_leftovers(context: JobContext, _today: date, _now: datetime) -> str:
    removed = context.in_transaction(remove_leftovers)
    return ngettext("%(num)s file removed", "%(num)s files removed", removed) if removed else ""


def _discard_old_imports(context: JobContext, _today: date, now: datetime) -> str:
    def verb(session: Session) -> int:
        return discard_old_imports(session, now)

    discarded = context.in_transaction(verb)
    return ngettext("%(num)s file discarded", "%(num)s files discarded", discarded) if discarded else ""


def _forget_attempts(context: JobContext, _today: date, now: datetime) -> str:
    def verb(session: Session) -> None:
        forget_expired(session, now)
        forget_used_steps(session, now)

    context.in_transaction(verb)
    return ""


def _empty_log(context: JobContext, _today: date, _now: datetime) -> str:
    empty_log(context.database)
    return ""


def _vacuum(context: JobContext, _today: date, _now: datetime) -> str:
    vacuum_changed_tables(context.database)
    return ""


def _rewrite_tables(context: JobContext, _today: date, _now: datetime) -> str:
    left = rewrite_tables(context.database)
    return (
        gettext("Left until the next night, because they were in use: %(names)s", names=", ".join(left))
        if left
        else ""
    )


SCHEDULE = (
    Job("remind_of_milestones", _remind, cron="0 7,9,12 * * *"),
    Job("deliver_mails", deliver_mails.deliver_due, every_seconds=20, is_recorded=False),
    Job("read_imports", read_imports.read_waiting, every_seconds=10, is_recorded=False),
    Job("discard_old_imports", _discard_old_imports, cron="15 3 * * *", is_recorded=False),
    Job("remove_leftover_evidence", _remove_leftovers, cron="30 3 * * *", is_recorded=False),
    Job("forget_attempts", _forget_attempts, every_seconds=60, is_recorded=False),
    Job("empty_log", _empty_log, every_seconds=5, is_recorded=False),
    Job("vacuum", _vacuum, every_seconds=30, is_recorded=False),
    Job("rewrite_tables", _rewrite_tables, cron="45 3 * * *", runs_at_start=False),
)
"""The reminders run three times in the morning: the next run queues what one missed. Evidence files are removed with
their rows; the night removes those that a crash left in between. `discard_old_imports` forgets uploads that nobody
applied. `forget_attempts` forgets when somebody signed in. The last three take what was deleted out of the files of the
database: the first is for SQLite, the others are for PostgreSQL. The last one locks each table for as long as it
takes to write it, so it does not run when somebody starts the scheduler at noon."""
