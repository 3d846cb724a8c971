"""A link opens once, in its time, whole: whatever else comes gets one page that betrays nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import NOW, Cast, read_account
from tests.programs import LONGEST
from tests.stories.at_once import at_once, statuses
from tests.stories.invitations import OWN, accept, id_of_account, invite, lines, path_of
from tests.stories.pages import ask, contents, tell
from tests.strict_client import SignIn, StrictClient, text_of, token_of, visitors_token
from tracker import clock
from tracker.database import Database
from tracker.failures import LinkStale
from tracker.identity import invitations as services
from tracker.identity.invitation_acceptance import accept_invitation, drop_second_factor, set_new_passphrase
from tracker.keys import BYTES
from tracker.models.accounts import InvitationKind, Role
from tracker.queries.invitations import find_open_invitation
from tracker.queries.organisations import get_own_organisation

pytestmark = pytest.mark.uncounted

TYPED = {"handle": "grey-fox", "choice": "own", "own": OWN, "again": OWN}
OFFERED = "quiet-harbour-lantern-seven"
AT_ONCE = 50
RENEWALS = (InvitationKind.NEW_PASSPHRASE, InvitationKind.NEW_SECOND_FACTOR)


@pytest.fixture
def link(signed_in: SignIn) -> str:
    return invite(signed_in("lead"), "cso-a", "contributor")


def runs_out(database: Database, seconds: float) -> None:
    """All open links run out so many seconds from now."""
    moment = (clock.now() + timedelta(seconds=seconds)).replace(tzinfo=None)
    zone = "" if database.engine.name == "sqlite" else "+00"
    written = moment.strftime("%Y-%m-%d %H:%M:%S.%f") + zone
    tell(database, "UPDATE invitations SET expires_at = :moment", moment=written)


def but_counters(database: Database) -> dict[str, list[Any]]:
    """Everything but how often somebody tried something."""
    return {name: rows for name, rows in contents(database).items() if name != "throttles"}


def send(client: StrictClient, link: str, **typed: str) -> TestResponse:
    return client.post(link, data={**visitors_token(client), **TYPED, **typed})


def test_every_link_that_does_not_open_gets_the_same_bytes(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given one that ran out, a used link, a withdrawn one, an unknown one and pieces of a good one
    lead = signed_in("lead")
    late = invite(lead, "cso-a", "contributor")
    runs_out(database, -1)  # every link that there is
    used = invite(lead, "cso-a", "contributor")
    accept(app, used, "grey-fox")
    withdrawn = invite(lead, "cso-a", "contributor")
    assert lead.send("/organisations/cso-a", action="/withdraw").status_code == 303
    good = invite(lead, "cso-a", "contributor")
    found = [used, withdrawn, late, f"/invitations/{'A' * 43}", good[:-1], good + "a", good[:-43]]
    before = contents(database)
    # When somebody opens them, or sends their form
    shown = [client.get(each) for each in found]
    sent = [send(client, each, handle="white-hare") for each in found]
    # Then each says the same, and what to do
    assert {answer.status_code for answer in (*shown, *sent)} == {404}
    pages = [answer.get_data(as_text=True) for answer in (*shown, *sent)]
    alike = [page.replace(link, "the link") for page, link in zip(pages, found * 2, strict=True)]
    assert len({*alike[: len(found)]}) == 1
    assert len({*alike[len(found) :]}) == 1
    headers = {
        tuple(sorted(item for item in answer.headers.items() if item[0] != "Content-Length"))
        for answer in shown[1:]
    }  # the first sets the form's cookie
    assert len(headers) == 1
    assert "ask whoever gave it to you for a new one" in text_of(shown[0])
    assert contents(database) == before
    assert client.get(good).status_code == 200


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False), (1, False)])
def test_a_link_opens_until_its_last_second_and_not_one_later(
    session: Session, cast: Cast, seconds: int, opens: bool
) -> None:
    organisation = get_own_organisation(session, cast["lead"])
    made = services.invite(session, cast["lead"], organisation, Role.CONTRIBUTOR, NOW)
    assert made.expires_at == NOW + timedelta(hours=72)
    moment = made.expires_at + timedelta(seconds=seconds)
    assert (find_open_invitation(session, made.token, moment) is not None) == opens
    if opens:
        assert accept_invitation(session, made.token, "grey-fox", "a hash", moment).handle == "grey-fox"
    else:
        with pytest.raises(LinkStale):
            accept_invitation(session, made.token, "grey-fox", "a hash", moment)


@pytest.mark.database
def test_of_fifty_who_use_a_link_at_once_one_gets_it(app: Flask, database: Database, link: str) -> None:
    clients: list[StrictClient] = [app.test_client() for _ in range(AT_ONCE)]  # type: ignore[misc]
    tokens = [visitors_token(each) for each in clients]
    requests = [
        partial(each.post, link, data={**token, **TYPED, "handle": f"fox-{number}"})
        for number, (each, token) in enumerate(zip(clients, tokens, strict=True))
    ]
    answers = at_once(*requests)
    first, *others = statuses(*answers)
    assert first == 303
    # Too late, more at once than passphrases are hashed, or more handles tried than one link tells of
    assert set(others) <= {404, 429, 503}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 503)
    made = ask(database, "SELECT handle FROM accounts WHERE handle LIKE 'fox-%'")
    assert len(made) == 1
    assert not ask(database, "SELECT * FROM invitations")


@pytest.mark.database
def test_a_link_that_somebody_uses_meanwhile_is_not_withdrawn(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    token = invite(coordinator, "ministry-a", "alternate").rpartition("/")[2]
    shown = coordinator.get("/organisations/ministry-a")
    with database.writing() as using, ThreadPoolExecutor() as threads:
        accept_invitation(using, token, "new-hand", "a hash", clock.now())
        withdrawn = threads.submit(coordinator.send_from, shown, "/withdraw")
        with suppress(TimeoutError):  # it waits for whoever is using the link
            withdrawn.result(timeout=0.5)
        assert not withdrawn.done()
        using.commit()
        using.close()
        assert withdrawn.result(timeout=LONGEST).status_code == 404
    assert lines(database)[-1] == "new-hand accepted an invitation"


@pytest.mark.database
def test_two_who_choose_one_handle_at_once_are_told_and_keep_their_links(
    app: Flask, signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    links = [invite(lead, "cso-a", "contributor") for _ in range(2)]
    clients: list[StrictClient] = [app.test_client() for _ in links]  # type: ignore[misc]
    tokens = [visitors_token(each) for each in clients]
    requests = [
        partial(each.post, link, data={**token, **TYPED})
        for each, link, token in zip(clients, links, tokens, strict=True)
    ]
    answers = at_once(*requests)
    assert statuses(*answers) == [303, 422]
    late = max(answers, key=lambda answer: answer.status_code)
    assert "Choose another username: this one is taken" in text_of(late)
    assert len(ask(database, "SELECT * FROM invitations")) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"handle": ""}, "Choose a username"),
        ({"handle": "a"}, "Use 3 to 30 letters and digits"),
        ({"handle": "aida@example.org"}, "Use 3 to 30 letters and digits"),
        ({"handle": " FOCAL_point "}, "Choose another username: this one is taken"),
        ({"handle": "other_lead"}, "Choose another username: this one is taken"),
        ({"own": "too short"}, "15 characters or more"),
        ({"own": "x" * 300, "again": "x" * 300}, "Use 128 characters or fewer"),
        ({"again": "another-one-of-these"}, "Type the same passphrase twice"),
        ({"choice": "offered", "offered": "short", "own": "", "again": ""}, "15 characters or more"),
        ({"choice": "offered", "offered": OFFERED}, "the generated one is chosen"),
        ({"choice": "offered", "offered": OFFERED, "own": ""}, "the generated one is chosen"),
        ({"choice": "", "offered": OFFERED, "again": ""}, "the generated one is chosen"),
        (
            {"handle": "fifteen-letters", "own": "Fifteen-Letters", "again": "Fifteen-Letters"},
            "This holds your username",
        ),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_the_link_stays(
    client: StrictClient, database: Database, link: str, typed: dict[str, str], said: str
) -> None:
    before = but_counters(database)
    answer = send(client, link, **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert OWN not in answer.get_data(as_text=True)
    assert but_counters(database) == before


def test_the_passphrase_that_is_offered_opens_the_account_and_no_browser_keeps_its_page(
    client: StrictClient, link: str
) -> None:
    for _ in range(2):
        shown = client.get(link)
        assert shown.headers["Cache-Control"] == "no-store"
    wrong = client.send_from(shown, handle="a")
    assert wrong.status_code == 422  # and the same passphrase is offered still
    offered = _offered(shown)
    assert _offered(wrong) == offered
    assert client.send_from(wrong, handle="Grey-Fox").status_code == 303
    client.send("/work", action="/sign-out")
    assert client.sign_in("grey-fox", offered).status_code == 303


def test_an_own_passphrase_is_never_left_aside_without_a_word(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    """Neither by whoever forgot to choose it nor by a browser that typed one of its own."""
    lead, person = signed_in("lead"), f"/people/{id_of_account(database, 'contributor')}"
    link = path_of(lead.post(f"{person}/renew", data={**token_of(lead), "kind": "new_passphrase"}))
    before = contents(database)
    told = client.send(link, own=OWN, again=OWN)
    assert told.status_code == 422
    assert "Choose “Use my own” and type it again" in text_of(told)
    assert contents(database) == before
    # And the form that comes back does what its sentence says: sent as it is, the generated one opens
    assert "Your new passphrase works" in text_of(client.send_from(told))
    assert client.sign_in("contributor", _offered(told)).status_code == 303


def _offered(page: TestResponse) -> str:
    return (
        page.get_data(as_text=True).partition('name="offered"')[2].partition('value="')[2].partition('"')[0]
    )


def test_a_link_opens_for_nobody_who_is_signed_in_and_is_not_used_up(
    app: Flask, signed_in: SignIn, link: str, database: Database
) -> None:
    lead = signed_in("lead")
    before = contents(database)
    assert "Sign out first" in text_of(lead.get(link))
    assert lead.post(link, data={**token_of(lead), **TYPED}).status_code == 403
    assert contents(database) == before
    accept(app, link, "grey-fox")


def test_a_link_of_one_kind_does_nothing_of_another(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    """A link to a second factor sets no passphrase, whatever is sent to it."""
    coordinator = signed_in("coordinator")
    person = f"/people/{id_of_account(database, 'focal_point')}"
    token = token_of(coordinator)
    link = path_of(coordinator.post(f"{person}/renew", data={**token, "kind": "new_second_factor"}))
    [before] = ask(database, "SELECT passphrase_hash FROM accounts WHERE handle = 'focal_point'")
    assert "Now you can set up a new second factor" in text_of(send(client, link))
    assert ask(database, "SELECT passphrase_hash FROM accounts WHERE handle = 'focal_point'") == [before]
    assert not ask(database, "SELECT * FROM accounts WHERE handle = 'grey-fox'")
    assert coordinator.post(f"{person}/renew", data={**token, "kind": "account"}).status_code == 400
    assert lines(database)[-1] == "focal_point used a link to a new second factor"


def test_no_verb_takes_a_link_of_another_kind(session: Session, cast: Cast) -> None:
    coordinator, account = cast["coordinator"], read_account(session, "focal_point")
    kinds = {
        kind: services.create_recovery_link(session, coordinator, account, kind, NOW).token
        for kind in RENEWALS
    }
    for kind, token in kinds.items():
        with pytest.raises(LinkStale):
            accept_invitation(session, token, "grey-fox", "a hash", NOW)
        if kind == InvitationKind.NEW_SECOND_FACTOR:
            with pytest.raises(LinkStale):
                set_new_passphrase(session, token, "a hash", NOW)
        else:
            with pytest.raises(LinkStale):
                drop_second_factor(session, token, NOW)
    assert set_new_passphrase(session, kinds[InvitationKind.NEW_PASSPHRASE], "a hash", NOW) is account


def test_whoever_takes_the_token_out_of_the_database_opens_nothing(
    client: StrictClient, database: Database, link: str
) -> None:
    [row] = ask(database, "SELECT token_hash FROM invitations")
    assert client.get(f"/invitations/{row.token_hash}").status_code == 404
    assert len(link.rpartition("/")[2]) >= BYTES * 4 / 3


@pytest.mark.parametrize(
    ("who", "key", "role", "status"),
    [
        *(("coordinator", "ministry-a", role, 403) for role in ("administrator", "registrar", "contributor")),
        *(
            ("administrator", "ministry-a", role, 403)
            for role in ("administrator", "registrar", "organisation_lead")
        ),
        *(("lead", "cso-a", role, 403) for role in ("registrar", "focal_point", "administrator")),
        *(
            ("registrar", "cso-a", role, 403)
            for role in ("contributor", "contributor_publishing", "registrar")
        ),
        ("coordinator", "ministry-a", "king", 422),
    ],
)
def test_nobody_invites_as_what_was_not_offered(
    signed_in: SignIn, database: Database, who: str, key: str, role: str, status: int
) -> None:
    inviting = signed_in(who)
    before = contents(database)
    forged = {"role": role, "may_publish": "1", "roles": role, "organisation_id": "1"}
    answer = inviting.post(f"/invitations/new/{key}", data={**token_of(inviting), **forged})
    assert answer.status_code == status
    assert contents(database) == before


def test_what_is_added_to_the_form_of_a_link_gives_no_right(
    client: StrictClient, database: Database, link: str
) -> None:
    forged = {
        "roles": "administrator",
        "may_publish": "1",
        "organisation_id": "1",
        "email": "fox@example.org",
    }
    assert send(client, link, **forged).status_code == 303
    [row] = ask(database, "SELECT * FROM accounts WHERE handle = 'grey-fox'")
    [own] = ask(database, "SELECT organisation_id FROM accounts WHERE handle = 'lead'")
    assert (bool(row.may_publish), row.email, row.organisation_id) == (False, None, own.organisation_id)
    held = ask(database, "SELECT role FROM account_roles WHERE account_id = :account", account=row.id)
    assert [each.role for each in held] == ["contributor"]


@pytest.mark.parametrize(
    "email", ["no address", "a@b", "a@b.", "a@@b.c", "a@b.c, d@e.f", f"{'a' * 250}@b.cd"]
)
def test_whoever_accepts_an_invitation_of_the_state_gives_an_address_or_nothing(
    signed_in: SignIn, client: StrictClient, database: Database, email: str
) -> None:
    link = invite(signed_in("coordinator"), "ministry-a", "alternate")
    before = but_counters(database)
    answer = client.send(link, handle="new-hand", choice="own", own=OWN, again=OWN, email=email)
    assert answer.status_code == 422
    assert "Enter an e-mail address such as name@example.org" in text_of(answer)
    assert but_counters(database) == before
