"""No ministry is quoted on a recommendation that its row may not be about."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, point
from tests.exchange.imports.table_files import xlsx
from tests.services.imports.files import preview
from tests.services.imports.test_drafts import GOOD, drafts, one_point
from tracker.exchange.imports.rows import Column
from tracker.models.imports import ImportItem
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.services.imports.applying import apply_import

pytestmark = pytest.mark.database
C = Column
HEADER = ["Ref", "Recommendation", "Status", "What was done", "Date", "Ministry"]
COLUMNS = (C.REF, C.TEXT, C.LEVEL, C.DONE, C.AS_OF_ON, C.ORGANISATION)


@pytest.fixture
def review(session: Session) -> Review:
    return point(session).recommendation.review


def rename(session: Session, review: Review, ref: str, wanted: str, text: str) -> None:
    same = (Recommendation.review_id == review.id, Recommendation.ref == ref)
    found = session.scalars(select(Recommendation).where(*same)).one()
    found.ref, found.text = wanted, text
    session.flush()


def read(session: Session, cast: Cast, review: Review, *rows: tuple[object, ...]) -> list[ImportItem]:
    found = preview(session, cast["coordinator"], review, xlsx(HEADER, rows), *COLUMNS)
    lines = drafts(session, found)
    told = [line.problems for line in lines]
    before = session.scalars(select(ProgressUpdate.id)).all()
    apply_import(session, cast["coordinator"], found, NOW)
    made = len(session.scalars(select(ProgressUpdate.id)).all()) - len(before)
    assert made == sum(line.is_taken for line in lines)
    for line, problems in zip(lines, told, strict=True):
        line.problems = problems  # the import that is applied has forgotten them
    return lines


def test_the_text_of_another_recommendation(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    [line] = read(session, cast, review, (ref, "Sail around the islands in a small boat", *GOOD))
    assert (line.kind, line.is_taken, line.can_be_taken) == ("doubtful", False, True)
    assert f"is not that of {ref}" in line.problems[-1][1]


def test_a_number_that_lost_its_zero(session: Session, cast: Cast, review: Review) -> None:
    """The text belongs to 28.10, the number to 28.1: neither gets the words of the ministry by itself."""
    rename(session, review, one_point(session), "28.1", "Plant a tree in each street of the capital")
    rename(session, review, "A30", "28.10", "Sail around the islands in a small boat")
    [line] = read(session, cast, review, ("28.1", "Sail around the islands in a small boat", *GOOD))
    assert (line.kind, line.is_taken) == ("doubtful", False)


@pytest.mark.parametrize("text", ["Plant a tree in each street of the capital", ""])
def test_a_number_that_may_have_lost_its_zero(
    session: Session, cast: Cast, review: Review, text: str
) -> None:
    rename(session, review, one_point(session), "28.1", "Plant a tree in each street of the capital")
    columns = (C.REF, C.TEXT if text else C.NONE, *COLUMNS[2:])
    found = preview(session, cast["coordinator"], review, xlsx(HEADER, [(28.1, text, *GOOD)]), *columns)
    [line] = drafts(session, found)
    assert (line.kind, line.is_taken) == ("doubtful", False)
    assert "28.10 would look the same" in line.problems[-1][1]


def test_the_number_and_text_of_the_recommendation(session: Session, cast: Cast, review: Review) -> None:
    rename(session, review, one_point(session), "28.1", "Plant a tree in each street of the capital")
    [line] = read(session, cast, review, ("28.1", "Plant a tree in every street of the capital", *GOOD))
    assert (line.kind, line.is_taken) == ("new", True)
