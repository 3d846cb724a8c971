"""Reading, signing in and filtering by keyboard alone; after an error the summary has the focus."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.conftest import NewPage
from tests.browser.places import open_more
from tests.browser.served import BrowsedSite
from tests.cast import PASSPHRASE
from tests.demonstration import REVIEW, People

MOST_STOPS = 60
MORE_FILTERS = (
    "More filters: Working topic · Heading or OHCHR theme · Level · Disagreement · Organisation · "
    "Group of persons · Development goal · Kind"
)


def focused(page: Page) -> str:
    """What a screen reader would name: the label, the words or the name of the element with the focus."""
    return str(
        page.evaluate(
            "(e => e.labels?.[0]?.textContent || e.innerText || e.getAttribute('aria-label') || e.tagName)"
            "(document.activeElement)"
        )
    ).strip()


def tab_to(page: Page, name: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"Tab does not reach {name} on {page.url}")


def test_the_first_stop_skips_to_the_main_content(
    shared_site: BrowsedSite, new_page: NewPage, scripts: bool
) -> None:
    page = new_page(shared_site, scripts=scripts)
    shared_site.open(page, "/recommendations")
    page.keyboard.press("Tab")
    link = page.locator(".govuk-skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_somebody_signs_in_and_filters_by_keyboard(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, scripts: bool
) -> None:
    page = new_page(shared_site, scripts=scripts)
    shared_site.open(page, "/")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    tab_to(page, "Username")
    page.keyboard.type(shared_who.lead)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Your work")).to_be_visible()

    tab_to(page, "Recommendations")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations")
    tab_to(page, MORE_FILTERS)
    page.keyboard.press("Enter")
    tab_to(page, "Working topic")
    page.keyboard.type("Women")
    tab_to(page, "Show these")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations?*topic=women*")
    expect(page.get_by_text("Working topic: Women")).to_be_visible()


@pytest.mark.parametrize("steps", [places.refused_sign_in, places.incomplete_update, places.wrong_assessment])
def test_after_an_error_the_summary_has_the_focus_and_leads_to_the_field(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage, scripts: bool, steps: places.Steps
) -> None:
    page = new_page(shared_site, scripts=scripts)
    steps(shared_site, page, shared_who)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    page.keyboard.press("Tab")
    field = str(page.evaluate("document.activeElement.getAttribute('href')"))
    page.keyboard.press("Enter")
    expect(page.locator(field)).to_be_focused()


def test_the_text_being_answered_never_hides_the_field_in_focus(
    shared_site: BrowsedSite, shared_who: People, new_page: NewPage
) -> None:
    page = new_page(shared_site)
    shared_site.sign_in(page, shared_who.focal_point)
    shared_site.open(page, f"/updates/new/{REVIEW}/{shared_who.point}")
    open_more(page)
    page.get_by_label("Attach files").focus()
    fields = 0
    while page.evaluate("document.activeElement.closest('main form') !== null"):
        top, end = page.evaluate(
            "[document.activeElement.getBoundingClientRect().top,"
            " document.querySelector('.answering').getBoundingClientRect().bottom]"
        )
        assert top >= end, f"{focused(page)} is hidden"
        page.keyboard.press("Shift+Tab")
        fields += 1
    assert fields > 8
