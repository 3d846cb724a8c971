"""A phone 360 pixels wide shows every page without scrolling sideways, and tables as labelled lines."""

import pytest
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.served import PHONE, Site
from tests.demonstration import ROLES, VISITOR, People, list_addresses, read_people

WIDEST = """() => {
  const room = window.innerWidth;
  const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return [document.documentElement.scrollWidth - room, over.slice(0, 3).map((e) => e.outerHTML.slice(0, 90))];
}"""


def overflow(page: Page) -> list[str]:
    assert page.evaluate("window.innerWidth") == PHONE["width"]
    beyond, elements = page.evaluate(WIDEST)
    return [f"{page.url} is {beyond} pixels too wide: {elements}"] if beyond > 0 else []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_scrolls_sideways_for(
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
        found += overflow(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("steps", places.STEPS, ids=lambda steps: steps.__name__)
def test_no_page_scrolls_sideways_after(
    shared_site: Site, shared_who: People, new_page: NewPage, steps: places.Steps
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    steps(shared_site, page, shared_who)
    assert not overflow(page)


UNDER_LABELS = """() => [...document.querySelectorAll(".stacking-table tbody [data-label] > *")]
    .filter((part) => part.getBoundingClientRect().width > 1)
    .map((part) => [part.textContent.trim().slice(0, 40), part.getBoundingClientRect().left,
                    part.closest("tr").getBoundingClientRect().left + 112])"""
"""Each part of a cell with its left edge, and where the labels end."""


@pytest.mark.parametrize(("role", "address"), [("visitor", "/communications"), ("coordinator", "/reminders")])
def test_a_stacked_table_keeps_its_labels_apart_from_what_they_name(
    shared_site: Site, new_page: NewPage, role: str, address: str
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    if role != VISITOR:
        with shared_site.database.reading() as session:
            shared_site.sign_in(page, getattr(read_people(session), role))
    shared_site.open(page, address)
    parts = page.evaluate(UNDER_LABELS)
    assert len(parts) > 5
    assert not [text for text, left, labels_end in parts if left < labels_end]
