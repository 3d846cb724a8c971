"""Who sees which accounts, organisations and open links: tables written by hand, for SQL and for single rows."""

from dataclasses import dataclass

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tests import cast as people
from tests.cast import NOW, ORGANISATIONS, Cast, read_account
from tests.policy.rows import link_row, table, ticked
from tracker.models.accounts import Account, AccountRole, Invitation, InvitationKind, Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy import accounts, organisations
from tracker.policy.actors import SYSTEM, Actor
from tracker.policy.invitations import can_see_invitation, has_lead, visible_invitations
from tracker.services.organisations.creation import create_organisation

# Columns: the cast in its order, then an officer who administrates too, an administrator of a CSO, a registrar of
# the Ombudsperson's office, a focal point whose account ended.
HANDLES = (
    *people.PEOPLE,
    "officer_administrator",
    "cso_administrator",
    "nhri_registrar",
    "former",
)
SEES_ACCOUNTS = """
focal_point         - - - - - - - - - - - - - - - -
alternate           - - - - - - - - - - - - - - - -
validating_officer  - - - - - - - - - - - - - - - -
other_focal_point   - - - - - - - - - - - - - - - -
coordinator         x x x x x - - - - - - - - - - -
contributor         - - - - - - - - - - - - - - - -
silent_contributor  - - - - - - - - - - - - - - - -
lead                - - - - - x x x - - - - - - - -
other_lead          - - - - - - - - x - - - - - - -
ombudsperson        - - - - - - - - - x - - - - - -
registrar           - - - - - - - - - - - - - - - -
administrator       x x x x x - - - - - - x x - - -
visitor             - - - - - - - - - - - - - - - -
"""
# Columns: ministry-a, ministry-b, secretariat, cso-a, cso-b, ombudsperson.
# s sees its page, i sees people or links there and invites
SEES_ORGANISATIONS = """
focal_point         s s s - - -
alternate           s s s - - -
validating_officer  s s s - - -
other_focal_point   s s s - - -
coordinator         i i i - - -
contributor         s s s - - -
silent_contributor  s s s - - -
lead                s s s i - -
other_lead          s s s - i -
ombudsperson        s s s - - i
registrar           s s s i i i
administrator       i i i - - -
visitor             s s s - - -
"""
# Columns: to ministry A; to administrate; to register (command line only); by the lead to Open Window; a registrar's
# to an organisation without lead; a registrar's that lets the lead of Second Lamp in again; a new passphrase for a
# focal point, for the contributor, for the administrator, for the officer who administrates too.
LINKS = [
    "to_a",
    "to_administrate",
    "to_register",
    "to_cso_a",
    "first",
    "readmits",
    "focal",
    "contributor",
    "administrator",
    "officer",
]
SEES_LINKS = """
focal_point         - - - - - - - - - -
alternate           - - - - - - - - - -
validating_officer  - - - - - - - - - -
other_focal_point   - - - - - - - - - -
coordinator         x - - - - - x - - -
contributor         - - - - - - - - - -
silent_contributor  - - - - - - - - - -
lead                - - - x - - - x - -
other_lead          - - - - - x - - - -
ombudsperson        - - - - - - - - - -
registrar           - - - - x x - - - -
administrator       x x - - - - x - x x
visitor             - - - - - - - - - -
"""
# What each may invite to: ministry A, Open Window, Second Lamp, no organisation.
# f a v c: the four roles of the State, u: contributor, l: lead, d: administrator.
INVITES = """
coordinator         favc - - -
administrator       favc - - d
registrar           - l l -
lead                - ul - -
other_lead          - - ul -
"""
LETTERS = {
    "f": Role.FOCAL_POINT,
    "a": Role.ALTERNATE,
    "v": Role.VALIDATING_OFFICER,
    "c": Role.COORDINATOR,
    "u": Role.CONTRIBUTOR,
    "l": Role.ORGANISATION_LEAD,
    "d": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class AddedRows:
    accounts: dict[str, Account]
    organisations: dict[str, Organisation]
    links: dict[str, Invitation]


@pytest.fixture
def added(session: Session, cast: Cast) -> AddedRows:
    places = {key: _organisation(session, key) for key in ORGANISATIONS}
    for handle, roles, key in (
        ("officer_administrator", (Role.VALIDATING_OFFICER, Role.ADMINISTRATOR), "ministry-a"),
        ("cso_administrator", (Role.ADMINISTRATOR,), "cso-a"),
        ("nhri_registrar", (Role.REGISTRAR,), "ombudsperson"),
        ("former", (Role.FOCAL_POINT,), "ministry-a"),
    ):
        # By hand: an administrator of a CSO is none that is made today
        held = [AccountRole(role=role) for role in roles]
        session.add(
            Account(handle=handle, passphrase_hash="!", organisation=places[key], roles=held, created_at=NOW)
        )
    session.flush()
    read_account(session, "former").ended_at = NOW
    names = {"en": "Third Bridge"}
    new = create_organisation(session, SYSTEM, "cso-c", OrganisationKind.CSO, names, "KGZ", NOW)
    session.flush()
    found = select(Account).options(joinedload(Account.organisation), selectinload(Account.roles))
    everybody = {each.handle: each for each in session.scalars(found)}
    lead, passphrase = [Role.ORGANISATION_LEAD], InvitationKind.NEW_PASSPHRASE
    links = {
        "to_a": link_row(places["ministry-a"], [Role.FOCAL_POINT]),
        "to_administrate": link_row(None, [Role.ADMINISTRATOR]),
        "to_register": link_row(None, [Role.REGISTRAR]),
        "to_cso_a": link_row(places["cso-a"], lead),
        "first": link_row(new, lead),
        "readmits": link_row(places["cso-b"], lead, replaces_id=everybody["other_lead"].id),
    }
    for name, handle in (
        ("focal", "focal_point"),
        ("contributor", "contributor"),
        ("administrator", "administrator"),
        ("officer", "officer_administrator"),
    ):
        of = everybody[handle]
        roles = sorted(held.role for held in of.roles)
        links[name] = link_row(of.organisation, roles, kind=passphrase, account_id=of.id)
    session.add_all(links.values())
    session.flush()
    return AddedRows(everybody, places, links)


def _organisation(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def test_the_table_of_accounts_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, added: AddedRows
) -> None:
    assert set(table(SEES_ACCOUNTS)) == set(cast.actors)
    for name, cells in table(SEES_ACCOUNTS).items():
        expected = ticked(cells, HANDLES)
        by_sql = set(session.scalars(select(Account.handle).where(accounts.visible_accounts(cast[name]))))
        by_row = {each for each, row in added.accounts.items() if accounts.can_see_account(cast[name], row)}
        assert by_sql == expected, f"SQL shows {name} something else"
        assert by_row == expected, f"can_see_account allows {name} something else"


def test_the_table_of_organisations_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, added: AddedRows
) -> None:
    assert set(table(SEES_ORGANISATIONS)) == set(cast.actors)
    for name, cells in table(SEES_ORGANISATIONS).items():
        who, rows = cast[name], added.organisations
        seen = ticked(cells, ORGANISATIONS)
        invites = {key for cell, key in zip(cells, ORGANISATIONS, strict=True) if cell == "i"}
        assert _keys(session, organisations.visible_organisations(who)) == seen, name
        assert {key for key in rows if organisations.can_see_organisation(who, rows[key])} == seen, name
        assert _keys(session, organisations.organisations_to_invite_to(who)) == invites, name
        assert {key for key in rows if organisations.can_invite_to(who, rows[key])} == invites, name
        sees_people = {key for key in rows if organisations.can_see_people_of(who, rows[key])}
        assert sees_people == (invites if name != "registrar" else set()), name
        assert organisations.may_invite_people(who) == bool(invites), name


