"""The flask commands: each does its one thing, and bad input is one sentence, status 2 and nothing done."""

import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select, text

from config import Config
from tests.cli.refusals import Run, check_refused
from tests.databases import open_database
from tests.seeds import demonstration
from tests.servers import free_port
from tests.stories.pages import tell
from tracker.app import create_app
from tracker.cli.tables import MIGRATIONS
from tracker.database import Database
from tracker.identity.passphrases import is_passphrase
from tracker.models import Base
from tracker.models.accounts import Account
from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.states import State


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def run_with(config: Config, *arguments: str) -> Result:
    app = create_app(config)
    try:
        return app.test_cli_runner().invoke(args=list(arguments))
    finally:
        app.extensions["database"].dispose()


def test_db_upgrade_makes_the_tables_in_a_folder_that_did_not_exist(config: Config, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'b' / 'new.sqlite3'}"
    for _ in range(2):
        assert run_with(replace(config, DATABASE_URL=url), "db", "upgrade").exit_code == 0
    database = open_database(url)
    assert set(counts(database).values()) == {0}
    newest = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))[-1]
    with database.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")).startswith(newest)
    database.dispose()


def test_db_upgrade_to_a_revision_that_does_not_exist_is_refused(run: Run) -> None:
    check_refused(run("db", "upgrade", "nonsense"), "There is no revision nonsense")


@pytest.mark.database
@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("command", [("db", "upgrade"), ("seed",), ("job", "remind_of_milestones")])
def test_a_database_out_of_reach_is_one_sentence(config: Config, command: tuple[str, ...]) -> None:
    unreachable = replace(config, DATABASE_URL=f"postgresql://tracker@127.0.0.1:{free_port()}/tracker")
    check_refused(run_with(unreachable, *command), "The database cannot be used: ")


@pytest.mark.parametrize("filled", ["empty"])
def test_seed_fills_an_empty_database_and_twice_changes_nothing(run: Run, database: Database) -> None:
    first = run("seed")
    assert first.exit_code == 0, first.output
    before = counts(database)
    assert before["states"] == 195
    second = run("seed")
    assert second.exit_code == 0
    assert second.stdout != first.stdout
    assert counts(database) == before


@pytest.mark.parametrize("filled", ["empty"])
@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("reference/milestones", {"starts_on": "soon"}, "“starts_on” must be a date"),
        (
            "reference/milestones",
            {"key": "upr1_review"},
            "“key” 'upr1_review' is there twice: first in line 2",
        ),
        ("reference/recommendations", {"order": 1}, "“order” is 1, which 'A1' in line 2 has too"),
        ("reference/recommendations", {"themes": ["peace"]}, "“themes” names 'peace', which is not there"),
        ("demo/people", {"roles": ["minister"]}, "“roles” is 'minister', but must be one of focal_point, "),
        ("demo/people", {"organisation": "nobody"}, "“organisation” names 'nobody', which is not there"),
    ],
)
def test_a_broken_seed_file_is_named_with_its_line_and_nothing_is_written(
    config: Config, database: Database, tmp_path: Path, name: str, values: dict[str, Any], sentence: str
) -> None:
    """Of the demonstration too: then the reference data is not loaded either."""
    folder = tmp_path / "seed"
    shutil.copytree(config.SEED_DIR, folder)
    change(folder / f"{name}.json", 1, values)
    result = run_with(replace(config, SEED_DIR=folder), "seed", "--demo")
    check_refused(result, f"{name}.json, line 3: {sentence}")
    assert set(counts(database).values()) == {0}
    assert not Path(config.DEMO_ACCOUNTS_FILE).exists()


