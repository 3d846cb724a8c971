"""The rules of the house that no linter knows: sizes, names, who asks the time, who commits, what is used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import configure_mappers

from config import ROOT, Config
from tracker.jobs.schedule import SCHEDULE
from tracker.models import Base
from tracker.web.errors import PAGES

MOST_LINES = 400
MOST_LINES_OF_A_TEMPLATE = 120
MOST_LINES_OF_CONFTEST = 150
REFUSED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core"}
CODE = sorted((ROOT / "tracker").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
SYSTEM_IS_FOR = (
    "tracker/jobs/",
    "tracker/cli/",
    "tracker/policy/actors.py",
    "tracker/seeding/",
    "tracker/upkeep/",
)
ASKS_THE_TIME = "tracker/clock.py"
COMMITS = ("tracker/database.py", "tracker/web/transactions.py")
TOP_LEVEL = {
    "tracker",
    "templates",
    "migrations",
    "seed",
    "tests",
    "config.py",
    "requirements.txt",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements-security.txt",
    "docs",
    "bench",
    ".ci",
    ".gitignore",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name_of)
def test_no_file_outgrows_its_reader(path: Path) -> None:
    assert lines_of(path) <= (MOST_LINES_OF_CONFTEST if path.name == "conftest.py" else MOST_LINES)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_outgrows_its_reader(path: Path) -> None:
    assert lines_of(path) <= MOST_LINES_OF_A_TEMPLATE


def test_refused_names_are_not_used() -> None:
    assert not [name_of(path) for path in [*CODE, *TESTS] if path.stem in REFUSED]
    whole_app = [ROOT / "tracker" / f"{name}.py" for name in ("forms", "models", "views")]
    assert not [path for path in whole_app if path.exists()]


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_module_opens_with_what_lives_there(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_only_the_clock_asks_the_time(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    asked = re.findall(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(", text)
    assert not asked or name_of(path) == ASKS_THE_TIME


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_only_the_edge_commits(path: Path) -> None:
    if name_of(path) not in COMMITS:
        assert ".commit()" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nobody_else_sees_all(path: Path) -> None:
    if not name_of(path).startswith(SYSTEM_IS_FOR):
        assert not re.search(r"\bSYSTEM\b|sees_all=True", path.read_text(encoding="utf-8"))


def test_the_core_imports_with_flask_blocked() -> None:
    """Mails, jobs and imports must run without a web framework."""
    rooms = [
        "seeding",
        "upkeep",
        "services",
        "identity",
        "history",
        "exchange",
        "mail",
        "queries",
        "policy",
        "models",
        "jobs",
    ]
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in rooms
        for path in sorted((ROOT / "tracker" / room).rglob("*.py"))
        if path.stem != "__init__"
    ]
    program = (
        "import sys\n"
        "for name in ('flask', 'werkzeug', 'wtforms', 'flask_wtf'): sys.modules[name] = None\n"
        f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_template_is_used() -> None:
    """Pages of errors are named by their status, mails by their file in a folder of their own."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in [*CODE, *TEMPLATES])
    for path in TEMPLATES:
        folder = path.parent.name
        name = path.name if folder == "mail" else str(path.relative_to(ROOT / "templates"))
        assert folder == "errors" or f'"{name}"' in said, f"nothing names {name}"


def test_every_error_page_belongs_to_a_status() -> None:
    assert {int(path.stem) for path in (ROOT / "templates" / "errors").glob("*.html")} == set(PAGES)


def test_every_mail_has_its_golden_text() -> None:
    for path in (ROOT / "templates" / "mail").glob("*.txt"):
        assert (ROOT / "tests" / "golden" / "mails" / path.name).exists(), path.name


def test_every_relationship_refuses_to_load_by_itself() -> None:
    configure_mappers()
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            assert relationship.lazy == "raise_on_sql", f"{mapper.class_.__name__}.{relationship.key}"


def test_every_visible_has_its_can_see() -> None:
    for path in (ROOT / "tracker" / "policy").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for noun in re.findall(r"def visible_(\w+)s\(", text):
            assert f"def can_see_{noun}(" in text, f"{name_of(path)}: visible_{noun}s has no can_see_{noun}"


FOR_NOBODY = {
    "recipients.list_recipients": "whom the scheduler writes to",
    "milestones.list_reminded_milestones": "what the scheduler reminds of",
    "mails.find_last_run": "whether the scheduler runs",
    "reviews.is_demonstration": "what every page says of the instance",
    "reviews.has_recommendations": "whether the instance is empty, for the operator",
    "organisations.get_organisation": "one that the operator names",
    "invitations.find_open_invitation": "what a link opens for whoever holds it",
    "themes.list_themes": "tags of recommendations that a query has selected through sight",
}
"""Queries that nobody stands behind, and why."""


def test_every_query_is_asked_by_an_actor_or_about_something_that_was_seen() -> None:
    """A public function of `queries/` takes the actor, or a row that the caller got through sight."""
    faults = []
    rooms = ROOT / "tracker" / "queries"
    for path in sorted(rooms.rglob("*.py")):
        module = ".".join(path.relative_to(rooms).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or module == "health":
                continue
            given = {
                argument.arg: ast.unparse(argument.annotation or ast.Constant(""))
                for argument in node.args.args
            }
            is_about_a_row = any(kind in ROWS for kind in given.values())
            is_asked = any(kind == "Actor" for kind in given.values())
            if "session" in given and not is_asked and not is_about_a_row:
                faults.append(f"{module}.{node.name}")
    assert sorted(set(faults) - set(FOR_NOBODY)) == []


ROWS = {"ProgressUpdate", "Assessment", "Organisation", "Account"}


def test_every_job_and_setting_is_named_for_operators() -> None:
    said = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for job in SCHEDULE:
        assert f"`{job.name}`" in said
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Config.__dataclass_fields__:
        assert f"`{name}`" in settings, f"docs/settings.md does not name {name}"
    assert "docs/settings.md" in said


def test_architecture_stays_a_page_to_read() -> None:
    assert lines_of(ROOT / "ARCHITECTURE.md") <= 150


def test_nothing_else_stands_at_the_top_level() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert found <= TOP_LEVEL


def test_built_files_hold_nothing_from_elsewhere() -> None:
    for name in ("app.css", "app.js"):
        text = (ROOT / "tracker" / "static" / name).read_text(encoding="utf-8")
        assert "data:" not in text
        assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", text)
