"""Chromium for this lane: an instance of the demonstration, and what a page did wrong there."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.served import FLAGS, SHELL, BrowsedSite
from tests.demonstration import VISITOR, People

PATIENCE = 20_000


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=SHELL, args=[*FLAGS, "--no-sandbox"])
        yield found
        found.close()


def open_as(browser: Browser, site: BrowsedSite, who: People, role: str) -> tuple[BrowserContext, Page]:
    """A browser of somebody's own, who has signed in unless it is a visitor."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    if role != VISITOR:
        site.sign_in(page, getattr(who, role))
    return context, page
