"""The rules of the house that no linter knows: sizes, names, who asks the time, who commits, what is used."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from config import ROOT
from tests.architecture.sources import (
    BENCH,
    CODE,
    TEMPLATES,
    TESTS,
    check,
    matches,
    name_of,
    nodes_of,
    place,
    text_of,
    tree_of,
)
from tracker.jobs.schedule import SCHEDULE
from tracker.models import Base
from tracker.web.errors import PAGES

MOST_LINES = 400
MOST_LINES_OF_A_TEMPLATE = 120
MOST_LINES_OF_CONFTEST = 150
REFUSED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core"}
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


def lines_of(path: Path) -> int:
    return len(text_of(path).splitlines())


def longer_than(most: int, paths: list[Path]) -> list[str]:
    return [
        f"{place(path, most + 1)}: {lines_of(path)} lines, at most {most}"
        for path in paths
        if lines_of(path) > most
    ]


def test_no_file_outgrows_its_reader() -> None:
    fixtures = [path for path in TESTS if path.name == "conftest.py"]
    check(
        longer_than(MOST_LINES, [*CODE, *TESTS])
        + longer_than(MOST_LINES_OF_CONFTEST, fixtures)
        + longer_than(MOST_LINES_OF_A_TEMPLATE, TEMPLATES)
    )


def test_refused_names_are_not_used() -> None:
    whole_app = [ROOT / "tracker" / f"{name}.py" for name in ("forms", "models", "views")]
    refused = [path for path in [*CODE, *TESTS] if path.stem in REFUSED]
    check([place(path, 1) for path in [*refused, *whole_app] if path.exists()])


def test_a_class_of_tests_and_benchmarks_has_a_name_of_its_own() -> None:
    """No two of them share a name, and none has that of a class of the application."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in [*TESTS, *BENCH, *CODE]:
        for node in nodes_of(path):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(place(path, node.lineno))
    check(
        [
            f"{', '.join(found)}: {name}"
            for name, found in places.items()
            if len(found) > 1 and not found[0].startswith("tracker/")
        ]
    )


def test_every_module_opens_with_what_lives_there() -> None:
    check([place(path, 1) for path in CODE if not ast.get_docstring(tree_of(path))])


def test_only_the_clock_asks_the_time() -> None:
    asks = r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\("
    check([each for path in CODE if name_of(path) != ASKS_THE_TIME for each in matches(path, asks)])


def test_only_the_edge_commits() -> None:
    check([each for path in CODE if name_of(path) not in COMMITS for each in matches(path, r"\.commit\(\)")])


def test_nobody_else_sees_all() -> None:
    sees_all = r"\bSYSTEM\b|sees_all=True"
    others = [path for path in CODE if not name_of(path).startswith(SYSTEM_IS_FOR)]
    check([each for path in others for each in matches(path, sees_all)])


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
    said = "\n".join(map(text_of, [*CODE, *TEMPLATES]))
    unused = []
    for path in TEMPLATES:
        folder = path.parent.name
        name = path.name if folder == "mail" else str(path.relative_to(ROOT / "templates"))
        if folder != "errors" and f'"{name}"' not in said:
            unused.append(place(path, 1))
    check(unused)


def test_every_error_page_belongs_to_a_status() -> None:
    assert {int(path.stem) for path in (ROOT / "templates" / "errors").glob("*.html")} == set(PAGES)


def test_every_mail_has_its_golden_text() -> None:
    golden, mails = ROOT / "tests" / "golden" / "mails", (ROOT / "templates" / "mail").glob("*.txt")
    check([place(path, 1) for path in mails if not (golden / path.name).exists()])


def test_every_relationship_refuses_to_load_by_itself() -> None:
    configure_mappers()
    check(
        [
            f"{mapper.class_.__name__}.{relationship.key}"
            for mapper in Base.registry.mappers
            for relationship in mapper.relationships
            if relationship.lazy != "raise_on_sql"
        ]
    )


def test_every_visible_has_its_can_see() -> None:
    check(
        [
            f"{name_of(path)}: visible_{noun}s has no can_see_{noun}"
            for path in (ROOT / "tracker" / "policy").glob("*.py")
            for noun in re.findall(r"def visible_(\w+)s\(", text_of(path))
            if f"def can_see_{noun}(" not in text_of(path)
        ]
    )


FOR_NOBODY = {
    "recipients.list_recipients": "whom the scheduler writes to",
    "recipients.find_reported_review": "which review the scheduler writes about",
    "themes.list_correspondences": "a vocabulary, which everybody reads",
    "milestones.list_reminded_milestones": "what the scheduler reminds of",
    "mails.find_last_run": "whether the scheduler runs",
    "reviews.is_demonstration": "what every page says of the instance",
    "reviews.has_recommendations": "whether the instance is empty, for the operator",
    "organisations.get_organisation": "one that the operator names",
    "invitations.find_open_invitation": "what a link opens for whoever holds it",
    "imports.list_present": "what stands in a review into which an import that was seen goes",
    "states.list_states": "names of States, the same for everybody",
    "themes.list_themes": "tags of recommendations that a query has selected through sight",
}
"""Queries that nobody stands behind, and why."""


def test_every_query_is_asked_by_an_actor_or_about_something_that_was_seen() -> None:
    """A public function of `queries/` takes the actor, or a row that the caller got through sight."""
    faults = []
    rooms = ROOT / "tracker" / "queries"
    for path in sorted(rooms.rglob("*.py")):
        module = ".".join(path.relative_to(rooms).with_suffix("").parts)
        for node in ast.parse(text_of(path)).body:
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
    check(sorted(set(faults) - set(FOR_NOBODY)))


ROWS = {"ProgressUpdate", "Assessment", "Organisation", "Account"}


def test_every_job_is_named_for_operators_and_so_is_the_list_of_settings() -> None:
    said = text_of(ROOT / "ARCHITECTURE.md")
    check([f"ARCHITECTURE.md: {job.name}" for job in SCHEDULE if f"`{job.name}`" not in said])
    assert "docs/settings.md" in said


def test_architecture_stays_a_page_to_read() -> None:
    assert lines_of(ROOT / "ARCHITECTURE.md") <= 150


def test_nothing_else_stands_at_the_top_level() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split("/")[0] for line in tracked.stdout.splitlines()} <= TOP_LEVEL


def test_built_files_hold_nothing_from_elsewhere() -> None:
    built = [ROOT / "tracker" / "static" / name for name in ("app.css", "app.js")]
    elsewhere = r"data:|url\(|@import|https?://(?!www\.w3\.org)"
    check([each for path in built for each in matches(path, elsewhere)])
