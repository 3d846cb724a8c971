"""Writes a line for each run of a job: what it did, or why it failed."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.settings import JobRun


def begin_run(session: Session, name: str, now: datetime) -> JobRun:
    run = JobRun(name=name, started_at=now)
    session.add(run)
    session.flush()
    return run


def end_run(session: Session, run_id: int, now: datetime, outcome: str = "", error: str = "") -> None:
    run = session.get_one(JobRun, run_id)
    run.ended_at, run.outcome, run.error = now, outcome, error
