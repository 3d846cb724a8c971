"""Open links close with the account or the role that made them, and tell only so often whether a handle is taken."""

import pytest
from flask import Flask

from tests.cast import NOW, read_account
from tests.seconds import add_second
from tests.stories.invitations import OWN, accept, id_of_account, invite, lines, path_of
from tests.stories.pages import ask, tell
from tests.strict_client import SignIn, StrictClient, text_of, token_of
from tracker.database import Database
from tracker.failures import NotAllowed
from tracker.identity.invitations import create_recovery_link
from tracker.identity.invitations import invite as make_link
from tracker.identity.people import end_account, give_role, take_role
from tracker.identity.sign_ins import read_actor
from tracker.models.accounts import InvitationKind, Role

pytestmark = pytest.mark.database


def renew(client: StrictClient, account_id: str) -> str:
    data = {**token_of(client), "kind": InvitationKind.NEW_PASSPHRASE.value}
    return path_of(client.post(f"/people/{account_id}/renew", data=data))


def test_links_of_an_ended_coordinator_open_nothing_and_those_of_others_stay(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given links of a coordinator, who is not the only one, and of an administrator
    with database.transaction() as session:
        add_second(session, "coordinator")
    coordinator, administrator = signed_in("coordinator"), signed_in("administrator")
    theirs = [
        invite(coordinator, "ministry-a", "focal_point"),
        renew(coordinator, id_of_account(database, "validating_officer")),
    ]
    other = invite(administrator, "ministry-a", "coordinator")
    # When the account of the coordinator is ended
    gone = f"/people/{id_of_account(database, 'coordinator')}"
    assert administrator.send(f"{gone}/end").status_code == 303
    # Then their links are as unknown ones, and the other opens
    made_up = f"/invitations/{'A' * 43}"
    unknown = client.get(made_up).get_data(as_text=True)
    for link in theirs:
        answer = client.get(link)
        assert answer.status_code == 404
        assert answer.get_data(as_text=True).replace(link, made_up) == unknown
    assert client.get(other).status_code == 200
    # And the history keeps who made them, and that they were closed
    assert "coordinator invited somebody as Focal point" in lines(database)
    [line] = ask(database, "SELECT after FROM history_lines WHERE verb = 'end_account'")
    assert "'closed_links': 2" in str(line.after).replace('"', "'")


def test_links_of_a_taken_role_open_nothing(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    with database.transaction() as session:
        add_second(session, "coordinator")
    coordinator, administrator = signed_in("coordinator"), signed_in("administrator")
    gone = f"/people/{id_of_account(database, 'coordinator')}"
    token = token_of(administrator)
    given = administrator.post(f"{gone}/give-role", data={**token, "role": "alternate"})
    assert given.status_code == 303
    link = invite(coordinator, "ministry-a", "focal_point")
    # A role that allowed nothing of it is taken: the link stays
    administrator.post(f"{gone}/take-role", data={**token, "role": "alternate"})
    assert client.get(link).status_code == 200
    administrator.post(f"{gone}/give-role", data={**token, "role": "alternate"})
    administrator.post(f"{gone}/take-role", data={**token, "role": "coordinator"})
    assert client.get(link).status_code == 404


def test_links_of_an_ended_lead_open_nothing_and_leave_no_line(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    before = lines(database)
    lead = signed_in("lead")
    second = accept(app, invite(lead, "cso-a", "organisation_lead"), "second-reed")
    theirs, own = invite(lead, "cso-a", "contributor"), invite(second, "cso-a", "contributor")
    # Nothing in the tables says who made which link
    account_id = id_of_account(database, "lead")
    [*rows] = ask(database, "SELECT * FROM invitations")
    assert len(rows) == 2
    assert account_id not in repr(rows)
    assert account_id.replace("-", "") not in repr(rows)
    assert second.send(f"/people/{account_id}/end").status_code == 303
    assert [client.get(link).status_code for link in (theirs, own)] == [404, 200]
    assert lines(database) == before


def test_who_was_let_in_in_place_of_another_finds_no_links_of_that_one(
    app: Flask, signed_in: SignIn, client: StrictClient
) -> None:
    """A registrar lets a lead in again whose account somebody else may have opened."""
    theirs = invite(signed_in("lead"), "cso-a", "contributor")
    accept(app, invite(signed_in("registrar"), "cso-a", "organisation_lead"), "second-reed")
    assert client.get(theirs).status_code == 404


@pytest.mark.parametrize("loses", ["account", "role"])
def test_who_is_ended_between_sign_in_and_action_makes_no_link(database: Database, loses: str) -> None:
    """The request began before, and comes to its end after."""
    with database.transaction() as session:
        add_second(session, "coordinator")
        actor = read_actor(session, read_account(session, "coordinator").id)
        administrator = read_actor(session, read_account(session, "administrator").id)
    with database.transaction() as session:
        account = read_account(session, "coordinator")
        if loses == "account":
            end_account(session, administrator, account, NOW)
        else:
            give_role(session, administrator, account, Role.ALTERNATE, NOW)
            take_role(session, administrator, account, Role.COORDINATOR, NOW)
    with database.transaction() as session:
        ministry = read_account(session, "focal_point")
        for action in (
            lambda: make_link(session, actor, ministry.organisation, Role.ALTERNATE, NOW),
            lambda: create_recovery_link(session, actor, ministry, InvitationKind.NEW_PASSPHRASE, NOW),
        ):
            with pytest.raises(NotAllowed):
                action()
    assert not ask(database, "SELECT * FROM invitations")


def test_whoever_holds_a_link_learns_of_ten_handles_and_then_waits_while_it_stays_open(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    link, other = (invite(signed_in("lead"), "cso-a", "contributor") for _ in range(2))
    typed = {"choice": "own", "own": OWN, "again": OWN}
    loaded = client.get(link)
    answers = [client.send_from(loaded, handle="coordinator", **typed) for _ in range(11)]
    assert [each.status_code for each in answers] == [422] * 10 + [429]
    said = text_of(answers[-1])
    assert "Too many usernames were tried with this link. It stays open: try again in 15 minutes" in said
    assert "this one is taken" not in said
    # A free one is not told from a taken one now, and another link is not closed by it
    assert client.send_from(loaded, handle="grey-fox", **typed).status_code == 429
    accept(app, other, "white-hare")
    # A quarter of an hour later the link opens
    tell(database, "UPDATE throttles SET times = 0")
    accept(app, link, "grey-fox")
