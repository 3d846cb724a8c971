"""A running instance for a browser: a copied database, known passphrases, a server on a free loopback port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from config import Config
from tests.cast import PASSPHRASE
from tests.databases import KEY_FOLDER
from tests.second_factor import next_code
from tests.servers import free_port
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.identity.passphrases import CHEAP, hash_passphrase
from tracker.mail.outbox import MOST_ATTEMPTS
from tracker.models.accounts import Account
from tracker.models.reminders import OutgoingMail
from tracker.services.reminders import remind_of_milestones

CHROMIUM, SHELL = "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"
SHELL = SHELL if Path(SHELL).exists() else CHROMIUM
"""Both are Debian's. The shell has no window of its own and takes two thirds of the time."""
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
MID_TERM = date(2026, 12, 8)
PHONE = ViewportSize(width=360, height=780)
DESK = ViewportSize(width=1120, height=900)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name of the parent
        """A test prints nothing of its visitors, as the application does."""


@dataclass(frozen=True)
class BrowsedSite:
    """Where it is served, and its database for what only a test needs to know."""

    address: str
    database: Database
    app: Flask

    def open(self, page: Page, path: str) -> int:
        """Loads a page and gives its status."""
        answer = page.goto(self.address + path)
        assert answer is not None, path
        return answer.status

    def sign_in(self, page: Page, handle: str) -> None:
        self.open(page, "/sign-in")
        page.get_by_label("Username").fill(handle)
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        page.locator("main").get_by_role("button", name="Sign in").click()
        if self.has_second_factor(handle):
            page.get_by_label("Code").fill(next_code(self.database, handle))
            page.locator("main").get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", level=1, name="Your work")).to_be_visible()

    def has_second_factor(self, handle: str) -> bool:
        with self.database.reading() as session:
            return (
                session.scalars(select(Account).where(Account.handle == handle)).one().totp_secret is not None
            )


def queue_reminders(database: Database) -> None:
    """The reminders of a day, the first of them given up: otherwise nobody would see their page filled."""
    with database.transaction() as session:
        assert remind_of_milestones(session, MID_TERM, clock.now(), "http://localhost") > 1
        first = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
        assert first is not None
        first.attempts, first.last_error = MOST_ATTEMPTS, "ConnectionRefusedError"


@contextmanager
def serve(url: str, folder: Path) -> Iterator[BrowsedSite]:
    """Serves the database at `url`; every account of it opens with the passphrase of the cast."""
    port = free_port()
    config = Config(
        TRACKER_ENV="testing",
        DATABASE_URL=url,
        SECRET_KEY="for-tests-only-" * 3,
        BASE_URL=f"http://127.0.0.1:{port}",
        MAIL_URL=f"file://{folder / 'mail'}",
        DEMO_ACCOUNTS_FILE=str(folder / "demo-accounts.json"),
        KEY_DIR=str(KEY_FOLDER),
        STORAGE_DIR=str(folder / "storage"),
    )
    app = create_app(config)
    database: Database = app.extensions["database"]
    with database.transaction() as session:
        session.execute(update(Account).values(passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP)))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield BrowsedSite(config.BASE_URL, database, app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.dispose()
