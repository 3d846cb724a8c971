"""T-C1: what people type is shown as they typed it. Nothing of it runs in anybody's browser, and the policy of our
pages (CSP) has nothing to stop."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, Route
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.served import BrowsedSite, queue_reminders, serve
from tests.databases import Templates
from tests.demonstration import (
    REVIEW,
    ROLES,
    VISITOR,
    People,
    find_organisation,
    find_person,
    list_addresses,
    read_people,
)
from tests.lanes.security.chromium import chromium, open_as
from tests.lanes.security.conftest import Note
from tests.lanes.security.payloads import PAYLOADS
from tests.lanes.security.poisoned import add_files_and_links, poison
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate

REFLECTED = (
    "/recommendations?q={}",
    "/recommendations?review={}",
    "/recommendations?level={}",
    "/recommendations?theme={}&voice=state",
    "/recommendations?page={}",
    "/recommendations?{}=1",
    "/recommendations/{}/A12",
    f"/recommendations/{REVIEW}/{{}}",
    "/reviews/{}",
    "/sign-in?next={}",
    "/invitations/{}",
    "/history?page={}",
    "/{}",
)
FORMS = {
    VISITOR: ["/sign-in"],
    "focal_point": ["/updates/new/{point}", "/account/settings", "/account/passphrase"],
    "lead": ["/assessments/new/{point}", "/invitations/new/{organisation}", "/account/second-factor"],
    "registrar": ["/organisations/admit"],
    "coordinator": ["/invitations/new/{ministry}", "{person}/hand-over"],
    "administrator": ["/invitations/administrator"],
}
ROUNDS = 8
"""Each field of each form gets as many payloads, and all fields together every one."""


ON_FEW_PAGES = {"<ScRiPt>canary()</sCrIpT>", "<body onpageshow=canary()>"}
"""Payloads that stand only on pages which not every role opens; a visitor does."""


@pytest.fixture(scope="module")
def poisoned(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowsedSite]:
    """The demonstration, in which everything that somebody wrote is a payload, past every check of a form."""
    with serve(templates.copy("sqlite", "demo"), tmp_path_factory.mktemp("poisoned")) as found:
        queue_reminders(found.database)
        with found.database.transaction() as session:
            poison(session)
            add_files_and_links(session)
        yield found


def listen(context: BrowserContext, caught: list[str]) -> None:
    """The list fills with everything that ran and everything that the policy had to stop."""
    context.expose_binding("canary", lambda source: caught.append(f"ran on {source['page'].url}"))
    context.expose_binding("stopped", lambda source, what: caught.append(f"{what} on {source['page'].url}"))
    context.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " event => stopped(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))"
    )
    context.on("dialog", lambda dialog: caught.append(f"a dialog: {dialog.message}"))
    context.on("weberror", lambda error: caught.append(f"an error: {error.error}"))


def settle(page: Page) -> None:
    """Opens what is folded and lets what was begun end."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate("new Promise(done => setTimeout(done, 30))")


def shown_in(page: Page) -> set[str]:
    """The payloads that stand on the page, letter for letter."""
    said = page.evaluate(
        "document.body.textContent + [...document.querySelectorAll('[value]')].map(e => e.value).join(' ')"
    )
    plain = " ".join(said.split())
    return {each for each in PAYLOADS if " ".join(each.split()) in plain}


def raw(page: str, headers: dict[str, str]) -> Callable[[Route], None]:
    """An answer that no part of ours made."""
    return lambda route: route.fulfill(body=page, headers={**headers, "Content-Type": "text/html"})


