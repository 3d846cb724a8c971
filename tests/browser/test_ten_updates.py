"""A focal point submits ten updates, from one point to the next, with few clicks and few pages."""

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewPage
from tests.browser.places import press
from tests.browser.served import BrowsedSite
from tests.demonstration import People

MOST_CLICKS = 25
MOST_PAGES = 20
TEN = 10


class Counter:
    """Clicks as the test makes them, and pages that the browser loads; a redirect belongs to the page that it leads to.
    Typing, and moving from field to field by the Tab key, is not counted."""

    def __init__(self, page: Page) -> None:
        self.clicks = self.pages = 0
        page.on("request", self._count)

    def _count(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.pages += 1

    def click(self) -> None:
        self.clicks += 1


def test_a_focal_point_submits_ten_updates(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    # Given a focal point who opens the first point from the work page
    page = new_page(site, scripts=scripts)
    site.sign_in(page, who.focal_point)
    site.open(page, "/work")
    count = Counter(page)
    count.click()
    page.locator("main").get_by_role("link", name="Update A").first.click()
    submitted = []
    # When ten updates are written, each with a button that leads on to the next point
    for _ in range(TEN):
        point = page.locator(".answering .muted").inner_text().partition(" · ")[2]
        level = page.get_by_label("Partially implemented")
        if level.count():
            count.click()
            level.check()
        page.locator("[name=reason]").fill(f"A register of {point} is kept in four towns.")
        page.get_by_label("What was done?").fill("Four towns keep a register since March.")
        page.get_by_label("Situation on").fill("2026-11-20")
        count.click()
        page.locator("main").get_by_role("button", name="Submit and go to").click()
        expect(page.get_by_text(f"{point}: Update submitted.")).to_be_visible()
        submitted.append(point)
    # Then all of them are submitted, and the hand did little
    assert len(set(submitted)) == TEN
    assert len({point.partition(".")[0] for point in submitted}) > 1, "it leads on to the next recommendation"
    assert count.clicks <= MOST_CLICKS
    assert count.pages <= MOST_PAGES
    site.open(page, "/work")
    for point in submitted:
        expect(page.locator("main").get_by_role("link", name=f"{point} ").first).to_be_visible()


def test_a_draft_is_saved_on_the_way_and_waits(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    page = new_page(site, scripts=scripts)
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/KGZ-3/{who.point}")
    page.get_by_label("What was done?").fill("Four towns keep a register since March.")
    press(page, f"Save and go to {who.other_point}")
    expect(page.get_by_text(f"{who.point}: Draft saved.")).to_be_visible()
    page.get_by_role("navigation", name="Points of this recommendation").get_by_role(
        "link", name=who.point
    ).click()
    expect(page.get_by_label("What was done?")).to_have_value("Four towns keep a register since March.")
