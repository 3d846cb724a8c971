"""On every kind of page axe finds no violation of WCAG 2.2 A and AA, on a phone and on a desk, and a phone 360 pixels
wide shows it without scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.served import DESK, PHONE, Site
from tests.demonstration import ROLES, VISITOR, People, list_addresses

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
axe = Axe()
WIDEST = """() => {
  const room = window.innerWidth;
  const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return [document.documentElement.scrollWidth - room, over.slice(0, 3).map((e) => e.outerHTML.slice(0, 90))];
}"""


LONG = "ы" * 300
"""A word that nobody can break but the page."""


def overflow(page: Page) -> list[str]:
    assert page.viewport_size
    assert page.evaluate("window.innerWidth") == page.viewport_size["width"]
    beyond, elements = page.evaluate(WIDEST)
    return [f"{page.url} is {beyond} pixels too wide: {elements}"] if beyond > 0 else []


def violations(page: Page) -> list[str]:
    """What a phone shows too wide; and rule, page, width and the first places where it is broken. Ends as a phone."""
    assert page.viewport_size == PHONE
    found = overflow(page)
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        answer = axe.run(page, options=OPTIONS).response
        assert answer["testEngine"]["name"] == "axe-core"
        found += [
            f"{each['id']} on {page.url} at {viewport['width']}: {[node['target'] for node in each['nodes'][:3]]}"
            for each in answer["violations"]
        ]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found_on_the_pages_of(
    shared_site: Site, shared_who: People, new_page: NewPage, role: str
) -> None:
    with shared_site.database.reading() as session:
        addresses = list_addresses(session, shared_who, role)
    page = new_page(shared_site, viewport=PHONE)
    if role != VISITOR:
        shared_site.sign_in(page, getattr(shared_who, role))
    found = []
    for address, status in addresses.items():
        assert shared_site.open(page, address) == status, address
        assert page.url == shared_site.address + address
        found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("query", "status"),
    [(f"q={LONG}", 200), (f"theme={LONG}", 200), (f"review=all&q={LONG}", 200), (f"level={LONG}", 400)],
)
def test_a_long_word_of_an_address_makes_no_page_too_wide(
    shared_site: Site, new_page: NewPage, viewport: ViewportSize, query: str, status: int
) -> None:
    page = new_page(shared_site, viewport=viewport)
    assert shared_site.open(page, f"/recommendations?{query}") == status
    assert not overflow(page)


@pytest.mark.parametrize("steps", places.STEPS, ids=lambda steps: steps.__name__)
def test_nothing_is_found_after(
    shared_site: Site, shared_who: People, new_page: NewPage, steps: places.Steps
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    steps(shared_site, page, shared_who)
    found = violations(page)
    assert not found, "\n".join(found)
