"""The product as it is shipped (`flask serve` in production) on loopback, and a browser of a few lines to visit it."""

import secrets
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlencode

from sqlalchemy import update

from bench.client import fields_of
from bench.processes import GUNICORN
from tests.cast import PASSPHRASE
from tests.databases import open_database
from tests.jobs.processes import command, running, wait_until
from tests.second_factor import next_code
from tests.servers import free_port
from tracker.database import Database
from tracker.identity.passphrases import STRONG, hash_passphrase
from tracker.models.accounts import Account
from tracker.serve import web

START_SECONDS = 120
WARM_PAGES = ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/sign-in")


@dataclass(frozen=True)
class ServedAnswer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Browser:
    """A visitor: keeps its cookies, not its connections."""

    port: int
    source: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """What all its requests took."""

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str) -> ServedAnswer:
        return self._send("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> ServedAnswer:
        return self._send("POST", path, urlencode(fields))

    def form(self, page: str) -> dict[str, str]:
        """The hidden fields of the form whose address is that of its page."""
        return self.form_of(page, page)

    def form_of(self, page: str, action: str) -> dict[str, str]:
        """Those of another form of a page."""
        return fields_of(self.get(page).text, action)

    def try_passphrase(self, handle: str, passphrase: str) -> ServedAnswer:
        return self.post("/sign-in", {**self.form("/sign-in"), "handle": handle, "passphrase": passphrase})

    def sign_in(self, handle: str, database: Database) -> None:
        """With the passphrase of the cast, and the code where one is asked for."""
        answer = self.try_passphrase(handle, PASSPHRASE)
        if dict(answer.headers).get("Location") == "/sign-in/code":
            code = next_code(database, handle)
            answer = self.post("/sign-in/code", {**self.form("/sign-in/code"), "code": code})
        assert answer.status == 303, (handle, answer.status)

    def _send(self, method: str, path: str, body: str | None) -> ServedAnswer:
        host = "::1" if ":" in self.source else "127.0.0.1"
        connection = HTTPConnection(host, self.port, timeout=120, source_address=(self.source, 0))
        headers = {"Cookie": self.cookie} if self.cookies else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        seconds = time.perf_counter() - begun
        self.seconds += seconds
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        found = [
            (name.title(), value) for name, value in answer.getheaders()
        ]  # the server writes small letters
        return ServedAnswer(answer.status, found, content, seconds)


@dataclass(frozen=True)
class Served:
    """Where it is served, the processes behind it, what they say, and its database."""

    port: int
    process: Popen[bytes]
    log: Path
    database: Database
    settings: dict[str, object]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self, source: str = "127.0.0.1") -> Browser:
        return Browser(self.port, source)

    def check_log(self) -> None:
        """Nothing broke inside, whatever was answered."""
        said = self.log.read_text()
        assert "Traceback" not in said, said[-3000:]
        assert "unexpected" not in said, said[-3000:]


@contextmanager
def serve(url: str, folder: Path, **settings: object) -> Iterator[Served]:
    """`flask serve` on the database at `url`, up to its first answer."""
    port, log = free_port(), folder / "log"
    given = production(url, folder, port) | settings
    database = open_database(url, folder / "storage")
    try:
        with running([command("serve")], log, **given) as [process]:
            found = Served(port, process, log, database, given)
            wait_until(lambda: _answers(found.browser()), START_SECONDS, "the home page did not answer", log)
            yield found
    finally:
        database.dispose()


@contextmanager
def serve_ipv6(site: Served) -> Iterator[int]:
    """A second server of the same instance, on the port of ::1 that it gives."""
    port, log = free_port(), site.log.with_name("log-ipv6")
    with running([(*GUNICORN, *web(f"[::1]:{port}", 1))], log, **site.settings):
        there = Browser(port, "::1")
        wait_until(lambda: _answers(there), START_SECONDS, "nobody answers at ::1", log)
        yield port


def production(url: str, folder: Path, port: int) -> dict[str, object]:
    """The settings of an instance that whoever runs it would have."""
    return {
        "TRACKER_ENV": "production",
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_hex(32),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": port,
        "MAIL_URL": f"file://{folder / 'mail'}",
        "STORAGE_DIR": folder / "storage",
        "DEMO_ACCOUNTS_FILE": folder / "demo-accounts.json",
    }


def give_strong_hashes(database: Database) -> None:
    """The cast's passphrase with the cost of production, for everybody."""
    with database.transaction() as session:
        session.execute(update(Account).values(passphrase_hash=hash_passphrase(PASSPHRASE, STRONG)))


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _answers(browser: Browser) -> bool:
    try:
        return browser.get("/").status == 200
    except OSError:
        return False
