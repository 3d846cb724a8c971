"""Two people of a State at the same moment: one ends an organisation or makes one, the other comes a little later."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import NOW, TODAY, Cast
from tests.identity.locks import wait_until_somebody_waits
from tests.programs import LONGEST
from tests.services.organisations.test_successions import new, organisation
from tracker.database import Database
from tracker.failures import BadInput, Failure, LinkStale, NotFound, Refused
from tracker.identity.invitation_acceptance import accept_invitation
from tracker.identity.invitations import InvitationLink, invite, withdraw_invitation
from tracker.models.accounts import Account, Invitation, Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.actors import Actor
from tracker.queries.invitations import find_open_invitation
from tracker.services.organisations.belongings import lock_belongings
from tracker.services.organisations.creation import create_organisation
from tracker.services.organisations.endings import end_organisation
from tracker.services.organisations.successions import Day, merge_organisations, rename_organisation

DAY = Day(TODAY, TODAY, NOW)
Deed = Callable[[Session, Actor], object]


@pytest.fixture
def kind() -> str:
    """SQLite lets one writer in at a time."""
    return "postgresql"


def nothing(_session: Session, _actor: Actor) -> None:
    pass


def at_once(
    database: Database, cast: Cast, first: Deed, second: Deed, then: Deed = nothing
) -> Failure | None:
    """What refuses the second, who begins before the first has committed, and waits for that. `then`: what the first
    does while the second waits."""

    def run() -> None:
        with database.transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            second(session, cast["coordinator"])

    with ThreadPoolExecutor(1) as thread:
        with database.transaction() as session:
            first(session, cast["coordinator"])
            session.flush()
            late = thread.submit(run)
            wait_until_somebody_waits(database)
            then(session, cast["coordinator"])
        failure = late.exception(LONGEST)
    assert failure is None or isinstance(failure, Failure), failure
    return failure


def make(name: str, key: str = "") -> Deed:
    def deed(session: Session, actor: Actor) -> None:
        create_organisation(session, actor, key, OrganisationKind.GOVERNMENT, {"en": name}, "KGZ", NOW)

    return deed


@pytest.fixture
def empty(database: Database, cast: Cast) -> str:
    """The key of a ministry without people."""
    with database.transaction() as session:
        make("Ministry of Empty Rooms", "rooms")(session, cast["coordinator"])
    return "kgz-rooms"


def end(session: Session, actor: Actor) -> None:
    end_organisation(session, actor, organisation(session, "kgz-rooms"), DAY, leaves_ownerless=True)


def merge(session: Session, actor: Actor) -> None:
    old, into = organisation(session, "kgz-rooms"), organisation(session, "ministry-a")
    merge_organisations(session, actor, [old], into, DAY)


def ask(session: Session, actor: Actor) -> InvitationLink:
    return invite(session, actor, organisation(session, "kgz-rooms"), Role.FOCAL_POINT, NOW)


def places(database: Database) -> list[str]:
    """The organisations of the open links."""
    with database.reading() as session:
        query = session.query(Organisation.key).join(
            Invitation, Invitation.organisation_id == Organisation.id
        )
        return [row.key for row in query]


@pytest.mark.parametrize("pass_away", [end, merge])
def test_nobody_is_invited_to_an_organisation_that_ends_meanwhile(
    database: Database, cast: Cast, empty: str, pass_away: Deed
) -> None:
    with database.reading() as session:
        read = organisation(session, empty)  # as the page has it

    def invite_late(session: Session, actor: Actor) -> None:
        invite(session, actor, session.merge(read, load=False), Role.FOCAL_POINT, NOW)

    failure = at_once(database, cast, pass_away, invite_late)
    assert isinstance(failure, Refused)
    assert "ended" in str(failure)
    assert places(database) == []


@pytest.mark.parametrize(("pass_away", "left"), [(end, []), (merge, ["ministry-a"])])
def test_a_link_that_is_made_first_ends_or_passes_with_the_organisation(
    database: Database, cast: Cast, empty: str, pass_away: Deed, left: list[str]
) -> None:
    assert at_once(database, cast, ask, pass_away) is None
    assert places(database) == left


def accept(link: InvitationLink) -> Deed:
    def deed(session: Session, _actor: Actor) -> None:
        accept_invitation(session, link.token, "newcomer", "hash", NOW)

    return deed


@pytest.fixture
def link(database: Database, cast: Cast, empty: str) -> InvitationLink:
    with database.transaction() as session:
        return ask(session, cast["coordinator"])


def place_of_newcomer(database: Database) -> str | None:
    with database.reading() as session:
        query = session.query(Organisation.key).join(Account, Account.organisation_id == Organisation.id)
        return query.filter(Account.handle == "newcomer").scalar()


def lock(session: Session, _actor: Actor) -> None:
    """The first that everybody does who ends an organisation."""
    lock_belongings(session, "KGZ", organisation(session, "kgz-rooms"), organisation(session, "ministry-a"))


def test_a_link_that_is_used_while_its_organisation_ends_is_stale(
    database: Database, cast: Cast, link: InvitationLink
) -> None:
    """Neither waits for the other in a circle."""
    assert isinstance(at_once(database, cast, lock, accept(link), end), LinkStale)
    assert place_of_newcomer(database) is None


def test_a_link_that_is_used_while_its_organisation_is_merged_leads_to_the_successor(
    database: Database, cast: Cast, link: InvitationLink
) -> None:
    assert at_once(database, cast, lock, accept(link), merge) is None
    assert place_of_newcomer(database) == "ministry-a"


def test_an_organisation_does_not_end_while_somebody_joins_it(
    database: Database, cast: Cast, link: InvitationLink
) -> None:
    assert isinstance(at_once(database, cast, accept(link), end), Refused)
    assert place_of_newcomer(database) == "kgz-rooms"


def test_whoever_joins_while_an_organisation_is_merged_passes_with_it(
    database: Database, cast: Cast, link: InvitationLink
) -> None:
    assert at_once(database, cast, accept(link), merge) is None
    assert place_of_newcomer(database) == "ministry-a"


@pytest.mark.parametrize("pass_away", [end, merge])
def test_a_link_may_be_withdrawn_while_its_organisation_ends(
    database: Database, cast: Cast, link: InvitationLink, pass_away: Deed
) -> None:
    def withdraw(session: Session, actor: Actor) -> None:
        found = find_open_invitation(session, link.token, NOW)
        if found is None:
            raise NotFound
        withdraw_invitation(session, actor, found, NOW)

    assert at_once(database, cast, withdraw, pass_away) is None
    assert places(database) == []


def test_of_two_who_make_an_organisation_with_one_key_the_second_is_told(
    database: Database, cast: Cast
) -> None:
    failure = at_once(database, cast, make("High Court", "court"), make("Supreme Court", "court"))
    assert isinstance(failure, BadInput)
    assert str(failure) == "There is an organisation kgz-court already: choose another key."


def test_of_two_who_make_an_organisation_with_one_name_the_second_is_told(
    database: Database, cast: Cast
) -> None:
    failure = at_once(database, cast, make("High Court", "one"), make("high court", "other"))
    assert isinstance(failure, BadInput)
    assert str(failure).startswith("There is an organisation “High Court” already.")


def test_whoever_renames_to_a_key_that_is_taken_meanwhile_is_told(
    database: Database, cast: Cast, empty: str
) -> None:
    def rename(session: Session, actor: Actor) -> None:
        rename_organisation(session, actor, organisation(session, empty), new("High Court"), DAY)

    failure = at_once(database, cast, make("High Court"), rename)
    assert isinstance(failure, BadInput)
    assert str(failure) == "There is an organisation kgz-high-court already: choose another key."
