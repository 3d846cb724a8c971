"""A data file that is wrong is named with its line and a sentence, and nothing is written."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.seeding.test_reference import LATER, REFERENCE, change, everything, rows
from tracker.database import Database
from tracker.failures import SeedBroken
from tracker.seeding.reference import FILES, seed_reference

Rows = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def set_first(**values: object) -> Callable[[Rows], object]:
    return lambda entries: entries[0].update(values)


BROKEN: tuple[tuple[str, Callable[[Rows], object], str], ...] = (
    ("themes", lambda entries: entries[0].pop("label"), "missing"),
    ("recommendations", set_first(kind="wish"), "wish"),
    ("recommendations", set_first(ref=" "), "“ref” is empty"),
    ("milestones", set_first(starts_on="03.05.2010"), "date"),
    ("milestones", set_first(starts_on="2010-W18-1"), "date"),
    ("milestones", set_first(ends_on="2010-05-02"), "before"),
    # Names of what is nowhere
    ("recommendations", set_first(heading="nowhere"), "nowhere"),
    ("recommendations", set_first(topics=["nowhere"]), "nowhere"),
    ("recommendations", set_first(sdg_targets=["99.9"]), "99.9"),
    ("recommendations", set_first(source="nowhere"), "nowhere"),
    ("milestones", set_first(review="KGZ-9"), "KGZ-9"),
    ("reviews", set_first(state="XXX"), "XXX"),
    ("reviews", set_first(state="VAT"), "observer State"),
    ("review_figures", set_first(review="KGZ-9"), "KGZ-9"),
    ("communications", set_first(recommendations=["Z1"]), "Z1"),
    ("sdg_targets", set_first(goal="18"), "18"),
    ("state_name_corrections", set_first(code="XXX"), "XXX"),
    ("state_name_corrections", set_first(language="fr"), "one of en, ru, ky"),
    ("groups", set_first(translations={"fr": "Enfants"}), "one of en, ru, ky"),
    ("groups", set_first(translations={"ru": " "}), "“ru” is empty"),
    ("groups", set_first(translations=["Дети"]), "an object"),
    ("states", set_first(code="XXX", alpha2="X1"), "name"),
    ("states", set_first(status="city"), "one of member_state, observer_state"),
    # Values of another type, or that no database or one of them cannot hold
    ("sdg_goals", set_first(order="1"), "whole number"),
    ("sdg_goals", set_first(order=True), "whole number"),
    ("recommendations", set_first(order=2**31), "1000000000"),
    ("reviews", set_first(cycle=0), "from 1 to"),
    ("groups", set_first(is_duty_bearer="no"), "true or false"),
    ("recommendations", set_first(topics=[3]), "list of texts"),
    ("recommendations", set_first(action_points=["A1.1"]), "list of objects"),
    ("themes", set_first(label="a\0b"), "character"),
    ("communications", set_first(mandates=["\ud800"]), "character"),
    # The same twice
    ("recommendations", set_first(sdg_targets=["16.3", "16.3"]), "names '16.3' twice"),
    (
        "recommendations",
        lambda entries: entries[0]["action_points"][1].update(ref="A1.1"),
        "“ref” 'A1.1' is there twice",
    ),
)
"""A file, what is wrong with its first entry, and a part of what is said of it."""


@contextmanager
def nothing_is_written(session: Session) -> Iterator[None]:
    before = everything(session)
    session.rollback()
    yield
    assert everything(session) == before


def refused(database: Database, folder: Path) -> SeedBroken:
    with pytest.raises(SeedBroken) as broken, database.transaction() as session:
        seed_reference(session, folder, LATER.date(), LATER)
    return broken.value


def test_a_broken_file_is_named_with_its_line_and_nothing_is_written(
    session: Session, database: Database, folder: Path
) -> None:
    """The good change in another file goes with the bad one: everything or nothing."""
    change(folder, "groups", lambda entries: entries[-1].update(label="Somebody else"))
    with nothing_is_written(session):
        for name, edit, said in BROKEN:
            whole = (folder / f"{name}.json").read_bytes()
            change(folder, name, edit)
            error = refused(database, folder)
            assert (error.file, error.line) == (f"reference/{name}.json", 2), said
            assert said in error.sentence
            assert str(error).startswith(f"reference/{name}.json, line 2: ")
            (folder / f"{name}.json").write_bytes(whole)


def test_an_entry_that_is_there_twice_is_refused_with_both_lines(
    session: Session, database: Database, folder: Path
) -> None:
    """Whatever else the second one says: two entries that name the same thing contradict each other."""
    with nothing_is_written(session):
        for name, key in FILES.items():
            path, entries = folder / f"{name}.json", rows(name)
            second = {
                **(entries[1] if len(entries) > 1 else entries[0]),
                **{field: entries[0][field] for field in key},
            }
            whole = path.read_bytes()
            lines = [json.dumps(row, ensure_ascii=False) for row in [*entries, second]]
            path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
            error = refused(database, folder)
            said = ", ".join(f"“{field}” {entries[0][field]!r}" for field in key)
            assert error.sentence == f"{said} is there twice: first in line 2"
            assert (error.file, error.line) == (f"reference/{name}.json", len(entries) + 2)
            path.write_bytes(whole)


NO_LISTS: tuple[tuple[bytes, int, str], ...] = (
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
    (b'[\n {"code": "a"}\n {"code": "b"}\n]', 3, "not valid JSON"),
    (b'[\n {"code": "a"}', 2, "not valid JSON"),
    (b'{"code": "a"}', 1, "array"),
    (b'[\n {"code": "a"},\n "b"\n]', 3, "object"),
    (b'[\n {"code": "\xff"}\n]', 2, "UTF-8"),
    (b'[{"code": ' + b"[" * 100_000, 1, "go too deep"),
    (b"", 1, "array"),
)


def test_what_is_no_list_of_objects_is_refused(database: Database, folder: Path) -> None:
    path = folder / "groups.json"
    for content, line, said in NO_LISTS:
        path.write_bytes(content)
        error = refused(database, folder)
        assert (error.file, error.line) == ("reference/groups.json", line), content[:50]
        assert said in error.sentence
    path.unlink()
    assert "missing" in refused(database, folder).sentence
    path.mkdir()
    assert str(refused(database, folder)).startswith(
        "reference/groups.json, line 1: the file cannot be read: Is a dir"
    )
