"""Whom a milestone is written to, and whom it cannot reach (docs/rules.md, "Reminders")."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, REVIEW, TODAY, read_account, recommendation
from tracker.identity.accounts import create_account
from tracker.identity.passphrases import CHEAP
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.milestones import Milestone
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM, VISITOR
from tracker.queries.recipients import (
    PAGE,
    count_unassigned,
    list_recipients,
    list_unassigned,
    list_unreachable_focal_points,
)
from tracker.services.organisations.creation import create_organisation

MINISTRY_A, MINISTRY_B, COORDINATORS = ["alternate", "focal_point"], ["other_focal_point"], ["coordinator"]


def recipients(session: Session, code: str = REVIEW, *, is_by_hand: bool = False) -> list[str]:
    """Of a date of that review."""
    session.flush()
    review = session.scalars(select(Review).where(Review.code == code)).one()
    with session.no_autoflush:
        return [
            account.handle
            for account in list_recipients(session, Milestone(review=review, is_by_hand=is_by_hand))
        ]


def end_assignments(session: Session, key: str) -> None:
    held = select(Organisation.id).where(Organisation.key == key).scalar_subquery()
    session.execute(update(Assignment).where(Assignment.organisation_id == held).values(to_on=TODAY))


def set_of(handle: str, **values: object) -> Callable[[Session], object]:
    return lambda session: session.execute(update(Account).where(Account.handle == handle).values(**values))


def add_neighbours(session: Session) -> None:
    """Another State's ministry, with people in the same roles, assigned to a recommendation of this State's."""
    made = create_organisation(
        session, SYSTEM, "neighbours", OrganisationKind.GOVERNMENT, {"en": "Ministry abroad"}, "KAZ", NOW
    )
    session.flush()
    for handle, role in (("coordinator_abroad", Role.COORDINATOR), ("focal_point_abroad", Role.FOCAL_POINT)):
        email = f"{handle}@example.org".replace("_", "-")
        create_account(session, SYSTEM, handle, (role,), made, PASSPHRASE, NOW, email=email, hashing=CHEAP)
    session.add(
        Assignment(
            recommendation_id=recommendation(session).id,
            organisation_id=made.id,
            kind=AssignmentKind.SUPPORTING,
            from_on=TODAY,
        )
    )


def become_independent(session: Session) -> None:
    session.execute(
        update(Organisation).where(Organisation.key == "ministry-a").values(kind=OrganisationKind.CSO)
    )


def test_who_writes_for_an_assigned_organisation_is_written_to_and_the_coordinators(session: Session) -> None:
    assert recipients(session) == sorted(MINISTRY_A + MINISTRY_B + COORDINATORS)


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        pytest.param(lambda session: end_assignments(session, "ministry-a"), MINISTRY_A, id="no longer lead"),
        pytest.param(lambda session: end_assignments(session, "ministry-b"), MINISTRY_B, id="nor support"),
        pytest.param(set_of("focal_point", ended_at=NOW), ["focal_point"], id="account ended"),
        pytest.param(set_of("coordinator", ended_at=NOW), COORDINATORS, id="coordinator's account ended"),
        pytest.param(set_of("alternate", email=None), ["alternate"], id="no address"),
        pytest.param(set_of("coordinator", wants_mail=False), COORDINATORS, id="wants no mail"),
        pytest.param(add_neighbours, [], id="another State's people"),
        pytest.param(become_independent, MINISTRY_A, id="of civil society, whatever the role"),
    ],
)
def test_nobody_else_is(session: Session, change: Callable[[Session], object], gone: list[str]) -> None:
    before = recipients(session)
    change(session)
    assert recipients(session) == [handle for handle in before if handle not in gone]


def unpublish(session: Session, *codes: str) -> None:
    session.execute(update(Review).where(Review.code.in_(codes)).values(is_published=False))
    session.expire_all()


def test_while_a_review_is_prepared_its_seeded_dates_go_to_whoever_read_them_before(session: Session) -> None:
    before = recipients(session, "KGZ-4")
    unpublish(session, "KGZ-4")
    assert recipients(session, "KGZ-4") == before == sorted(MINISTRY_A + MINISTRY_B + COORDINATORS)
    # And to those who are assigned in it already
    end_assignments(session, "ministry-a")
    fill_fourth(session, "ministry-a")
    assert recipients(session, "KGZ-4") == before


def test_a_date_that_a_person_entered_reminds_whoever_sees_its_review(session: Session) -> None:
    assert recipients(session, "KGZ-4", is_by_hand=True) == recipients(session, "KGZ-4")
    unpublish(session, "KGZ-4")
    assert recipients(session, "KGZ-4", is_by_hand=True) == COORDINATORS
    fill_fourth(session, "ministry-b")
    assert recipients(session, "KGZ-4", is_by_hand=True) == sorted(MINISTRY_B + COORDINATORS)


def test_nobody_is_told_of_what_stands_in_no_published_review(session: Session) -> None:
    unpublish(session, REVIEW, "KGZ-4")
    assert recipients(session, "KGZ-4") == COORDINATORS
    assert recipients(session) == sorted(MINISTRY_A + MINISTRY_B + COORDINATORS)  # who are assigned in it


def fill_fourth(session: Session, *keys: str) -> None:
    """With one recommendation, to which these organisations are assigned."""
    first = session.scalars(select(Recommendation).limit(1)).one()
    review = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
    added = Recommendation(
        review_id=review.id,
        source_id=first.source_id,
        kind=first.kind,
        ref="1",
        order=1,
        short_title="Ratify",
        text="Ratify.",
    )
    session.add(added)
    session.flush()
    for key in keys:
        organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
        kind = AssignmentKind.SUPPORTING
        session.add(
            Assignment(recommendation_id=added.id, organisation_id=organisation.id, kind=kind, from_on=TODAY)
        )


def test_until_a_review_has_recommendations_those_of_the_one_before_are_written_to(session: Session) -> None:
    assert recipients(session, "KGZ-4") == recipients(session)
    fill_fourth(session)
    assert recipients(session, "KGZ-4") == COORDINATORS
    assert len(recipients(session)) > len(COORDINATORS)


def unreachable(session: Session) -> list[tuple[str, str]]:
    session.flush()
    coordinator = actor_of(read_account(session, "coordinator"))
    rows, has_more = list_unreachable_focal_points(session, coordinator, 1)
    assert not has_more
    return [(handle, name) for handle, name, _ in rows]


@pytest.mark.parametrize("lack", [{"email": None}, {"wants_mail": False}])
def test_a_focal_point_whom_no_mail_reaches_is_named_until_the_account_ends(
    session: Session, lack: dict[str, object]
) -> None:
    assert unreachable(session) == []
    for handle in ("focal_point", "alternate", "coordinator"):
        set_of(handle, **lack)(session)
    assert unreachable(session) == [("focal_point", "Ministry of Clocks")]
    set_of("focal_point", ended_at=NOW)(session)
    assert unreachable(session) == []


def test_focal_points_whom_no_mail_reaches_are_named_a_page_at_a_time(session: Session) -> None:
    ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
    for number in range(PAGE + 1):
        handle = f"focal_point_{number:02}"
        create_account(session, SYSTEM, handle, (Role.FOCAL_POINT,), ministry, PASSPHRASE, NOW, hashing=CHEAP)
    session.flush()
    coordinator = actor_of(read_account(session, "coordinator"))
    first, has_more = list_unreachable_focal_points(session, coordinator, 1)
    second, has_still_more = list_unreachable_focal_points(session, coordinator, 2)
    assert (len(first), has_more, len(second), has_still_more) == (PAGE, True, 1, False)
    assert [row[0] for row in (*first, *second)] == [f"focal_point_{number:02}" for number in range(PAGE + 1)]


def unassigned(session: Session, review_id: int) -> list[str]:
    """Of both pages."""
    first, has_more = list_unassigned(session, VISITOR, review_id, 1)
    second, has_still_more = list_unassigned(session, VISITOR, review_id, 2)
    assert (len(first), has_more, has_still_more) == (PAGE, True, False)
    refs = [row.ref for row in (*first, *second)]
    assert count_unassigned(session, VISITOR, review_id) == len(refs) == len(set(refs))
    return refs


def end_focal_point(session: Session) -> None:
    set_of("focal_point", ended_at=NOW)(session)


def leave_the_role(session: Session) -> None:
    held = select(Account.id).where(Account.handle == "focal_point").scalar_subquery()
    session.execute(delete(AccountRole).where(AccountRole.account_id == held))


def leave_to_a_supporter(session: Session) -> None:
    session.execute(
        update(Assignment)
        .where(Assignment.recommendation_id == recommendation(session).id, Assignment.to_on.is_(None))
        .values(kind=AssignmentKind.SUPPORTING)
    )


@pytest.mark.parametrize(
    "change",
    [
        end_focal_point,
        leave_the_role,
        leave_to_a_supporter,
        lambda session: end_assignments(session, "ministry-a"),
    ],
)
def test_a_recommendation_that_nobody_would_be_reminded_of_is_named(
    session: Session, change: Callable[[Session], object]
) -> None:
    review_id = recommendation(session).review_id
    before = unassigned(session, review_id)
    assert len(before) == 42
    assert not {"A12", "A24"} & set(before)
    change(session)
    session.flush()
    after = unassigned(session, review_id)
    assert set(after) - set(before) == {"A12"}
