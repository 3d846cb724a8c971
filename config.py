"""The settings, read from the environment and nowhere else. Values are passed in; `tracker.app` alone imports this."""

import ipaddress
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tracker.language import LANGUAGES

ROOT = Path(__file__).parent
ENVIRONMENTS = ("development", "production", "testing")
SECRET_CHARACTERS = 32
SECRET_VARIETY = 8
"""How many different characters a secret needs: 32 random hexadecimal digits have fewer once in ten million times."""
KNOWN_SECRETS = re.compile(
    "change.?me|secret|password|passphrase|example|default|for-tests|your.?key|0123456789"
)


class Refused(Exception):
    """Keeps the process from starting: `reasons` has one line for each fault, which says what to do."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Config:
    """Every setting with its default; the names are those of the environment (docs/settings.md)."""

    TRACKER_ENV: str = "development"
    DATABASE_URL: str = f"sqlite:///{ROOT / 'var' / 'tracker.sqlite3'}"
    SECRET_KEY: str = ""
    SECRET_KEY_FILE: str = str(ROOT / "var" / "secret-key")
    BASE_URL: str = "http://127.0.0.1:8000"
    MAIL_URL: str = f"file://{ROOT / 'var' / 'mail'}"
    LEAVE_URL: str = "https://www.wikipedia.org/"
    MAIL_FROM: str = "UPR follow-up <upr-follow-up@localhost>"
    STATE: str = "KGZ"
    TIMEZONE: str = "Asia/Bishkek"
    TRUSTED_PROXIES: int = 0
    WEB_PROCESSES: int = 0
    FORM_MAX_KILOBYTES: int = 1024
    CLOCK_SHIFT_DAYS: int = 0
    LANGUAGES: str = ",".join(LANGUAGES)
    DEMO_ACCOUNTS_FILE: str = str(ROOT / "var" / "demo-accounts.json")
    SEED_DIR: str = str(ROOT / "seed")
    KEY_DIR: str = str(ROOT / "var" / "keys")
    STORAGE_DIR: str = str(ROOT / "var" / "storage")
    UPLOAD_MAX_MEGABYTES: int = 10
    BACKUP_PUBLIC_KEY: str = ""
    EVIDENCE_QUOTA_MEGABYTES: int = 500
    IMPORT_MAX_ROWS: int = 20_000
    """Rows of a file of recommendations that are read at once."""
    OPERATOR_NAME: str = ""
    OPERATOR_CONTACT: str = ""
    OPERATOR_TEXT: str = ""

    @property
    def is_https(self) -> bool:
        return urlsplit(self.BASE_URL).scheme == "https"

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that pages are offered in; the first has addresses without a prefix."""
        return tuple(code.strip() for code in self.LANGUAGES.split(","))

    @staticmethod
    def is_loopback(host: str) -> bool:
        """Whether only this machine can reach the host."""
        with suppress(ValueError):
            return ipaddress.ip_address(host).is_loopback
        return host == "localhost"

    @staticmethod
    def from_environment() -> "Config":
        """Reads what is set, or raises `Refused`."""
        config, reasons = Config.read()
        if reasons:
            raise Refused(reasons)
        return config

    @staticmethod
    def read() -> tuple["Config", list[str]]:
        """Returns the settings, and why they are refused. An empty variable counts as not set. A number that cannot
        be read is left out, so that `flask doctor` can check the rest."""
        given = {name: os.environ.get(name, "").strip() for name in Config.__dataclass_fields__}
        texts = {name: value for name, value in given.items() if value and name not in _NUMBERS}
        if "BASE_URL" in texts:
            texts["BASE_URL"] = texts["BASE_URL"].rstrip("/")
        numbers, reasons = {}, []
        for name in _NUMBERS:
            if given[name] and not re.fullmatch("-?[0-9]+", given[name]):
                reasons.append(f"{name} must be a whole number, not {given[name]!r}.")
            elif given[name] and int(given[name]) < _LEAST.get(name, int(given[name])):
                reasons.append(f"{name} must be {_LEAST[name]} or more, not {given[name]}.")
            elif given[name]:
                numbers[name] = int(given[name])
        config = Config(**texts, **numbers).with_secret()  # type: ignore[arg-type]
        return config, [*reasons, *config.reasons()]

    def with_secret(self) -> "Config":
        """Takes the secret from the file where none is set. Outside production, where there is no file either, makes
        one for this process only; after a restart people must reload their forms."""
        secret = self.SECRET_KEY
        if not secret:
            with suppress(OSError, UnicodeError):
                secret = Path(self.SECRET_KEY_FILE).read_text(encoding="utf-8").strip()
        if not secret and self.TRACKER_ENV != "production":
            secret = secrets.token_urlsafe(32)
        return replace(self, SECRET_KEY=secret)

    def reasons(self) -> list[str]:
        """Returns what is wrong or, in production, unsafe. Files and database are checked when the process starts."""
        reasons = self._unsafe() if self.TRACKER_ENV == "production" else []
        if self.TRACKER_ENV not in ENVIRONMENTS:
            reasons.append(f"TRACKER_ENV must be one of {', '.join(ENVIRONMENTS)}.")
        if not re.fullmatch("[A-Z]{3}", self.STATE):
            reasons.append(
                "STATE must be the ISO 3166 code of a State in three capital letters, for example KGZ."
            )
        if self.TRACKER_ENV != "testing" and self.CLOCK_SHIFT_DAYS:
            reasons.append("CLOCK_SHIFT_DAYS is for tests only.")
        if not re.match("(sqlite|postgres|postgresql)://", self.DATABASE_URL):
            reasons.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        elif not _is_database_url(self.DATABASE_URL):
            reasons.append(
                "DATABASE_URL cannot be read: postgresql://user:pass@host:port/name, a port is a number."
            )
        if not re.fullmatch(r"https?://[^/?#\s]+", self.BASE_URL) or not _host_of(self.BASE_URL):
            reasons.append("BASE_URL must be https:// (or http:// on this machine) and the host, no more.")
        if not re.fullmatch(r"https://[^/?#\s;,']+(/[^\s]*)?", self.LEAVE_URL):
            reasons.append("LEAVE_URL must be an address of another site that begins with https://.")
        if not _is_mail_url(self.MAIL_URL):
            reasons.append("MAIL_URL must begin with smtp://, smtps:// or file:///; a port is a number.")
        if not re.fullmatch(r"[^\r\n]*[^\s@<>]+@[^\s@<>]+>?", self.MAIL_FROM):
            reasons.append("MAIL_FROM must hold an address, for example: UPR follow-up <upr@example.org>.")
        elif len(getaddresses([self.MAIL_FROM])) != 1 or "@" not in getaddresses([self.MAIL_FROM])[0][1]:
            reasons.append(
                'MAIL_FROM must hold one address; a name with a comma stands in quotes: "A, B" <upr@example.org>.'
            )
        if self.languages[0] != "en" or len({*self.languages} & {*LANGUAGES}) < len(self.languages):
            reasons.append(
                f"LANGUAGES must be codes with commas, each once, en first, of these: {','.join(LANGUAGES)}."
            )
        if self.TIMEZONE not in available_timezones():
            reasons.append("TIMEZONE must be a name such as Asia/Bishkek.")
        if self.BACKUP_PUBLIC_KEY.startswith("upr-backup-public-"):
            reasons.append(
                "BACKUP_PUBLIC_KEY is of an older version: make a new pair with “flask make-backup-keys” and set what "
                "it prints. Keep the old private key file: it still opens the older backups."
            )
        elif not re.fullmatch("(age1[02-9ac-hj-np-z]{58})?", self.BACKUP_PUBLIC_KEY):
            reasons.append("BACKUP_PUBLIC_KEY must be what “flask make-backup-keys” printed for it.")
        return reasons

    def _unsafe(self) -> list[str]:
        """Returns lines without any secret, because they end in logs."""
        reasons = []
        if fault := self._fault_of_secret():
            reasons.append(self._mend_secret(fault))
        if os.environ.get("FLASK_DEBUG", "").strip().casefold() not in ("", "0", "false", "no"):
            reasons.append(
                "FLASK_DEBUG is on, which shows the inside to visitors: unset it, and leave out --debug."
            )
        if self.BASE_URL.startswith("http://") and not self.is_loopback(
            urlsplit(self.BASE_URL).hostname or ""
        ):
            reasons.append("BASE_URL must begin with https://: passphrases would travel in clear.")
        return reasons

    def _fault_of_secret(self) -> str:
        if not self.SECRET_KEY:
            return "is empty, or not for this user to read"
        if len(self.SECRET_KEY) < SECRET_CHARACTERS:
            return f"is shorter than {SECRET_CHARACTERS} characters"
        if len(set(self.SECRET_KEY)) < SECRET_VARIETY or KNOWN_SECRETS.search(self.SECRET_KEY.casefold()):
            return "is an example that others know, or too simple"
        return ""

    def _mend_secret(self, fault: str) -> str:
        """Says first to remove a bad secret: the variable wins over the file, and the command replaces no file."""
        make_one = "“flask make-key --first” makes one in SECRET_KEY_FILE."
        if os.environ.get("SECRET_KEY", "").strip():
            return f"SECRET_KEY {fault}: unset it, {make_one}"
        if os.path.lexists(self.SECRET_KEY_FILE):
            return f"The secret in {self.SECRET_KEY_FILE} {fault}: move the file away, {make_one}"
        return f"SECRET_KEY is missing: {make_one}"


