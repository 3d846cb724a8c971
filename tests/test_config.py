"""The settings: their defaults, what the environment changes, and what is refused, one line each."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import ROOT, Config, Refused
from tracker.app import create_server
from tracker.database import Database
from tracker.models.settings import DEMONSTRATION, Setting

SAFE = {"TRACKER_ENV": "production", "SECRET_KEY": "k" * 32, "BASE_URL": "https://follow-up.example.org"}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Config.__dataclass_fields__:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def read(environ: pytest.MonkeyPatch, **texts: str) -> Config:
    for name, text in texts.items():
        environ.setenv(name, text)
    return Config.from_environment()


def test_without_an_environment_everything_has_a_default(environ: pytest.MonkeyPatch) -> None:
    found = read(environ)
    assert replace(found, SECRET_KEY="") == Config()
    assert found.TRACKER_ENV == "development"
    assert f"sqlite:///{ROOT}/var/tracker.sqlite3" == found.DATABASE_URL
    assert f"file://{ROOT}/var/mail" == found.MAIL_URL
    assert found.TIMEZONE == "Asia/Bishkek"
    assert not found.is_https


def test_outside_production_each_start_makes_its_own_secret(environ: pytest.MonkeyPatch) -> None:
    first, second = read(environ).SECRET_KEY, read(environ).SECRET_KEY
    assert len(first) >= 32
    assert first != second


def test_the_environment_changes_texts_and_numbers(environ: pytest.MonkeyPatch) -> None:
    found = read(
        environ,
        TRACKER_ENV="testing",
        SECRET_KEY=" padded ",
        BASE_URL="https://follow-up.example.org",
        TRUSTED_PROXIES="2",
        CLOCK_SHIFT_DAYS="-16",
        MAIL_URL="",
    )
    assert found.SECRET_KEY == "padded"
    assert found.is_https
    assert (found.TRUSTED_PROXIES, found.CLOCK_SHIFT_DAYS) == (2, -16)
    assert found.MAIL_URL == Config().MAIL_URL, "an empty variable counts as not set"


def test_a_slash_at_the_end_of_the_address_does_no_harm(environ: pytest.MonkeyPatch) -> None:
    assert read(environ, BASE_URL="https://example.org/").BASE_URL == "https://example.org"


def test_a_safe_production_is_accepted(environ: pytest.MonkeyPatch) -> None:
    assert read(environ, **SAFE).SECRET_KEY == "k" * 32


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"TRACKER_ENV": "production"}, "SECRET_KEY is missing or shorter than 32 characters."),
        ({**SAFE, "SECRET_KEY": "k" * 31}, "SECRET_KEY is missing or shorter than 32 characters."),
        ({"TRACKER_ENV": "prod"}, "TRACKER_ENV must be one of development, production, testing."),
        ({"CLOCK_SHIFT_DAYS": "1"}, "CLOCK_SHIFT_DAYS is for tests only."),
        ({**SAFE, "CLOCK_SHIFT_DAYS": "-1"}, "CLOCK_SHIFT_DAYS is for tests only."),
        ({"BASE_URL": "follow-up.example.org"}, "BASE_URL must be"),
        ({"LEAVE_URL": "http://example.org/"}, "LEAVE_URL must be"),
        ({"LEAVE_URL": "https://example.org; script-src *"}, "LEAVE_URL must be"),
        ({"LEAVE_URL": "javascript:alert(1)"}, "LEAVE_URL must be"),
        ({"BASE_URL": "ftp://example.org"}, "BASE_URL must be"),
        ({"BASE_URL": "https://"}, "BASE_URL must be"),
        ({"BASE_URL": "https://example.org/tracker"}, "BASE_URL must be"),
        ({"MAIL_URL": "mailto:post@example.org"}, "MAIL_URL must begin with"),
        ({"MAIL_URL": "smtp://example.org:post"}, "MAIL_URL must begin with"),
        ({"MAIL_URL": "file://var/mail"}, "MAIL_URL must begin with"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM must hold an address"),
        ({"TIMEZONE": "Asia/Nowhere"}, "TIMEZONE must be"),
        ({"TRUSTED_PROXIES": "two"}, "TRUSTED_PROXIES must be a whole number, not 'two'."),
        ({"CLOCK_SHIFT_DAYS": "1.5"}, "CLOCK_SHIFT_DAYS must be a whole number, not '1.5'."),
        ({"TRUSTED_PROXIES": "--1"}, "TRUSTED_PROXIES must be a whole number, not '--1'."),
        ({"FORM_MAX_KILOBYTES": "²"}, "FORM_MAX_KILOBYTES must be a whole number, not '²'."),
    ],
)
def test_what_is_wrong_is_refused_with_one_line(
    environ: pytest.MonkeyPatch, texts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(environ, **texts)
    [line] = refused.value.reasons
    assert line.startswith(sentence)
    assert line.endswith(".")
    assert "\n" not in line


def test_several_reasons_come_together_one_line_each(environ: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        read(environ, TRACKER_ENV="production", CLOCK_SHIFT_DAYS="3", MAIL_URL="ftp://example.org")
    assert len(refused.value.reasons) == 3
    assert str(refused.value).splitlines() == refused.value.reasons


def test_no_secret_is_repeated_in_a_refusal(environ: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        read(environ, **{**SAFE, "SECRET_KEY": "short-secret"}, MAIL_URL="ftp://post:password@example.org")
    assert "short-secret" not in str(refused.value)
    assert "password" not in str(refused.value)


def test_production_refuses_a_database_with_the_demonstration(
    environ: pytest.MonkeyPatch, database: Database, url: str, tmp_path: Path
) -> None:
    # Given production on a good database: it starts
    for name, text in {**SAFE, "DATABASE_URL": url, "MAIL_URL": f"file://{tmp_path}"}.items():
        environ.setenv(name, text)
    create_server().extensions["database"].dispose()
    # When the demonstration was laid into it
    with database.transaction() as session:
        session.add(Setting(name=DEMONSTRATION, value="2026-11-22"))
    # Then it refuses, and a demonstration that says what it is starts
    with pytest.raises(Refused, match=r"This database holds the demonstration: .* Use another one\."):
        create_server()
    environ.setenv("TRACKER_ENV", "development")
    create_server().extensions["database"].dispose()
