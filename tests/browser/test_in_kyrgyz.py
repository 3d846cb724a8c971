"""A focal point works in Kyrgyz, from the sign-in to the submitted update, with hands and with the keyboard alone."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import NewPage
from tests.browser.served import BrowsedSite
from tests.cast import PASSPHRASE
from tests.demonstration import REVIEW, People
from tests.second_factor import next_code
from tracker.models.accounts import Account
from tracker.models.updates import ProgressUpdate, UpdateState

REASON = "Мыйзам долбоору даяр, кабыл алына элек."
DONE = "Мыйзам долбоору Жогорку Кеңешке өткөрүлдү."
ENGLISH = "The draft law was handed to the parliament in May."


def test_an_update_is_written_in_kyrgyz(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    # Given a focal point whose account is Kyrgyz
    page = new_page(site, scripts=scripts)
    with site.database.transaction() as session:
        session.scalars(select(Account).where(Account.handle == who.focal_point)).one().language = "ky"
    # When they sign in on the Kyrgyz page
    site.open(page, "/ky/sign-in")
    page.locator("#handle").fill(who.focal_point)
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#passphrase").press("Enter")
    if site.has_second_factor(who.focal_point):
        page.locator("#code").fill(next_code(site.database, who.focal_point))
        page.locator("#code").press("Enter")
    # Then they work on Kyrgyz pages, also where the links lead
    page.wait_for_url("**/ky/work")
    is_kyrgyz(page)
    site.open(page, f"/ky/recommendations/{REVIEW}/{who.ref}")
    page.locator(f'main a[href="/ky/updates/new/{REVIEW}/{who.point}"]').first.click()
    is_kyrgyz(page)
    # And the form proposes Kyrgyz, tells the browser so, and says below in which language it will be published
    expect(page.locator("#language")).to_have_value("ky")
    expect(page.locator("#done")).to_have_attribute("lang", "ky")
    expect(page.locator(".in-language [data-language=ky]")).to_be_visible()
    expect(page.locator(".in-language span:visible")).to_have_count(1)
    page.locator("#language").select_option("ru")
    expect(page.locator(".in-language [data-language=ru]")).to_be_visible()
    expect(page.locator(".in-language span:visible")).to_have_count(1)
    page.locator("#language").select_option("ky")
    # When one text is English, and the form is sent by the keyboard
    page.locator("input[name=level][value=planned]").check()
    page.locator("#reason").fill(REASON)
    page.locator("#as_of_on").fill("20.11.2026")
    page.locator("#done").fill(ENGLISH)
    submit(page)
    # Then the page asks, at the place where the reader is, and loses nothing
    expect(page.locator("#language-question")).to_be_focused()
    expect(page.locator("#language-question p").first).to_contain_text(name_of_field(page, "done"))
    expect(page.locator("#done")).to_have_value(ENGLISH)
    is_kyrgyz(page)
    # When the text is mended, and sent with the first button of the form
    page.locator("#done").fill(DONE)
    page.locator("#language-question button").focus()
    page.keyboard.press("Enter")
    # Then it is submitted, in Kyrgyz, and stands on a Kyrgyz page without a mark
    page.wait_for_url("**/ky/updates/*")
    is_kyrgyz(page)
    expect(page.locator(".prose", has_text=DONE)).to_have_attribute("lang", "ky")
    expect(page.locator(".language-mark")).to_have_count(0)
    with site.database.reading() as session:
        stored = session.scalars(select(ProgressUpdate).where(ProgressUpdate.done == DONE)).one()
        assert (stored.language, stored.state) == ("ky", UpdateState.SUBMITTED)


def is_kyrgyz(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def name_of_field(page: Page, name: str) -> str:
    """Its label, without the limit beside it."""
    return str(page.locator(f"label[for={name}]").evaluate("label => label.firstChild.textContent.trim()"))


def submit(page: Page) -> None:
    page.locator("main form button[name=submit]").last.focus()
    page.keyboard.press("Enter")
