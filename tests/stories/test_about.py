"""Who runs the instance, what is loaded and what is not."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from config import Config
from tests.stories.pages import by_id, link_of, tell, words_of
from tests.strict_client import StrictClient, text_of
from tracker.app import create_app
from tracker.database import Database

MARKUP = "<b>Office</b> <script>alert(1)</script>"


Open = Callable[..., StrictClient]


@pytest.fixture
def client_with(config: Config, database: Database) -> Iterator[Open]:
    """A visitor of an instance with these settings."""
    with ExitStack() as opened:

        def open_with(**settings: str) -> StrictClient:
            app = create_app(replace(config, **settings))  # type: ignore[arg-type]
            opened.callback(app.extensions["database"].dispose)
            app.test_client_class = StrictClient
            return app.test_client()  # type: ignore[return-value]

        yield open_with


def test_without_settings_it_says_that_nobody_is_named(client: StrictClient) -> None:
    said = words_of(by_id(client.get("/about"), "operator"))
    assert "Whoever runs this site has not put their name here." in said
    assert "No contact is given." in said


def test_the_operator_is_named_in_their_own_words(client_with: Open) -> None:
    page = client_with(
        OPERATOR_NAME="Office of Letters",
        OPERATOR_CONTACT="https://letters.example.org/contact",
        OPERATOR_TEXT="Paid by nobody.\nRead on Mondays.",
    ).get("/about")
    said = words_of(by_id(page, "operator"))
    assert said.startswith("Who runs it Office of LettersPaid by nobody. Read on Mondays.Contact: https")
    assert "not put their name" not in said
    assert link_of(page, "https://letters.example.org/contact") == "https://letters.example.org/contact"


@pytest.mark.parametrize("setting", ["OPERATOR_NAME", "OPERATOR_CONTACT", "OPERATOR_TEXT"])
def test_markup_in_them_is_text(client_with: Open, setting: str) -> None:
    page = client_with(**{setting: MARKUP}).get("/about")
    assert MARKUP in words_of(by_id(page, "operator"))
    assert "<script>alert" not in page.get_data(as_text=True)


def test_only_https_becomes_a_link(client_with: Open) -> None:
    page = client_with(OPERATOR_CONTACT="javascript:alert(1)").get("/about")
    assert link_of(page, "javascript") is None


def test_it_says_what_is_loaded_and_what_is_not(client: StrictClient, database: Database) -> None:
    said = words_of(by_id(client.get("/about"), "loaded"))
    assert (
        "KGZ-3 38 recommendations in the annex of the letter and 6 requests in the letter."
        " The 232 recommendations of the Working Group are not loaded." in said
    )
    assert "KGZ-2 Nothing is loaded. The 196 recommendations" in said
    assert "KGZ-4" not in said  # nobody knows a number, and nothing is there
    assert link_of(client.get("/about"), "38 recommendations") == "/recommendations?review=KGZ-3"
    tell(database, "UPDATE recommendations SET kind = 'wg_recommendation' WHERE ref = 'A1'")
    said = words_of(by_id(client.get("/about"), "loaded"))
    assert (
        "KGZ-3 37 recommendations in the annex of the letter, 6 requests in the letter and 1 recommendation of"
        in said
    )
    assert "232" not in said


def test_a_review_that_is_not_public_is_not_told(client: StrictClient, database: Database) -> None:
    tell(database, "UPDATE reviews SET is_published = false WHERE code = 'KGZ-2'")
    assert "KGZ-2" not in text_of(client.get("/about"))


def test_sources_and_licence_are_named(client: StrictClient) -> None:
    page = client.get("/about")
    assert "4 December 2020" in words_of(by_id(page, "sources"))
    assert "CC BY 4.0" in words_of(by_id(page, "licence"))


def test_footer_and_menu_lead_there(client: StrictClient) -> None:
    page = client.get("/")
    assert link_of(page, "About this site") == "/about"
    assert link_of(page, "Method: how levels and figures come about") == "/method"
    assert link_of(page, "Disagreement") == "/disagreement"
