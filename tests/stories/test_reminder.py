"""A reminder: the mid-term date reaches each person once, whatever happens to the scheduler."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.stories.pages import tell
from tests.strict_client import SignIn, text_of
from tracker.database import Database
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.reminders import OutgoingMail, Reminder
from tracker.models.reviews import Review

MID_TERM = date(2026, 12, 8)
NEXT_OFFSET = date(2027, 3, 8)
DAY = timedelta(days=1)
EVERYBODY = ["alternate", "coordinator", "focal_point", "other_focal_point"]
WINDOW = "From 8 September 2027 to 8 April 2028 (derived)"


@pytest.fixture
def remind(app: Flask) -> Callable[[date], str]:
    """Runs the job by hand for a day, as the operator would; gives what it said."""

    def run(day: date) -> str:
        done = app.test_cli_runner().invoke(args=["job", "remind_of_milestones", "--today", f"{day}"])
        assert done.exit_code == 0, done.output
        return str(done.output).strip()

    return run


def outbox(database: Database) -> list[OutgoingMail]:
    found = select(OutgoingMail).options(joinedload(OutgoingMail.account))
    with database.reading() as session:
        return sorted(session.scalars(found), key=lambda mail: (mail.on_date, mail.account.handle))


def recipients(database: Database) -> list[str]:
    return [mail.account.handle for mail in outbox(database)]


def change_email(database: Database, handle: str, email: str | None) -> None:
    with database.transaction() as session:
        session.scalars(select(Account).where(Account.handle == handle)).one().email = email


def add_milestone(database: Database, key: str, starts_on: date, ends_on: date) -> None:
    with database.transaction() as session:
        review = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
        session.add(
            Milestone(
                key=key,
                state_code="KGZ",
                review_id=review.id,
                kind=MilestoneKind.NATIONAL_REPORT,
                starts_on=starts_on,
                ends_on=ends_on,
                label=f"The {key} report",
                note="",
                certainty=Certainty.SOURCED,
                source="a test",
            )
        )


def test_everybody_assigned_and_the_coordinator_get_one_digest_nine_months_before_the_window(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given the seed, whose KGZ-4 has no recommendations: the assignments are those of KGZ-3
    # When the job runs on the day
    assert remind(MID_TERM) == "4 mails queued"
    # Then each has one digest, which names the window and how it is known
    assert recipients(database) == EVERYBODY
    for mail in outbox(database):
        assert mail.on_date == MID_TERM
        assert mail.subject == "UPR follow-up: 1 date needs your attention"
        assert "* Mid-term report, fourth cycle (voluntary)\n" in mail.body
        assert WINDOW in mail.body
        assert "has passed" not in mail.body
        assert "http://localhost/work" in mail.body


def test_the_day_before_nobody_is_reminded(database: Database, remind: Callable[[date], str]) -> None:
    assert remind(MID_TERM - DAY) == "0 mails queued"
    assert outbox(database) == []


def test_running_it_again_queues_nothing_more_until_the_next_offset(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given the reminder of 8 December
    remind(MID_TERM)
    # When it runs again, on the same day, the next days and the day before the next offset
    later = [MID_TERM, MID_TERM, MID_TERM + DAY, MID_TERM + 7 * DAY, NEXT_OFFSET - DAY]
    assert {remind(day) for day in later} == {"0 mails queued"}
    assert recipients(database) == EVERYBODY
    # Then the next offset, six months before, is the next mail
    assert remind(NEXT_OFFSET) == "4 mails queued"
    assert Counter(recipients(database)) == dict.fromkeys(EVERYBODY, 2)


def test_a_focal_point_without_an_address_gets_none_and_the_coordinator_is_shown_who(
    database: Database, remind: Callable[[date], str], signed_in: SignIn
) -> None:
    # Given a focal point whose address is not known
    change_email(database, "other_focal_point", None)
    # When the reminders are queued
    assert remind(MID_TERM) == "3 mails queued"
    # Then nothing is queued for that person, and the coordinator reads who is not reached
    assert "other_focal_point" not in recipients(database)
    coordinator = signed_in("coordinator")
    said = (
        "The focal point other_focal_point has no e-mail address or wants no mail, and receives no reminder."
    )
    assert said in text_of(coordinator.get("/work"))
    said = "Ministry of Bridges: the focal point other_focal_point has no e-mail address"
    assert said in text_of(coordinator.get("/reminders"))
    # And nobody else is told
    focal_point = signed_in("focal_point")
    assert "has no e-mail address" not in text_of(focal_point.get("/work"))
    assert focal_point.get("/reminders").status_code == 403


def test_an_address_that_is_added_later_is_reminded_then(
    database: Database, remind: Callable[[date], str]
) -> None:
    change_email(database, "other_focal_point", None)
    remind(MID_TERM)
    change_email(database, "other_focal_point", "new@example.org")
    assert remind(MID_TERM + DAY) == "1 mail queued"
    assert recipients(database)[-1] == "other_focal_point"


def test_independent_accounts_never_get_a_reminder_even_with_an_address_and_a_role(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given independent accounts that hold, against every rule, an address and roles of the State
    with database.transaction() as session:
        for handle in ("lead", "contributor", "other_lead", "ombudsperson", "registrar"):
            account = session.scalars(select(Account).where(Account.handle == handle)).one()
            account.email = f"{handle}@example.net"
            for role in (Role.COORDINATOR, Role.FOCAL_POINT):
                session.add(AccountRole(account_id=account.id, role=role))
    # When the reminders are queued, then only the State's people have one
    assert remind(MID_TERM) == "4 mails queued"
    assert recipients(database) == EVERYBODY


def test_after_downtime_the_reminder_goes_out_once(database: Database, remind: Callable[[date], str]) -> None:
    assert remind(date(2026, 12, 20)) == "4 mails queued"
    assert {mail.on_date for mail in outbox(database)} == {date(2026, 12, 20)}
    assert remind(date(2026, 12, 21)) == "0 mails queued"


def test_several_missed_offsets_give_one_line(database: Database, remind: Callable[[date], str]) -> None:
    # Given that −9, −6 and −3 months fell while nothing ran
    assert remind(date(2027, 6, 20)) == "4 mails queued"
    # Then there is one line for them all, and one mark for the newest
    for mail in outbox(database):
        assert mail.body.count("* ") == 1
    with database.reading() as session:
        assert set(session.scalars(select(Reminder.due_on))) == {date(2027, 6, 8)}


def test_what_fell_before_the_instance_was_set_up_is_not_sent(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given a date whose last offset fell a day before the instance was set up (22 November 2026)
    add_milestone(database, "early", date(2027, 11, 21), date(2027, 11, 21))
    # When the job runs, then only the offsets since then count
    assert remind(date(2026, 11, 22)) == "0 mails queued"
    assert remind(MID_TERM) == "4 mails queued"
    assert all("The early report" not in mail.body for mail in outbox(database))


def test_a_digest_collects_what_is_due_on_the_same_day(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given a second date, twelve months away on the same day
    add_milestone(database, "second", date(2027, 12, 8), date(2027, 12, 8))
    # When the job runs, then each person has one mail with both, the earlier date first
    assert remind(MID_TERM) == "4 mails queued"
    assert recipients(database) == EVERYBODY
    for mail in outbox(database):
        assert mail.subject == "UPR follow-up: 2 dates need your attention"
        assert mail.body.index("* Mid-term report") < mail.body.index("* The second report")
        assert "Date: 8 December 2027 (sourced)" in mail.body


def test_what_falls_due_after_the_digest_of_the_day_goes_out_the_next_day(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given that the digest of the day is queued when another date is added
    remind(MID_TERM)
    add_milestone(database, "second", date(2027, 12, 8), date(2027, 12, 8))
    # When the job runs again that day, then nothing is added
    assert remind(MID_TERM) == "0 mails queued"
    assert recipients(database) == EVERYBODY
    # And the next day brings the new date alone
    assert remind(MID_TERM + DAY) == "4 mails queued"
    newest = outbox(database)[4:]
    assert [mail.account.handle for mail in newest] == EVERYBODY
    assert all("The second report" in mail.body and "Mid-term" not in mail.body for mail in newest)


def test_an_address_that_no_key_opens_keeps_nobody_else_from_being_reminded(
    database: Database, remind: Callable[[date], str]
) -> None:
    tell(database, "UPDATE accounts SET email = 'sealed:9:bG9zdA==' WHERE handle = 'alternate'")
    remind(MID_TERM)
    assert recipients(database) == EVERYBODY
