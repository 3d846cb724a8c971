"""What sqlmap asks of the product: every kind of parameter, in requests that are answered well as they stand.

One field stands for those that are read and stored alike. The list, which is asked about every filter, stands for its
downloads, which are asked about the words and at most one more. Left out: codes and the handles of links, of which
ten are looked at and then none, whatever they say.
"""

import re
from html import unescape
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import REVIEW
from tests.lanes.security.served import Browser, Served
from tests.lanes.security.sqlmap import SqlmapTarget
from tests.stories.assessments import new_key
from tracker import clock
from tracker.days import last_day
from tracker.identity.invitations import invite
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.models.updates import UpdateState
from tracker.queries.recommendations.facets import FACETS

TOGETHER = ("disagreement", "organisation", "level", "group", "sdg", "theme", "kind")
"""Facets that A12 has; topics have others."""
NOBODY_HAS = {"position": "supported", "state": "DEU"}
"""No recommendation of the public data either."""
POINT, SILENT_POINT = f"{REVIEW}/A12.4", "A12.5"
"""Of the first the scan writes an update, which every further form of it is led to; of the other it asks for forms."""
NEW_KEY = "--eval=import uuid;key=str(uuid.uuid4())"
"""A form of its own for each request: one that is sent twice publishes once."""
WORDS = {
    "reason": "Two regions are left.",
    "language": "en",
    "source_link": "https://example.org/instruction",
}
UPDATE = WORDS | {
    "level": "partially_implemented",
    "as_of_on": "2026-11-20",
    "done": "Eleven officers were trained.",
    "obstacles": "Two regions lack staff.",
    "support_needed": "A trainer.",
    "next_step": "Train the others.",
    "next_step_on": "2027-03-31",
    "visibility": "confidential",
}
COLUMNS = ("reason", "language", "source_link", "level", "as_of_on", "visibility")
"""Of an update, one of each kind: its five texts are read and stored alike."""
ASSESSMENT = WORDS | {"level": "not_implemented", "narrative": "Of fourteen complaints none led to a charge."}


class PublishedSite:
    """The served cast, what it has published, and browsers of those who have signed in there."""

    def __init__(self, site: Served) -> None:
        self.site = site
        with site.database.transaction() as session:
            cast, now = people.read_cast(session), clock.now()
            for ref in ("A12.1", "A12.2") * 4:  # more lines of history than a page holds
                people.make_update(session, cast, UpdateState.PUBLISHED, ref, now=now)
            self.update = people.make_update(session, cast, UpdateState.VALIDATED, "A12.3", now=now).id
            people.make_assessment(session, cast, now=now)
            self.link = (
                f"/invitations/{invite(session, cast['lead'], _own(session), Role.CONTRIBUTOR, now).token}"
            )

    def browser(self, handle: str = "") -> Browser:
        found = self.site.browser()
        if handle:
            with self.site.database.transaction() as session:
                account = people.read_account(session, handle)
                found.cookies["sign-in"] = begin_sign_in(session, account.id, clock.now())
        return found

    def form(self, handle: str, page: str) -> tuple[dict[str, str], dict[str, str]]:
        """The token of the forms of a page, and the cookies that make it good, for as many posts as one likes."""
        browser = self.browser(handle)
        return {"csrf_token": browser.form_of(page, "/sign-out")["csrf_token"]}, browser.cookies


def _own(session: Session) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == "cso-a")).one()


def list_targets(site: Served) -> list[SqlmapTarget]:
    """The slowest first."""
    world = PublishedSite(site)
    return [_sign_in(world), *_forms(world), *_lists(world), *_paths(world), *_carried(world)]


def _sign_in(world: PublishedSite) -> SqlmapTarget:
    """The handle alone, and without guessing columns: each try hashes a passphrase, which takes a tenth of a second
    and never comes near a statement."""
    browser = world.browser()
    fields = browser.form("/sign-in") | {"handle": "nobody-12", "passphrase": "not the right one"}
    return SqlmapTarget(
        "sign-in", "/sign-in", ("handle",), fields, browser.cookies, more=("--technique=BEQ",), status=422
    )


