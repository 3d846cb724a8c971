"""Lists that nobody thought of, in three layouts: imported twice they change nothing, one cell is one change, the order
of rows says nothing, and an undo leaves everything as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.services.imports.files import (
    COLUMNS,
    bring,
    everything,
    items_of,
    kinds_of,
    matrix,
    open_empty,
    preview,
    recommendations,
    table,
    upr_info,
)
from tracker.models.reviews import Review
from tracker.queries.imports import list_present
from tracker.services.imports.applying import undo_import

from tests.cast import NOW  # isort: skip

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
STATES = (
    "Chile",
    "Peru",
    "Fiji",
    "Mali",
    "Laos",
    "Côte d’Ivoire",
    "Timor-Leste",
    "Iran (Islamic Republic of)",
)
WORDS = (
    "plant",
    "trees",
    "library",
    "river",
    "дерево",
    "өрөөн",
    "bridge",
    "of stone",
    "(No. 29)",
    "school",
    "swim",
)
Row = tuple[str, str, tuple[str, ...], str, tuple[str, ...]]
"""Number, text, States, position, themes."""


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    numbers = draw(st.lists(st.integers(1, 120), min_size=1, max_size=8, unique=True))
    return [
        (
            f"140.{number}",
            f"Recommendation {number}: {' '.join(draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=9)))}",
            tuple(draw(st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True))),
            draw(st.sampled_from(["Supported", "Noted"])),
            tuple(
                draw(st.lists(st.sampled_from(["Air", "Water", "Trees & parks"]), max_size=2, unique=True))
            ),
        )
        for number in numbers
    ]


def as_table(rows: list[Row]) -> bytes:
    return table(
        [(ref, text, ", ".join(states), said, "; ".join(themes)) for ref, text, states, said, themes in rows]
    )


def as_matrix(rows: list[Row]) -> bytes:
    return matrix(
        [
            (
                f"{ref} {text} {' '.join(f'({state})' for state in states)};\nSource of Position: A/HRC/99/15",
                said,
                "\n".join(f"- {theme}" for theme in themes),
                "",
            )
            for ref, text, states, said, themes in rows
        ]
    )


def as_upr_info(rows: list[Row]) -> bytes:
    return upr_info(
        [
            (text, state, "Accepted" if said == "Supported" else "Noted", ",".join(themes))
            for _, text, states, said, themes in rows
            for state in states
        ]
    )


LAYOUTS: dict[str, Any] = {"table": as_table, "matrix": as_matrix, "upr_info": as_upr_info}
layouts = pytest.mark.parametrize("layout", LAYOUTS)


def columns_of(layout: str) -> tuple[Any, ...]:
    return COLUMNS if layout == "table" else ()


@pytest.fixture
def kind() -> str:
    """One database: what is compared are values, which both hold alike."""
    return "sqlite"


@pytest.fixture
def review(session: Session) -> Review:
    return open_empty(session)


def said(session: Session, review: Review) -> list[dict[str, Any]]:
    session.flush()
    return [each.values for each in list_present(session, review.id)]


@layouts
@SOME
@given(rows=lists(), chance=st.randoms(use_true_random=False))
def test_twice_is_once_in_whatever_order(
    session: Session, cast: Cast, review: Review, layout: str, rows: list[Row], chance: Any
) -> None:
    with session.begin_nested() as point:
        bring(session, cast["coordinator"], review, LAYOUTS[layout](rows), *columns_of(layout))
        assert len(recommendations(session, review)) == len(rows)
        before = everything(session)
        chance.shuffle(rows)
        found = bring(session, cast["coordinator"], review, LAYOUTS[layout](rows), *columns_of(layout))
        assert kinds_of(session, found) == {"unchanged": len(rows)}
        assert everything(session) == before
        point.rollback()
    session.expire_all()


@layouts
@SOME
@given(rows=lists(), at=st.integers(0, 7), what=st.sampled_from(["themes", "states", "text"]))
def test_one_cell_is_one_change(
    session: Session, cast: Cast, review: Review, layout: str, rows: list[Row], at: int, what: str
) -> None:
    with session.begin_nested() as point:
        bring(session, cast["coordinator"], review, LAYOUTS[layout](rows), *columns_of(layout))
        ref, text, states, position, themes = rows[at % len(rows)]
        if what == "themes":
            themes = (*themes, "Fire")
        elif what == "states":
            states = (*states, "Ghana")
        elif layout == "upr_info":
            themes = (*themes, "Earth")  # without numbers another text is another recommendation
        else:
            text = f"{text} and more"
        rows[at % len(rows)] = (ref, text, states, position, themes)
        found = preview(session, cast["coordinator"], review, LAYOUTS[layout](rows), *columns_of(layout))
        changed = [item for item in items_of(session, found) if item.kind != "unchanged"]
        assert [len(item.changes) for item in changed] == [1]
        assert changed[0].is_taken
        point.rollback()
    session.expire_all()


@layouts
@SOME
@given(rows=lists(), others=lists(), other=st.sampled_from(sorted(LAYOUTS)))
def test_what_is_undone_was_never_there(
    session: Session, cast: Cast, review: Review, layout: str, rows: list[Row], others: list[Row], other: str
) -> None:
    with session.begin_nested() as point:
        bring(session, cast["coordinator"], review, LAYOUTS[other](others), *columns_of(other))
        before = everything(session)
        found = preview(session, cast["coordinator"], review, LAYOUTS[layout](rows), *columns_of(layout))
        for item in items_of(session, found):
            item.is_taken = item.can_be_taken
        from tracker.services.imports.applying import apply_import

        apply_import(session, cast["coordinator"], found, NOW)
        refs = [each.ref for each in recommendations(session, review)]
        assert len(refs) == len(set(refs))
        undo_import(session, cast["coordinator"], found, NOW)
        assert everything(session) == before
        point.rollback()
    session.expire_all()