def _keys(session: Session, condition: ColumnElement[bool]) -> set[object]:
    return set(session.scalars(select(Organisation.key).where(condition, Organisation.key != "cso-c")))


def test_the_table_of_open_links_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, added: AddedRows
) -> None:
    assert set(table(SEES_LINKS)) == set(cast.actors)
    led = set(session.scalars(select(Invitation.id).where(has_lead())))
    holders = {row.id: row for row in added.accounts.values()}
    for name, cells in table(SEES_LINKS).items():
        expected, who = ticked(cells, LINKS), cast[name]
        found = set(session.scalars(select(Invitation.id).where(visible_invitations(who))))
        by_sql = {each for each, link in added.links.items() if link.id in found}
        by_row = {
            each
            for each, link in added.links.items()
            if can_see_invitation(
                who, link, holders.get(link.account_id) if link.account_id else None, has_lead=link.id in led
            )
        }
        assert by_sql == expected, f"SQL shows {name} something else"
        assert by_row == expected, f"can_see_invitation allows {name} something else"


@pytest.mark.parametrize("of_kind", [None, *OrganisationKind])
def test_sql_and_row_agree_for_every_role_in_every_organisation(
    session: Session, added: AddedRows, of_kind: OrganisationKind | None
) -> None:
    """Also for accounts that cannot be made; and nobody ever sees both worlds, nor a registrar."""
    is_state = of_kind is not None and of_kind.voice == "state"
    for role in Role:
        for place in added.organisations.values():
            actor = Actor(
                roles=frozenset({role}),
                organisation_kind=of_kind,
                organisation_id=place.id if of_kind else None,
                state_code="KGZ" if of_kind else None,
            )
            found = set(session.scalars(select(Account.handle).where(accounts.visible_accounts(actor))))
            allowed = {each for each, row in added.accounts.items() if accounts.can_see_account(actor, row)}
            assert found == allowed, f"{role} of {of_kind}"
            assert not found & {"registrar", "nhri_registrar", "former"}
            if is_state or (role == Role.ADMINISTRATOR and of_kind is None):
                independent = {"contributor", "silent_contributor", "lead", "other_lead", "cso_administrator"}
                assert not found & independent, f"{role} of {of_kind}"
            seen = set(
                session.scalars(select(Organisation.key).where(organisations.visible_organisations(actor)))
            )
            rows = {*added.organisations.values(), _organisation(session, "cso-c")}
            assert seen == {row.key for row in rows if organisations.can_see_organisation(actor, row)}
            invites = _keys(session, organisations.organisations_to_invite_to(actor)) - {"cso-c"}
            assert invites == {
                row.key for row in rows if row.key != "cso-c" and organisations.can_invite_to(actor, row)
            }
            assert {"ministry-a", "ministry-b", "secretariat"} <= seen
            if is_state or (of_kind is None and role != Role.REGISTRAR):
                assert seen == {"ministry-a", "ministry-b", "secretariat"}, f"{role} of {of_kind}"


