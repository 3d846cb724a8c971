"""Runs the schedule: the only user of APScheduler. Its own process, `flask schedule`, never in the web's.

Two of them on one database are safe: what a job does is unique in the database, not in the scheduler.
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
    """Runs one job now, for `today` or the present day, and keeps a line of what it did."""
    now = clock.now()
    day = today or clock.day_in(context.timezone, now)
    if not job.keeps_line:
        return job.verb(context, day, now)
    run_id = context.in_transaction(lambda session: begin_run(session, job.name, now).id)
    try:
        outcome = job.verb(context, day, now)
    except Exception as error:
        said = cause_of(error)
        context.in_transaction(lambda session: end_run(session, run_id, clock.now(), error=said))
        raise
    context.in_transaction(lambda session: end_run(session, run_id, clock.now(), outcome=outcome))
    return outcome


def run_schedule(context: JobContext, jobs: Sequence[Job] = SCHEDULE) -> None:
    """Runs until SIGTERM or Ctrl-C; each job also runs once at the start, to make up for downtime.

    What a job has in hand is finished before the process ends.
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
            # A shifted clock (tests) must not make it wait for days.
            next_run_time=clock.real_now(),
        )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(scheduler, context.stopping))
    log.info("schedule started: %s", ", ".join(job.name for job in jobs))
    scheduler.start()


def _stop(scheduler: BlockingScheduler, stopping: threading.Event) -> None:
    """Once, though Ctrl-C under `flask serve` asks twice. From a thread: what the signal interrupted may hold
    the lock that the shutdown needs."""
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
    """One line when something was done or, with the cause, when it failed; the next run makes up for it."""
    try:
        outcome = run_job(context, job)
        if outcome:
            log.info("%s: %s", job.name, outcome)
    except Exception as error:  # noqa: BLE001 - the others go on, whatever it was
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s failed: %s\n%s", job.name, cause_of(error), frames)


def cause_of(error: Exception) -> str:
    """What went wrong; of a refused statement only the kind, because its message may repeat the row."""
    is_refused = isinstance(error, SQLAlchemyError)
    return type(error).__name__ if is_refused else f"{type(error).__name__}: {error}"
