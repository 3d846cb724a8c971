"""Whoever sends half of a request and then a byte each second holds nobody up."""

from itertools import cycle
from time import monotonic

import pytest

from bench.servers import slow_clients
from tests.lanes.security.conftest import Note
from tests.lanes.security.served import WARM_PAGES, Browser, Served, p95
from tests.stories.updates import NEW, TEXT

READING_SECONDS, MOST_SECONDS = 5, 0.5
MOST_SECONDS_OF_A_FORM = 2.0
HOST = "Host: 127.0.0.1:{port}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
SAID = {
    "headers": "POST /sign-in HTTP/1.1\r\n" + HOST + "X-A: ",
    "bodies": "POST /sign-in HTTP/1.1\r\n" + HOST + FORM + "Content-Length: 400\r\n\r\nhandle=",
    "chunks": "POST /sign-in HTTP/1.1\r\n" + HOST + FORM + "Transfer-Encoding: chunked\r\n\r\n190\r\nhandle=",
    "long bodies": f"POST {NEW} HTTP/1.1\r\n"
    + HOST
    + FORM
    + "Content-Length: 900000\r\n\r\ndone="
    + "a" * 100_000,
}

pytestmark = pytest.mark.alone


@pytest.mark.parametrize("many", [40, 200])
@pytest.mark.parametrize("what", SAID)
def test_slow_clients_leave_pages_sign_in_and_writing_alone(
    site: Served, note: Note, what: str, many: int
) -> None:
    for page in WARM_PAGES * 8:
        assert site.browser().get(page).status == 200
    # Given clients that do not finish
    with slow_clients(site.port, many, SAID[what].format(port=site.port)):
        # When people read on
        seconds, end, pages = [], monotonic() + READING_SECONDS, cycle(WARM_PAGES)
        while monotonic() < end:
            answer = site.browser().get(next(pages))
            assert answer.status == 200
            seconds.append(answer.seconds)
        # And somebody signs in and saves a long text
        writer = Browser(site.port)
        writer.sign_in("focal_point", site.database)
        form = {**writer.form_of("/work", "/sign-out"), **TEXT, "done": "Курсы прошли. " * 300, "keep": "1"}
        saved = writer.post(NEW, form)
    # Then nobody has noticed
    note(f"{len(seconds)} pages, p95 {p95(seconds):.3f} s; a long text saved in {saved.seconds:.2f} s")
    assert p95(seconds) <= MOST_SECONDS
    assert saved.status == 303
    assert saved.seconds <= MOST_SECONDS_OF_A_FORM
