"""The quick exit in Chromium, which holds a form to the content policy also where its answer leads elsewhere."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.served import PHONE, BrowsedSite
from tests.demonstration import People

AWAY = "https://www.wikipedia.org/"


def lead_outside(context: BrowserContext, asked: list[str]) -> Page:
    """A tab that is answered also elsewhere; what it asks for is written down."""
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: asked.append(request.url))
    context.route(
        f"{AWAY}**", lambda route: route.fulfill(body="<h1>Elsewhere</h1>", content_type="text/html")
    )
    return context.new_page()


def test_one_press_by_keyboard_leaves_the_site_and_the_way_back_is_shut(
    site: BrowsedSite, whole_browser: Browser, who: People, scripts: bool
) -> None:
    context = whole_browser.new_context(java_script_enabled=scripts, viewport=PHONE)
    asked: list[str] = []
    page = lead_outside(context, asked)
    try:
        site.sign_in(page, who.lead)
        assert not [url for url in asked if not url.startswith(site.address)]
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Leave this site now")).to_be_focused()
        # And no page promises a key that does nothing: not without scripts, not where there is hardly a keyboard
        expect(page.get_by_text("or press Shift three times")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
        assert page.url == AWAY
        site.open(page, "/work")
        expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    finally:
        context.close()


def test_shift_three_times_does_what_the_button_does_and_writing_does_not(
    site: BrowsedSite, whole_browser: Browser, who: People
) -> None:
    with whole_browser.new_context() as context:
        asked: list[str] = []
        page = lead_outside(context, asked)
        page.clock.install()
        site.sign_in(page, who.lead)
        expect(page.get_by_text("or press Shift three times")).to_be_visible()
        site.open(page, "/account/passphrase")
        said = page.locator("form.quick-exit").get_by_role("status")
        # Somebody who writes capitals, chooses another layout, selects or holds the key down stays here
        page.get_by_label("New passphrase", exact=True).focus()
        for key in ("Shift+A", "Shift+B", "Shift+C", "Alt+Shift", "Control+Shift", "Shift+Tab", "Shift+Tab"):
            page.keyboard.press(key)
            assert said.inner_text() == "", key
        for _ in range(4):
            page.keyboard.down("Shift")
        page.keyboard.press("d")
        page.keyboard.up("Shift")
        expect(said).to_be_empty()
        # And so does somebody who stops after two; what happens is told to who cannot see
        page.keyboard.press("Shift")
        expect(said).to_have_text("Shift. Press it two more times to leave this site.")
        page.keyboard.press("Shift")
        expect(said).to_have_text("Shift. Press it one more time to leave this site.")
        page.clock.run_for(5001)
        expect(said).to_contain_text("You are still here.")
        assert not [url for url in asked if not url.startswith(site.address)]
        # Three times leads away and ends the sign-in, also for who goes back
        for _ in range(3):
            page.keyboard.press("Shift")
        expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
