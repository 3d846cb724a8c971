"""The import contracts name every room, job and journey that there is, so that a new one cannot be forgotten."""

import tomllib
from pathlib import Path
from typing import Any

from config import ROOT

TRACKER = ROOT / "tracker"


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    found: dict[str, Any] = next(each for each in settings["contracts"] if each["name"] == name)
    return found


def modules_in(folder: Path) -> set[str]:
    """Packages and files of a folder, as they are imported."""
    found = {path.parent for path in folder.glob("*/__init__.py")} | {*folder.glob("*.py")}
    inside = ".".join(folder.relative_to(ROOT).parts)
    return {f"{inside}.{path.stem}" for path in found if path.stem != "__init__"}


def test_every_room_but_exchange_is_kept_from_openpyxl() -> None:
    named = contract("only exchange knows the libraries of files")["source_modules"]
    assert set(named) == modules_in(TRACKER) - {"tracker.exchange"}


def test_every_room_and_job_but_the_runner_is_kept_from_apscheduler() -> None:
    named = contract("only jobs.runner knows APScheduler")["source_modules"]
    jobs = modules_in(TRACKER / "jobs") - {"tracker.jobs.runner"}
    assert set(named) == modules_in(TRACKER) - {"tracker.jobs"} | jobs


def test_views_formats_and_every_job_but_the_runner_hold_no_query() -> None:
    named = contract("views, formats and jobs hold no query")["source_modules"]
    jobs = modules_in(TRACKER / "jobs") - {"tracker.jobs.runner"}
    assert set(named) == {"tracker.web", "tracker.exchange"} | jobs


def test_every_journey_is_independent_of_the_others() -> None:
    named = contract("journeys of web do not import each other")["modules"]
    folders = {path.parent.name for path in (TRACKER / "web").glob("*/__init__.py")}
    assert set(named) == {f"tracker.web.{name}" for name in folders}
