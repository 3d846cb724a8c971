"""T-B6: neither the bytes nor the time of an answer tell whether somebody or something exists."""

import secrets
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests import cast as people
from tests.lanes.security.conftest import Note
from tests.lanes.security.crowd import add_crowd
from tests.lanes.security.served import Served, ServedAnswer
from tests.lanes.security.timing import auc, bare, interleaved
from tracker.identity.invitations import invite
from tracker.models.accounts import Account, Invitation, Role
from tracker.models.organisations import Organisation

TIMES = 300
LEAST, MOST = 0.40, 0.60

pytestmark = pytest.mark.alone


def test_sign_in_tells_nobody_who_has_an_account(site: Served, note: Note) -> None:
    known = add_crowd(site.database, TIMES)
    unknown = [handle.replace("crowd", "cloud") for handle in known]
    browser = site.browser()
    form = browser.form("/sign-in")

    def guess(handle: str, passphrase: str = "not the right one") -> ServedAnswer:
        return browser.post("/sign-in", {**form, "handle": handle, "passphrase": passphrase})

    guess("somebody")  # the first in a process makes what it compares with
    seen, found = interleaved(guess, known, unknown)
    note(f"sign-in: AUC {found:.3f}, {len(seen)} answer")
    assert len(seen) == 1
    assert {status for status, _, _ in seen} == {422}
    assert LEAST <= found <= MOST
    # And the measure sees a difference where there is one: nobody hashes what is too long
    hashed = [guess(handle).seconds for handle in known[:30]]
    unhashed = [guess(handle, "a" * 129).seconds for handle in known[:30]]
    assert auc(hashed, unhashed) > 0.95


def test_a_link_tells_nobody_whether_it_ever_was_one(site: Served, note: Note) -> None:
    """Also of those that let somebody in again, which are the same page: here they have run out."""
    with site.database.transaction() as session:
        lead = people.read_cast(session)["lead"]
        theirs = session.scalars(select(Organisation).where(Organisation.key == "cso-a")).one()
        known = [invite(session, lead, theirs, Role.CONTRIBUTOR, people.NOW).token for _ in range(TIMES)]
        session.flush()
        session.execute(update(Invitation).values(expires_at=people.NOW))
    unknown = [secrets.token_urlsafe(32) for _ in known]
    browser = site.browser()
    seen, found = interleaved(lambda token: browser.get(f"/invitations/{token}"), known, unknown)
    note(f"links: AUC {found:.3f}, {len(seen)} answer")
    assert len(seen) == 1
    assert LEAST <= found <= MOST


def test_an_independent_account_is_to_the_coordinator_as_no_account(site: Served, note: Note) -> None:
    add_crowd(site.database, TIMES)
    with site.database.reading() as session:
        independent = session.scalars(select(Account.id).where(Account.handle.startswith("crowd-")))
        known = [str(identity) for identity in independent]
    unknown = [str(uuid4()) for _ in known]
    browser = site.browser()
    browser.sign_in("coordinator", site.database)
    browser.get("/work")  # gives the form's cookie
    seen, found = interleaved(lambda identity: browser.get(f"/people/{identity}"), known, unknown)
    note(f"people: AUC {found:.3f}, {len(seen)} answer")
    assert len(seen) == 1
    assert {status for status, _, _ in seen} == {404}
    assert LEAST <= found <= MOST
    # And a link to a new passphrase for one is refused in the same bytes
    form = browser.form_of("/account", "/sign-out")
    refused = {
        bare(browser.post(f"/people/{identity}/renew", {**form, "kind": "new_passphrase"}), identity)
        for identity in (known[0], unknown[0])
    }
    assert len(refused) == 1
