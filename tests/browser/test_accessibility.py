"""axe finds no violation of WCAG 2.2 A and AA on any kind of page, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.served import DESK, PHONE, Site
from tests.demonstration import ROLES, VISITOR, People, list_addresses

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
axe = Axe()


def violations(page: Page) -> list[str]:
    """Rule, page, width and the first places where it is broken."""
    found = []
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        answer = axe.run(page, options=OPTIONS).response
        assert answer["testEngine"]["name"] == "axe-core"
        found += [
            f"{each['id']} on {page.url} at {viewport['width']}: {[node['target'] for node in each['nodes'][:3]]}"
            for each in answer["violations"]
        ]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_the_pages_of(
    shared_site: Site, shared_who: People, new_page: NewPage, role: str
) -> None:
    with shared_site.database.reading() as session:
        addresses = list_addresses(session, shared_who, role)
    page = new_page(shared_site)
    if role != VISITOR:
        shared_site.sign_in(page, getattr(shared_who, role))
    found = []
    for address, status in addresses.items():
        assert shared_site.open(page, address) == status, address
        assert page.url == shared_site.address + address
        found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("steps", places.STEPS, ids=lambda steps: steps.__name__)
def test_axe_finds_nothing_after(
    shared_site: Site, shared_who: People, new_page: NewPage, steps: places.Steps
) -> None:
    page = new_page(shared_site)
    steps(shared_site, page, shared_who)
    found = violations(page)
    assert not found, "\n".join(found)
