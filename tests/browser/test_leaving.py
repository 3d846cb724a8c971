"""The quick exit in Chromium, which holds a form to the content policy also where its answer leads elsewhere."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE
from tests.browser.served import PHONE, Site
from tests.demonstration import People

AWAY = "https://www.wikipedia.org/"


def test_one_press_by_keyboard_leaves_the_site_and_the_way_back_is_shut(
    site: Site, browser: Browser, who: People, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts, viewport=PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.route(
        f"{AWAY}**", lambda route: route.fulfill(body="<h1>Elsewhere</h1>", content_type="text/html")
    )
    page = context.new_page()
    try:
        site.sign_in(page, who.lead)
        assert not [url for url in asked if not url.startswith(site.address)]
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Leave this site now")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
        assert page.url == AWAY
        site.open(page, "/work")
        expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    finally:
        context.close()
