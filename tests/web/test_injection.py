"""What somebody types stays what was typed: no line of a header, no other site, no expression of a template, and no
pattern of ours that long texts bring to a stand."""

import ast
import logging
import re
import time
from collections.abc import Iterator
from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from config import ROOT
from tests.stories import updates
from tests.strict_client import SignIn, StrictClient, text_of
from tests.web.crawl import browser
from tracker.web.access import own_address

SITE = "https://follow-up.example"
BEFORE = (
    "",
    "/",
    "//",
    "///",
    "\\",
    "/\\",
    "\\\\",
    "/%09/",
    "/\t/",
    "/\n/",
    "/%0d%0a/",
    " /",
    " //",
    "\u3000//",
    "/／",
)
BEHIND = (
    "evil.example",
    "evil.example/work",
    "https://evil.example",
    "@evil.example",
    "evil.example\\@x",
    "x:y@z",
)
SCHEMES = (
    "https:",
    "http://",
    "javascript:alert(1)//",
    "data:text/html,",
    "ftp://evil.example",
    "HTTPS:evil.example",
)
NO_ADDRESS = ("//[x", "//a]b", "//[::1", "//\u2100.example", "https://[x")
WANTED = [a + b for a, b in product(BEFORE, BEHIND)] + [s + "evil.example" for s in SCHEMES]


def as_browsers_do(address: str) -> str:
    """Where an address leads: browsers drop tabs and line ends, and read a backslash as a slash."""
    return urljoin(f"{SITE}/sign-in", re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/"))


def test_no_variant_of_next_leads_to_another_site() -> None:
    accepted = [address for address in WANTED if own_address(address)]
    for address in accepted:
        assert urlsplit(as_browsers_do(address)).netloc == "follow-up.example", address
    elsewhere = [each for each in WANTED if urlsplit(as_browsers_do(each)).netloc != "follow-up.example"]
    assert elsewhere
    assert accepted
    assert not set(accepted) & set(elsewhere)
    assert not [address for address in NO_ADDRESS if own_address(address)]
    assert own_address("/recommendations?q=a") == "/recommendations?q=a"


HOSTILE = "{{7*7}} ${7*7} <%= 7*7 %> {% raw %} \u202e %(x)s %s '\"><b>"


def test_what_is_typed_is_evaluated_nowhere(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    words = HOSTILE.replace("{{", "{ {").replace("{%", "{ %")  # the strict client looks for these two itself
    made = updates.write(writer, done=words, obstacles=words)
    shown = text_of(writer.get(f"/updates/{made}"))
    assert shown.count("${7*7}") >= 2
    assert "49" not in shown.replace(made, "")


@pytest.mark.parametrize(
    "page", ["/recommendations", "/recommendations.json", "/history", "/sign-in", "/nowhere"]
)
def test_line_ends_in_an_address_make_no_header_and_no_line_of_a_log(
    app: Flask, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(app)
    caplog.set_level(logging.DEBUG)
    for name in ("q", "next", "review", "voice", "page", "organisation", "kind", "since"):
        for said in (
            " ",
            "\t",
            "a\r\nSet-Cookie: x=1",
            "a\nX-Bad: 1",
            "a%0d%0aX-Bad: 1",
            "\u001b[31mred",
            HOSTILE,
        ):
            with client.get(page, query_string={name: said}) as answer:
                assert answer.status_code < 500
                assert "X-Bad" not in answer.headers
                assert "x=1" not in answer.headers.get("Set-Cookie", "")
                assert "\n" not in answer.headers.get("Location", "")
    assert "X-Bad" not in caplog.text
    assert "\u001b" not in caplog.text


def patterns() -> Iterator[tuple[str, str]]:
    """Every pattern that the application hands to `re`, with its file. Settings are the operator's own."""
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
            if is_call and node.args and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                value = node.args[0].value  # type: ignore[attr-defined]
                text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                yield str(path.relative_to(ROOT)), text


ENDS = ("", "!", "\n", " ", "/", "@", ">")
SMALL, GROWTH, ALLOWED = 4_000, 4, 12
"""Four times the text takes a linear pattern four times as long, a quadratic one sixteen times."""
AT_LEAST = 0.004
"""Seconds of work, which waiting for a core does not count to: below, the clock says nothing."""


def seconds(pattern: re.Pattern[str], said: str) -> float:
    best = 9.0
    for _ in range(3):
        begun = time.thread_time()
        pattern.search(said)
        pattern.fullmatch(said)
        best = min(best, time.thread_time() - begun)
    return best


def test_no_pattern_takes_more_than_its_share_of_a_long_text() -> None:
    slow = []
    for file, pattern in sorted(set(patterns())):
        compiled = re.compile(pattern)
        letters = sorted({"a", "0", " ", "-", "/", ".", ":", "@", "\t", *re.findall(r"[\w.:/@ -]", pattern)})
        for letter, end in product(letters, ENDS):
            short = seconds(compiled, letter * SMALL + end)
            # Of a pattern that is slow already, the long text could take for ever.
            if short > 1 or seconds(compiled, letter * SMALL * GROWTH + end) > max(short * ALLOWED, AT_LEAST):
                slow.append(f"{file}: {pattern!r} on {letter!r} and {end!r}")
                break
    assert not slow, "\n".join(slow)


def test_a_search_for_a_very_long_word_is_an_ordinary_search(client: StrictClient) -> None:
    for said in ("a" * 10_000, "% _ " * 2_500, "'" * 10_000, "\\" * 10_000, "ы " * 5_000):
        assert client.get("/recommendations", query_string={"q": said}).status_code == 200
