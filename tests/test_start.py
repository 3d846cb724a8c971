"""What production does not start with (T-H19), through the processes that an operator starts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import ROOT
from tests.databases import Templates
from tests.jobs.processes import command
from tests.programs import LONGEST
from tests.servers import free_port
from tracker.app import SERVER_GIVES_UP, create_server
from tracker.database import Database
from tracker.keys import make_key
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.safety import database_file

pytestmark = pytest.mark.uncounted

SECRET = "fq0Zr3tUe8Wc1vXn5Lk7Jh2Gd9Sa4Pob"
GUNICORN = [sys.executable, "-m", "gunicorn", "--log-level", "error"]
Environment = dict[str, str]


@pytest.fixture
def safe(url: str, tmp_path: Path) -> Environment:
    """A production that starts."""
    make_key(tmp_path / "keys")
    return {
        "TRACKER_ENV": "production",
        "SECRET_KEY": SECRET,
        "BASE_URL": "https://follow-up.example.org",
        "DATABASE_URL": url,
        "KEY_DIR": str(tmp_path / "keys"),
        "STORAGE_DIR": str(tmp_path / "storage"),
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "SECRET_KEY_FILE": str(tmp_path / "secret-key"),
        "DEMO_ACCOUNTS_FILE": str(tmp_path / "demo-accounts.json"),
    }


@pytest.fixture
def umask() -> Iterator[None]:
    """A server keeps its files to itself, which the tests after this one are not asked to."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def run(arguments: list[str], environment: Environment) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


def unset_secret(environment: Environment, _folder: Path) -> None:
    environment["SECRET_KEY"] = ""


def known_secret(environment: Environment, _folder: Path) -> None:
    environment["SECRET_KEY"] = "change-me-change-me-change-me-change-me"


def debug(environment: Environment, _folder: Path) -> None:
    environment["FLASK_DEBUG"] = "1"


def clear_address(environment: Environment, _folder: Path) -> None:
    environment["BASE_URL"] = "http://follow-up.example.org"


def no_key_folder(environment: Environment, folder: Path) -> None:
    environment["KEY_DIR"] = str(folder / "nowhere")


def damaged_key(_environment: Environment, folder: Path) -> None:
    (folder / "keys" / "1.key").write_text("abc")


def open_key_folder(_environment: Environment, folder: Path) -> None:
    (folder / "keys").chmod(0o750)


def open_key(_environment: Environment, folder: Path) -> None:
    (folder / "keys" / "1.key").chmod(0o604)


def open_secret(_environment: Environment, folder: Path) -> None:
    (folder / "secret-key").write_text(SECRET)
    (folder / "secret-key").chmod(0o640)


def open_accounts(_environment: Environment, folder: Path) -> None:
    (folder / "demo-accounts.json").write_text("[]")
    (folder / "demo-accounts.json").chmod(0o644)


def keys_in_backups(environment: Environment, folder: Path) -> None:
    environment["STORAGE_DIR"] = str(folder)


def demonstration(environment: Environment, _folder: Path) -> None:
    database = Database(environment["DATABASE_URL"])
    with database.transaction() as session:
        session.add(Setting(name=DEMONSTRATION, value="2026-11-22"))
    database.dispose()


UNSAFE: dict[Callable[[Environment, Path], None], str] = {
    unset_secret: "SECRET_KEY is missing: “flask make-key --first” makes one",
    known_secret: "SECRET_KEY is an example that others know, or too simple: unset it, “flask make-key --first”",
    debug: "FLASK_DEBUG is on, which shows the inside to visitors: unset it",
    clear_address: "BASE_URL must begin with https://",
    no_key_folder: "nowhere holds no key. “flask make-key --first” makes one",
    damaged_key: "1.key cannot be read as a key. Put your copy of it there.",
    open_key_folder: "/keys is open to other users of this machine: chmod 700 ",
    open_key: "/keys/1.key is open to other users of this machine: chmod 600 ",
    open_secret: "/secret-key is open to other users of this machine: chmod 600 ",
    open_accounts: "/demo-accounts.json is open to other users of this machine: chmod 600 ",
    keys_in_backups: "lies in STORAGE_DIR, which backups take: move it and set KEY_DIR.",
    demonstration: "This database holds the demonstration: its accounts are no secret. Set DATABASE_URL",
}


@pytest.mark.parametrize("make_unsafe", UNSAFE, ids=lambda each: each.__name__)
def test_a_production_that_is_unsafe_does_not_start_and_says_what_to_do_in_one_line(
    safe: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    umask: None,
    make_unsafe: Callable[[Environment, Path], None],
) -> None:
    # Given a production that starts
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    start(safe, monkeypatch)
    # When one thing of it is unsafe
    make_unsafe(safe, tmp_path)
    # Then it does not start; and outside production, where nobody is in danger, it does
    with pytest.raises(SystemExit) as refused:
        start(safe, monkeypatch)
    assert refused.value.code == SERVER_GIVES_UP
    [line] = capsys.readouterr().err.splitlines()
    assert UNSAFE[make_unsafe] in line
    if make_unsafe is not damaged_key:
        start({**safe, "TRACKER_ENV": "development"}, monkeypatch)


