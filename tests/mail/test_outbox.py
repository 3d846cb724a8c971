"""The outbox: one sender for each mail, a lease that runs out, later and later attempts, an end."""

import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

from tests.cast import NOW
from tests.mail.mails import KYRGYZ, deliver, queue, read_mail
from tests.mail.post_office import post_office
from tests.programs import LONGEST
from tests.servers import free_port
from tests.stories.pages import tell
from tests.strict_client import SignIn, text_of
from tracker.database import Database
from tracker.mail import outbox
from tracker.mail.digest import Words
from tracker.mail.outbox import FIRST_RETRY, LEASE, LONGEST_RETRY, MOST_ATTEMPTS, Claim
from tracker.models.accounts import Account

SECOND = timedelta(seconds=1)


def claim(database: Database, after: timedelta = timedelta(0), by: str = "here:1") -> Claim | None:
    with database.transaction() as session:
        return outbox.claim_next(session, by, NOW + after)


def test_many_processes_at_once_never_claim_the_same_mail(database: Database) -> None:
    # Given forty mails and four senders that begin together
    queued = {queue(database, day=day) for day in range(40)}
    begin, claimed, problems = threading.Barrier(4), list[UUID](), list[Exception]()

    def send_all(name: str) -> None:
        begin.wait(LONGEST)
        try:
            while found := claim(database, by=name):
                claimed.append(found.mail_id)
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            problems.append(error)

    threads = [threading.Thread(target=send_all, args=(f"here:{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    # Then each mail was claimed exactly once, and nobody waited in vain
    assert problems == []
    assert Counter(claimed) == dict.fromkeys(queued, 1)


def test_a_mail_that_another_process_is_claiming_is_left_to_it(database: Database, kind: str) -> None:
    first, second = queue(database), queue(database, day=1)
    with database.writing() as one, database.writing() as other:
        claims = [outbox.claim_next(one, "here:1", NOW)]
        if kind == "sqlite":
            one.commit()  # it lets one writer in at a time; PostgreSQL's other writer passes by what is locked
        claims.append(outbox.claim_next(other, "there:2", NOW))
        assert {found.mail_id for found in claims if found} == {first, second}
        one.commit()
        other.commit()
    assert claim(database) is None


def test_a_claim_is_kept_for_its_lease_and_then_taken_over(database: Database) -> None:
    mail_id = queue(database)
    assert claim(database)
    assert claim(database, LEASE, "there:2") is None
    taken = claim(database, LEASE + SECOND, "there:2")
    assert taken is not None
    assert (taken.mail_id, taken.attempts, taken.claimed_by) == (mail_id, 2, "there:2")
    assert read_mail(database, mail_id).claimed_by == "there:2"


def test_whoever_lost_the_mail_to_another_does_not_set_it_free(database: Database) -> None:
    # Given a sender so slow that another took its mail over
    mail_id = queue(database)
    slow = claim(database)
    assert claim(database, LEASE + SECOND, "there:2")
    # When the slow one notes its failure
    assert slow
    with database.transaction() as session:
        outbox.note_failure(session, slow, "TimeoutError", NOW + LEASE + SECOND)
    # Then the mail is still the other's, and nobody sends a third copy
    assert read_mail(database, mail_id).claimed_by == "there:2"
    assert claim(database, LEASE + 2 * SECOND, "third:3") is None


def test_a_long_run_gives_each_claim_its_own_lease(database: Database, tmp_path: Path) -> None:
    # Given a run with two mails, and a server that takes its time over each
    first, second = queue(database), queue(database, day=1)
    with post_office() as office:
        office.pause_seconds = 0.3
        assert deliver(database, f"smtp://127.0.0.1:{office.port}") == "2 sent, 0 failed"
    # Then the time that the first one took has passed for the second
    sent = sorted(filter(None, (read_mail(database, each).sent_at for each in (first, second))))
    assert sent[1] - sent[0] >= timedelta(seconds=office.pause_seconds)


def test_a_failure_is_tried_again_later_and_later_and_given_up_at_last(
    database: Database, signed_in: SignIn
) -> None:
    # Given a mail and a server that is dead
    mail_id, url = queue(database), f"smtp://127.0.0.1:{free_port()}"
    # When it is tried whenever it is due
    at, waits = timedelta(0), []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver(database, url, at) == "0 sent, 1 failed"
        mail = read_mail(database, mail_id)
        assert (mail.attempts, mail.last_error, mail.sent_at) == (attempt, "ConnectionRefusedError", None)
        assert mail.claimed_by is None
        due = mail.next_try_at - NOW
        assert deliver(database, url, due - SECOND) == ""
        waits.append(round((due - at).total_seconds() / 60))
        at = due
    # Then the pauses double, up to the longest, and then it ends
    assert waits[:4] == [5, 10, 20, 40]
    assert round(FIRST_RETRY.total_seconds() / 60) == waits[0]
    assert waits[-1] == round(LONGEST_RETRY.total_seconds() / 60)
    assert waits == sorted(waits)
    assert deliver(database, url, at + timedelta(days=30)) == ""
    # And the coordinator reads it, with the reason and without the address
    page = text_of(signed_in("coordinator").get("/reminders"))
    assert f"given up after {MOST_ATTEMPTS} attempts: ConnectionRefusedError" in page
    assert "focal-point@example.org" not in page


def test_a_failure_is_shown_with_the_day_of_the_next_attempt(database: Database, signed_in: SignIn) -> None:
    queue(database)
    with post_office() as office:
        office.refusal = "550 5.1.1"
        assert deliver(database, f"smtp://127.0.0.1:{office.port}") == "0 sent, 1 failed"
    page = text_of(signed_in("coordinator").get("/reminders"))
    assert "failed 1 time (SMTPRecipientsRefused), tried again on 22 Nov 2026" in page
    assert "focal-point@example.org" not in page


def test_a_server_that_comes_back_gets_the_mail(database: Database) -> None:
    mail_id, url = queue(database, words=KYRGYZ), f"smtp://127.0.0.1:{free_port()}"
    deliver(database, url)
    with post_office() as office:
        url = f"smtp://127.0.0.1:{office.port}"
        assert deliver(database, url, FIRST_RETRY + SECOND) == "1 sent, 0 failed"
        assert deliver(database, url, timedelta(days=9)) == ""
    assert [message["Subject"] for message in office.arrived] == [KYRGYZ.subject]
    mail = read_mail(database, mail_id)
    assert (mail.last_error, mail.claimed_by) == (None, None)
    assert mail.sent_at is not None


def test_one_mail_that_cannot_be_written_does_not_stop_the_others(database: Database, tmp_path: Path) -> None:
    # Given a mail with a line break in its subject, one whose recipient lost the address, one whose address was
    # sealed with a key that is gone, and a good one
    broken = queue(database, words=Words("Date\nBcc: all@example.org", "Hello"))
    nobody = queue(database, "other_focal_point")
    sealed = queue(database, "alternate")
    good = queue(database, "coordinator")
    tell(database, "UPDATE accounts SET email = 'sealed:9:bG9zdA==' WHERE handle = 'alternate'")
    with database.transaction() as session:
        account = session.get_one(Account, read_mail(database, nobody).account_id)
        account.email = None
    # When the outbox is delivered
    assert deliver(database, f"file://{tmp_path / 'mail'}") == "1 sent, 3 failed"
    # Then the good one has arrived and the others say why not
    assert [path.stem for path in (tmp_path / "mail").iterdir()] == [str(good)]
    assert read_mail(database, broken).last_error == "ValueError"
    assert read_mail(database, nobody).last_error == "NoAddress"
    assert read_mail(database, sealed).last_error == "AddressDoesNotOpen"


def test_the_address_is_the_one_of_the_moment_of_sending(database: Database, tmp_path: Path) -> None:
    mail_id = queue(database)
    with database.transaction() as session:
        session.get_one(Account, read_mail(database, mail_id).account_id).email = "new@example.org"
    deliver(database, f"file://{tmp_path / 'mail'}")
    file = tmp_path / "mail" / f"{mail_id}.eml"
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == "new@example.org"


def test_somebody_whose_account_has_ended_is_not_written_to(database: Database, tmp_path: Path) -> None:
    mail_id = queue(database)
    with database.transaction() as session:
        session.get_one(Account, read_mail(database, mail_id).account_id).ended_at = NOW
    assert deliver(database, f"file://{tmp_path / 'mail'}") == "0 sent, 1 failed"
    assert read_mail(database, mail_id).last_error == "NoAddress"
    assert not (tmp_path / "mail").exists()
