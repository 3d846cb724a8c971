"""Walks through everything that somebody can open by links, and compares what two walks found."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tracker.language import LANGUAGES

LINK = re.compile(r'href="([^"]+)"')
NONCE = re.compile(
    rb'value="[\w.-]{40,}"|name="(?:key|proposal)" type="hidden" value="[^"]+"|<code>[a-z]+(-[a-z]+){5,}</code>'
)
"""Tokens of forms, the random key of a new assessment, a passphrase that is offered."""
UNSTABLE = ("Set-Cookie", "Content-Length", "Date", "ETag", "Last-Modified")
MOST = 600
MOST_OF_A_KIND = 12
"""Of pages that differ by their last word alone (recommendations, forms) links lead to as many."""
Answers = dict[str, tuple[int, list[tuple[str, str]], bytes]]


def browser(app: Flask, token: str | None = None) -> FlaskClient:
    """A browser that checks nothing, for walks of thousands of pages."""
    client = FlaskClient(app, app.response_class)
    if token:
        client.set_cookie("sign-in", token)
    return client


def crawl(client: FlaskClient, starts: Iterable[str]) -> Answers:
    """Each address that can be reached, with status, headers and body; form tokens are taken out."""
    waiting, found, kinds = list(starts), Answers(), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        if address in found:
            continue
        assert len(found) < MOST, f"the site has no end: {sorted(found)[-5:]}"
        with client.get(address) as answer:
            found[address] = plain(answer)
            if answer.mimetype == "text/html":
                for link in links(address, answer.get_data(as_text=True)):
                    kinds[link.rpartition("/")[0]] += link not in waiting and link not in found
                    if kinds[link.rpartition("/")[0]] <= MOST_OF_A_KIND and link not in waiting:
                        waiting.append(link)
            elif answer.location:
                waiting += [answer.location]
    return found


def plain(answer) -> tuple[int, list[tuple[str, str]], bytes]:  # type: ignore[no-untyped-def]
    """What a reader could compare: without the token of forms, and the length that it makes."""
    headers = [(name, value) for name, value in answer.headers if name not in UNSTABLE]
    names = [(name, "") for name, _ in answer.headers if name in ("Set-Cookie",)]
    return answer.status_code, sorted(headers + names), NONCE.sub(b"nonce", answer.get_data())


LEFT_OUT = ("/static/", *(f"/{code}/" for code in LANGUAGES if code != "en"))


def links(here: str, page: str) -> list[str]:
    """Where a page leads on this site, without anchors. Filters combine without end and are left out; so are the same
    pages in other languages."""
    found = {urljoin(here, unescape(link)).partition("#")[0] for link in LINK.findall(page)}
    return sorted(
        link
        for link in found
        if link.startswith("/") and not link.startswith(LEFT_OUT) and not urlsplit(link).query
    )


def differences(one: Answers, other: Answers) -> list[str]:
    """Addresses that are not the same in both walks, with the first place where they part."""
    said = [f"only once: {address}" for address in sorted(one.keys() ^ other.keys())]
    for address in sorted(one.keys() & other.keys()):
        if one[address] != other[address]:
            said.append(f"{address}: {_parting(one[address], other[address])}")
    return said


def _parting(one: tuple[int, object, bytes], other: tuple[int, object, bytes]) -> str:
    if one[:2] != other[:2]:
        return f"{one[:2]} and {other[:2]}"
    place = next((i for i, pair in enumerate(zip(one[2], other[2], strict=False)) if pair[0] != pair[1]), 0)
    around = slice(max(place - 60, 0), place + 60)
    return f"{one[2][around]!r} and {other[2][around]!r}"