def change(file: Path, place: int, values: dict[str, Any]) -> None:
    """An entry of a data file says this now; each stands on a line of its own."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    rows[place].update(values)
    file.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")


def test_seed_lays_two_recommendations_that_changed_places(
    config: Config, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "seed"
    shutil.copytree(config.SEED_DIR, folder)
    for place, order in ((0, 2), (1, 1)):
        change(folder / "reference" / "recommendations.json", place, {"order": order})
    for said in ("0 added, 2 changed, 0 removed", "0 added, 0 changed, 0 removed"):
        result = run_with(replace(config, SEED_DIR=folder), "seed")
        assert (result.exit_code, result.output) == (0, f"Reference data: {said}.\n")
    with database.reading() as session:
        refs = session.scalars(select(Recommendation.ref).order_by(Recommendation.order).limit(3)).all()
    assert refs == ["A2", "A1", "A3"]


def test_seed_names_what_stays_though_its_file_has_it_no_more(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "seed"
    shutil.copytree(config.SEED_DIR, folder)
    file = folder / "reference" / "recommendations.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8"))[:-1]), encoding="utf-8")
    result = run_with(replace(config, SEED_DIR=folder), "seed")
    assert result.exit_code == 0
    assert result.output.splitlines()[1:] == [
        "Left in place, though no file has it any more: recommendations B6."
    ]


@pytest.mark.parametrize("filled", ["empty"])
def test_the_demonstration_tells_its_passphrases_to_the_operator_alone(
    run: Run, config: Config, database: Database
) -> None:
    result = run("seed", "--demo")
    assert result.exit_code == 0, result.output
    file = Path(config.DEMO_ACCOUNTS_FILE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    accounts = json.loads(file.read_text(encoding="utf-8"))
    assert {account["handle"] for account in accounts} == {row["handle"] for row in demonstration("people")}
    assert f"Demonstration: {len(accounts)} accounts made." in result.stdout
    assert counts(database)["accounts"] == len(accounts)
    with database.reading() as session:
        first = session.scalars(select(Account).where(Account.handle == accounts[0]["handle"])).one()
        assert is_passphrase(accounts[0]["passphrase"], first.passphrase_hash)
    # When it is seeded again, nothing is made and nothing forgotten
    written = file.read_bytes()
    assert "Demonstration: 0 accounts made." in run("seed", "--demo").stdout
    assert file.read_bytes() == written
    # When an account is missing, the new one takes its place among those that were told before
    tell(database, "DELETE FROM account_roles WHERE role = 'administrator'")
    tell(database, "DELETE FROM accounts WHERE id NOT IN (SELECT account_id FROM account_roles)")
    assert "Demonstration: 1 accounts made." in run("seed", "--demo").stdout
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told[:-1] == [account for account in accounts if account["handle"] != told[-1]["handle"]]
    assert len(told) == len(accounts)
    assert told[-1] not in accounts


@pytest.mark.parametrize("filled", ["empty"])
def test_accounts_of_a_database_that_was_thrown_away_go(run: Run, config: Config) -> None:
    path = Path(config.DEMO_ACCOUNTS_FILE)
    old = {"handle": demonstration("people")[0]["handle"], "passphrase": "of the old database"}
    other = {"handle": "somebody else's", "passphrase": "of another database"}
    path.write_text(json.dumps([old, other]), encoding="utf-8")
    result = run("seed", "--demo")
    assert result.exit_code == 0
    assert f"{path}: 1 of them were there before" in result.stdout
    assert "DEMO_ACCOUNTS_FILE names another file" in result.stdout
    written = json.loads(path.read_text(encoding="utf-8"))
    assert old not in written
    assert other in written
    assert len({account["handle"] for account in written}) == len(written)


@pytest.mark.parametrize("filled", ["empty"])
def test_a_demonstration_whose_accounts_cannot_be_written_down_is_not_made(
    config: Config, database: Database, tmp_path: Path
) -> None:
    file = Path(config.DEMO_ACCOUNTS_FILE)
    for damaged in ("[{", '{"handle": 1}', "[1]", '[{"passphrase": ""}]'):
        file.write_text(damaged, encoding="utf-8")
        result = run_with(config, "seed", "--demo")
        assert (result.exit_code, file.read_text("utf-8")) == (2, damaged)
        assert f"{file} is no list of accounts: move it away. Nothing was seeded." in result.stderr
    (tmp_path / "file").touch()
    broken = replace(config, DEMO_ACCOUNTS_FILE=str(tmp_path / "file" / "accounts.json"))
    result = run_with(broken, "seed", "--demo")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr
    assert counts(database)["accounts"] == 0


def test_the_demonstration_is_refused_in_production(config: Config, database: Database) -> None:
    before = counts(database)
    result = run_with(replace(config, TRACKER_ENV="production"), "seed", "--demo")
    check_refused(result, "The demonstration cannot be seeded in production")
    assert counts(database) == before
    assert not Path(config.DEMO_ACCOUNTS_FILE).exists()


@pytest.mark.parametrize("filled", ["empty"])
@pytest.mark.parametrize("begun", [("seed",), ("create-administrator", "somebody")])
def test_the_demonstration_is_not_laid_into_a_real_instance(
    run: Run, config: Config, database: Database, begun: tuple[str, ...]
) -> None:
    assert run(*begun).exit_code == 0
    before = counts(database)
    check_refused(
        run("seed", "--demo"), "This database is a real instance: the demonstration would stay in it"
    )
    assert counts(database) == before
    assert not Path(config.DEMO_ACCOUNTS_FILE).exists()


@pytest.mark.parametrize("filled", ["empty"])
def test_a_refused_demonstration_does_not_tell_that_somebody_independent_is_there(run: Run) -> None:
    assert run("create-registrar", "somebody").exit_code == 0
    assert run("seed", "--demo").exit_code == 0


def test_a_day_that_is_none_is_refused(run: Run, database: Database) -> None:
    result = run("job", "remind_of_milestones", "--today", "8 December")
    assert result.exit_code == 2
    assert "does not match the format '%Y-%m-%d'" in result.stderr
    assert counts(database)["job_runs"] == 0


def test_an_organisation_and_an_account_are_made_and_assigned(run: Run, database: Database) -> None:
    made = run("create-organisation", "Ministry of Wells & Springs", "--kind", "government")
    assert made.stdout == "Organisation ministry-of-wells-springs created.\n", made.output
    role = ["--role", "focal_point", "--role", "alternate"]
    made = run(
        "create-account",
        "Wells",
        *role,
        "--organisation",
        "ministry-of-wells-springs",
        "--email",
        "w@example.org",
    )
    assert made.exit_code == 0, made.output
    passphrase = made.stdout.strip().rpartition(" ")[2]
    made = run("assign", "A1", "ministry-of-wells-springs", "supporting")
    assert made.stdout == "ministry-of-wells-springs is supporting of A1.\n", made.output
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.handle == "wells")).one()
        assert is_passphrase(passphrase, account.passphrase_hash)
        organisation = select(Organisation.id).where(Organisation.key == "ministry-of-wells-springs")
        assert account.organisation_id == session.scalar(organisation)
        assigned = select(Assignment).where(Assignment.organisation_id == account.organisation_id)
        assert session.scalars(assigned).one().kind == "supporting"


def test_an_organisation_is_of_the_state_of_the_settings_a_body_of_the_un_of_none(
    run: Run, database: Database
) -> None:
    for name, kind, more in (
        ("wells", "government", ()),
        ("agency", "un", ()),
        ("country-team", "un", ("--state", "KGZ")),
        ("ministry-abroad", "government", ("--state", "UZB")),
    ):
        made = run("create-organisation", name, "--kind", kind, *more)
        assert made.exit_code == 0, made.output
    with database.reading() as session:
        states = {each.key: each.state_code for each in session.scalars(select(Organisation))}
    expected = {"wells": "KGZ", "agency": None, "country-team": "KGZ", "ministry-abroad": "UZB"}
    assert {key: states[key] for key in expected} == expected


STATE = ("--organisation", "ministry-a")
INDEPENDENT = ("--organisation", "cso-a")
FOCAL = ("--role", "focal_point", *STATE)
LEAD = ("--role", "organisation_lead", *INDEPENDENT)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("create-account", "focal_point", "--role", "focal_point", *STATE),
            "There is an account focal_point",
        ),
        (
            ("create-account", "FOCAL_POINT", "--role", "focal_point", *STATE),
            "There is an account focal_point",
        ),
        (("create-account", " ", "--role", "focal_point", *STATE), "Use 3 to 30 letters and digits"),
        (
            ("create-account", "somebody", "--role", "focal_point"),
            "This role needs an organisation of the State.",
        ),
        (
            ("create-account", "somebody", "--role", "coordinator", *INDEPENDENT),
            "needs an organisation of the State.",
        ),
        (
            ("create-account", "somebody", "--role", "contributor", *STATE),
            "needs an independent organisation.",
        ),
        (("create-account", "somebody", "--role", "organisation_lead"), "needs an independent organisation."),
        (
            ("create-account", "somebody", "--role", "focal_point", "--organisation", "nobody"),
            "There is no such",
        ),
        (
            ("create-organisation", "Other", "--kind", "cso", "--key", "cso-a"),
            "an organisation cso-a already",
        ),
        (("create-organisation", "Other", "--kind", "cso", "--state", "XXX"), "There is no State XXX"),
        (("create-organisation", "…", "--kind", "cso"), "Give the organisation a key"),
        (
            ("create-account", "Jane Doe\nX", "--role", "focal_point", *STATE),
            "Use 3 to 30 letters and digits",
        ),
        (("create-account", "somebody", *FOCAL, "--email", "nonsense"), "Enter an e-mail address such as"),
        (("create-account", "somebody", *LEAD, "--email", "a@example.org"), "Leave out the e-mail address"),
        (
            ("create-account", "somebody", "--role", "registrar", "--email", "a@example.org"),
            "Leave out the e-mail address",
        ),
        (("create-account", "somebody", *FOCAL, "--may-publish"), "The right to publish is a contributor's"),
        (
            ("create-account", "somebody", *LEAD, "--role", "administrator"),
            "An administrator is never of an independent organisation.",
        ),
        (("create-organisation", " ", "--kind", "cso", "--key", "new"), "Give the organisation a name."),
        (
            ("create-organisation", "New", "--kind", "cso", "--key", "a/b c\nd"),
            "letters, digits and hyphens.",
        ),
        (("create-registrar", "somebody", *STATE), "A registrar is never of the government"),
        (("create-registrar", "lead"), "There is an account lead already"),
        (("create-administrator", "ADMINISTRATOR"), "There is an account administrator already"),
        (("assign", "A12", "cso-a", "lead"), "Only an organisation of the State can be assigned"),
        (("assign", "Z99", "ministry-a", "lead"), "There is no such review, recommendation, organisation"),
        (("assign", "A12", "ministry-a", "lead", "--review", "XYZ-1"), "There is no such review"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_done(
    run: Run, database: Database, arguments: tuple[str, ...], sentence: str
) -> None:
    before = counts(database)
    check_refused(run(*arguments), sentence)
    assert counts(database) == before


@pytest.mark.parametrize("role", ["minister", ""])
def test_an_unknown_role_is_refused_and_the_known_ones_are_named(run: Run, role: str) -> None:
    result = run("create-account", "somebody", "--role", role)
    assert result.exit_code == 2
    assert "'validating_officer'" in result.stderr


def test_the_states_are_those_that_the_seed_knows(database: Database) -> None:
    with database.reading() as session:
        assert session.get(State, "KGZ")
        assert session.get(State, "XXX") is None
