"""Two recommendations are never mixed, and two positions never decided between, whatever a file says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import (
    COLUMNS,
    MATRIX_ROWS,
    ROWS,
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
from tracker.exchange.imports.rows import Layout
from tracker.failures import BadInput
from tracker.history.sentences import sentence_of
from tracker.models.history import HistoryLine
from tracker.models.recommendations import Position
from tracker.models.reviews import Review
from tracker.queries.imports import list_present
from tracker.services.imports.applying import apply_import, undo_import

pytestmark = pytest.mark.database


def said_of(session: Session, review: Review, field: str) -> dict[str, Any]:
    return {each.values["ref"]: each.values[field] for each in list_present(session, review.id)}


OTHER = ("140.1", "Sail around the islands in a small boat", "Fiji", "Noted", "Boats")


def test_a_number_with_another_text_changes_nothing_until_a_person_says_so(
    session: Session, cast: Cast
) -> None:
    """Neither the text nor its States and themes are mixed with the recommendation that has the number, whichever
    layout brought that."""
    review, coordinator = open_empty(session), cast["coordinator"]
    for content, columns in ((table(ROWS[:1]), COLUMNS), (matrix(MATRIX_ROWS[:2]), ())):
        bring(session, coordinator, review, content, *columns)
        before = everything(session)
        found = bring(session, coordinator, review, table([OTHER]), *COLUMNS)
        [item] = items_of(session, found)
        assert (item.kind, item.is_taken, item.can_be_taken) == ("doubtful", False, True)
        assert "140.1 stands here with another text" in item.problems[-1][1]
        assert {"text", "states", "themes", "position"} <= item.changes.keys()
        assert everything(session) == before
    found = preview(session, coordinator, review, table([OTHER]), *COLUMNS)
    items_of(session, found)[0].is_taken = True
    apply_import(session, coordinator, found, NOW)
    [corrected] = recommendations(session, review)
    assert (corrected.ref, corrected.text, corrected.position) == (*OTHER[:2], Position.NOTED)
    undo_import(session, coordinator, found, NOW + timedelta(hours=1))
    assert everything(session) == before


def test_a_list_that_lost_its_zeros_changes_the_recommendation_of_its_text(
    session: Session, cast: Cast
) -> None:
    review, coordinator = open_empty(session), cast["coordinator"]
    bring(session, coordinator, review, table(), *COLUMNS)
    lost = [("140.1", *ROWS[2][1:4], "Water; Trees; Lakes")]
    bring(session, coordinator, review, table(lost), *COLUMNS)
    assert said_of(session, review, "text") == {ref: text for ref, text, *_ in ROWS}
    themes = said_of(session, review, "themes")
    assert ("Lakes" in themes["140.10"], "Lakes" in themes["140.1"]) == (True, False)


def test_a_number_that_stands_before_two_texts_of_a_file_is_that_of_the_first(
    session: Session, cast: Cast
) -> None:
    review = open_empty(session)
    found = bring(session, cast["coordinator"], review, table([ROWS[0], OTHER]), *COLUMNS)
    assert [(each.ref, each.text) for each in recommendations(session, review)] == [
        ROWS[0][:2],
        ("N2", OTHER[1]),
    ]
    assert said_of(session, review, "states") == {"140.1": ["CHL", "PER"], "N2": ["FJI"]}
    assert "another text" in str([item.problems for item in items_of(session, found)])


TWICE = (*ROWS[:1], (*ROWS[0][:3], "Noted", "Trees"))


def test_two_positions_in_one_file_are_two_lines_to_choose_from(session: Session, cast: Cast) -> None:
    review, coordinator = open_empty(session), cast["coordinator"]
    before = everything(session)
    found = preview(session, coordinator, review, table(TWICE), *COLUMNS)
    main, *asked = items_of(session, found)
    assert (main.kind, main.is_taken, "position" in main.values) == ("doubtful", True, False)
    assert [(each.changes, each.is_taken) for each in asked] == [
        ({"position": [None, "supported"]}, False),
        ({"position": [None, "noted"]}, False),
    ]
    asked[1].is_taken = True
    apply_import(session, coordinator, found, NOW)
    [made] = recommendations(session, review)
    assert (made.ref, made.position) == ("140.1", Position.NOTED)
    newest = session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one()
    assert sentence_of(newest) == "coordinator imported into KGZ-4: 1 added, 0 changed"
    again = preview(session, coordinator, review, table(TWICE), *COLUMNS)
    assert kinds_of(session, again) == {"unchanged": 1}, "a person has chosen"
    undo_import(session, coordinator, found, NOW + timedelta(hours=1))
    assert everything(session) == before


def test_two_positions_are_never_taken_at_once(session: Session, cast: Cast) -> None:
    review, coordinator = open_empty(session), cast["coordinator"]
    found = preview(session, coordinator, review, table(TWICE), *COLUMNS)
    for each in items_of(session, found):
        each.is_taken = True
    with pytest.raises(BadInput, match=r"Two lines of 140\.1 say different positions"):
        apply_import(session, coordinator, found, NOW)


def test_an_addendum_with_one_number_in_two_lists_is_asked_about(session: Session, cast: Cast) -> None:
    review, coordinator = open_empty(session), cast["coordinator"]
    bring(session, coordinator, review, table(), *COLUMNS)
    before = everything(session)
    lists = b"Accepted: 140.1, 140.2\nNoted: 140.2, 140.10"
    found = bring(session, coordinator, review, lists, layout=Layout.POSITIONS)
    asked = [(item.ref, item.changes["position"]) for item in items_of(session, found) if item.changes]
    assert asked == [("140.2", ["noted", "supported"]), ("140.10", ["supported", "noted"])]
    assert everything(session) == before, "nothing of it is taken unasked, and no sentence becomes a theme"


def test_the_same_text_under_two_numbers_keeps_its_states_apart(session: Session, cast: Cast) -> None:
    """UPR Info has no numbers, and makes one recommendation of both."""
    review, coordinator = open_empty(session), cast["coordinator"]
    text = ROWS[0][1]
    exported = upr_info([(text, "Chile", "Accepted", "Justice"), (text, "Peru", "Accepted", "Labour")])
    bring(session, coordinator, review, exported)
    before = everything(session)
    numbered = table(
        [("140.1", text, "Chile", "Supported", ""), ("141.1", text, "Peru", "Supported", "")],
    )
    found = bring(session, coordinator, review, numbered, *COLUMNS)
    assert said_of(session, review, "states") == {"140.1": ["CHL"], "141.1": ["PER"]}
    undo_import(session, coordinator, found, NOW + timedelta(hours=1))
    assert everything(session) == before
    bring(session, coordinator, review, numbered, *COLUMNS)
    bring(session, coordinator, review, exported)
    assert said_of(session, review, "states") == {"140.1": ["CHL"], "141.1": ["PER"]}
    assert said_of(session, review, "issues") == {"140.1": ["Justice"], "141.1": ["Labour"]}