def _host_of(url: str) -> str:
    """Returns the host; an empty text where there is none or the URL cannot be read."""
    with suppress(ValueError):
        host = urlsplit(url).hostname or ""
        host.encode("idna")
        return host
    return ""


def _is_database_url(url: str) -> bool:
    try:
        port = make_url(url).port
    except (ValueError, ArgumentError):
        return False
    return port is None or 0 < port <= 65535


def _is_mail_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_port_fine = parts.port != 0
    except ValueError:
        return False
    if parts.scheme == "file":  # file://var/mail would be the folder /mail of the host "var"
        return parts.netloc == "" and parts.path.startswith("/")
    return parts.scheme in ("smtp", "smtps") and is_port_fine and bool(parts.hostname)


_NUMBERS = (
    "TRUSTED_PROXIES",
    "WEB_PROCESSES",
    "FORM_MAX_KILOBYTES",
    "UPLOAD_MAX_MEGABYTES",
    "EVIDENCE_QUOTA_MEGABYTES",
    "IMPORT_MAX_ROWS",
    "CLOCK_SHIFT_DAYS",
)
_LEAST = {
    "TRUSTED_PROXIES": 0,
    "WEB_PROCESSES": 0,
    "FORM_MAX_KILOBYTES": 1,
    "UPLOAD_MAX_MEGABYTES": 1,
    "EVIDENCE_QUOTA_MEGABYTES": 1,
    "IMPORT_MAX_ROWS": 1,
}
