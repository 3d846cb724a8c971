"""The table of jobs, and what running one leaves behind."""

import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from tests.cast import NOW
from tests.jobs.processes import command, days_until, running, stop, wait_until
from tests.mail.mails import queue
from tests.programs import LONGEST
from tracker.database import Database
from tracker.jobs.context import JobContext
from tracker.jobs.runner import run_guarded, run_job
from tracker.jobs.schedule import SCHEDULE, Job
from tracker.models.reminders import OutgoingMail
from tracker.models.settings import JobRun
from tracker.services.reminders import remind_of_milestones

DAY = date(2026, 12, 8)


@pytest.fixture
def context(database: Database, tmp_path: Path) -> JobContext:
    url = f"file://{tmp_path / 'mail'}"
    return JobContext(database, "http://localhost", url, "UPR <upr@example.org>", "Asia/Bishkek")


def runs(database: Database) -> list[JobRun]:
    with database.reading() as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.id)))


def test_every_job_has_a_name_of_its_own() -> None:
    names = [job.name for job in SCHEDULE]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("job", SCHEDULE, ids=lambda job: job.name)
def test_every_job_has_one_time_that_the_scheduler_understands(job: Job) -> None:
    assert bool(job.cron) != bool(job.every_seconds)
    if job.cron:
        trigger = CronTrigger.from_crontab(job.cron, timezone="Asia/Bishkek")
        assert trigger.get_next_fire_time(None, NOW) is not None


def test_reminders_run_in_the_morning_of_the_people_who_get_them() -> None:
    trigger = CronTrigger.from_crontab(SCHEDULE[0].cron, timezone="Asia/Bishkek")
    first = trigger.get_next_fire_time(None, datetime.fromisoformat("2026-12-08T00:00+06:00"))
    assert first == datetime.fromisoformat("2026-12-08T07:00+06:00")


def test_a_run_keeps_a_line_of_what_it_did(context: JobContext, database: Database) -> None:
    assert run_job(context, SCHEDULE[0], DAY) == "4 mails queued"
    [run] = runs(database)
    assert (run.name, run.outcome, run.error) == ("remind_of_milestones", "4 mails queued", "")
    assert run.ended_at is not None
    assert run.ended_at >= run.started_at


def test_a_run_that_fails_keeps_a_line_of_why_and_nothing_else(
    context: JobContext, database: Database
) -> None:
    def fail_halfway(within: JobContext, today: date, now: datetime) -> str:
        def queue_and_fail(session: object) -> str:
            remind_of_milestones(session, today, now, within.base_url)  # type: ignore[arg-type]
            raise RuntimeError("the disk is full")

        return within.in_transaction(queue_and_fail)

    with pytest.raises(RuntimeError, match="the disk is full"):
        run_job(context, Job("broken", fail_halfway, cron="* * * * *"), DAY)
    [run] = runs(database)
    assert (run.name, run.outcome, run.error) == ("broken", "", "RuntimeError: the disk is full")
    assert run.ended_at is not None
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_delivery_runs_every_few_seconds_and_keeps_no_line(context: JobContext, database: Database) -> None:
    assert run_job(context, SCHEDULE[1]) == ""
    assert runs(database) == []


def test_two_runs_at_the_same_moment_queue_once_and_neither_fails(database: Database) -> None:
    # Given a run that has queued its digests and not committed yet
    results: list[object] = []

    def run_beside() -> None:
        try:
            with database.transaction() as session:
                results.append(remind_of_milestones(session, DAY, NOW, "http://localhost"))
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            results.append(error)

    with database.writing() as session:
        assert remind_of_milestones(session, DAY, NOW, "http://localhost") == 4
        session.flush()
        # When another begins meanwhile
        beside = threading.Thread(target=run_beside)
        beside.start()
        beside.join(0.5)
        assert beside.is_alive(), "the other run did not wait"
        session.commit()
    beside.join(LONGEST)
    # Then that one waits, and finds nothing left to do
    assert results == [0]


def test_the_scheduler_runs_each_job_at_its_start_and_ends_on_sigterm(
    database: Database, url: str, tmp_path: Path
) -> None:
    queue(database)
    log = tmp_path / "log"
    settings = {
        "DATABASE_URL": url,
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "CLOCK_SHIFT_DAYS": days_until(DAY),
    }
    with running([command("schedule")], log, **settings) as [process]:
        wait_until(lambda: "4 mails queued" in log.read_text(), LONGEST, "no digest was queued", log)
        wait_until(lambda: "deliver_mails: " in log.read_text(), LONGEST, "nothing was delivered", log)
        assert stop(process) == 0
    assert "schedule started: remind_of_milestones, deliver_mails" in log.read_text()
    assert "Traceback" not in log.read_text()


FAILING = """
import logging, sys
from tracker.database import Database
from tracker.jobs.runner import run_schedule
from tracker.jobs.schedule import Job
from tracker.jobs.context import JobContext

def fail(*_):
    raise RuntimeError("this one fails")

def count(*_):
    return "still running"

def rest(*_):
    return ""

logging.basicConfig(level=logging.INFO)
within = JobContext(Database(sys.argv[1]), "", "", "", "Asia/Bishkek")
jobs = {"fails": fail, "counts": count, "rests": rest}
run_schedule(within, [Job(name, verb, every_seconds=1) for name, verb in jobs.items()])
"""


def test_a_job_that_fails_stops_neither_the_others_nor_itself_and_one_at_rest_is_silent(
    database: Database, url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running([[*command()[:1], "-c", FAILING, url]], log) as [process]:
        for said in ("fails failed: RuntimeError: this one fails", "counts: still running"):
            wait_until(
                lambda said=said: log.read_text().count(said) >= 3, LONGEST, f"not thrice: {said}", log
            )  # type: ignore[misc]
        assert process.poll() is None
        assert stop(process) == 0
    # And one that has nothing to do says nothing
    assert "rests: " not in log.read_text()
    assert len([run for run in runs(database) if run.name == "rests"]) >= 3
    assert {run.error for run in runs(database) if run.name == "fails" and run.ended_at} == {
        "RuntimeError: this one fails"
    }


def test_what_a_job_could_not_store_is_in_no_log_and_no_line_of_it(
    context: JobContext, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The message of a database repeats the row: an address, the text of a mail."""
    secret = "the witness lives beside the mill"

    def store(within: JobContext, _day: date, now: datetime) -> str:
        with within.database.transaction() as session:
            session.add(JobRun(name=secret, started_at=None))
        return ""

    run_guarded(context, Job("stores", store, every_seconds=1))
    assert "stores failed: IntegrityError" in caplog.text
    assert [run.error for run in runs(database) if run.name == "stores"] == ["IntegrityError"]
    assert secret not in caplog.text