def start(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    create_server().extensions["database"].dispose()


def rename(url: str, before: str, after: str, templates: Templates) -> None:
    """A database is put away and back; `before` and `after` end its name."""
    file = database_file(url)
    if file:
        Path(f"{file}{before}").rename(f"{file}{after}")
    else:
        name = url.rpartition("/")[2]
        templates.server().execute(f"ALTER DATABASE {name}{before} RENAME TO {name}{after}")


@pytest.mark.database
def test_a_demonstration_that_could_not_be_asked_for_at_the_start_is_never_served(
    safe: Environment,
    tmp_path: Path,
    templates: Templates,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    umask: None,
) -> None:
    # Given a production that started while its database was away
    demonstration(safe, tmp_path)
    for name, text in safe.items():
        monkeypatch.setenv(name, text)
    url = safe["DATABASE_URL"]
    rename(url, "", "_away", templates)
    app = create_server()
    visitor = app.test_client()
    assert visitor.get("/", base_url=safe["BASE_URL"]).status_code == 503
    # When it comes back, and holds the demonstration
    app.extensions["database"].dispose()  # what SQLite makes where no file is would hide the one that comes
    rename(url, "_away", "", templates)
    # Then nobody is served, however often they come, and the log says why
    for _ in range(2):
        assert visitor.get("/", base_url=safe["BASE_URL"]).status_code == 503
    assert f"database unavailable: {UNSAFE[demonstration]}" in caplog.text
    # When it is another database
    database = Database(url)
    with database.transaction() as session:
        session.delete(session.get_one(Setting, DEMONSTRATION))
    # Then all goes on; and as after a start that could ask, nobody asks again
    assert visitor.get("/", base_url=safe["BASE_URL"]).status_code == 200
    demonstration(safe, tmp_path)
    assert visitor.get("/", base_url=safe["BASE_URL"]).status_code == 200
    for each in (database, app.extensions["database"]):
        each.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_database_that_others_read_keeps_production_from_starting(
    safe: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], umask: None
) -> None:
    file = database_file(safe["DATABASE_URL"])
    assert file
    file.chmod(0o644)
    with pytest.raises(SystemExit):
        start(safe, monkeypatch)
    [line] = capsys.readouterr().err.splitlines()
    assert line == f"{file} is open to other users of this machine: chmod 600 {file}"
    file.chmod(0o600)
    start(safe, monkeypatch)


SERVER = [*GUNICORN, "--bind", "127.0.0.1:PORT", "tracker.app:create_server()"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (SERVER, SERVER_GIVES_UP),
        (command("schedule"), 2),
        (command("serve"), 2),
        (command("create-account", "x", "--role", "focal_point", "--organisation", "ministry-a"), 2),
        (command("db", "upgrade"), 2),
        (command("run"), 2),
    ],
    ids=["gunicorn", "schedule", "serve", "create-account", "db upgrade", "flask run"],
)
def test_every_process_says_all_reasons_at_once_and_ends(
    safe: Environment, tmp_path: Path, arguments: list[str], status: int
) -> None:
    """The web server too: it does not start one worker after the other that cannot start."""
    for make_unsafe in (known_secret, debug, clear_address, open_key, demonstration):
        make_unsafe(safe, tmp_path)
    found = run([each.replace("PORT", str(free_port())) for each in arguments], safe)
    assert (found.returncode, found.stdout) == (status, "")
    lines = [line for line in found.stderr.splitlines() if "[ERROR]" not in line]  # gunicorn's own
    assert len(lines) == 5, found.stderr
    for line, name in zip(lines, (known_secret, debug, clear_address, open_key, demonstration), strict=True):
        assert UNSAFE[name] in line
    assert "Traceback" not in found.stderr
    assert "change-me" not in found.stderr


def test_make_key_and_doctor_work_where_nothing_else_starts(safe: Environment, tmp_path: Path) -> None:
    # Given a new production, without secret and key
    safe |= {"SECRET_KEY": "", "KEY_DIR": str(tmp_path / "new" / "keys"), "TIMEZONE": "Asia/Nowhere"}
    # When the operator asks what is missing
    found = run(command("doctor"), safe)
    # Then each reason stands on a line of its own
    assert found.returncode == 2, found.stderr
    for reason in ("SECRET_KEY is missing", "TIMEZONE must be", "holds no key. “flask make-key --first”"):
        assert reason in found.stdout
    # When what it says is done
    made = run(command("make-key", "--first"), safe)
    assert made.returncode == 0, made.stderr
    assert f"{tmp_path / 'new' / 'keys' / '1.key'} made." in made.stdout
    # Then only the rest is left
    found = run(command("doctor"), safe)
    assert "SECRET_KEY" not in found.stdout
    assert "ok    keys and file modes" in found.stdout
    assert "do    settings: TIMEZONE must be a name such as Asia/Bishkek." in found.stdout


@pytest.mark.parametrize("kind", ["sqlite"])
def test_doctor_works_with_an_address_of_a_database_that_cannot_be_read(safe: Environment) -> None:
    safe["DATABASE_URL"] = "postgresql://tracker@localhost:abc/tracker"
    found = run(command("doctor"), safe)
    assert (found.returncode, found.stderr) == (2, "")
    assert "do    settings: DATABASE_URL cannot be read: " in found.stdout
    assert "do    database: it cannot be used: " in found.stdout


@pytest.mark.parametrize("kind", ["sqlite"])
def test_asking_makes_no_database(safe: Environment, tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite3"
    safe["DATABASE_URL"] = f"sqlite:///{file}"
    found = run(command("doctor"), safe)
    assert f"do    database: {file} is not there yet. Type: " in found.stdout
    assert run(command("job", "--list"), safe).returncode == 0
    assert not file.exists()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_production_without_https_does_not_listen_to_the_network(safe: Environment) -> None:
    safe |= {"BASE_URL": "http://127.0.0.1:8000", "HOST": "0.0.0.0"}
    found = run(command("serve"), safe)
    assert (found.returncode, found.stdout) == (2, "")
    [line] = found.stderr.splitlines()
    assert line.startswith(
        "HOST 0.0.0.0 listens to the network, where passphrases would travel in clear: set"
    )
