"""T-E2: no page of ours is shown within somebody else's page, whoever looks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.served import BrowsedSite, serve
from tests.databases import Templates
from tests.demonstration import ROLES, VISITOR, list_addresses, read_people
from tests.lanes.security.chromium import chromium, open_as
from tests.lanes.security.conftest import Note
from tests.strict_client import HEADERS

NOTHING = ("", "about:blank", "chrome-error://chromewebdata/")


class Framing(BaseHTTPRequestHandler):
    """A page of a stranger, which frames whatever its address names."""

    def do_GET(self) -> None:
        framed = parse_qs(urlsplit(self.path).query).get("framed", [""])[0]
        body = f'<iframe src="{framed}"></iframe><object data="{framed}"></object>' if framed else "bare"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """A test prints nothing."""


@contextmanager
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def demo(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowsedSite]:
    with serve(templates.copy("sqlite", "demo"), tmp_path_factory.mktemp("framed")) as found:
        yield found


def shown(page: Page, attacker: str, address: str) -> list[str]:
    """What stands in the frames of the stranger's page. Where Chromium refuses, a frame has an error of its own for a
    page and an object none at all."""
    page.goto(f"{attacker}/?framed={address}", wait_until="load")
    return [frame.url for frame in page.frames if frame is not page.main_frame and frame.url not in NOTHING]


def test_no_page_is_framed_whoever_looks(demo: BrowsedSite, note: Note) -> None:
    with demo.database.reading() as session:
        who = read_people(session)
        addresses = {role: list_addresses(session, who, role) for role in ROLES}
    framed: list[str] = []
    with chromium() as browser, stranger() as attacker:
        for role in ROLES:
            context, page = open_as(browser, demo, who, role)
            # The check sees a frame where one is shown: the stranger's own page
            assert shown(page, attacker, f"{attacker}/bare")
            assert ("/sign-in" if role == VISITOR else "/work") in addresses[role]
            for address in addresses[role]:
                framed += shown(page, attacker, demo.address + address)
                answer = page.request.get(demo.address + address, max_redirects=0)
                for name, beginning in HEADERS.items():
                    assert answer.headers[name.lower()].startswith(beginning), (address, name)
                assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            context.close()
    tried = sum(map(len, addresses.values()))
    note(f"{tried} pages of {len(ROLES)} roles, {len(framed)} framed")
    assert not framed
