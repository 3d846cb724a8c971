"""Two leads are safe from any registrar: no link that was left over makes a second one."""

from threading import Event, Thread

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, Cast, read_account
from tracker.database import Database
from tracker.failures import BadInput, LinkStale
from tracker.identity.accounts import close_account, create_account
from tracker.identity.invitation_acceptance import accept_invitation
from tracker.identity.invitations import LIFETIME, InvitationLink, invite
from tracker.identity.passphrases import CHEAP
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account, AccountRole, Invitation, InvitationKind, Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import SYSTEM
from tracker.queries.invitations import hash_token
from tracker.queries.organisations import count_leads

LEAD = Role.ORGANISATION_LEAD


def organisation(session: Session, key: str = "cso-a") -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def link_to_lead(session: Session, cast: Cast, by: str = "registrar") -> InvitationLink:
    return invite(session, cast[by], organisation(session), LEAD, NOW)


def nobody_leads(session: Session) -> None:
    close_account(session, read_account(session, "lead"), NOW)
    session.flush()


def made_by_the_operator(session: Session, handle: str) -> Account:
    found = organisation(session)
    return create_account(session, SYSTEM, handle, [LEAD], found, PASSPHRASE, NOW, hashing=CHEAP)


def test_a_registrar_who_leads_another_organisation_is_a_registrar_to_this_one(
    session: Session, cast: Cast
) -> None:
    made_by_the_operator(session, "second-reed")
    ombudsperson = read_account(session, "ombudsperson")
    ombudsperson.roles.append(AccountRole(role=Role.REGISTRAR))  # as older versions made them
    session.flush()
    both = actor_of(ombudsperson)
    with pytest.raises(BadInput, match="two leads"):
        invite(session, both, organisation(session), LEAD, NOW)
    assert invite(session, both, organisation(session, "ombudsperson"), LEAD, NOW)


def test_the_first_lead_leaves_no_other_link_to_a_lead(session: Session, cast: Cast) -> None:
    nobody_leads(session)
    first = link_to_lead(session, cast)
    session.add(
        Invitation(  # a double click of an older version
            kind=InvitationKind.ACCOUNT,
            organisation_id=organisation(session).id,
            roles=[LEAD.value],
            token_hash=hash_token("second"),
            expires_at=NOW + LIFETIME,
        )
    )
    session.flush()
    accept_invitation(session, first.token, "second-reed", "hash", NOW)
    with pytest.raises(LinkStale):
        accept_invitation(session, "second", "third-reed", "hash", NOW)
    assert count_leads(session, organisation(session)) == 1


def test_a_lead_whom_the_operator_makes_leaves_no_link_of_a_registrar(session: Session, cast: Cast) -> None:
    nobody_leads(session)
    link = link_to_lead(session, cast)
    made_by_the_operator(session, "second-reed")
    with pytest.raises(LinkStale):
        accept_invitation(session, link.token, "third-reed", "hash", NOW)


def test_a_leads_own_links_stay_when_another_lead_comes(session: Session, cast: Cast) -> None:
    link = link_to_lead(session, cast, by="lead")
    made_by_the_operator(session, "second-reed")
    accept_invitation(session, link.token, "third-reed", "hash", NOW)
    assert count_leads(session, organisation(session)) == 3


def test_of_two_links_that_a_registrar_makes_at_once_one_is_left(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        nobody_leads(session)
        session.execute(delete(Invitation))
    begun, second = Event(), []

    def click_again() -> None:
        with database.transaction() as other:
            begun.set()
            second.append(link_to_lead(other, cast))

    with database.writing() as session:
        link_to_lead(session, cast)
        thread = Thread(target=click_again)
        thread.start()
        thread.join(0.5)  # on PostgreSQL it has begun and waits, on SQLite it waits to begin
        session.commit()
    thread.join()
    assert begun.is_set()
    assert len(second) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 1
