"""A reminder: the mid-term date reaches each person once, whatever happens to the scheduler."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.cast import GOOD_UPDATE, NOW, make_update, read_cast, recommendation
from tests.stories.pages import tell
from tests.strict_client import SignIn, text_of
from tracker.database import Database
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.models.reminders import OutgoingMail, Reminder
from tracker.models.reviews import Review, Source
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.services.assignments import assign

MID_TERM = date(2026, 12, 8)
NEXT_OFFSET = date(2027, 3, 8)
DAY = timedelta(days=1)
EVERYBODY = ["alternate", "coordinator", "focal_point", "other_focal_point"]
WINDOW = "From 8 September 2027 to 8 April 2028 (derived)"


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
        assert mail.body.count("\n* ") == 1
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


OWN = "Your organisation has no entry yet on {} points of the third review (KGZ-3):"
NOT_ENTERED = (
    "The recommendations of the fourth review are not entered yet. What follows is about those of the third review"
    " (KGZ-3)."
)


def body_of(database: Database, handle: str) -> str:
    return next(mail.body for mail in outbox(database) if mail.account.handle == handle)


def test_it_names_what_the_reader_has_not_reported_on_and_links_to_it(
    database: Database, remind: Callable[[date], str]
) -> None:
    # Given that ministry A leads A12, and published on one point of it, submitted another and has a draft on a third
    with database.transaction() as session:
        cast = read_cast(session)
        make_update(session, cast, UpdateState.PUBLISHED, "A12.1")
        make_update(session, cast, UpdateState.SUBMITTED, "A12.2")
        make_update(session, cast, UpdateState.DRAFT, "A12.3")
    # When the reminder of the fourth review's report is due, whose recommendations are not there yet
    remind(MID_TERM)
    body = body_of(database, "focal_point")
    # Then it says so, and names the points of the third that nobody reported on: a draft silences nothing
    assert NOT_ENTERED in body
    assert OWN.format(3) in body
    for ref in ("A12.3", "A12.4", "A12.5"):
        assert f"- {ref} Civil society, defenders and journalists without fear\n" in body
        assert f"http://localhost/recommendations/KGZ-3/A12#{ref}\n" in body
    assert "A12.1" not in body
    assert "A12.2" not in body
    # And no text of an entry, nor what other ministries owe
    assert GOOD_UPDATE.done not in body
    assert "leads:" not in body


def test_ten_points_are_named_and_the_others_counted(
    database: Database, remind: Callable[[date], str]
) -> None:
    with database.transaction() as session:
        bridges = session.scalars(select(Organisation).where(Organisation.key == "ministry-b")).one()
        for ref in ("A25", "A26"):
            assign(session, SYSTEM, recommendation(session, ref), bridges, AssignmentKind.LEAD, MID_TERM, NOW)
        bridges_points = select(ActionPoint.ref).join(Recommendation).join(Assignment)
        mine = Assignment.organisation_id == bridges.id
        number = len(session.scalars(bridges_points.where(mine)).all())
    remind(MID_TERM)
    body = body_of(database, "other_focal_point")
    assert number > 11
    assert OWN.format(number) in body
    assert body.count("\n- A") == 10
    assert f"\nand {number - 10} more\n" in body
    # What the ministry leads comes before what it supports
    assert "- A24.1" in body
    assert "- A12." not in body


def test_the_coordinator_reads_the_sum_of_each_ministry(
    database: Database, remind: Callable[[date], str]
) -> None:
    with database.transaction() as session:
        make_update(session, read_cast(session), UpdateState.PUBLISHED, "A12.1")
    remind(MID_TERM)
    body = body_of(database, "coordinator")
    assert NOT_ENTERED in body
    assert "Points of the third review (KGZ-3) on which the State gives no level yet, by the" in body
    assert "- Ministry of Clocks: 4 of 5\n" in body
    assert "- Ministry of Bridges: 3 of 3\n- No one leads it: " in body
    assert "Your organisation has" not in body


def test_once_the_fourth_review_has_recommendations_it_speaks_of_these(
    database: Database, remind: Callable[[date], str]
) -> None:
    with database.transaction() as session:
        review = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
        source = session.scalars(select(Source.id).limit(1)).one()
        added = Recommendation(
            review_id=review.id, source_id=source, kind=RecommendationKind.WG_RECOMMENDATION, ref="140.7", order=1,
            short_title="Ratify", text="Ratify it.",
        )  # fmt: skip
        session.add(added)
        session.flush()
        session.add(ActionPoint(recommendation_id=added.id, ref="140.7.1", order=1, text="Ratify it."))
        clocks = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
        assign(session, SYSTEM, added, clocks, AssignmentKind.LEAD, MID_TERM, NOW)
    # When the reminder is due, then only those assigned there are written to, about that review
    assert remind(MID_TERM) == "3 mails queued"
    body = body_of(database, "focal_point")
    assert "Your organisation has no entry yet on 1 point of the fourth review (KGZ-4):" in body
    assert "- 140.7.1 Ratify\n  http://localhost/recommendations/KGZ-4/140.7#140.7.1\n" in body
    assert "KGZ-3" not in body
    assert "not entered yet" not in body


def test_a_closed_review_lacks_nothing_any_more(database: Database, remind: Callable[[date], str]) -> None:
    tell(database, "UPDATE reviews SET closed_at = '2026-11-30 00:00:00' WHERE code = 'KGZ-3'")
    remind(MID_TERM)
    assert "Your organisation has" not in body_of(database, "focal_point")
    assert "gives no level" not in body_of(database, "coordinator")
