"""Our commands start without the pages, which cost time and memory; Flask's own commands have them."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.cli.test_serve import answers
from tests.jobs.processes import command, environment, running, wait_until
from tests.programs import LONGEST
from tests.servers import free_port
from tracker.cli import ALWAYS_AVAILABLE, OTHERS

UP_TO_THE_FORK = """
import sys
from flask.cli import main
from tracker import serve

def say_what_is_loaded(works):
    print("forks off:", len(works))
    rooms = ("tracker.web", "flask_wtf", "wtforms", "alembic", "apscheduler", "gunicorn")
    rooms += ("openpyxl", "docx", "lxml", "python_calamine")
    print("loaded:", [name for name in sys.modules if name.startswith(rooms)])
    return 0

serve.run_together = say_what_is_loaded
sys.argv = ["flask", "--app", "tracker.app", "serve"]
main()
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def settings(url: str, tmp_path: Path) -> dict[str, object]:
    return {
        "DATABASE_URL": url,
        "STORAGE_DIR": tmp_path / "storage",
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
    }


def run(arguments: list[str], settings: dict[str, object], typed: str = "") -> str:
    """What it says, which must not fail."""
    done = subprocess.run(
        arguments,
        cwd=ROOT,
        env=environment(**settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_serve_forks_before_any_page_is_imported(settings: dict[str, object]) -> None:
    lines = run([sys.executable, "-c", UP_TO_THE_FORK], settings).splitlines()
    assert lines[0].startswith("Open http://")
    assert lines[-2:] == ["forks off: 2", "loaded: []"]


def test_the_help_lists_our_commands_beside_those_of_flask(settings: dict[str, object]) -> None:
    names = {str(each.name) for each in (*ALWAYS_AVAILABLE, *OTHERS)} | {"run", "routes", "shell"}
    listed = {line.split()[0] for line in run(command("--help"), settings).splitlines() if line.strip()}
    assert names <= listed


def test_the_routes_and_the_shell_of_flask_know_the_pages(settings: dict[str, object]) -> None:
    assert "recommendations.index" in run(command("routes"), settings)
    typed = "print('pages:', 'recommendations.index' in app.view_functions)\n"
    assert "pages: True" in run(command("shell"), settings, typed)


def test_the_server_of_flask_answers_with_pages(settings: dict[str, object], tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with running([command("run", "--port", str(port))], log, **settings):
        wait_until(lambda: answers(port, "/") == 200, LONGEST, "the home page did not answer", log)
