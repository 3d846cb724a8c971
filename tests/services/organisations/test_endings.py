"""Names are corrected; an organisation ends, and opens again."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, TODAY, Cast
from tests.services.organisations.test_successions import held, newest_sentence, organisation
from tests.services.refusals import refused
from tracker.failures import BadInput, NotAllowed, Refused
from tracker.language import speaking
from tracker.models.accounts import Account, AccountRole
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.reviews import Review
from tracker.policy.organisations import roles_to_invite
from tracker.services.assignments import assign
from tracker.services.organisations.creation import create_organisation
from tracker.services.organisations.endings import end_organisation, reopen_organisation
from tracker.services.organisations.names import correct_names
from tracker.services.organisations.successions import Day

DAY = Day(TODAY, TODAY, NOW)


def end(session: Session, cast: Cast, key: str, who: str = "coordinator", *, meant: bool = True) -> None:
    ended = organisation(session, key)
    end_organisation(session, cast[who], ended, DAY, leaves_ownerless=meant)
    session.flush()


@pytest.fixture
def empty_ministry(session: Session, cast: Cast) -> Organisation:
    """Leads A12, without people."""
    names = {"en": "Ministry of Empty Rooms"}
    made = create_organisation(
        session, cast["coordinator"], "", OrganisationKind.GOVERNMENT, names, "KGZ", NOW
    )
    assign(
        session, cast["coordinator"], people.recommendation(session), made, AssignmentKind.LEAD, TODAY, NOW
    )
    session.flush()
    return made


def test_the_coordinator_creates_with_a_key_of_the_state(session: Session, cast: Cast) -> None:
    def make(name: str, key: str = "") -> str:
        kind = OrganisationKind.JUDICIARY
        return create_organisation(session, cast["coordinator"], key, kind, {"en": name}, "KGZ", NOW).key

    assert make("The Court of  Last Resort’s Office") == "kgz-the-court-of-last-resorts-office"
    assert make("High Court", "court") == "kgz-court"
    assert make("Court") == "kgz-court-2"
    for name, key in (("Other", "court"), ("Other", "a/b"), ("high court", ""), (" ", "x")):
        refused(session, Organisation, BadInput, lambda name=name, key=key: make(name, key))


def test_a_key_tells_nothing_of_independent_organisations(session: Session, cast: Cast) -> None:
    """`cso-a` is taken by one that the coordinator must not know of."""
    kind = OrganisationKind.GOVERNMENT
    made = create_organisation(session, cast["coordinator"], "cso-a", kind, {"en": "Open Window"}, "KGZ", NOW)
    assert made.key == "kgz-cso-a"


@pytest.mark.parametrize("state_code", ["UZB", None])
def test_a_coordinator_creates_in_the_own_state_only(
    session: Session, cast: Cast, state_code: str | None
) -> None:
    kind = OrganisationKind.GOVERNMENT
    refused(
        session,
        Organisation,
        NotAllowed,
        lambda: create_organisation(session, cast["coordinator"], "", kind, {"en": "X"}, state_code, NOW),
    )


def test_a_correction_changes_the_name_everywhere_and_writes_a_line(session: Session, cast: Cast) -> None:
    ministry = organisation(session, "ministry-a")
    version = select(Review.figures_version).where(Review.code == people.REVIEW)
    before = session.scalars(version).one()
    names = {"en": "Ministry of Clocks", "ru": "Министерство часов", "ky": ""}
    assert correct_names(session, cast["coordinator"], ministry, names, NOW)
    assert ministry.names == {"en": "Ministry of Clocks", "ru": "Министерство часов"}
    with speaking("ky"):
        assert ministry.name == "Ministry of Clocks"
    assert session.scalars(version).one() == before + 1
    assert newest_sentence(session) == "coordinator corrected the name of Ministry of Clocks"
    assert not correct_names(session, cast["coordinator"], ministry, names, NOW)
    for wrong in ({"en": ""}, {"en": "ministry of  bridges"}):
        refused(
            session,
            Organisation,
            BadInput,
            lambda wrong=wrong: correct_names(session, cast["coordinator"], ministry, wrong, NOW),
        )
    refused(
        session,
        Organisation,
        NotAllowed,
        lambda: correct_names(session, cast["administrator"], ministry, {"en": "X"}, NOW),
    )


def test_one_with_people_does_not_end(session: Session, cast: Cast) -> None:
    refused(session, Organisation, Refused, lambda: end(session, cast, "ministry-a"))


def test_one_that_leads_ends_only_where_that_is_meant(
    session: Session, cast: Cast, empty_ministry: Organisation
) -> None:
    key = empty_ministry.key
    refused(session, Organisation, Refused, lambda: end(session, cast, key, meant=False))
    refused(session, Organisation, NotAllowed, lambda: end(session, cast, key, "focal_point"))
    end(session, cast, key)
    assert (empty_ministry.valid_to, held(session, empty_ministry)) == (TODAY, set())
    assert newest_sentence(session) == "coordinator ended Ministry of Empty Rooms, from 22 November 2026"
    assert roles_to_invite(cast["coordinator"], empty_ministry) == ()
    refused(session, Organisation, Refused, lambda: end(session, cast, key))


def test_a_day_to_come_is_refused(session: Session, cast: Cast, empty_ministry: Organisation) -> None:
    tomorrow = Day(TODAY + timedelta(days=1), TODAY, NOW)
    refused(
        session,
        Organisation,
        BadInput,
        lambda: end_organisation(
            session, cast["coordinator"], empty_ministry, tomorrow, leaves_ownerless=True
        ),
    )


def test_opened_again_it_has_what_it_had(session: Session, cast: Cast, empty_ministry: Organisation) -> None:
    end(session, cast, empty_ministry.key)
    assert reopen_organisation(session, cast["coordinator"], empty_ministry, NOW) == 1
    session.flush()
    assert (empty_ministry.valid_to, held(session, empty_ministry)) == (None, {("A12", "lead")})
    refused(
        session,
        Organisation,
        Refused,
        lambda: reopen_organisation(session, cast["coordinator"], empty_ministry, NOW),
    )


def test_what_another_one_leads_meanwhile_stays_with_that_one(
    session: Session, cast: Cast, empty_ministry: Organisation
) -> None:
    end(session, cast, empty_ministry.key)
    recommendation, other = people.recommendation(session), organisation(session, "ministry-a")
    assign(session, cast["coordinator"], recommendation, other, AssignmentKind.LEAD, TODAY, NOW)
    session.flush()
    assert reopen_organisation(session, cast["coordinator"], empty_ministry, NOW) == 0
    assert held(session, other) == {("A12", "lead")}


def test_without_people_a_ministry_of_the_cast_ends(session: Session, cast: Cast) -> None:
    """Accounts that were ended keep nothing alive."""
    mine = select(Account.id).where(Account.organisation_id == organisation(session, "ministry-b").id)
    session.execute(delete(AccountRole).where(AccountRole.account_id.in_(mine)))
    for account in session.scalars(select(Account).where(Account.id.in_(mine))):
        account.ended_at = NOW
    end(session, cast, "ministry-b")
    assert held(session, organisation(session, "ministry-b")) == set()
