"""Two schedulers on one database, real processes and a real SMTP server: a kill loses nothing."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.jobs.processes import command, days_until, running, stop, wait_until
from tests.mail.post_office import post_office
from tests.programs import LONGEST
from tracker.database import Database
from tracker.models.reminders import OutgoingMail

pytestmark = pytest.mark.uncounted

MID_TERM = date(2026, 12, 8)


@pytest.fixture
def filled() -> str:
    return "demo"


def outbox(database: Database) -> list[OutgoingMail]:
    with database.reading() as session:
        return list(session.scalars(select(OutgoingMail)))


def waiting(database: Database) -> list[str]:
    return [message_id(mail) for mail in outbox(database) if mail.sent_at is None]


def message_id(mail: OutgoingMail) -> str:
    return f"<{mail.id}@localhost>"


def claimers(database: Database) -> list[int]:
    """The processes that stand between claim and send, by their number."""
    return [int(mail.claimed_by.rpartition(":")[2]) for mail in outbox(database) if mail.claimed_by]


def kill_one(processes: list[subprocess.Popen], pid: int) -> subprocess.Popen:
    """SIGKILL for the process with that number, which must be one of ours; gives the other one."""
    killed, other = sorted(processes, key=lambda process: process.pid != pid)
    assert killed.pid == pid, f"{pid} holds the mail, but is none of our processes"
    killed.kill()
    assert killed.wait(LONGEST) == -9
    return other


def test_two_schedulers_and_two_kills_lose_nothing_and_send_at_most_one_copy_more_per_kill(
    database: Database, url: str, tmp_path: Path
) -> None:
    two, shift = [command("schedule")] * 2, days_until(MID_TERM)
    log = tmp_path / "schedule.log"
    log.touch()

    def wait_for_starts(number: int) -> None:
        def are_there() -> bool:
            return log.read_text().count("schedule started") == number

        wait_until(are_there, LONGEST, f"no {number} schedulers had started", log)

    with post_office() as office:
        settings = {"DATABASE_URL": url, "MAIL_URL": f"smtp://127.0.0.1:{office.port}"}
        # Given two schedulers on 8 December, and a server that lets the first greeting wait
        office.hold("EHLO")
        with running(two, log, **settings, CLOCK_SHIFT_DAYS=shift) as processes:
            wait_until(lambda: bool(claimers(database)), LONGEST, "nobody claimed a mail", log)
            queued = {message_id(mail) for mail in outbox(database)}
            assert queued
            # When one is killed between claim and send, and the other goes on
            other = kill_one(processes, claimers(database)[0])
            office.release()
            wait_until(lambda: len(waiting(database)) == 1, LONGEST, "the other did not send the rest", log)
            wait_for_starts(2)
            assert stop(other) == 0
        # Then only the mail that the dead one held has not arrived, every other has once
        assert office.copies() == dict.fromkeys(queued - set(waiting(database)), 1)

        # When, a simulated week later, the one that took it over is killed after the server has the mail
        office.hold("DATA")
        with running(two, log, **settings, CLOCK_SHIFT_DAYS=shift + 7) as processes:
            wait_until(lambda: len(office.arrived) == len(queued), LONGEST, "nobody took it over", log)
            other = kill_one(processes, claimers(database)[0])
            wait_for_starts(4)
            assert stop(other) == 0
        office.release()
        assert len(waiting(database)) == 1

        # And, another week later, two run undisturbed
        with running(two, log, **settings, CLOCK_SHIFT_DAYS=shift + 14) as processes:
            wait_until(lambda: not waiting(database), LONGEST, "the outbox was not emptied", log)
            wait_for_starts(6)
            assert [stop(process) for process in processes] == [0, 0]

        # Then nothing more was queued, nothing was lost, and of the two kills one cost a second copy
        assert {message_id(mail) for mail in outbox(database)} == queued
        assert set(office.copies()) == queued
        assert sorted(office.copies().values())[-2:] == [1, 2]
    assert "Traceback" not in log.read_text()
