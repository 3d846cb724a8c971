"""Chromium and a running instance. Any error on the console, failed or foreign request fails the test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.served import CHROMIUM, DESK, FLAGS, SHELL, BrowsedSite, queue_reminders, serve
from tests.browser.watch import watch
from tests.databases import Templates
from tests.demonstration import People, read_people
from tests.programs import LONGEST

HERE = Path(__file__).parent
PATIENCE = LONGEST * 1000
"""Milliseconds."""
expect.set_options(timeout=PATIENCE)
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium, and is skipped with the reason where it is missing."""
    is_missing = not Path(CHROMIUM).exists() and not os.environ.get("REQUIRE_ALL")
    reason = f"{CHROMIUM} is not installed (Debian: apt-get install chromium)"
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if is_missing:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def kind() -> str:
    """What Chromium adds to the stories over HTTP, which run on both databases, is the browser."""
    return "sqlite"


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with playwright.chromium.launch(executable_path=SHELL, args=FLAGS) as found:
        yield found


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """With a window, which nobody sees: the shell does not go on to an answer of the test from another site."""
    with playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as found:
        yield found


@pytest.fixture
def site(url: str, kind: str, templates: Templates, tmp_path: Path) -> Iterator[BrowsedSite]:
    """An instance of this test's own."""
    templates.copy_storage(kind, tmp_path / "storage")
    with serve(url, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def shared_site(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowsedSite]:
    """One instance on SQLite for all tests of a module, which look at pages and decide nothing."""
    url, folder = templates.copy("sqlite", "demo"), tmp_path_factory.mktemp("shared")
    templates.copy_storage("sqlite", folder / "storage")
    with serve(url, folder) as found:
        queue_reminders(found.database)
        yield found


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def who(site: BrowsedSite) -> People:
    with site.database.reading() as session:
        return read_people(session)


@pytest.fixture
def shared_who(shared_site: BrowsedSite) -> People:
    with shared_site.database.reading() as session:
        return read_people(session)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a browser of somebody's own: cookies apart, watched until the end of the test."""
    watched: list[tuple[BrowserContext, list[str]]] = []

    def open_page(site: BrowsedSite, *, scripts: bool = True, viewport: ViewportSize | None = None) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport=viewport or DESK,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watched.append((context, watch(context, site.address)))
        return context.new_page()

    with ExitStack() as stack:
        stack.callback(lambda: [context.close() for context, _ in watched])
        yield open_page
    faults = [fault for _, found in watched for fault in found]
    assert not faults, "\n".join(faults)
