"""The settings, read from the environment and nowhere else. Values are passed in; `tracker.app` alone imports this."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

ROOT = Path(__file__).parent
ENVIRONMENTS = ("development", "production", "testing")


class Refused(Exception):
    """The settings are not safe to start with: one line each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Config:
    """Every setting with its default; the names are those of the environment (docs/settings.md)."""

    TRACKER_ENV: str = "development"
    DATABASE_URL: str = f"sqlite:///{ROOT / 'var' / 'tracker.sqlite3'}"
    SECRET_KEY: str = ""
    BASE_URL: str = "http://127.0.0.1:8000"
    MAIL_URL: str = f"file://{ROOT / 'var' / 'mail'}"
    LEAVE_URL: str = "https://www.wikipedia.org/"
    MAIL_FROM: str = "UPR follow-up <upr-follow-up@localhost>"
    TIMEZONE: str = "Asia/Bishkek"
    TRUSTED_PROXIES: int = 0
    FORM_MAX_KILOBYTES: int = 1024
    CLOCK_SHIFT_DAYS: int = 0
    LANGUAGE: str = "en"
    DEMO_ACCOUNTS_FILE: str = str(ROOT / "var" / "demo-accounts.json")
    SEED_DIR: str = str(ROOT / "seed")
    KEY_DIR: str = str(ROOT / "var" / "keys")
    STORAGE_DIR: str = str(ROOT / "var" / "storage")
    UPLOAD_MAX_MEGABYTES: int = 10
    BACKUP_PUBLIC_KEY: str = ""

    @property
    def is_https(self) -> bool:
        return urlsplit(self.BASE_URL).scheme == "https"

    @staticmethod
    def from_environment() -> "Config":
        """Reads what is set; an empty variable counts as not set."""
        texts = {
            name: value
            for name in Config.__dataclass_fields__
            if name not in _NUMBERS and (value := os.environ.get(name, "").strip())
        }
        if "BASE_URL" in texts:
            texts["BASE_URL"] = texts["BASE_URL"].rstrip("/")
        numbers = {}
        for name in _NUMBERS:
            value = os.environ.get(name, "").strip()
            if value and not re.fullmatch("-?[0-9]+", value):
                raise Refused([f"{name} must be a whole number, not {value!r}."])
            if value:
                numbers[name] = int(value)
        config = Config(**texts, **numbers)  # type: ignore[arg-type]
        config.check()
        return config if config.SECRET_KEY else config.with_secret()

    def with_secret(self) -> "Config":
        """A secret for this start only: outside production that is enough, forms must be reloaded after it."""
        return Config(**{**self.__dict__, "SECRET_KEY": secrets.token_urlsafe(32)})

    def check(self) -> None:
        """Refuses what is unsafe in production; the database is checked for demonstration accounts at start."""
        reasons = []
        if self.TRACKER_ENV not in ENVIRONMENTS:
            reasons.append(f"TRACKER_ENV must be one of {', '.join(ENVIRONMENTS)}.")
        if self.TRACKER_ENV == "production" and len(self.SECRET_KEY) < 32:
            reasons.append("SECRET_KEY is missing or shorter than 32 characters.")
        if self.TRACKER_ENV != "testing" and self.CLOCK_SHIFT_DAYS:
            reasons.append("CLOCK_SHIFT_DAYS is for tests only.")
        if not re.fullmatch(r"https?://[^/?#\s]+", self.BASE_URL):
            reasons.append("BASE_URL must be https:// (or http:// on this machine) and the host, no more.")
        if not re.fullmatch(r"https://[^/?#\s;,']+(/[^\s]*)?", self.LEAVE_URL):
            reasons.append("LEAVE_URL must be an address of another site that begins with https://.")
        if not _is_mail_url(self.MAIL_URL):
            reasons.append("MAIL_URL must begin with smtp://, smtps:// or file:///; a port is a number.")
        if not re.fullmatch(r"[^\r\n]*[^\s@<>]+@[^\s@<>]+>?", self.MAIL_FROM):
            reasons.append("MAIL_FROM must hold an address, for example: UPR follow-up <upr@example.org>.")
        if self.TIMEZONE not in available_timezones():
            reasons.append("TIMEZONE must be a name such as Asia/Bishkek.")
        if not re.fullmatch("(upr-backup-public-[0-9a-f]{64})?", self.BACKUP_PUBLIC_KEY):
            reasons.append("BACKUP_PUBLIC_KEY must be what “flask make-backup-keys” printed for it.")
        if reasons:
            raise Refused(reasons)


def _is_mail_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_port_fine = parts.port != 0
    except ValueError:
        return False
    if parts.scheme == "file":  # file://var/mail would be the folder /mail of the host "var"
        return parts.netloc == "" and parts.path.startswith("/")
    return parts.scheme in ("smtp", "smtps") and is_port_fine and bool(parts.hostname)


_NUMBERS = ("TRUSTED_PROXIES", "FORM_MAX_KILOBYTES", "UPLOAD_MAX_MEGABYTES", "CLOCK_SHIFT_DAYS")
