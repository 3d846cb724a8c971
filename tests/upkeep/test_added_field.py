"""A later version gives updates one more field: what was published before is proven as before, and what is published
then is proven with the new field."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from tests.cast import Cast, make_update
from tests.history.older import go_back, go_forward
from tests.stories.pages import tell
from tracker.database import Database
from tracker.failures import PublicationBroken
from tracker.history.verify_chain import verify_chain
from tracker.models.updates import UpdateState
from tracker.upkeep.verify_publications import VerifiedPublications, verify_publications

ADDED = {
    "models/updates.py": (
        "    language: Mapped[str]\n",
        '    budget: Mapped[str] = mapped_column(default="")\n',
    ),
    "services/updates/texts.py": ('    language: str = "en"\n', '    budget: str = ""\n'),
}
"""All that somebody writes who adds a field: one line behind another."""
PUBLISHES_AND_VERIFIES = """
import json, sys
from dataclasses import replace
from sqlalchemy import text
from tests.cast import GOOD_UPDATE, make_update, read_cast
from tests.databases import open_database
from tracker.failures import PublicationBroken
from tracker.history.verify_chain import verify_chain
from tracker.models.updates import UpdateState
from tracker.upkeep.verify_publications import verify_publications

database = open_database(sys.argv[1])
with database.transaction() as session:
    said = replace(GOOD_UPDATE, budget="5,000 soms")
    made = make_update(session, read_cast(session), UpdateState.PUBLISHED, text=said).id
with database.snapshot() as session:
    verify_chain(session)
    proofs = verify_publications(session)


# What is said of an update whose new field somebody has changed in the database
def forge(budget, which):
    with database.engine.begin() as connection:
        before = connection.execute(text(f"SELECT id, budget FROM progress_updates WHERE {which}")).all()
        connection.execute(text(f"UPDATE progress_updates SET budget = '{budget}' WHERE {which}"))
    try:
        with database.snapshot() as session:
            return verify_publications(session)
    except PublicationBroken as broken:
        return [broken.subject == f"update {made}", broken.fault]
    finally:
        with database.engine.begin() as connection:
            for row in before:
                undo = text("UPDATE progress_updates SET budget = :budget WHERE id = :id")
                connection.execute(undo, {"budget": row.budget, "id": row.id})


new, old = forge("6,000 soms", "budget <> ''"), forge("7,000 soms", "budget = ''")
print(json.dumps([proofs.published, proofs.proven, new, old]))
"""


def add_field(database: Database, folder: Path) -> None:
    """To the code, in a copy, and to the table."""
    shutil.copytree(ROOT / "tracker", folder / "tracker")
    for name, (line, added) in ADDED.items():
        path = folder / "tracker" / name
        source = path.read_text(encoding="utf-8")
        assert source.count(line) == 1, name
        path.write_text(source.replace(line, line + added), encoding="utf-8")
    tell(database, "ALTER TABLE progress_updates ADD COLUMN budget TEXT DEFAULT '' NOT NULL")


def run_later_version(folder: Path, url: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISHES_AND_VERIFIES, url],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_field_that_is_added_to_updates_breaks_no_proof(
    database: Database, url: str, cast: Cast, tmp_path: Path
) -> None:
    # Given an update that an older version published, and one of this version
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
    go_back(database, url)
    go_forward(database, url)
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
    # When a later version knows one more field and publishes a third
    add_field(database, tmp_path)
    database.dispose()
    # Then it proves all three, and notices a change of the new field, also in what was published before there was one
    assert run_later_version(tmp_path, url) == [3, 3, [True, "changed"], [False, "changed"]]
    # And this version says of the third alone that it cannot be proven: it does not know a field of it
    with database.snapshot() as session:
        verify_chain(session)
        with pytest.raises(PublicationBroken):
            verify_publications(session)
    tell(database, "DELETE FROM history_lines WHERE id > (SELECT max(id) - 4 FROM history_lines)")
    tell(database, "DELETE FROM progress_updates WHERE budget <> ''")
    with database.snapshot() as session:
        assert verify_publications(session) == VerifiedPublications(published=2, proven=2)
