"""Somebody remains: no organisation loses its last lead, no State its last coordinator, no instance its last
administrator, also where two people end each other at the same moment."""

from functools import partial

import pytest
from sqlalchemy import delete, select

from tests.cast import read_account
from tests.seconds import SECONDS, add_second
from tests.stories.at_once import at_once, statuses
from tests.stories.invitations import id_of_account
from tests.stories.pages import ask, buttons_of, link_of
from tests.strict_client import SignIn, text_of, token_of
from tracker.database import Database
from tracker.models.accounts import Account, AccountRole, Role


@pytest.mark.database
@pytest.mark.parametrize("handle", list(SECONDS))
def test_of_two_who_end_each_other_at_once_one_stays(
    signed_in: SignIn, database: Database, handle: str
) -> None:
    # Given two people who hold the same role
    with database.transaction() as session:
        second = add_second(session, handle)
    one, other = signed_in(handle), signed_in(second)
    pages = [
        (one, one.get(f"/people/{id_of_account(database, second)}/end")),
        (other, other.get(f"/people/{id_of_account(database, handle)}/end")),
    ]
    # When each ends the other
    answers = at_once(*(partial(client.send_from, page) for client, page in pages))
    # Then one of them has; the other is told that they may not or, where the first was quicker, is signed out
    assert statuses(*answers) in ([303, 403], [303, 401])
    open_accounts = ask(database, "SELECT handle FROM accounts WHERE ended_at IS NULL")
    assert len({handle, second} & {row.handle for row in open_accounts}) == 1


def test_nobody_ends_the_last_coordinator_nor_takes_the_role(signed_in: SignIn, database: Database) -> None:
    administrator, person = signed_in("administrator"), f"/people/{id_of_account(database, 'coordinator')}"
    said = "coordinator is the only coordinator of the State: invite another one first."
    with database.transaction() as session:  # so that the role is not the only one
        account_id = read_account(session, "coordinator").id
        session.add(AccountRole(account_id=account_id, role=Role.FOCAL_POINT))
    for page, sent in ((f"{person}/end", {}), (f"{person}/take-role", {"role": "coordinator"})):
        # Then both pages say so before anything is pressed, and so does the answer to who presses all the same
        assert said in text_of(administrator.get(page if page.endswith("/end") else person))
        answer = administrator.post(page, data={**token_of(administrator), **sent})
        assert answer.status_code == 409
        assert said in text_of(answer)
        assert "could not read" not in text_of(answer)
        assert link_of(answer, "Back to the person") == person
    assert "End the account" not in buttons_of(administrator.get(f"{person}/end"))
    assert "Take away the role: Coordinator" not in buttons_of(administrator.get(person))
    # When there is another one, both are possible
    with database.transaction() as session:
        add_second(session, "coordinator")
    taken = {**token_of(administrator), "role": "coordinator"}
    assert administrator.post(f"{person}/take-role", data=taken).status_code == 303
    # And then the second is the last one
    other = f"/people/{id_of_account(database, 'second-coordinator')}/end"
    assert administrator.post(other, data=token_of(administrator)).status_code == 409


def test_somebody_who_has_lost_the_role_meanwhile_ends_nobody(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    loaded = coordinator.get(f"/people/{id_of_account(database, 'alternate')}/end")
    with database.transaction() as session:
        add_second(session, "coordinator")
        account_id = read_account(session, "coordinator").id
        session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    assert coordinator.send_from(loaded).status_code in (403, 404)
    with database.reading() as session:
        assert session.scalars(select(Account).where(Account.handle == "alternate")).one().ended_at is None
