"""What an import asks the database: in few statements, however many recommendations it brings."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import NOW, Cast
from tests.services.imports.files import COLUMNS, bring, open_empty, preview, table
from tests.statements import watching
from tracker.database import Database
from tracker.models.imports import Import
from tracker.services.imports.applying import apply_import, list_what_keeps, undo_import

pytestmark = pytest.mark.database
FEW, MANY = 20, 252
MOST_MORE = 12
"""How many more statements many items may take. An INSERT does not count: SQLite gives a new row its number one by one,
where PostgreSQL takes many at once."""


def rows(number: int, position: str = "Noted", theme: str = "Trees") -> list[tuple[str, ...]]:
    return [
        (
            f"1.{each}",
            f"Build bridge number {each} of stone and wood",
            "Chile, Peru",
            position,
            f"{theme}; Air",
        )
        for each in range(1, number + 1)
    ]


def count(database: Database, deed: Callable[[], Any]) -> int:
    said: list[str] = []
    with watching(database, lambda statement, _: said.append(statement)):
        deed()
    return sum(not statement.startswith("INSERT") for statement in said)


def measure(database: Database, cast: Cast, code: str, number: int) -> dict[str, int]:
    found: dict[str, int] = {}
    with database.writing() as session:
        review = open_empty(session, code)
        actor = cast["coordinator"]
        applied: list[Import] = []

        def compare() -> None:
            applied.append(preview(session, actor, review, table(rows(number)), *COLUMNS))

        def apply() -> None:
            apply_import(session, actor, applied[-1], NOW)
            session.flush()

        found["compare"] = count(database, compare)
        found["apply"] = count(database, apply)
        changed = table(rows(number, theme="Parks"))
        applied.append(preview(session, actor, review, changed, *COLUMNS))
        found["change"] = count(database, apply)
        found["may it be undone"] = count(database, lambda: list_what_keeps(session, applied[-1]))
        found["undo a change"] = count(database, lambda: undo_import(session, actor, applied[-1], NOW))
        found["undo what was added"] = count(database, lambda: undo_import(session, actor, applied[0], NOW))
    return found


def test_many_items_take_hardly_more_statements_than_few(database: Database, cast: Cast) -> None:
    few, many = measure(database, cast, "KGZ-4", FEW), measure(database, cast, "KGZ-5", MANY)
    more = {step: many[step] - few[step] for step in few if many[step] > few[step] + MOST_MORE}
    assert more == {}, (few, many)


def test_the_same_file_again_asks_little(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = open_empty(session)
        bring(session, cast["coordinator"], review, table(rows(MANY)), *COLUMNS)
        again = count(
            database, lambda: bring(session, cast["coordinator"], review, table(rows(MANY)), *COLUMNS)
        )
    assert again < 60
