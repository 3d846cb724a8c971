"""Every language of the settings: each public page opens and says its language; people choose among the same ones."""

from dataclasses import replace

import pytest

from config import LANGUAGES, Config
from tests.demonstration import VISITOR, list_addresses, read_people
from tests.strict_client import StrictClient, parse
from tracker.database import Database
from tracker.web import forms


@pytest.fixture
def kind() -> str:
    """Words come from templates: a database of the other kind has the same."""
    return "sqlite"


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def config(config: Config, language: str) -> Config:
    return replace(config, LANGUAGE=language)


def test_every_public_page_opens(client: StrictClient, database: Database, language: str) -> None:
    with database.reading() as session:
        addresses = list_addresses(session, read_people(session), VISITOR)
    pages = [address for address, status in addresses.items() if status == 200]
    assert {"/", "/recommendations", "/calendar"} <= set(pages)
    for address in pages:
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype == "text/html":
            assert parse(answer).get("lang") == language, address


def test_people_choose_among_the_languages_of_the_settings() -> None:
    assert tuple(code for code, _ in forms.LANGUAGES) == LANGUAGES