def test_the_table_of_who_invites_as_what(cast: Cast, added: AddedRows) -> None:
    places = [added.organisations[key] for key in ("ministry-a", "cso-a", "cso-b")]
    for name, actor in cast.actors.items():
        cells = table(INVITES).get(name, ["-"] * 4)
        for cell, place in zip(cells, [*places, None], strict=True):
            roles = organisations.roles_to_invite(actor, place)
            assert set(roles) == {LETTERS[each] for each in cell.strip("-")}, (name, place)
            assert Role.REGISTRAR not in roles


def test_what_is_done_about_a_person_is_done_by_somebody_else_who_sees_them(
    cast: Cast, added: AddedRows
) -> None:
    for name, actor in cast.actors.items():
        for handle, account in added.accounts.items():
            sees = accounts.can_see_account(actor, account)
            assert accounts.can_change_account(actor, account) == (sees and name != handle), (name, handle)
            is_of_the_state = account.organisation is not None and account.organisation.kind.voice == "state"
            changes = sees and name != handle and is_of_the_state
            assert accounts.can_change_roles(actor, account) == changes, (name, handle)
            writes = {held.role for held in account.roles} & {Role.FOCAL_POINT, Role.ALTERNATE}
            assert accounts.can_hand_over(actor, account) == (changes and bool(writes)), (name, handle)
            gives = name == "lead" and handle in ("contributor", "silent_contributor")
            assert accounts.can_give_right_to_publish(actor, account) == gives, (name, handle)


def test_a_registrar_of_the_state_or_who_administrates_admits_nobody() -> None:
    for roles, kind, may in (
        ({Role.REGISTRAR}, None, True),
        ({Role.REGISTRAR}, OrganisationKind.NHRI, True),
        ({Role.REGISTRAR}, OrganisationKind.GOVERNMENT, False),
        ({Role.REGISTRAR, Role.ADMINISTRATOR}, None, False),
    ):
        actor = Actor(roles=frozenset(roles), organisation_kind=kind)
        assert organisations.may_admit_organisations(actor) == may
