"""Runs the schedule: the only user of APScheduler, in a process of its own (`flask schedule`), never in the web's.

Two schedulers on one database are safe: constraints and claims in the database keep work from being done twice.
"""

import logging
import signal
import threading
import traceback
from collections.abc import Sequence
from datetime import date

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.jobs.context import JobContext
from tracker.jobs.schedule import SCHEDULE, Job
from tracker.upkeep.job_runs import begin_run, end_run

log = logging.getLogger("tracker.jobs")


def run_job(context: JobContext, job: Job, today: date | None = None) -> str:
    """Runs one job now, for `today` or the present day, and records the run in `job_runs`."""
    now = clock.now()
    day = today or clock.day_in(context.timezone, now)
    if not job.is_recorded:
        return job.verb(context, day, now)
    run_id = context.in_transaction(lambda session: begin_run(session, job.name, now).id)
    try:
        outcome = job.verb(context, day, now)
    except Exception as error:
        cause = cause_of(error)
        context.in_transaction(lambda session: end_run(session, run_id, clock.now(), error=cause))
        raise
    context.in_transaction(lambda session: end_run(session, run_id, clock.now(), outcome=outcome))
    return outcome


def run_schedule(context: JobContext, jobs: Sequence[Job] = SCHEDULE) -> None:
    """Runs until SIGTERM or Ctrl-C; most jobs also run once at the start.

    A running job finishes its current item before the process ends.
    """
    scheduler = BlockingScheduler(timezone=context.timezone)
    for job in jobs:
        trigger = (
            IntervalTrigger(seconds=job.every_seconds, timezone=context.timezone)
            if job.every_seconds
            else CronTrigger.from_crontab(job.cron, timezone=context.timezone)
        )
        scheduler.add_job(
            run_guarded,
            trigger,
            (context, job),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            # Not the shifted clock of tests: the first run would wait for days.
            **({"next_run_time": clock.real_now()} if job.runs_at_start else {}),
        )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(scheduler, context.stopping))
    log.info("schedule started: %s", ", ".join(job.name for job in jobs))
    scheduler.start()


def _stop(scheduler: BlockingScheduler, stopping: threading.Event) -> None:
    """Shuts down once, although Ctrl-C under `flask serve` signals twice. It does so in a thread: the code that the
    signal interrupted may hold the lock that the shutdown needs."""
    if stopping.is_set():
        return
    stopping.set()
    if not scheduler.running:
        raise SystemExit(0)
    threading.Thread(target=_shut_down, args=(scheduler,)).start()


def _shut_down(scheduler: BlockingScheduler) -> None:
    log.info("schedule stopping: what is in hand is finished first")
    scheduler.shutdown(wait=False)


def run_guarded(context: JobContext, job: Job) -> None:
    """Logs one line when the job did something, or the cause when it failed; the next run makes up for it."""
    try:
        outcome = run_job(context, job)
        if outcome:
            log.info("%s: %s", job.name, outcome)
    except Exception as error:  # noqa: BLE001 - no error of one job stops the others
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s failed: %s\n%s", job.name, cause_of(error), frames)


def cause_of(error: Exception) -> str:
    """Returns what went wrong; of a database error only the kind, because its message may repeat the row."""
    is_database_error = isinstance(error, SQLAlchemyError)
    return type(error).__name__ if is_database_error else f"{type(error).__name__}: {error}"
