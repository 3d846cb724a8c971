"""Doors that somebody closes while others come through: of the served product, through its pages."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import delete, update

from tests.cast import PASSPHRASE, give_second_factor, read_account
from tests.lanes.security.conftest import Note
from tests.lanes.security.served import Browser, Served
from tests.seconds import SECONDS, add_second
from tests.stories.invitations import id_of_account
from tracker.models.accounts import Account, KnownBrowser, SignIn, Throttle

ROUNDS, THIEVES = 12, 8
NEW = "seven-lanterns-over-the-quiet-harbour"

pytestmark = pytest.mark.alone


def test_no_sign_in_with_the_old_passphrase_outlives_its_change(site: Served, note: Note) -> None:
    let_in, tried = 0, 0
    for turn in range(ROUNDS):
        old, new = (PASSPHRASE, NEW) if turn % 2 == 0 else (NEW, PASSPHRASE)
        # Given the owner's page with the new passphrase typed, and thieves before the sign-in with the old one
        owner = Browser(site.port)
        assert owner.try_passphrase("contributor", old).status == 303
        form = owner.form_of("/account", "/sign-out")
        thieves = [Browser(site.port) for _ in range(THIEVES)]
        forms = [thief.form("/sign-in") for thief in thieves]
        line = Barrier(THIEVES + 1)

        def steal(thief: Browser, form: dict[str, str], passphrase: str = old, line: Barrier = line) -> None:
            line.wait()
            thief.post("/sign-in", {**form, "handle": "contributor", "passphrase": passphrase})

        # When all send at once
        with ThreadPoolExecutor(THIEVES) as pool:
            stealing = [pool.submit(steal, *each) for each in zip(thieves, forms, strict=True)]
            line.wait()
            sleep(0.02 * turn)  # at another moment of their way each time
            typed = {"passphrase": old, "new_passphrase": new, "new_passphrase_again": new}
            changed = owner.post("/account/passphrase", {**form, **typed})
            for each in stealing:
                each.result()
        assert changed.status == 303
        # Then the owner alone is in
        assert owner.get("/account").status == 200
        tried += sum("sign-in" in thief.cookies for thief in thieves)
        let_in += sum(thief.get("/account").status == 200 for thief in thieves)
        _forget_attempts(site)
    note(f"{ROUNDS} changes, {tried} thieves were let in before the change, {let_in} after it")
    assert let_in == 0


@pytest.mark.parametrize("handle", list(SECONDS))
def test_of_two_who_end_each_other_at_once_one_stays(site: Served, note: Note, handle: str) -> None:
    found = []
    for _ in range(ROUNDS):
        with site.database.transaction() as session:
            second = add_second(session, handle)
            give_second_factor(read_account(session, second))
        people = []
        for mine, theirs in ((handle, second), (second, handle)):
            browser = Browser(site.port)
            browser.sign_in(mine, site.database)
            page = f"/people/{id_of_account(site.database, theirs)}/end"
            people.append((browser, page, browser.form_of("/work", "/sign-out")))
        line = Barrier(2)

        def end(browser: Browser, page: str, form: dict[str, str], line: Barrier = line) -> int:
            line.wait()
            return browser.post(page, form).status

        with ThreadPoolExecutor(2) as pool:
            found.append(sorted(pool.map(lambda each: end(*each), people)))
        _begin_again(site, handle, second)
    note(
        f"{ROUNDS} pairs: {found.count([303, 403])} refused, {found.count([303, 401])} were out before they came"
    )
    assert all(pair in ([303, 403], [303, 401]) for pair in found), found


def _begin_again(site: Served, handle: str, second: str) -> None:
    """The first of the two is as before, the second is no more."""
    with site.database.transaction() as session:
        gone = read_account(session, second)
        hashed = read_account(session, "validating_officer").passphrase_hash
        values = {"ended_at": None, "passphrase_hash": hashed}
        session.execute(update(Account).where(Account.handle == handle).values(values))
        gone.handle = f"gone-{gone.id}"
    with site.database.transaction() as session:
        give_second_factor(read_account(session, handle))
    _forget_attempts(site)


def _forget_attempts(site: Served) -> None:
    with site.database.transaction() as session:
        for model in (Throttle, KnownBrowser, SignIn):
            session.execute(delete(model))
