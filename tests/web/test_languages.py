"""The prefix of an address chooses the language, and nothing else does: each public page opens in every language,
every link keeps it, and the links of the frame lead to the same page in another one."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from config import Config
from tests.cast import PASSPHRASE
from tests.demonstration import VISITOR, list_addresses, read_people
from tests.strict_client import HTML, StrictClient, parse
from tracker.app import create_app
from tracker.database import Database
from tracker.identity.passphrases import CHEAP, hash_passphrase
from tracker.language import LANGUAGES
from tracker.models.accounts import Account

HOME = {"en": "/", "ru": "/ru/", "ky": "/ky/"}


@pytest.fixture
def kind() -> str:
    """Words come from templates: a database of the other kind has the same."""
    return "sqlite"


@pytest.fixture
def filled() -> str:
    return "demo"


def hrefs(answer: object) -> list[str]:
    return [str(link.get("href")) for link in parse(answer).iter(f"{HTML}a")]  # type: ignore[arg-type]


def alternates(answer: object) -> dict[str, str]:
    links = parse(answer).iter(f"{HTML}link")  # type: ignore[arg-type]
    return {str(each.get("hreflang")): str(each.get("href")) for each in links if each.get("hreflang")}


def language_links(answer: object) -> dict[str, str]:
    links = parse(answer).iter(f"{HTML}a")  # type: ignore[arg-type]
    return {str(each.get("hreflang")): str(each.get("href")) for each in links if each.get("hreflang")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_page_opens_and_its_links_stay_in_the_language(
    client: StrictClient, database: Database, language: str
) -> None:
    with database.reading() as session:
        addresses = list_addresses(session, read_people(session), VISITOR)
    pages = [address for address, status in addresses.items() if status == 200]
    assert {"/", "/recommendations", "/calendar"} <= set(pages)
    prefix = "" if language == "en" else f"/{language}"
    for address in pages:
        answer = client.get(f"{prefix}{address}", follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        document = parse(answer)
        assert document.get("lang") == language, address
        for link in document.iter(f"{HTML}a"):
            target = str(link.get("href", ""))
            if target.startswith("/") and not link.get("hreflang"):
                assert target.startswith(f"{prefix}/"), f"{address} leads to {target}"


def test_the_links_of_the_frame_keep_page_and_filter(client: StrictClient) -> None:
    answer = client.get("/ru/recommendations?review=KGZ-3&q=torture")
    query = "recommendations?review=KGZ-3&q=torture"
    assert language_links(answer) == {"en": f"/{query}", "ru": f"/ru/{query}", "ky": f"/ky/{query}"}
    assert alternates(answer) == {**language_links(answer), "x-default": f"/{query}"}


def test_no_header_and_no_cookie_choose(client: StrictClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "ru", "Cookie": "language=ru"})
    assert parse(answer).get("lang") == "en"
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_a_prefix_alone_is_the_first_page(client: StrictClient) -> None:
    for language in ("ru", "ky"):
        assert client.get(f"/{language}").data == client.get(f"/{language}/").data


def test_a_client_cannot_set_the_prefix(client: StrictClient) -> None:
    answer = client.get("/", headers={"Script-Name": "/ru"}, environ_overrides={"SCRIPT_NAME": "/evil"})
    assert parse(answer).get("lang") == "en"
    assert not [href for href in hrefs(answer) if "evil" in href]


@pytest.mark.parametrize("code", ["xx", "en", "uzb", "ru/ky"])
def test_an_unknown_language_leads_to_the_same_page_in_english(client: StrictClient, code: str) -> None:
    answer = client.get(f"/{code}/recommendations?q=torture")
    assert answer.status_code == 404
    assert "/recommendations?q=torture" in hrefs(answer)


def test_what_is_no_page_in_any_language_is_not_offered(client: StrictClient) -> None:
    answer = client.get("/xx/nothing")
    assert answer.status_code == 404
    assert "/nothing" not in hrefs(answer)


def test_somebody_is_led_to_the_own_language_once_at_sign_in(
    client: StrictClient, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Account).values(language="ky", passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP))
        )
    with database.reading() as session:
        handle = read_people(session).focal_point
    assert client.sign_in(handle, PASSPHRASE).location == "/ky/work"
    assert parse(client.get("/work")).get("lang") == "en", "the address decides"


def test_a_sign_in_on_the_way_to_a_page_leads_there_in_the_own_language(
    client: StrictClient, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Account).values(language="ky", passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP))
        )
    with database.reading() as session:
        handle = read_people(session).focal_point
    page = client.get("/ru/account")
    assert page.location == "/ru/sign-in?next=/ru/account"
    assert client.sign_in(handle, PASSPHRASE, str(page.location)).location == "/ky/account"


@pytest.mark.parametrize("address", ["/ru//evil.example", "/ky///evil.example/", "/ru", "/ru/?a=b"])
def test_a_sign_in_never_leads_to_another_site(
    client: StrictClient, database: Database, address: str
) -> None:
    """Without its prefix a path may begin with two slashes, which browsers take for a host."""
    with database.transaction() as session:
        session.execute(update(Account).values(passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP)))
    with database.reading() as session:
        handle = read_people(session).focal_point
    led_to = client.sign_in(handle, PASSPHRASE, f"/sign-in?next={address}").location
    assert led_to.startswith("/")
    assert not led_to.startswith("//")


def test_a_language_that_the_settings_leave_out_is_not_there(
    config: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(replace(config, LANGUAGES="en,ru"))
    client = app.test_client()
    assert client.get("/ru/").status_code == 200
    assert client.get("/ky/").status_code == 404
    assert set(language_links(client.get("/"))) == {"en", "ru"}
