"""A file of the demonstration that is wrong is named with its line and a sentence, and nothing is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.evidence_files import HTML
from tests.seeding.test_demonstration import DEMO, rows
from tests.seeding.test_reference import everything
from tracker.database import Database
from tracker.failures import SeedBroken
from tracker.identity.passphrases import CHEAP
from tracker.seeding.demonstration.demonstration import seed_demonstration

Rows = list[dict[str, Any]]
Edit = Callable[[Rows], object]


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def change(folder: Path, name: str, edit: Edit) -> int:
    """Writes an entry a line; gives the line that was changed, the first or a new last one."""
    before, after = rows(name), rows(name)
    edit(after)
    content = "[\n" + ",\n".join(map(json.dumps, after)) + "\n]\n"
    (folder / f"{name}.json").write_text(content, encoding="utf-8")
    return 2 if after[0] != before[0] else len(after) + 1


def known(**values: object) -> Edit:
    """The first entry, which the database holds already, says this now."""
    return lambda entries: entries[0].update(values)


def new(**values: object) -> Edit:
    """A new entry that is like the first but for this."""
    return lambda entries: entries.append({**entries[0], **values})


def twice(*key: str) -> Edit:
    """A new entry about what the first is about."""
    return lambda entries: entries.append({**entries[1], **{name: entries[0][name] for name in key}})


BROKEN: tuple[tuple[str, Edit, str], ...] = (
    # A value that is not one of those that there are
    ("people", new(handle="n-1", roles=["minister"]), "'minister', but must be one of focal_point, "),
    ("people", known(roles=["minister"]), "must be one of focal_point, "),
    ("people", new(handle="n-1", roles=[]), "“roles” is empty, but must hold at least one of focal_point, "),
    ("people", known(roles=[1]), "list of texts"),
    ("organisations", known(kind="ministry"), "'ministry', but must be one of government, "),
    ("assignments", known(kind="helping"), "'helping', but must be one of lead, supporting"),
    ("updates", known(level="done"), "“level” is 'done', but must be one of fully_implemented, "),
    ("updates", known(state="sent"), "“state” is 'sent', but must be one of draft, "),
    ("assessments", known(state="draft"), "must be one of published, withdrawn"),
    ("assessments", known(language="de"), "'de', but must be one of en, ru, ky"),
    # Names of what is not there, or nothing for a name
    ("people", known(organisation="nobody"), "names 'nobody', which is not"),
    ("people", new(handle=""), "“handle” is empty"),
    ("people", new(handle="Reed-28"), "“handle” must be in small letters"),
    ("organisations", lambda entries: entries[0].pop("name_en"), "“name_en” is missing"),
    ("assignments", known(ref="Z1"), "“ref” names 'Z1', which is not there"),
    ("assignments", known(organisation="nobody"), "names 'nobody', which is not there"),
    ("updates", known(author="nobody"), "“author” names 'nobody', which is not there"),
    ("assessments", known(ref="Z9"), "“ref” names 'Z9', which is not there"),
    ("evidence", new(entry="none"), "names 'none', which is not there"),
    ("evidence", new(file="none.pdf"), "which is not in the folder “files”"),
    ("evidence", new(file="../people.json"), "which is not in the folder “files”"),
    # The same twice
    ("people", twice("handle"), "“handle” 'reed-27' is there twice: first in line 2"),
    ("people", known(roles=["alternate", "alternate"]), "“roles” names 'alternate' twice"),
    ("organisations", twice("key"), "“key” 'secretariat' is there twice"),
    ("assignments", twice("ref", "organisation"), "'A1', “organisation” 'external' is there"),
    ("assignments", new(organisation="employment"), "'A1' is led by 'external' already, in line 2"),
    ("updates", twice("key"), "“key” 'a24-1-course-decided' is there twice: first in line 2"),
    # Days that were not yet, or long ago
    ("updates", known(fact_days_ago=-1), "“fact_days_ago” must be a whole number from 0"),
    ("updates", known(recorded_days_ago=761), "from 0 to 760, not 761"),
    ("updates", known(next_step_in_days=365_000), "“next_step_in_days” must be"),
    ("assessments", known(state="withdrawn"), "“withdrawn_days_ago” is for"),
    ("assessments", known(withdrawn_days_ago=3), "“withdrawn_days_ago” is for"),
    ("assessments", known(state="withdrawn", withdrawn_days_ago=71), "from 0 to 70, not 71"),
    # What a verb of the product refuses
    ("people", new(handle="n-1", organisation="high-pasture"), "of the State"),
    (
        "assignments",
        new(ref="A3", organisation="high-pasture", kind="supporting"),
        "Only an organisation of the State",
    ),
    ("updates", known(author="quartz-08"), "'quartz-08' is not of 'employment'"),
    (
        "updates",
        new(key="n", ref="A1.1", organisation="public-order", author="quartz-08"),
        "may not do this",
    ),
    ("updates", new(key="n", reason=" "), "Say why you chose this level"),
    ("assessments", new(key="n", organisation="employment", author="basalt-26"), "may not do this"),
    ("assessments", new(key="n", narrative=""), "Describe what your organisation"),
    (
        "evidence",
        new(of="assessments", entry="sp-a24-1-judgments", visibility="confidential"),
        "must be 'public'",
    ),
)
"""A file, what is wrong with one of its entries, and a part of what is said of it."""


def refused(database: Database, folder: Path) -> SeedBroken:
    with pytest.raises(SeedBroken) as broken, database.transaction() as session:
        seed_demonstration(session, folder, NOW, CHEAP)
    return broken.value


def test_a_file_of_evidence_that_is_not_taken_is_named(database: Database, folder: Path) -> None:
    (folder / "files" / "page.pdf").write_bytes(HTML)
    change(folder, "evidence", new(file="page.pdf"))
    assert "“page.pdf” does not fit what is in the file" in refused(database, folder).sentence


def test_a_broken_file_is_named_with_its_line_and_nothing_is_written(
    session: Session, database: Database, folder: Path
) -> None:
    """The good change in another file goes with the bad one: everything or nothing."""
    before = everything(session)
    session.rollback()
    for name, edit, said in BROKEN:
        other = "people" if name == "organisations" else "organisations"
        add = {"handle": "n-2"} if other == "people" else {"key": "one-more"}
        change(folder, other, lambda entries, add=add: entries.append({**entries[1], **add}))  # type: ignore[misc]
        line = change(folder, name, edit)
        error = refused(database, folder)
        assert said in error.sentence
        assert (error.file, error.line) == (f"demo/{name}.json", line), said
        for each in (name, other):
            shutil.copy(DEMO / f"{each}.json", folder)
    assert everything(session) == before


def test_an_update_that_nobody_can_publish_is_named(database: Database, folder: Path) -> None:
    """Given people without a coordinator."""
    change(folder, "people", lambda entries: entries.__delitem__(slice(0, 2)))
    line = change(folder, "updates", new(key="n"))
    error = refused(database, folder)
    assert "nobody among the people coordinates" in error.sentence
    assert (error.file, error.line) == ("demo/updates.json", line)