def test_the_check_sees_what_runs_and_what_is_stopped(poisoned: BrowsedSite) -> None:
    """The payloads as they are on a page without protection, then under the policy of our pages."""
    page = "<!doctype html><meta charset=utf-8><body>" + "\n".join(PAYLOADS[13:50])
    policy = poisoned.app.test_client().get("/").headers["Content-Security-Policy"]
    caught: list[list[str]] = []
    with chromium() as browser:
        for headers in ({}, {"Content-Security-Policy": policy}):
            caught.append([])
            context = browser.new_context()
            listen(context, caught[-1])
            opened = context.new_page()
            opened.route("**/raw", raw(page, headers))
            opened.goto(f"{poisoned.address}/raw")
            opened.wait_for_timeout(1000)
            context.close()
    assert sum("ran on" in each for each in caught[0]) >= 10, caught[0]
    assert not [each for each in caught[1] if "ran on" in each]
    stopped = {each.partition(" ")[0] for each in caught[1]}
    assert stopped >= {"script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_stored_runs_in_the_browser_of(poisoned: BrowsedSite, note: Note, role: str) -> None:
    with poisoned.database.reading() as session:
        who = read_people(session)
        addresses = [*list_addresses(session, who, role), *entries(session)]
    caught: list[str] = []
    shown: set[str] = set()
    with chromium() as browser:
        context, page = open_as(browser, poisoned, who, role)
        listen(context, caught)
        for address in addresses:
            page.goto(poisoned.address + address)
            settle(page)
            shown |= shown_in(page)
            leads = page.evaluate("[...document.links].map(each => each.href)")
            assert not [each for each in leads if not each.startswith(("http://", "https://"))], address
        context.close()
    note(
        f"{len(addresses)} pages, {len(shown)} of {len(PAYLOADS)} payloads shown, {len(caught)} ran or stopped"
    )
    assert set(PAYLOADS) - shown <= (set() if role == VISITOR else ON_FEW_PAGES)
    assert not caught, "\n".join(caught[:10])


def entries(session: Session) -> list[str]:
    """Recommendations that somebody said something about."""
    spoken = select(Recommendation.ref).join(ActionPoint).join(ProgressUpdate).distinct()
    assessed = select(Recommendation.ref).join(Assessment).distinct()
    refs = {*session.scalars(spoken.limit(8)), *session.scalars(assessed.limit(8))}
    return [f"/recommendations/{REVIEW}/{ref}" for ref in sorted(refs)]


def test_nothing_that_an_address_says_runs(poisoned: BrowsedSite, note: Note) -> None:
    caught: list[str] = []
    with chromium() as browser:
        context = browser.new_context()
        listen(context, caught)
        page = context.new_page()
        for address in REFLECTED:
            for said in PAYLOADS:
                page.goto(poisoned.address + address.format(quote(said, safe="")))
                settle(page)
        context.close()
    note(f"{len(REFLECTED) * len(PAYLOADS)} addresses, {len(caught)} ran or stopped")
    assert not caught, "\n".join(caught[:10])


def forms_of(session: Session, who: People, role: str) -> list[str]:
    places = {
        "point": f"{REVIEW}/{who.point}",
        "organisation": find_organisation(session, who.lead),
        "ministry": find_organisation(session, who.focal_point),
        "person": find_person(session, who.focal_point),
    }
    return [page.format(**places) for page in FORMS[role]]


FILL = """([texts, offset]) => {
    const form = document.querySelector('main form[method=post]');
    const fields = [...form.querySelectorAll('textarea, input:not([type]), input[type=text], input[type=email],'
        + 'input[type=password], input[type=url], input[name=next]')];
    fields.forEach((field, number) => field.value = texts[(offset + number * 7) % texts.length]);
    form.noValidate = true;
    form.querySelector('button:not([name*=remove])').click();
    return fields.length;
}"""


@pytest.mark.parametrize("role", FORMS)
def test_nothing_that_a_form_gives_back_runs(poisoned: BrowsedSite, note: Note, role: str) -> None:
    with poisoned.database.reading() as session:
        who = read_people(session)
        pages = forms_of(session, who, role)
    caught: list[str] = []
    shown: set[str] = set()
    fields = 0
    with chromium() as browser:
        context, page = open_as(browser, poisoned, who, role)
        listen(context, caught)
        for address in pages:
            for number in range(ROUNDS):
                assert poisoned.open(page, address) == 200, address
                with page.expect_navigation():
                    fields += page.evaluate(FILL, [list(PAYLOADS), number * len(PAYLOADS) // ROUNDS])
                settle(page)
                shown |= shown_in(page)
        context.close()
    note(
        f"{fields} fields of {len(pages)} forms, {len(shown)} payloads given back, {len(caught)} ran or stopped"
    )
    assert fields
    assert not caught, "\n".join(caught[:10])
