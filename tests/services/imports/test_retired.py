"""What a person retired, a later file changes only where a person takes its line."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import (
    COLUMNS,
    ROWS,
    bring,
    items_of,
    kinds_of,
    matrix,
    open_empty,
    preview,
    recommendations,
    table,
    upr_info,
)
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.services.imports.applying import apply_import
from tracker.services.imports.uploads import take_items
from tracker.services.recommendations.standing import retire_recommendation

pytestmark = pytest.mark.database
CORRECTED = [ROWS[0], ("140.2", "Open two libraries in each village", *ROWS[1][2:]), ROWS[2]]


def retire(session: Session, cast: Cast, retired: Recommendation) -> None:
    retire_recommendation(session, cast["coordinator"], retired, "Printed twice", NOW)
    session.flush()


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    """Of three recommendations, the second of which is retired."""
    opened = open_empty(session)
    bring(session, cast["coordinator"], opened, table(), *COLUMNS)
    retire(session, cast, recommendations(session, opened)[1])
    return opened


def texts(session: Session, review: Review) -> list[str]:
    return [each.text for each in recommendations(session, review)]


def test_the_same_file_asks_nothing(session: Session, cast: Cast, review: Review) -> None:
    again = preview(session, cast["coordinator"], review, table(), *COLUMNS)
    assert kinds_of(session, again) == {"unchanged": 3}


def test_a_corrected_file_asks_first(session: Session, cast: Cast, review: Review) -> None:
    found = preview(session, cast["coordinator"], review, table(CORRECTED), *COLUMNS)
    assert kinds_of(session, found) == {"doubtful": 1, "unchanged": 2}
    [item] = [each for each in items_of(session, found) if each.kind == "doubtful"]
    assert (item.ref, item.is_taken, item.can_be_taken) == ("140.2", False, True)
    assert "140.2 was retired on 22 November 2026" in item.problems[0][1]
    apply_import(session, cast["coordinator"], found, NOW)
    assert texts(session, review) == [row[1] for row in ROWS]


def test_a_person_may_take_it(session: Session, cast: Cast, review: Review) -> None:
    found = preview(session, cast["coordinator"], review, table(CORRECTED), *COLUMNS)
    take_items(session, cast["coordinator"], found, range(9), range(9))
    apply_import(session, cast["coordinator"], found, NOW)
    session.flush()
    assert texts(session, review) == [row[1] for row in CORRECTED]
    assert recommendations(session, review)[1].retired_at == NOW


def test_what_was_parted_and_retired_is_told_no_more(session: Session, cast: Cast) -> None:
    """UPR Info parts a recommendation in two; the matrix says that it is one, and a person retires the other part."""
    coordinator, opened = cast["coordinator"], open_empty(session)
    clauses = ("Plant a tree in each street of the capital", "open a garden in each quarter of the old town")
    parts = [(text, state, "Supported", "") for text, state in zip(clauses, ("Chile", "Peru"), strict=True)]
    bring(session, coordinator, opened, upr_info(parts))
    whole = f"140.1 {clauses[0]} (Chile); {clauses[1]} (Peru);\nSource of Position: A/HRC/99/15/Add.1"
    rows = ("Theme: Trees", (whole, "Supported", "- Trees", ""))
    told = bring(session, coordinator, opened, matrix(rows))
    assert "retire the others" in str(items_of(session, told)[0].problems)
    retire(session, cast, recommendations(session, opened)[1])
    again = preview(session, coordinator, opened, matrix(rows))
    assert "retire the others" not in str(items_of(session, again)[0].problems)
    assert kinds_of(session, again) == {"unchanged": 1}