def _lists(world: PublishedSite) -> list[SqlmapTarget]:
    browser = world.browser()
    chosen = {"review": REVIEW, "voice": "state"}
    for name in TOGETHER:
        chosen[name] = offered(browser.get(f"/recommendations?{urlencode(chosen)}").text, name)[0]
    chosen["q"] = "journalists"
    whole = browser.get(f"/recommendations?review={REVIEW}").text
    rare = {"review": REVIEW, "topic": offered(whole, "topic")[0]}
    coordinator = world.browser("coordinator")
    lines = coordinator.get("/history").text
    days = {"since": "2001-01-01", "until": last_day(clock.now().date()).isoformat()}
    history = {"kind": "published", "organisation": "ministry-a"} | days
    assert {*chosen, *rare, *NOBODY_HAS} >= set(FACETS)
    everywhere = {"review": "all"}
    return [
        _asking("list", "/recommendations", chosen, "review", "q", "level"),
        _asking("list of all reviews", "/recommendations", chosen | everywhere),
        _asking("topic", "/recommendations", rare, "topic"),
        _asking("topic of all reviews", "/recommendations.json", rare | everywhere, "topic"),
        _asking("what nobody has", "/recommendations.json", everywhere | NOBODY_HAS, *NOBODY_HAS),
        _asking("page", "/recommendations", {"page": cursor(whole)}),
        _asking("json", "/recommendations.json", chosen, "q", "organisation"),
        _asking("workbook", "/recommendations.xlsx", chosen, "q"),
        _asking("history", "/history", history),
        _asking("page of the history", "/history", {"page": cursor(lines)}, cookies=coordinator.cookies),
        _asking("next", "/sign-in", {"next": "/work"}),
    ]


def _asking(
    name: str, path: str, values: dict[str, str], *asked: str, cookies: dict[str, str] | None = None
) -> SqlmapTarget:
    return SqlmapTarget(name, f"{path}?{urlencode(values)}", asked or tuple(values), cookies=cookies or {})


def _forms(world: PublishedSite) -> list[SqlmapTarget]:
    new, said = f"/updates/new/{POINT}", f"/assessments/new/{POINT}"
    token, cookies = world.form("focal_point", new)
    keyed, lead = world.form("lead", said)
    key = new_key(POINT.rpartition("/")[2])
    published = keyed | ASSESSMENT | key
    admitted, registrar = world.form("registrar", "/organisations/admit")
    organisation = {"kind": "cso", "name_en": "Open Door", "name_ru": "Дверь", "name_ky": "Эшик"}
    note = {"role": "contributor", "note": "the tall one"}
    return [
        SqlmapTarget("update", new, COLUMNS, token | UPDATE, cookies, status=303),
        SqlmapTarget(
            "assessment",
            f"{said}/publish",
            ("narrative", "level"),
            published,
            lead,
            more=(NEW_KEY,),
            status=303,
        ),
        SqlmapTarget("key", f"{said}/publish", ("key",), published, lead, status=303),
        SqlmapTarget(
            "organisation", "/organisations/admit", ("kind", "name_en"), admitted | organisation, registrar
        ),
        SqlmapTarget("invitation", "/invitations/new/cso-a", tuple(note), keyed | note, lead),
    ]


def _paths(world: PublishedSite) -> list[SqlmapTarget]:
    visitor = world.browser()
    accept = visitor.form(world.link) | {"handle": ""}
    coordinator = world.browser("coordinator").cookies
    return [
        SqlmapTarget("recommendation", f"/recommendations/{REVIEW}*/A12*"),
        SqlmapTarget("review", f"/reviews/{REVIEW}*"),
        SqlmapTarget("report", f"/reports/{REVIEW}*-live/midterm.xlsx"),
        SqlmapTarget("link", f"{world.link}*"),
        SqlmapTarget("form of a link", f"{world.link}*", fields=accept, cookies=visitor.cookies, status=422),
        SqlmapTarget("organisation's key", "/organisations/ministry-a*", cookies=coordinator),
        SqlmapTarget("update's number", f"/updates/{world.update}*", cookies=coordinator),
        _writing(world, "focal_point", f"/updates/new/{REVIEW}*/{SILENT_POINT}*"),
        _writing(world, "lead", f"/assessments/new/{REVIEW}*/{SILENT_POINT}*"),
    ]


def _writing(world: PublishedSite, role: str, address: str) -> SqlmapTarget:
    return SqlmapTarget(f"form of {role}", address, cookies=world.browser(role).cookies)


def _carried(world: PublishedSite) -> list[SqlmapTarget]:
    """What a browser sends with every page."""
    browser = world.browser("coordinator")
    browser.get("/work")
    return [
        SqlmapTarget("cookies", "/work", ("sign-in", "form"), cookies=browser.cookies),
        SqlmapTarget("headers", f"/recommendations/{REVIEW}/A12", ("User-Agent", "Referer")),
    ]


def offered(page: str, name: str) -> list[str]:
    """The values of a choice that stand for something."""
    choice = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    assert choice is not None, name
    return [unescape(value) for value in re.findall(r'<option value="([^"]+)"', choice[0])]


def cursor(page: str) -> str:
    """Where the next page begins."""
    found = re.search(r'[?;&]page=([^"&]+)', page)
    assert found is not None
    return found[1]
