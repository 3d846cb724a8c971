"""flask doctor: a line a check, `ok` or what to do, and a status that a machine understands."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from config import Config
from tests.cast import NOW, read_account
from tests.mail.post_office import post_office
from tests.servers import free_port
from tests.stories.pages import ask, tell
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.keys import make_key
from tracker.models.accounts import Invitation, InvitationKind
from tracker.models.settings import JobRun

pytestmark = pytest.mark.database

CHECKS = [
    "settings",
    "keys and file modes",
    "database",
    "keys fit the database",
    "reference data",
    "first accounts",
    "scheduler",
    "clock",
    "mail",
    "evidence files",
    "restores",
    "free disk space",
]


def note_run(database: Database, ago: timedelta) -> None:
    with database.transaction() as session:
        moment = clock.now() - ago
        session.add(JobRun(name="remind_of_milestones", started_at=moment, ended_at=moment))


@pytest.fixture
def at_work(database: Database) -> Database:
    """An instance whose scheduler runs."""
    note_run(database, timedelta(hours=1))
    return database


def examine(config: Config) -> Result:
    app = create_app(config)
    try:
        return app.test_cli_runner().invoke(args=["doctor"])
    finally:
        app.extensions["database"].dispose()


def to_do(result: Result) -> list[str]:
    """What is to be done; the status says so, too."""
    assert "Traceback" not in result.output
    found = [line.removeprefix("do    ") for line in result.stdout.splitlines() if line.startswith("do ")]
    assert result.exit_code == (2 if found else 0), result.output
    return found


def test_when_all_is_well_each_check_says_so(config: Config, at_work: Database) -> None:
    result = examine(config)
    assert to_do(result) == []
    well = [line[len("ok    ") :].partition(":")[0] for line in result.stdout.splitlines()]
    warned = [line.split()[1] for line in result.stdout.splitlines() if not line.startswith("ok ")]
    assert warned in (["mail:"], ["mail:", "swap:"])
    assert well[: len(CHECKS)] == CHECKS
    assert not Path(config.STORAGE_DIR).exists(), "it only looks"
    assert not Path(config.MAIL_URL.removeprefix("file://")).exists()


@pytest.mark.parametrize("filled", ["empty"])
def test_a_new_database_is_told_its_first_steps(config: Config, database: Database) -> None:
    said = " ".join(to_do(examine(config)))
    assert "reference data: the letter and the vocabularies are not there. Type: " in said
    assert "create-administrator HANDLE" in said
    assert "--kind government --key secretariat; then: " in said
    assert "create-account HANDLE --role coordinator --organisation secretariat" in said
    assert "scheduler: nothing ran in the last day" in said


def test_a_registrar_is_neither_told_nor_missed(config: Config, at_work: Database) -> None:
    """What the operator reads ends in logs and letters, and shall not tell whether somebody independent is there."""
    before = examine(config).stdout
    tell(at_work, "DELETE FROM account_roles WHERE role IN ('registrar', 'contributor', 'organisation_lead')")
    assert examine(config).stdout == before


@pytest.mark.parametrize("role", ["administrator", "coordinator"])
def test_who_ended_is_no_first_account(config: Config, at_work: Database, role: str) -> None:
    tell(
        at_work,
        "UPDATE accounts SET ended_at = created_at WHERE id IN "
        f"(SELECT account_id FROM account_roles WHERE role = '{role}')",
    )
    [line] = to_do(examine(config))
    assert line.startswith(f"first accounts: no {role} yet. Type: ")
    if role == "coordinator":
        [[key]] = ask(at_work, "SELECT key FROM organisations WHERE kind = 'government' ORDER BY id LIMIT 1")
        assert line.endswith(f"create-account HANDLE --role coordinator --organisation {key}")


@pytest.mark.parametrize("role", ["administrator", "coordinator"])
def test_who_is_of_an_independent_organisation_is_no_first_account(
    config: Config, at_work: Database, role: str
) -> None:
    """An older version gave such roles to anybody. They let nobody in, and must not hide that somebody is missing."""
    tell(
        at_work,
        "UPDATE account_roles SET account_id = (SELECT id FROM accounts WHERE handle = 'lead')"
        f" WHERE role = '{role}'",
    )
    [line] = to_do(examine(config))
    assert line.startswith(f"first accounts: no {role} yet. Type: ")


def test_tables_of_another_version_are_named(config: Config, at_work: Database) -> None:
    tell(at_work, "UPDATE alembic_version SET version_num = '0001'")
    [line] = to_do(examine(config))
    assert line.startswith("database: its tables are of another version. Type: ")
    assert line.endswith("flask --app tracker.app db upgrade")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_out_of_reach_is_said_and_the_rest_is_looked_at(config: Config) -> None:
    unreachable = replace(config, DATABASE_URL=f"postgresql://tracker@127.0.0.1:{free_port()}/tracker")
    result = examine(unreachable)
    [line] = to_do(result)
    assert line.startswith("database: it cannot be used: ")
    assert "warn  mail" in result.stdout


def test_a_key_folder_of_another_database_is_found_out(
    config: Config, at_work: Database, tmp_path: Path
) -> None:
    make_key(tmp_path / "others")
    [line] = to_do(examine(replace(config, KEY_DIR=str(tmp_path / "others"))))
    assert line.startswith("keys fit the database: The key folder belongs to another database")
    assert "Put your copy of this database's keys into KEY_DIR; are they lost: " in line


@pytest.mark.parametrize("left", ["second factor", "invitation"])
def test_it_is_found_out_by_whatever_is_sealed(
    config: Config, at_work: Database, tmp_path: Path, left: str
) -> None:
    """Nobody needs an address here."""
    tell(at_work, "UPDATE accounts SET email = NULL, totp_secret = NULL")
    with at_work.transaction() as session:
        if left == "invitation":
            session.add(Invitation(kind=InvitationKind.ACCOUNT, token_hash="t", note="new", expires_at=NOW))
        else:
            read_account(session, "administrator").totp_secret = "JBSWY3DPEHPK3PXP"
    make_key(tmp_path / "others")
    [line] = to_do(examine(replace(config, KEY_DIR=str(tmp_path / "others"))))
    assert line.startswith("keys fit the database: The key folder belongs to another database")


def test_a_scheduler_that_stopped_is_missed(config: Config, database: Database) -> None:
    note_run(database, timedelta(hours=25))
    [line] = to_do(examine(config))
    assert line.startswith("scheduler: nothing ran in the last day.")
    note_run(database, timedelta(hours=23))
    assert to_do(examine(config)) == []


def test_a_job_that_failed_is_named_until_it_succeeds(config: Config, at_work: Database) -> None:
    tell(at_work, "UPDATE job_runs SET error = 'OSError: no'")
    [line] = to_do(examine(config))
    assert line.startswith("scheduler: remind_of_milestones failed when it last ran. To see why, type: ")
    assert line.endswith("flask --app tracker.app job remind_of_milestones")
    note_run(at_work, timedelta(minutes=1))
    assert to_do(examine(config)) == []


def test_a_clock_that_went_back_is_noticed(config: Config, database: Database) -> None:
    note_run(database, timedelta(minutes=-10))
    [line] = to_do(examine(config))
    assert line.startswith("clock: it says ")
    assert line.endswith(": set it by NTP.")


def test_a_clock_that_is_not_the_databases_is_noticed(config: Config, at_work: Database) -> None:
    try:
        result = examine(replace(config, CLOCK_SHIFT_DAYS=-3))
    finally:
        clock.shift_by_days(0)
    assert any("the database's clock is another one" in line for line in to_do(result))


@pytest.mark.parametrize("name", ["MAIL_URL", "STORAGE_DIR"])
def test_a_folder_that_cannot_be_written_to_is_named(
    config: Config, at_work: Database, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "folder"
    broken = replace(config, **{name: f"file://{folder}" if name == "MAIL_URL" else str(folder)})
    [line] = to_do(examine(broken))
    assert name in line


def test_mail_is_tried_without_sending_any(config: Config, at_work: Database) -> None:
    with post_office() as office:
        result = examine(replace(config, MAIL_URL=f"smtp://127.0.0.1:{office.port}"))
        assert to_do(result) == []
        assert "ok    mail" in result.stdout
    assert office.arrived == []
    [line] = to_do(examine(replace(config, MAIL_URL=f"smtp://127.0.0.1:{office.port}")))
    assert line.startswith("mail: no mail would go out (ConnectionRefusedError): check MAIL_URL")


def test_mails_that_go_to_a_folder_are_a_warning(config: Config, at_work: Database) -> None:
    """Nobody gets them, and that may be meant: the status stays 0."""
    result = examine(config)
    assert to_do(result) == []
    [line] = [line for line in result.stdout.splitlines() if line[len("warn  ") :].startswith("mail")]
    assert line.startswith(
        "warn  mail: reminders are files in a folder and reach nobody. To send them, set MAIL_URL"
    )
    assert line.endswith(config.MAIL_URL.removeprefix("file://"))
