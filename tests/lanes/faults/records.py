"""What the database holds after the faults, against what people were told: nothing lost, nothing halved."""

import json
from collections.abc import Iterable
from copy import deepcopy

from tests.lanes.faults.writers import STEPS, Journal
from tests.stories.at_once import recounted, stored_levels
from tests.stories.pages import ask
from tracker.database import Database
from tracker.history.verify_chain import verify_chain
from tracker.upkeep.verify_publications import verify_publications


def list_lost(database: Database, journal: Journal) -> list[str]:
    """One line for each acknowledged action that the database does not know."""
    journal = deepcopy(journal)  # people go on writing meanwhile
    saves, steps = _saves(database), _steps(database)
    here, gone = _assessments(database, "IS NULL"), _assessments(database, "IS NOT NULL")
    tried = set(journal.replaced)
    return [
        *(
            f"save {number} of draft {draft}"
            for draft, number in journal.drafts
            if (draft, number) not in saves
        ),
        *(f"{step}: {update}" for update, step in journal.steps if steps.get(update, -1) < STEPS.index(step)),
        *(f"assessment {key}" for key in journal.published if key not in here),
        *(f"assessment {key}" for key in tried if key not in here | gone),
        *(f"withdrawal of {key}" for key in journal.withdrawn if key not in gone),
    ]


def list_unpublished(database: Database, acknowledged: Iterable[str]) -> list[str]:
    """Of updates whose publication was acknowledged."""
    published = {update for update, step in _steps(database).items() if step == STEPS.index("published")}
    return sorted(set(acknowledged) - published)


def check_whole(database: Database) -> None:
    """The file is sound, the history is one chain, every publication is what was published, the figures count
    what is published, and nothing is left of what was withdrawn."""
    check_sound(database)
    with database.snapshot() as session:
        verify_chain(session, ())
        verify_publications(session)
    assert stored_levels(database) == recounted(database)
    assert ask(database, HALF_PUBLISHED) == []
    assert ask(database, HALF_WITHDRAWN) == []


HALF_PUBLISHED = """
    SELECT id FROM progress_updates AS u WHERE (state = 'published') <> (
        SELECT count(*) = 1 FROM history_lines
        WHERE verb = 'publish_update' AND replace(subject, '-', '') = 'update ' || replace(CAST(u.id AS text), '-', '')
    )"""
HALF_WITHDRAWN = (
    "SELECT id FROM assessments WHERE (withdrawn_on IS NULL) <> (reason <> '' AND level IS NOT NULL)"
)


def check_sound(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        assert ask(database, "PRAGMA integrity_check") == [("ok",)]
        assert ask(database, "PRAGMA foreign_key_check") == []


def _saves(database: Database) -> set[tuple[str, int]]:
    """By draft, each number that stood in it: as its history and its row tell."""
    found = set()
    for subject, after in ask(
        database, "SELECT subject, after FROM history_lines WHERE verb = 'change_update'"
    ):
        words = (json.loads(after) if isinstance(after, str) else after)["done"]
        found.add((subject.removeprefix("update "), int(words.removeprefix("save "))))
    for (subject,) in ask(database, "SELECT subject FROM history_lines WHERE verb = 'write_update'"):
        found.add((subject.removeprefix("update "), 0))
    return found


def _steps(database: Database) -> dict[str, int]:
    rows = ask(database, "SELECT id, state FROM progress_updates")
    return {plain(row.id): STEPS.index(row.state) for row in rows if row.state in STEPS}


def _assessments(database: Database, withdrawn: str) -> set[str]:
    return {
        plain(row.id) for row in ask(database, f"SELECT id FROM assessments WHERE withdrawn_on {withdrawn}")
    }


def plain(identity: object) -> str:
    """SQLite keeps an identifier without its hyphens."""
    text = str(identity).replace("-", "")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
