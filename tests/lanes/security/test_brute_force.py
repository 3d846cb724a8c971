"""T-B4: guessing comes to an end, from however many addresses, and never shuts the owner out of the own browser."""

from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import pytest
from sqlalchemy import text

from tests.lanes.security.conftest import Note
from tests.lanes.security.crowd import add_crowd
from tests.lanes.security.flood import Hit, Shot, fire, firing
from tests.lanes.security.served import Browser, Served, serve_ipv6
from tracker.database import Database

GUESSES = 10_000
WAVES = 12
EARLIER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', since, '-16 minutes')",
    "postgresql": "since - interval '16 minutes'",
}
MOST_EVALUATED = 100
MOST_SECONDS = 3
TOGETHER, FLOOD = 16, 200
ADDRESSES = [f"127.{number}.{number % 7}.{1 + number % 250}" for number in range(1, 255)] * 2
EVALUATED = 422

pytestmark = pytest.mark.alone


def owner_of(site: Served, handle: str) -> Browser:
    """A browser in which the owner signed in before."""
    found = site.browser()
    found.sign_in(handle, site.database)
    del found.cookies["sign-in"]
    return found


def sign_in_again(owner: Browser, handle: str, site: Served) -> float:
    """The seconds that it takes, form and all."""
    before = owner.seconds
    owner.sign_in(handle, site.database)
    del owner.cookies["sign-in"]
    return owner.seconds - before


def shots(handles: Iterator[str], many: int, doors: list[tuple[int, Browser, str | None]]) -> list[Shot]:
    """Wrong guesses that come in turn through each door (port, browser with a form, address), from 500 addresses."""
    forms = [(port, browser.form("/sign-in"), browser.cookie, source) for port, browser, source in doors]
    made, addresses, forms_in_turn = [], cycle(ADDRESSES), cycle(forms)
    for number in range(many):
        port, form, cookie, source = next(forms_in_turn)
        fields = {**form, "handle": next(handles), "passphrase": f"guess number {number}"}
        made.append(Shot(port, "/sign-in", fields, cookie, source or next(addresses)))
    return made


def let_time_pass(database: Database) -> None:
    """What was counted was counted a quarter of an hour ago."""
    earlier = EARLIER[database.engine.name]
    with database.transaction() as session:
        session.execute(text(f"UPDATE throttles SET since = {earlier}"))


def count(hits: list[Hit]) -> Counter[int]:
    return Counter(hit.status for hit in hits)


def test_ten_thousand_guesses_on_one_account_are_a_hundred_and_the_owner_gets_in(
    site: Served, note: Note
) -> None:
    # Given an owner in the own browser, and strangers at 500 addresses and at ::1
    owner = owner_of(site, "lead")
    seen: Counter[int] = Counter()
    seconds = []
    with serve_ipv6(site) as port:
        doors = [(site.port, site.browser(), None), (port, Browser(port, "::1"), "::1")]
        # When they guess all day: time passes between the waves
        for _ in range(WAVES):
            seen += count(fire(shots(cycle(["lead"]), GUESSES // WAVES + 1, doors), TOGETHER))
            seconds.append(sign_in_again(owner, "lead", site))
            let_time_pass(site.database)
    # Then so many were looked at, and the owner was never kept waiting
    note(f"{seen.total()} guesses: {dict(seen)}; the owner signs in within {max(seconds):.2f} s")
    assert seen.total() >= GUESSES
    assert set(seen) <= {EVALUATED, 429, 503}
    assert 0 < seen[EVALUATED] <= MOST_EVALUATED
    assert max(seconds) <= MOST_SECONDS


def test_one_guess_on_each_of_ten_thousand_accounts_keeps_no_owner_waiting(site: Served, note: Note) -> None:
    people = add_crowd(site.database, GUESSES)
    owner = owner_of(site, "lead")
    volley = shots(iter(people), GUESSES, [(site.port, site.browser(), None)])
    seconds = []
    with firing(volley, FLOOD) as flood:
        while not flood.done():
            seconds.append(sign_in_again(owner, "lead", site))
        seen = count(flood.result())
    note(f"{seen.total()} guesses: {dict(seen)}; {len(seconds)} sign-ins of the owner, {max(seconds):.2f} s")
    assert set(seen) <= {EVALUATED, 503}
    assert seen[EVALUATED]
    assert len(seconds) > 3
    assert max(seconds) <= MOST_SECONDS
