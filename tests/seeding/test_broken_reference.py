"""A data file that is wrong is named with its line and a sentence, and nothing is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW, TODAY
from tests.seeding.test_reference import LATER, REFERENCE, change, everything, rows
from tracker.database import Database
from tracker.failures import SeedBroken
from tracker.seeding.reference import FILES, seed_reference


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def set_first(**values: object) -> Callable[[list[dict[str, Any]]], object]:
    return lambda found: found[0].update(values)


BROKEN: dict[str, tuple[str, Callable[[list[dict[str, Any]]], object], str]] = {
    "a missing field": ("themes", lambda found: found[0].pop("label"), "missing"),
    "an unknown kind": ("recommendations", set_first(kind="wish"), "wish"),
    "nothing for a name": ("recommendations", set_first(ref=" "), "“ref” is empty"),
    "a wrong date": ("milestones", set_first(starts_on="03.05.2010"), "date"),
    "a week for a day": ("milestones", set_first(starts_on="2010-W18-1"), "date"),
    "an unknown heading": ("recommendations", set_first(heading="nowhere"), "nowhere"),
    "an unknown topic": ("recommendations", set_first(topics=["nowhere"]), "nowhere"),
    "an unknown theme": ("recommendations", set_first(themes=["nowhere"]), "nowhere"),
    "an unknown target": ("recommendations", set_first(sdg_targets=["99.9"]), "99.9"),
    "an unknown source": ("recommendations", set_first(source="nowhere"), "nowhere"),
    "a window that ends before it starts": ("milestones", set_first(ends_on="2010-05-02"), "before"),
    "an unknown review": ("milestones", set_first(review="KGZ-9"), "KGZ-9"),
    "an unknown State of a milestone": ("milestones", set_first(state="XXX"), "XXX"),
    "an unknown State of a letter": ("communications", set_first(state="XXX"), "XXX"),
    "an unknown State of a review": ("reviews", set_first(state="XXX"), "XXX"),
    "an unknown item of a letter": ("communications", set_first(recommendations=["Z1"]), "Z1"),
    "an unknown goal": ("sdg_targets", set_first(goal="18"), "18"),
    "a State without a name": ("states", set_first(code="XXX", alpha2="X1"), "name"),
    "a text for a number": ("sdg_goals", set_first(order="1"), "whole number"),
    "true for a number": ("sdg_goals", set_first(order=True), "whole number"),
    "a text for a flag": ("groups", set_first(is_duty_bearer="no"), "true or false"),
    "a number among texts": ("recommendations", set_first(topics=[3]), "list of texts"),
    "a text among points": ("recommendations", set_first(action_points=["A1.1"]), "list of objects"),
    "a number that no database holds": ("recommendations", set_first(order=2**31), "1000000000"),
    "a cycle before the first": ("reviews", set_first(cycle=0), "from 1 to"),
    "a text that PostgreSQL cannot hold": ("themes", set_first(label="a\0b"), "character"),
    "half a character": ("themes", set_first(label="\ud800"), "character"),
    "half a character in a list": ("communications", set_first(mandates=["\ud800"]), "character"),
    "a tag twice": ("recommendations", set_first(sdg_targets=["16.3", "16.3"]), "names '16.3' twice"),
    "an item of a letter twice": ("communications", set_first(recommendations=["A1", "A1"]), "'A1' twice"),
    "two points with one ref": (
        "recommendations",
        lambda found: found[0]["action_points"][1].update(ref="A1.1"),
        "“ref” 'A1.1' is there twice",
    ),
    "a correction of no State": ("state_name_corrections", set_first(code="XXX"), "XXX"),
    "a correction in no language of ours": (
        "state_name_corrections",
        set_first(language="fr"),
        "one of en, ru, ky",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named_with_its_line_and_nothing_is_written(
    session: Session, database: Database, folder: Path, what: str
) -> None:
    """The good change in another file goes with the bad one: everything or nothing."""
    name, edit, said = BROKEN[what]
    change(folder, "groups", lambda found: found[-1].update(label="Somebody else"))
    change(folder, name, edit)
    before = everything(session)
    session.rollback()
    with pytest.raises(SeedBroken) as found, database.transaction() as other:
        seed_reference(other, folder, LATER.date(), LATER)
    assert (found.value.file, found.value.line) == (f"reference/{name}.json", 2)
    assert said in found.value.sentence
    assert str(found.value).startswith(f"reference/{name}.json, line 2: ")
    assert everything(session) == before


@pytest.mark.parametrize("name", FILES)
def test_an_entry_that_is_there_twice_is_refused_with_both_lines(
    session: Session, folder: Path, name: str
) -> None:
    """Whatever else the second one says: two entries that name the same thing contradict each other."""
    key = FILES[name]
    path, found = folder / f"{name}.json", rows(name)
    other = {**(found[1] if len(found) > 1 else found[0]), **{field: found[0][field] for field in key}}
    lines = [json.dumps(row, ensure_ascii=False) for row in [*found, other]]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    before = everything(session)
    with pytest.raises(SeedBroken) as broken:
        seed_reference(session, folder, TODAY, NOW)
    said = ", ".join(f"“{field}” {found[0][field]!r}" for field in key)
    assert (broken.value.file, broken.value.line) == (f"reference/{name}.json", len(found) + 2)
    assert broken.value.sentence == f"{said} is there twice: first in line 2"
    assert everything(session) == before


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (
            b'[\n {"code": "a"},\n {"code": "b", "label": "B", "code": "c"}\n]',
            3,
            "the name 'code' is there twice",
        ),
        (
            b'[\n {"code": "a"},\n {"code": "b",\n  "a": [{"x": 1, "x": 1}]}\n]',
            3,
            "the name 'x' is there twice",
        ),
        (b'[\n {"code": "a"},\n]', 3, "not valid JSON"),
        (b'[\n {"code": "a"}\n]\n[]', 4, "not valid JSON"),
        (b'[\n {"code": ' + b"9" * 5000 + b"}\n]", 2, "integer"),
        (b'[\n {"code": "a"},\n {"code": }\n]', 3, "not valid JSON"),
        (b'[\n {"code": "a"}\n {"code": "b"}\n]', 3, "not valid JSON"),
        (b'[\n {"code": "a"}', 2, "not valid JSON"),
        (b'{"code": "a"}', 1, "array"),
        (b'[\n {"code": "a"},\n "b"\n]', 3, "object"),
        (b'[\n {"code": "\xff"}\n]', 2, "UTF-8"),
        (b"", 1, "array"),
        (None, 1, "missing"),
    ],
)
def test_what_is_no_list_of_objects_is_refused(
    session: Session, folder: Path, content: bytes | None, line: int, said: str
) -> None:
    path = folder / "groups.json"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(SeedBroken) as found:
        seed_reference(session, folder, TODAY, NOW)
    assert (found.value.file, found.value.line) == ("reference/groups.json", line)
    assert said in found.value.sentence


def test_a_file_that_cannot_be_read_is_named(session: Session, folder: Path) -> None:
    (folder / "groups.json").unlink()
    (folder / "groups.json").mkdir()
    with pytest.raises(
        SeedBroken, match=r"reference/groups\.json, line 1: the file cannot be read: Is a dir"
    ):
        seed_reference(session, folder, TODAY, NOW)


def test_lists_within_lists_without_end_are_named(session: Session, folder: Path) -> None:
    path = folder / "themes.json"
    path.write_text('[{"code": ' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(SeedBroken, match="go too deep"):
        seed_reference(session, folder, TODAY, NOW)
