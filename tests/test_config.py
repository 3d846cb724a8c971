"""The settings: their defaults, what the environment changes, and what is refused, one line each."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import ROOT, Config, Refused

SECRET = "fq0Zr3tUe8Wc1vXn5Lk7Jh2Gd9Sa4Pob"
SAFE = {"TRACKER_ENV": "production", "SECRET_KEY": SECRET, "BASE_URL": "https://follow-up.example.org"}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in (*Config.__dataclass_fields__, "FLASK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret-key"))
    return monkeypatch


def read(environ: pytest.MonkeyPatch, **texts: str) -> Config:
    for name, text in texts.items():
        environ.setenv(name, text)
    return Config.from_environment()


def test_without_an_environment_everything_has_a_default(environ: pytest.MonkeyPatch) -> None:
    found = read(environ)
    assert replace(found, SECRET_KEY="", SECRET_KEY_FILE=Config.SECRET_KEY_FILE) == Config()
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


@pytest.mark.parametrize(
    "base_url", [SAFE["BASE_URL"], "http://127.0.0.1:8000", "http://[::1]", "http://localhost"]
)
def test_a_safe_production_is_accepted(environ: pytest.MonkeyPatch, base_url: str) -> None:
    environ.setenv("FLASK_DEBUG", "0")
    assert read(environ, **{**SAFE, "BASE_URL": base_url}).SECRET_KEY == SECRET


def test_the_secret_of_the_file_is_used_where_none_is_set(
    environ: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret-key").write_text(f"{SECRET}\n")
    assert read(environ, **{**SAFE, "SECRET_KEY": ""}).SECRET_KEY == SECRET
    assert read(environ, TRACKER_ENV="development").SECRET_KEY == SECRET
    assert f"{SECRET}2" == read(environ, SECRET_KEY=f"{SECRET}2").SECRET_KEY


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (
            {**SAFE, "SECRET_KEY": ""},
            "SECRET_KEY is missing: “flask make-key --first” makes one in SECRET_KEY_FILE.",
        ),
        ({**SAFE, "SECRET_KEY": SECRET[1:]}, "SECRET_KEY is shorter than 32 characters: unset it, "),
        ({**SAFE, "SECRET_KEY": "k" * 32}, "SECRET_KEY is an example that others know, or too simple: "),
        ({**SAFE, "SECRET_KEY": f"change-me-{SECRET}"}, "SECRET_KEY is an example that others know"),
        ({**SAFE, "SECRET_KEY": f"{SECRET} your Secret"}, "SECRET_KEY is an example that others know"),
        ({**SAFE, "FLASK_DEBUG": "1"}, "FLASK_DEBUG is on"),
        ({**SAFE, "FLASK_DEBUG": "true"}, "FLASK_DEBUG is on"),
        ({**SAFE, "BASE_URL": "http://follow-up.example.org"}, "BASE_URL must begin with https://"),
        ({**SAFE, "BASE_URL": "http://192.0.2.1:8000"}, "BASE_URL must begin with https://"),
        ({"DATABASE_URL": "mysql://localhost/tracker"}, "DATABASE_URL must begin with"),
        ({"DATABASE_URL": "postgresql://tracker@localhost:abc/tracker"}, "DATABASE_URL cannot be read: "),
        ({"DATABASE_URL": "postgresql://tracker@localhost:99999/tracker"}, "DATABASE_URL cannot be read: "),
        ({"TRACKER_ENV": "prod"}, "TRACKER_ENV must be one of development, production, testing."),
        ({"CLOCK_SHIFT_DAYS": "1"}, "CLOCK_SHIFT_DAYS is for tests only."),
        ({**SAFE, "CLOCK_SHIFT_DAYS": "-1"}, "CLOCK_SHIFT_DAYS is for tests only."),
        ({"BASE_URL": "follow-up.example.org"}, "BASE_URL must be"),
        ({"LEAVE_URL": "http://example.org/"}, "LEAVE_URL must be"),
        ({"LEAVE_URL": "https://example.org; script-src *"}, "LEAVE_URL must be"),
        ({"LEAVE_URL": "javascript:alert(1)"}, "LEAVE_URL must be"),
        ({"BASE_URL": "ftp://example.org"}, "BASE_URL must be"),
        ({"BASE_URL": "https://follow-up..example.org"}, "BASE_URL must be"),
        ({"BASE_URL": "https://"}, "BASE_URL must be"),
        ({**SAFE, "BASE_URL": "https://[::1"}, "BASE_URL must be"),
        ({**SAFE, "BASE_URL": "https://:8000"}, "BASE_URL must be"),
        ({"BASE_URL": "https://example.org/tracker"}, "BASE_URL must be"),
        ({"MAIL_URL": "mailto:post@example.org"}, "MAIL_URL must begin with"),
        ({"MAIL_URL": "smtp://example.org:post"}, "MAIL_URL must begin with"),
        ({"MAIL_URL": "file://var/mail"}, "MAIL_URL must begin with"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM must hold an address"),
        ({"TIMEZONE": "Asia/Nowhere"}, "TIMEZONE must be"),
        (
            {"MAIL_FROM": "Ministry of Justice, Office <u@example.org>"},
            "MAIL_FROM must hold one address; a name",
        ),
        ({"LANGUAGES": "en,xx"}, "LANGUAGES must be codes"),
        ({"LANGUAGES": "ru,en"}, "LANGUAGES must be codes"),
        ({"LANGUAGES": "en,ru,ru"}, "LANGUAGES must be codes"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be 0 or more, not -1."),
        ({"FORM_MAX_KILOBYTES": "0"}, "FORM_MAX_KILOBYTES must be 1 or more, not 0."),
        ({"UPLOAD_MAX_MEGABYTES": "-5"}, "UPLOAD_MAX_MEGABYTES must be 1 or more, not -5."),
        ({"EVIDENCE_QUOTA_MEGABYTES": "0"}, "EVIDENCE_QUOTA_MEGABYTES must be 1 or more, not 0."),
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


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\n", "is empty, or not for this user to read"),
        (b"\xff\xfe", "is empty, or not for this user to read"),
        (SECRET[1:].encode(), "is shorter than 32 characters"),
        (b"change-me" * 5, "is an example that others know, or too simple"),
    ],
)
def test_a_file_whose_secret_is_not_good_enough_is_to_be_moved_away(
    environ: pytest.MonkeyPatch, tmp_path: Path, content: bytes, fault: str
) -> None:
    """The command that makes one leaves a file alone that is there."""
    file = tmp_path / "secret-key"
    file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read(environ, **{**SAFE, "SECRET_KEY": ""})
    assert refused.value.reasons == [
        f"The secret in {file} {fault}: move the file away, “flask make-key --first” makes one in SECRET_KEY_FILE."
    ]


def test_a_sender_whose_name_has_a_comma_stands_in_quotes(environ: pytest.MonkeyPatch) -> None:
    sender = '"Ministry of Justice, Office" <u@example.org>'
    assert sender == read(environ, MAIL_FROM=sender).MAIL_FROM


def test_several_reasons_come_together_one_line_each(environ: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        read(environ, TRACKER_ENV="production", CLOCK_SHIFT_DAYS="3", MAIL_URL="ftp://example.org")
    assert len(refused.value.reasons) == 3, "the secret is missing, too"
    assert str(refused.value).splitlines() == refused.value.reasons


def test_no_secret_is_repeated_in_a_refusal(environ: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        read(environ, **{**SAFE, "SECRET_KEY": "short-secret"}, MAIL_URL="ftp://post:password@example.org")
    assert "short-secret" not in str(refused.value)
    assert "password" not in str(refused.value)
