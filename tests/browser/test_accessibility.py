"""On a page of each template axe finds no violation of WCAG 2.2 A and AA, in light and in dark, and a phone 360 pixels
wide shows it without scrolling sideways. Every night: on each page of each role, on a phone and on a desk."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import template_rendered
from jinja2 import Template
from playwright.sync_api import Page, ViewportSize

from config import ROOT
from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.preparing import PREPARING
from tests.browser.served import DESK, PHONE, BrowsedSite
from tests.demonstration import REVIEW, ROLES, VISITOR, People, list_addresses
from tracker.language import LANGUAGES

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
axe = Axe()
REACHED = {**places.REACHED, **PREPARING}
WIDEST = """() => {
  const room = window.innerWidth;
  const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return [document.documentElement.scrollWidth - room, over.slice(0, 3).map((e) => e.outerHTML.slice(0, 90))];
}"""


LONG = "ы" * 300
"""A word that nobody can break but the page."""
PARTS = ("layouts", "components", "translations")
"""Templates that no page is made of alone, and the file for translators."""
OTHER_LANGUAGES = [code for code in LANGUAGES if code != "en"]
MAIN_PAGES = {
    VISITOR: ("/", "/recommendations", f"/recommendations/{REVIEW}/A24", "/disagreement", "/sign-in"),
    "focal_point": ("/work", f"/updates/new/{REVIEW}/A12.1"),
    "coordinator": ("/work", "/reviews"),
    "lead": (f"/assessments/new/{REVIEW}/A12.1",),
}
NOT_SHOWN = {"errors/500.html", "errors/503.html"}
"""The watch over the browser takes such an answer for a fault. Both say other words than 429 in the same way."""


def overflow(page: Page) -> list[str]:
    assert page.viewport_size
    assert page.evaluate("window.innerWidth") == page.viewport_size["width"]
    beyond, elements = page.evaluate(WIDEST)
    return [f"{page.url} is {beyond} pixels too wide: {elements}"] if beyond > 0 else []


def violations(page: Page, viewports: tuple[ViewportSize, ...] = (PHONE,)) -> list[str]:
    """What a phone shows too wide; and rule, page, width and the first places where it is broken."""
    assert page.viewport_size == PHONE
    faults = overflow(page)
    for viewport in viewports:
        page.set_viewport_size(viewport)
        faults += _found_by_axe(page, f"at {viewport['width']}")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    faults += _found_by_axe(page, "in the dark")
    page.emulate_media(color_scheme="light")
    return faults


def _found_by_axe(page: Page, where: str) -> list[str]:
    answer = axe.run(page, options=OPTIONS).response
    assert answer["testEngine"]["name"] == "axe-core"
    return [
        f"{each['id']} on {page.url} {where}: {[node['target'] for node in each['nodes'][:3]]}"
        for each in answer["violations"]
    ]


@contextmanager
def rendering(site: BrowsedSite) -> Iterator[list[str]]:
    """The templates of the pages that the site renders meanwhile, in their order."""
    names: list[str] = []

    def note(_app: object, template: Template, **_: object) -> None:
        names.append(str(template.name))

    with template_rendered.connected_to(note, site.app):
        yield names


def open_as(site: BrowsedSite, who: People, new_page: NewPage, role: str) -> tuple[Page, dict[str, int]]:
    """A page of a phone for somebody of that role, and the addresses with the status that each answers with."""
    with site.database.reading() as session:
        addresses = list_addresses(session, who, role)
    page = new_page(site, viewport=PHONE)
    if role != VISITOR:
        site.sign_in(page, getattr(who, role))
    return page, addresses


def test_nothing_is_found_on_a_page_of_each_template(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage
) -> None:
    looked_at, faults = set(REACHED), []
    for role in (VISITOR, "focal_point", "coordinator", "lead", "registrar"):
        page, addresses = open_as(shared_site, shared_who, new_page, role)
        for address, status in addresses.items():
            with rendering(shared_site) as templates:
                assert shared_site.open(page, address) == status, address
            if templates[-1] not in looked_at:
                looked_at.add(templates[-1])
                faults += violations(page)
    assert not faults, "\n".join(faults)
    pages = {path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html")}
    assert looked_at | NOT_SHOWN == {str(path) for path in pages if path.parts[0] not in PARTS}


@pytest.mark.parametrize(("template", "steps"), REACHED.items(), ids=REACHED)
def test_nothing_is_found_on_a_page_that_steps_lead_to(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, template: str, steps: places.Steps
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    with rendering(shared_site) as templates:
        steps(shared_site, page, shared_who)
    assert templates[-1] == template
    faults = violations(page, (DESK, PHONE))
    assert not faults, "\n".join(faults)


@pytest.mark.nightly
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found_on_the_pages_of(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, role: str
) -> None:
    page, addresses = open_as(shared_site, shared_who, new_page, role)
    faults = []
    for address, status in addresses.items():
        assert shared_site.open(page, address) == status, address
        assert page.url == shared_site.address + address
        faults += violations(page, (DESK, PHONE))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("code", OTHER_LANGUAGES)
def test_nothing_is_found_on_the_main_pages_in(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, code: str
) -> None:
    faults = []
    for role, addresses in MAIN_PAGES.items():
        page, _ = open_as(shared_site, shared_who, new_page, role)
        for address in addresses:
            assert shared_site.open(page, f"/{code}{address}") == 200, address
            faults += violations(page, (DESK, PHONE))
    assert not faults, "\n".join(faults)


@pytest.mark.nightly
@pytest.mark.parametrize("code", OTHER_LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found_and_nothing_is_cut_in_another_language(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, role: str, code: str
) -> None:
    page, addresses = open_as(shared_site, shared_who, new_page, role)
    faults = []
    for address, status in addresses.items():
        assert shared_site.open(page, f"/{code}{address}") == status, address
        faults += violations(page)
    assert not faults, "\n".join(faults)


@pytest.mark.nightly
@pytest.mark.parametrize("steps", places.MORE, ids=lambda steps: steps.__name__)
def test_nothing_is_found_after(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, steps: places.Steps
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    steps(shared_site, page, shared_who)
    faults = violations(page, (DESK, PHONE))
    assert not faults, "\n".join(faults)


def test_a_long_word_of_an_address_makes_no_page_too_wide(
    shared_site: BrowsedSite, new_page: NewPage
) -> None:
    for viewport in (PHONE, DESK):
        page = new_page(shared_site, viewport=viewport)
        for query, status in (
            (f"q={LONG}", 200),
            (f"theme={LONG}", 200),
            (f"review=all&q={LONG}", 200),
            (f"level={LONG}", 400),
        ):
            assert shared_site.open(page, f"/recommendations?{query}") == status
            assert not overflow(page)
