"""Values that no two rows may share change places or make room: exactly these rows change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.seeding.test_reference import change, differences, everything, folder, rows, seed
from tracker.failures import SeedBroken
from tracker.models.base import Base
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.states import State

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

__all__ = ["folder"]  # a fixture

Rows = list[dict[str, Any]]
UNIQUE: dict[str, tuple[type[Base], str, str]] = {
    "states": (State, "code", "alpha2"),
    "reviews": (Review, "code", "cycle"),
    "recommendations": (Recommendation, "ref", "order"),
}
"""Files whose table has a unique value besides what finds a row again: the model, the key and the value."""


def values_of(session: Session, name: str) -> dict[str, Any]:
    model, key, value = UNIQUE[name]
    session.expire_all()
    columns = getattr(model, key), getattr(model, value)
    return dict(session.execute(select(*columns)).all())  # type: ignore[arg-type]


def swap(value: str) -> Callable[[Rows], object]:
    """The first and the last row."""

    def edit(entries: Rows) -> None:
        entries[0][value], entries[-1][value] = entries[-1][value], entries[0][value]

    return edit


def refuse(session: Session, folder: Path, said: str) -> int:
    """The seed is refused with that sentence and leaves everything as it was; gives the line that it names."""
    before = everything(session)
    with pytest.raises(SeedBroken) as broken, session.begin_nested():
        seed(session, folder)
    session.expire_all()
    assert everything(session) == before
    assert broken.value.sentence == said
    assert broken.value.file == "reference/recommendations.json"
    return broken.value.line


def line_of(folder: Path, entry: int) -> int:
    text = (folder / "recommendations.json").read_text(encoding="utf-8")
    return [number for number, line in enumerate(text.splitlines(), start=1) if line == " {"][entry]


def test_two_rows_that_swap_a_value_are_the_only_ones_that_change_and_can_go_back(
    session: Session, folder: Path
) -> None:
    for name, (_, key, value) in UNIQUE.items():
        before = values_of(session, name)
        change(folder, name, swap(value))
        one, other = rows(name)[0][key], rows(name)[-1][key]
        _, tables = differences(session, lambda: seed(session, folder))
        assert tables - {name} == set()
        assert values_of(session, name) == {**before, one: before[other], other: before[one]} != before, name
        assert seed(session, folder).is_nothing
        change(folder, name, swap(value))
        seed(session, folder)
        assert values_of(session, name) == before


def test_a_recommendation_put_in_the_middle_shifts_the_rest_and_nothing_else(
    session: Session, folder: Path
) -> None:
    def make_room(entries: Rows) -> None:
        for row in entries[2:]:
            row["order"] += 1
        new = {**entries[2], "ref": "A2-bis", "order": 3, "action_points": []}
        entries.insert(2, {**new, "topics": [], "themes": [], "groups": [], "sdg_targets": []})

    def contents() -> dict[str, tuple[object, ...]]:
        columns = [column for column in Recommendation.__table__.c if column.name != "order"]
        return {row.ref: tuple(row) for row in session.execute(select(*columns))}

    before = contents()
    change(folder, "recommendations", make_room)
    told = f"2 added, {len(before) - 2} changed, 0 removed"  # the recommendation and its heading
    tables = {"recommendations", "recommendation_themes"}
    assert differences(session, lambda: seed(session, folder)) == (told, tables)
    assert values_of(session, "recommendations") == {
        row["ref"]: row["order"] for row in rows("recommendations", folder)
    }
    after = contents()
    assert after.keys() - before.keys() == {"A2-bis"}
    assert {ref: after[ref] for ref in before} == before
    assert seed(session, folder).is_nothing


def test_two_entries_with_one_value_are_refused_with_both_lines(session: Session, folder: Path) -> None:
    change(folder, "recommendations", lambda entries: entries[3].update(order=entries[1]["order"]))
    other = rows("recommendations", folder)[1]
    said = f"“order” is {other['order']}, which {other['ref']!r} in line {line_of(folder, 1)} has too"
    assert refuse(session, folder, said) == line_of(folder, 3)


def test_a_value_that_another_row_holds_in_the_database_is_refused(session: Session, folder: Path) -> None:
    """A person gave it to that row, or the file has that row no more. The file is blamed."""
    moved = session.scalars(select(Recommendation).where(Recommendation.ref == "A4")).one()
    moved.order = 700
    session.flush()
    change(folder, "recommendations", lambda entries: entries[0].update(order=700))
    assert refuse(session, folder, "“order” is 700, which 'A4' in the database has too") == 2

    def lose_the_first(entries: Rows) -> None:
        del entries[0]
        entries[0].update(order=1)

    change(folder, "recommendations", lose_the_first)
    assert refuse(session, folder, "“order” is 1, which 'A1' in the database has too") == 2
