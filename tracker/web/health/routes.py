"""For whoever watches the machine: does the process answer, and can it serve pages? Nothing else is told, and nobody
needs to sign in. A scheduler that is missing is for `flask doctor` to say."""

import shutil
from pathlib import Path

from flask import Blueprint, Response, current_app

from tracker.failures import DatabaseUnavailable
from tracker.queries.health import find_revision
from tracker.safety import database_file
from tracker.web.access import public
from tracker.web.transactions import database

pages = Blueprint("health", __name__)
REVISIONS = Path(__file__).parents[3] / "migrations" / "versions"
LEAST_BYTES = 50_000_000
"""With less free space on a disk an upload, or SQLite's log, may fill it."""


@pages.get("/healthz")
@public
def healthz() -> Response:
    """The process answers; it asks nobody else."""
    return _say(200, "ok")


@pages.get("/readyz")
@public
def readyz() -> Response:
    """200, or 503 with a word for each thing that is missing: `database`, `tables`, `disk`."""
    missing = [*_find_database_faults(), *(["disk"] if _is_disk_full() else [])]
    return _say(503, " ".join(missing)) if missing else _say(200, "ok")


def _find_database_faults() -> list[str]:
    try:
        with database().reading() as session:
            revision = find_revision(session)
    except DatabaseUnavailable:
        return ["database"]
    newest = max(path.name.partition("_")[0] for path in REVISIONS.glob("[0-9]*.py"))
    return [] if revision == newest else ["tables"]


def _is_disk_full() -> bool:
    config = current_app.config["TRACKER"]
    places = [place for place in (Path(config.STORAGE_DIR), database_file(config.DATABASE_URL)) if place]
    present = [
        next(each for each in (place.absolute(), *place.absolute().parents) if each.exists())
        for place in places
    ]
    return any(shutil.disk_usage(place).free < LEAST_BYTES for place in present)


def _say(status: int, word: str) -> Response:
    return Response(f"{word}\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")
