"""A file of the demonstration that is wrong is named with its line and a sentence, and nothing is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.seeding.test_demonstration import DEMO, rows
from tests.seeding.test_reference import everything
from tracker.database import Database
from tracker.failures import SeedBroken
from tracker.identity.passphrases import CHEAP
from tracker.seeding.demonstration import seed_demonstration

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
    return lambda found: found[0].update(values)


def new(**values: object) -> Edit:
    """A new entry that is like the first but for this."""
    return lambda found: found.append({**found[0], **values})


def twice(*key: str) -> Edit:
    """A new entry about what the first is about."""
    return lambda found: found.append({**found[1], **{name: found[0][name] for name in key}})


ROLES = (
    "focal_point, alternate, validating_officer, coordinator, contributor, organisation_lead, registrar, "
    "administrator"
)
KINDS = "government, parliament, judiciary, local, nhri, cso, coalition, un"
LEVELS = (
    "fully_implemented, partially_implemented, planned, not_implemented, regressed, overtaken, no_information"
)
STATES = "draft, submitted, returned, validated, published"
INDEPENDENT = {"roles": ["organisation_lead"], "organisation": "high-pasture", "email": None}
ASSIGNMENT = {"ref": "A3", "organisation": "high-pasture", "kind": "supporting"}
STRANGER = {"organisation": "public-order", "author": "quartz-08"}
"""Somebody whose organisation is not assigned to what the first update is about."""
BROKEN: dict[str, tuple[str, Edit, str]] = {
    "an unknown role": (
        "people",
        new(handle="n-1", roles=["minister"]),
        f"'minister', but must be one of {ROLES}",
    ),
    "an unknown role of somebody known": ("people", known(roles=["minister"]), f"must be one of {ROLES}"),
    "no role": (
        "people",
        new(handle="n-1", roles=[]),
        f"“roles” is empty, but must hold at least one of {ROLES}",
    ),
    "a role twice": ("people", known(roles=["alternate", "alternate"]), "“roles” names 'alternate' twice"),
    "a role that is no text": ("people", known(roles=[1]), "list of texts"),
    "an unknown organisation of somebody": (
        "people",
        known(organisation="nobody"),
        "names 'nobody', which is not",
    ),
    "a handle twice": ("people", twice("handle"), "“handle” 'reed-27' is there twice: first in line 2"),
    "a handle in capitals": ("people", new(handle="Reed-28"), "“handle” must be in small letters"),
    "a handle with a space": ("people", new(handle="reed-28 "), "“handle” must be in small letters"),
    "no handle": ("people", new(handle=""), "“handle” is empty"),
    "a role of the State outside of it": (
        "people",
        new(handle="n-1", organisation="high-pasture"),
        "of the State",
    ),
    "an unknown kind": ("organisations", known(kind="ministry"), f"'ministry', but must be one of {KINDS}"),
    "an organisation twice": ("organisations", twice("key"), "“key” 'secretariat' is there twice"),
    "an organisation without a key": ("organisations", new(key=""), "“key” is empty"),
    "a name that is missing": (
        "organisations",
        lambda found: found[0].pop("name_ky"),
        "“name_ky” is missing",
    ),
    "an unknown assignment": (
        "assignments",
        known(kind="helping"),
        "'helping', but must be one of lead, supporting",
    ),
    "an unknown item of an assignment": (
        "assignments",
        known(ref="Z1"),
        "“ref” names 'Z1', which is not there",
    ),
    "an assignment of nobody": (
        "assignments",
        known(organisation="nobody"),
        "names 'nobody', which is not there",
    ),
    "an assignment twice": (
        "assignments",
        twice("ref", "organisation"),
        "'A1', “organisation” 'external' is there",
    ),
    "two that lead": (
        "assignments",
        new(organisation="employment"),
        "'A1' is led by 'external' already, in line 2",
    ),
    "an assignment of the independent": (
        "assignments",
        new(**ASSIGNMENT),
        "Only an organisation of the State",
    ),
    "an unknown level": ("updates", known(level="done"), f"“level” is 'done', but must be one of {LEVELS}"),
    "an unknown state": ("updates", known(state="sent"), f"“state” is 'sent', but must be one of {STATES}"),
    "an unknown language": ("updates", known(language="fr"), "'fr', but must be one of en, ru, ky"),
    "an unknown point": ("updates", known(ref="Z1.1"), "“ref” names 'Z1.1', which is not there"),
    "an unknown author": ("updates", known(author="nobody"), "“author” names 'nobody', which is not there"),
    "an author of another organisation": (
        "updates",
        known(author="quartz-08"),
        "'quartz-08' is not of 'employment'",
    ),
    "an update of nobody": ("updates", known(organisation="nobody"), "names 'nobody', which is not there"),
    "an update twice": (
        "updates",
        twice("key"),
        "“key” 'a24-1-course-decided' is there twice: first in line 2",
    ),
    "a stranger's update": ("updates", new(key="n", ref="A1.1", **STRANGER), "may not do this"),
    "an update without a reason": ("updates", new(key="n", reason=" "), "Say why you chose this level"),
    "a fact of tomorrow": (
        "updates",
        known(fact_days_ago=-1),
        "“fact_days_ago” must be a whole number from 0",
    ),
    "an update of tomorrow": ("updates", known(recorded_days_ago=-1), "must be a whole number from 0 to 760"),
    "an update before all began": ("updates", known(recorded_days_ago=761), "from 0 to 760, not 761"),
    "a next step in a thousand years": (
        "updates",
        known(next_step_in_days=365_000),
        "“next_step_in_days” must be",
    ),
    "a level that is none": (
        "assessments",
        known(level="bad"),
        f"“level” is 'bad', but must be one of {LEVELS}",
    ),
    "a state that is none": ("assessments", known(state="draft"), "must be one of published, withdrawn"),
    "a language that is none": ("assessments", known(language="de"), "'de', but must be one of en, ru, ky"),
    "an assessment of nothing": ("assessments", known(ref="Z9"), "“ref” names 'Z9', which is not there"),
    "an assessment of nobody": ("assessments", known(author="nobody"), "“author” names 'nobody'"),
    "an author of others": ("assessments", known(organisation="secretariat"), "is not of 'secretariat'"),
    "an assessment twice": ("assessments", twice("key"), "“key” 'hp-a24-3-shelters' is there twice"),
    "a withdrawal without its day": ("assessments", known(state="withdrawn"), "“withdrawn_days_ago” is for"),
    "a day without a withdrawal": ("assessments", known(withdrawn_days_ago=3), "“withdrawn_days_ago” is for"),
    "a withdrawal before the entry": (
        "assessments",
        known(state="withdrawn", withdrawn_days_ago=71),
        "from 0 to 70, not 71",
    ),
    "an assessment by the State": (
        "assessments",
        new(key="n", organisation="employment", author="basalt-26"),
        "may not do this",
    ),
    "an assessment without words": (
        "assessments",
        new(key="n", narrative=""),
        "Describe what your organisation",
    ),
    "a file behind an entry that is not there": (
        "evidence",
        new(entry="none"),
        "names 'none', which is not there",
    ),
    "a file that is not there": ("evidence", new(file="none.pdf"), "which is not in the folder “files”"),
    "a file of somewhere else": (
        "evidence",
        new(file="../people.json"),
        "which is not in the folder “files”",
    ),
    "a secret file behind an assessment": (
        "evidence",
        new(of="assessments", entry="sp-a24-1-judgments", visibility="confidential"),
        "must be 'public'",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named_with_its_line_and_nothing_is_written(
    session: Session, database: Database, folder: Path, what: str
) -> None:
    """The good change in another file goes with the bad one: everything or nothing."""
    name, edit, said = BROKEN[what]
    change(folder, "organisations", lambda found: found.append({**found[1], "key": "one-more"}))
    line = change(folder, name, edit)
    before = everything(session)
    session.rollback()
    with pytest.raises(SeedBroken) as found, database.transaction() as other:
        seed_demonstration(other, folder, NOW, CHEAP)
    assert said in found.value.sentence
    assert (found.value.file, found.value.line) == (f"demo/{name}.json", line)
    assert everything(session) == before


def test_an_update_that_nobody_can_publish_is_named(session: Session, folder: Path) -> None:
    """Given people without a coordinator."""
    change(folder, "people", lambda found: found.__delitem__(slice(0, 2)))
    line = change(folder, "updates", new(key="n"))
    with pytest.raises(SeedBroken, match="nobody among the people coordinates") as found:
        seed_demonstration(session, folder, NOW, CHEAP)
    assert (found.value.file, found.value.line) == ("demo/updates.json", line)
