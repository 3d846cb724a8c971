"""A phone 360 pixels wide shows every page without scrolling sideways."""

import pytest
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.people import read_people
from tests.browser.served import PHONE, Site

WIDEST = """() => {
  const room = window.innerWidth;
  const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return [document.documentElement.scrollWidth - room, over.slice(0, 3).map((e) => e.outerHTML.slice(0, 90))];
}"""


def overflow(page: Page) -> list[str]:
    assert page.evaluate("window.innerWidth") == PHONE["width"]
    beyond, elements = page.evaluate(WIDEST)
    return [f"{page.url} is {beyond} pixels too wide: {elements}"] if beyond > 0 else []


@pytest.mark.parametrize("role", places.ROLES)
def test_no_page_scrolls_sideways_for(shared_site: Site, new_page: NewPage, role: str) -> None:
    with shared_site.database.reading() as session:
        who = read_people(session)
        addresses = places.list_addresses(session, who, role)
    page = new_page(shared_site, viewport=PHONE)
    if role != places.VISITOR:
        shared_site.sign_in(page, getattr(who, role))
    found = []
    for address in addresses:
        shared_site.open(page, address)
        found += overflow(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("steps", places.STEPS, ids=lambda steps: steps.__name__)
def test_no_page_scrolls_sideways_after(shared_site: Site, new_page: NewPage, steps: places.Steps) -> None:
    with shared_site.database.reading() as session:
        who = read_people(session)
    page = new_page(shared_site, viewport=PHONE)
    steps(shared_site, page, who)
    assert not overflow(page)
