"""The first start of a real instance, as `make run DEMO=0` does it, and the second one."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from tests.cast import read_account
from tests.cli.refusals import Run
from tests.cli.test_serve import answers
from tests.databases import open_database
from tests.jobs.processes import command, environment, running, stop, wait_until
from tests.servers import free_port
from tests.stories.pages import ask
from tracker.database import Database
from tracker.identity.passphrases import is_passphrase
from tracker.keys import read_keys
from tracker.models.accounts import Account

pytestmark = pytest.mark.uncounted

HANDLES = {"administrator": "calm-river", "coordinator": "tall-pine", "registrar": "blue-stone"}
STEPS = (["make-key", "--first"], ["db", "upgrade"], ["seed"])


@pytest.fixture
def settings(url: str, kind: str, tmp_path: Path) -> dict[str, str]:
    port = free_port()
    return {
        "TRACKER_ENV": "production",
        "SECRET_KEY": "",
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'tracker.sqlite3'}" if kind == "sqlite" else url,
        "MAIL_URL": f"file://{tmp_path / 'var' / 'mail'}",
        "SECRET_KEY_FILE": str(tmp_path / "var" / "secret-key"),
        "KEY_DIR": str(tmp_path / "var" / "keys"),
        "STORAGE_DIR": str(tmp_path / "var" / "storage"),
        "DEMO_ACCOUNTS_FILE": str(tmp_path / "var" / "demo-accounts.json"),
    }


def run(settings: dict[str, str], *steps: list[str]) -> list[str]:
    """What each command says, which must not fail."""
    said = []
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, env=environment(**settings), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    return said


def serve(settings: dict[str, str], log: Path) -> list[str]:
    """Starts, answers and ends; gives what it said."""
    with running([command("serve")], log, **settings) as [process]:
        wait_until(
            lambda: answers(int(settings["PORT"]), "/") == 200, 120, "the home page did not answer", log
        )
        wait_until(lambda: "schedule started" in log.read_text(), 120, "no scheduler started", log)
        assert stop(process) == 0
    return log.read_text().splitlines()


@pytest.mark.parametrize("filled", ["empty"])
@pytest.mark.parametrize(
    "kind", ["sqlite"]
)  # as `make run DEMO=0` starts; its commands run on both elsewhere
def test_the_first_start_leads_to_the_first_accounts_and_the_second_keeps_all(
    settings: dict[str, str], tmp_path: Path
) -> None:
    # Given a machine with nothing of an instance, when it is started the first time
    run(settings, *(command(*step) for step in STEPS))
    lines = serve(settings, tmp_path / "first")
    # Then what it wrote is its owner's alone
    files = [path for path in (tmp_path / "var").glob("**/*") if path.is_file()]
    assert {"secret-key", "1.key", "tracker.sqlite3"} <= {path.name for path in files}
    assert not [path for path in [*files, tmp_path / "var" / "keys"] if path.stat().st_mode & 0o077]
    # And it says what to type for whom
    typed = [line.strip() for line in lines if line.startswith("  ") and "--app tracker.app create-" in line]
    assert len(typed) == 4
    for role in ("Administrator: accounts", "Coordinator: invites", "Registrar: admits independent"):
        assert any(line.strip().startswith(role) for line in lines)
    # When exactly that is typed, with handles of one's own
    elsewhere = {**settings, "TRACKER_ENV": ""}  # another terminal, which does not know what make set
    handles = iter(HANDLES.values())
    passphrases = []
    for line in typed:
        done = line.replace("HANDLE", next(handles)) if "HANDLE" in line else line
        assert done.startswith("TRACKER_ENV=production ")
        [said] = run(elsewhere, ["/bin/sh", "-c", done])
        passphrases += [said.strip().rpartition(" ")[2]] if "passphrase" in said else []
    # And what it says about the rest
    [line] = [line for line in lines if line.startswith("What else is missing: ")]
    asked = line.removeprefix("What else is missing: ")
    assert "ok    settings: production" in run(elsewhere, ["/bin/sh", "-c", asked])[0]
    # Then the three are there, each with the passphrase that was shown
    database = database_of(settings)
    found = ask(database, "SELECT role, handle FROM accounts JOIN account_roles ON id = account_id")
    assert dict(tuple(row) for row in found) == HANDLES
    with database.reading() as session:
        for handle, passphrase in zip(HANDLES.values(), passphrases, strict=True):
            account = session.scalars(select(Account).where(Account.handle == handle)).one()
            assert is_passphrase(passphrase, account.passphrase_hash)
    # When it is started again
    before = {
        path: path.read_bytes() for path in sorted((tmp_path / "var").glob("**/*key*")) if path.is_file()
    }
    assert len(before) == 2
    first, _, seeded = run(settings, *(command(*step) for step in STEPS))
    lines = serve(settings, tmp_path / "second")
    # Then nothing was made anew or changed, and it asks for nobody any more
    assert (first, seeded) == ("", "Reference data: 0 added, 0 changed, 0 removed.\n")
    assert {path: path.read_bytes() for path in before} == before
    assert ask(database, "SELECT count(*) FROM accounts")[0][0] == 3
    assert not [line for line in lines if "create-" in line]
    database.dispose()


def test_the_commands_named_are_short_where_an_organisation_of_the_state_is_there(
    settings: dict[str, str], url: str, tmp_path: Path
) -> None:
    settings |= {"TRACKER_ENV": "testing", "DATABASE_URL": url}
    database = open_database(url)
    with database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM account_roles WHERE role = 'coordinator'")
    database.dispose()
    lines = serve(settings, tmp_path / "log")
    assert not [line for line in lines if "create-organisation" in line or "create-administrator" in line]
    [line] = [line for line in lines if "create-account" in line]
    assert line.endswith("create-account HANDLE --role coordinator --organisation ministry-a")


@pytest.mark.parametrize(
    ("arguments", "role", "key"),
    [
        (("create-administrator", "new"), "administrator", None),
        (("create-registrar", "new"), "registrar", None),
        (("create-registrar", "new", "--organisation", "ombudsperson"), "registrar", "ombudsperson"),
    ],
)
def test_first_accounts_are_made_and_their_passphrase_is_shown_once(
    run: Run, database: Database, arguments: tuple[str, ...], role: str, key: str | None
) -> None:
    made = run(*arguments)
    assert made.exit_code == 0, made.output
    passphrase = made.stdout.strip().rpartition(" ")[2]
    with database.reading() as session:
        account = read_account(session, "new")
        assert [held.role for held in account.roles] == [role]
        assert (account.organisation.key if account.organisation else None) == key
        assert is_passphrase(passphrase, account.passphrase_hash)


def database_of(settings: dict[str, str]) -> Database:
    return Database(settings["DATABASE_URL"], read_keys(Path(settings["KEY_DIR"])))
