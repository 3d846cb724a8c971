"""A scheduler that is asked to end finishes the mail in hand and leaves the others in the outbox."""

import signal
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.jobs.processes import command, days_until, running, wait_until
from tests.mail.mails import queue
from tests.mail.post_office import post_office
from tests.programs import LONGEST
from tracker.database import Database
from tracker.models.reminders import OutgoingMail

DAY = date(2026, 12, 8)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_mail_in_hand_is_sent_the_next_one_is_not_begun(
    database: Database, url: str, tmp_path: Path, number: signal.Signals
) -> None:
    # Given several mails that are due, and a server that takes its time with the first
    for day in range(3):
        queue(database, day=day)
    log = tmp_path / "log"
    with post_office() as office:
        office.hold("DATA")
        settings = {
            "DATABASE_URL": url,
            "MAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "CLOCK_SHIFT_DAYS": days_until(DAY),
        }
        with running([command("schedule")], log, **settings) as [process]:
            wait_until(lambda: bool(office.arrived), LONGEST, "no mail was begun", log)
            # When the scheduler is asked to end, twice, and the server goes on
            for _ in range(2):
                process.send_signal(number)
            wait_until(lambda: "schedule stopping" in log.read_text(), LONGEST, "nothing was heard", log)
            office.release()
            # Then it ends by itself
            assert process.wait(LONGEST) == 0
    # And one mail was sent, once, and is known to be; the others wait, held by nobody
    assert len(office.arrived) == 1
    with database.reading() as session:
        mails = session.scalars(select(OutgoingMail)).all()
    assert len(mails) >= 3
    assert [f"<{mail.id}@localhost>" for mail in mails if mail.sent_at] == list(office.copies())
    assert not [mail for mail in mails if mail.claimed_by]
    assert "Traceback" not in log.read_text()
