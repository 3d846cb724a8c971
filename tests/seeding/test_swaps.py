"""Values that no two rows may share change places, make room or move away: exactly these rows change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from tests.seeding.test_reference import change, differences, everything, folder, rows, seed
from tracker.failures import SeedBroken
from tracker.models.action_points import ActionPoint
from tracker.models.base import Base
from tracker.models.communications import Communication
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.settings import SeededRow
from tracker.models.states import State
from tracker.models.themes import Group, Theme

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

__all__ = ["folder"]  # a fixture

Rows = list[dict[str, Any]]
UNIQUE: dict[str, tuple[type[Base], str, str, tuple[str, ...]]] = {
    "states": (State, "code", "alpha2", ()),
    "reviews": (Review, "code", "cycle", ("state_code", "mechanism")),
    "recommendations": (Recommendation, "ref", "order", ("review_id",)),
}
"""Files whose table has a unique value besides what finds a row again: the model, the key, the value, and
what it is unique within."""
ORDERED: dict[str, tuple[type[Base], str]] = {
    "themes": (Theme, "code"),
    "groups": (Group, "code"),
    "sdg_goals": (SdgGoal, "code"),
    "sdg_targets": (SdgTarget, "code"),
}
"""Files whose order no constraint guards yet."""


@pytest.fixture
def filled() -> str:
    return "cast"


def values_of(session: Session, model: type[Base], key: str, value: str) -> dict[str, Any]:
    columns = getattr(model, key), getattr(model, value)
    return dict(session.execute(select(*columns)).all())  # type: ignore[arg-type]


def swap(value: str) -> Callable[[Rows], object]:
    """The first and the last row."""

    def edit(found: Rows) -> None:
        found[0][value], found[-1][value] = found[-1][value], found[0][value]

    return edit


def rotate(value: str) -> Callable[[Rows], object]:
    """Every row takes the value of the next one."""

    def edit(found: Rows) -> None:
        values = [row[value] for row in found]
        for row, new in zip(found, [*values[1:], values[0]], strict=True):
            row[value] = new

    return edit


def make_room(found: Rows) -> None:
    """A new recommendation takes the third place, all others from there on move one down."""
    for row in found[2:]:
        row["order"] += 1
    new = {**found[2], "ref": "A2-bis", "order": 3, "action_points": []}
    found.insert(2, {**new, "topics": [], "themes": [], "groups": [], "sdg_targets": []})


def test_every_unique_value_of_the_seed_has_its_swap_here(session: Session) -> None:
    """Every constraint of a seeded table is about its key alone, or stands in the list above."""
    found = set()
    for name in session.scalars(select(SeededRow.file).distinct()):
        table = Base.metadata.tables[name]
        assert not [index.name for index in table.indexes if index.unique]
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                found.add((name, frozenset(constraint.columns.keys())))
    keys = {
        ("themes", frozenset({"scheme", "version", "code"})),
        ("groups", frozenset({"code"})),
        ("reviews", frozenset({"code"})),
        ("sources", frozenset({"key"})),
        ("recommendations", frozenset({"review_id", "ref"})),
        ("action_points", frozenset({"recommendation_id", "ref"})),
        ("milestones", frozenset({"key"})),
        ("communications", frozenset({"state_code", "reference"})),
    }
    values = {(name, frozenset({value, *within})) for name, (_, _, value, within) in UNIQUE.items()}
    assert found == keys | values


@pytest.mark.parametrize("name", [*UNIQUE, *ORDERED])
def test_two_rows_that_swap_a_value_are_the_only_ones_that_change(
    session: Session, folder: Path, name: str
) -> None:
    model, key, *rest = {**UNIQUE, **ORDERED}[name]
    value = str(rest[0]) if rest else "order"
    before = values_of(session, model, key, value)
    change(folder, name, swap(value))
    one, other = rows(name)[0][key], rows(name)[-1][key]
    said, tables = differences(session, lambda: seed(session, folder))
    assert tables - {name} == set()
    after = values_of(session, model, key, value)
    assert after == {**before, one: before[other], other: before[one]} != before
    assert said.startswith("0 added, 2 changed, 0 removed") or name == "states"  # names follow alpha2 there
    assert seed(session, folder).is_nothing


@pytest.mark.parametrize("name", UNIQUE)
def test_values_that_all_move_up_by_one_are_laid_and_can_go_back(
    session: Session, folder: Path, name: str
) -> None:
    model, key, value, _ = UNIQUE[name]
    first = everything(session)
    change(folder, name, rotate(value))
    seed(session, folder)
    session.expire_all()
    assert values_of(session, model, key, value) == {row[key]: row[value] for row in rows(name, folder)}
    assert seed(session, folder).is_nothing
    seed(session)
    assert {**everything(session), "reviews": []} == {**first, "reviews": []}  # their figures moved on
    assert values_of(session, model, key, value) == {row[key]: row[value] for row in rows(name)}


def test_a_recommendation_put_in_the_middle_shifts_the_rest_and_nothing_else(
    session: Session, folder: Path
) -> None:
    def lines() -> dict[str, tuple[object, ...]]:
        found = session.execute(select(*(c for c in Recommendation.__table__.c if c.name != "order")))
        return {row.ref: tuple(row) for row in found}

    before, count = lines(), len(rows("recommendations"))
    change(folder, "recommendations", make_room)
    told = f"2 added, {count - 2} changed, 0 removed"  # the recommendation and its heading
    tables = {"recommendations", "recommendation_themes"}
    assert differences(session, lambda: seed(session, folder)) == (told, tables)
    orders = values_of(session, Recommendation, "ref", "order")
    assert orders == {row["ref"]: row["order"] for row in rows("recommendations", folder)}
    after = lines()
    assert set(after) - set(before) == {"A2-bis"}
    assert {ref: after[ref] for ref in before} == before
    assert seed(session, folder).is_nothing


def test_points_that_change_places_keep_their_refs(session: Session, folder: Path) -> None:
    change(folder, "recommendations", lambda found: found[0]["action_points"].reverse())
    count = len(rows("recommendations")[0]["action_points"])
    moved = count - count % 2
    said, tables = differences(session, lambda: seed(session, folder))
    assert tables == {"action_points", "recommendations"}  # the words that are searched follow the order
    assert said == f"0 added, {moved + 1} changed, 0 removed"
    laid = select(ActionPoint.ref, ActionPoint.text).join(Recommendation).where(Recommendation.ref == "A1")
    found = session.execute(laid.order_by(ActionPoint.order)).all()
    points = rows("recommendations", folder)[0]["action_points"]
    assert [tuple(row) for row in found] == [(point["ref"], point["text"]) for point in points]


def test_letters_that_change_places_are_the_only_ones_that_change(session: Session, folder: Path) -> None:
    def edit(found: Rows) -> None:
        found[0], found[1] = found[1], found[0]

    change(folder, "communications", edit)
    told = ("0 added, 2 changed, 0 removed", {"communications"})
    assert differences(session, lambda: seed(session, folder)) == told
    orders = values_of(session, Communication, "reference", "order")
    assert [*sorted(orders, key=orders.__getitem__)] == [
        row["reference"] for row in rows("communications", folder)
    ]


@pytest.mark.parametrize("name", UNIQUE)
def test_two_entries_with_one_value_are_refused_with_both_lines(
    session: Session, folder: Path, name: str
) -> None:
    _, key, value, _ = UNIQUE[name]

    def edit(found: Rows) -> None:
        found[3][value] = found[1][value]

    change(folder, name, edit)
    lines = [line for line, text in numbered(folder / f"{name}.json") if text.startswith(" {")]
    before = everything(session)
    with pytest.raises(SeedBroken) as found, session.begin_nested():
        seed(session, folder)
    session.expire_all()
    assert (found.value.file, found.value.line) == (f"reference/{name}.json", lines[3])
    other = rows(name, folder)[1]
    said = f"“{value}” is {other[value]!r}, which {other[key]!r} in line {lines[1]} has too"
    assert found.value.sentence == said
    assert everything(session) == before


def numbered(path: Path) -> list[tuple[int, str]]:
    return [*enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)]


def test_a_value_that_a_person_gave_to_another_row_is_refused(session: Session, folder: Path) -> None:
    """The file is blamed, though the other row stands later in it."""
    moved = session.scalars(select(Recommendation).where(Recommendation.ref == "A4")).one()
    moved.order = 700
    session.flush()
    change(folder, "recommendations", lambda found: found[0].update(order=700))
    with pytest.raises(SeedBroken, match="“order” is 700, which 'A4' in the database has too") as found:
        seed(session, folder)
    assert found.value.line == 2


def test_a_value_of_a_row_that_the_file_has_no_more_is_refused(session: Session, folder: Path) -> None:
    """A recommendation stays when its file loses it, because entries may hang on it."""

    def edit(found: Rows) -> None:
        del found[0]
        found[0].update(order=1)

    change(folder, "recommendations", edit)
    with pytest.raises(SeedBroken, match="“order” is 1, which 'A1' in the database has too") as found:
        seed(session, folder)
    assert found.value.line == 2


def test_a_place_that_became_free_is_taken_by_another(session: Session, folder: Path) -> None:
    change(folder, "recommendations", lambda found: found[3].update(order=900))
    seed(session, folder)
    change(folder, "recommendations", lambda found: found[7].update(order=4))
    told = ("0 added, 1 changed, 0 removed", {"recommendations"})
    assert differences(session, lambda: seed(session, folder)) == told


def test_no_number_of_a_file_is_as_large_as_those_that_are_set_aside(session: Session, folder: Path) -> None:
    change(folder, "recommendations", lambda found: found[0].update(order=10**9 + 1))
    with pytest.raises(SeedBroken, match="“order” must be a whole number") as found:
        seed(session, folder)
    assert json.dumps(10**9 + 1) in found.value.sentence
