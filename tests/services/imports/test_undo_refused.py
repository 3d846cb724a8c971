"""An import that has become part of what people work on is not undone: it says on what."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, Cast
from tests.services.imports.files import (
    COLUMNS,
    ROWS,
    bring,
    everything,
    matrix,
    open_empty,
    preview,
    recommendations,
    table,
    upr_info,
)
from tests.statements import watching
from tracker.database import Database
from tracker.failures import BadInput, Refused
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assignments import AssignmentKind
from tracker.models.imports import Import
from tracker.models.organisations import Organisation
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Position, Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_action_point, get_recommendation
from tracker.services.assessments import publish_assessment
from tracker.services.assignments import assign
from tracker.services.imports import applying
from tracker.services.imports.applying import apply_import, list_what_keeps, undo_import
from tracker.services.reviews import publish_review
from tracker.services.updates.workflow import write_update

pytestmark = pytest.mark.database
LATER = NOW + timedelta(days=1)
REF = "140.2"


def assigned(session: Session) -> None:
    ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
    where = get_recommendation(session, SYSTEM, "KGZ-4", REF)
    assign(session, SYSTEM, where, ministry, AssignmentKind.LEAD, date(2026, 1, 1), LATER)


def write(session: Session, cast: Cast) -> None:
    point = get_action_point(session, SYSTEM, "KGZ-4", f"{REF}.1")
    write_update(session, cast["focal_point"], point, GOOD_UPDATE, LATER)


def assess(session: Session, cast: Cast) -> None:
    where = get_recommendation(session, SYSTEM, "KGZ-4", REF)
    publish_assessment(session, cast["lead"], where, None, GOOD_ASSESSMENT, LATER)


def row(session: Session) -> Recommendation:
    return get_recommendation(session, SYSTEM, "KGZ-4", REF)


def only_point(session: Session) -> ActionPoint:
    return get_action_point(session, SYSTEM, "KGZ-4", f"{REF}.1")


def link(session: Session) -> None:
    earlier = session.scalars(select(Recommendation.id).where(Recommendation.ref == "A12")).one()
    session.add(
        RecommendationLink(
            later_id=row(session).id, earlier_id=earlier, kind=LinkKind.REPEATS, decided_at=LATER
        )
    )


def change(**values: object) -> Callable[[Session, Cast], None]:
    def set_values(session: Session, cast: Cast) -> None:
        changed = row(session)
        for name, value in values.items():
            setattr(changed, name, value)

    return set_values


def add_point(session: Session, cast: Cast) -> None:
    where = row(session).id
    session.add(ActionPoint(recommendation_id=where, ref=f"{REF}.2", order=2, text="Another thing"))


def retire(session: Session, cast: Cast) -> None:
    only_point(session).retired_at = LATER


def reword(session: Session, cast: Cast) -> None:
    point = only_point(session)
    session.add(PointWording(action_point_id=point.id, text=point.text, until=LATER, was_split=False))
    point.text = "Open two libraries"


DEEDS: dict[str, Callable[[Session, Cast], None]] = {
    "an assignment": lambda session, cast: assigned(session),
    "an assessment": assess,
    "a link": lambda session, cast: link(session),
    "a corrected text": change(text="Open two libraries"),
    "a title": change(short_title="Libraries"),
    "a position of today": change(
        position_now=Position.SUPPORTED, position_now_on=date(2026, 11, 23), position_now_source="A letter"
    ),
    "it was retired": change(retired_at=LATER),
    "another point": add_point,
    "a retired point": retire,
    "a reworded point": reword,
}


@pytest.fixture
def review(session: Session) -> Review:
    return open_empty(session)


def imported(session: Session, cast: Cast, review: Review) -> Import:
    found = bring(session, cast["coordinator"], review, matrix())
    publish_review(session, cast["coordinator"], review, NOW)
    session.flush()
    return found


def refused(session: Session, cast: Cast, found: Import) -> None:
    session.flush()
    before = everything(session)
    with pytest.raises(Refused, match=rf"somebody wrote on {REF}, or changed it"):
        undo_import(session, cast["coordinator"], found, LATER)
    assert everything(session) == before
    assert list_what_keeps(session, found) == [REF]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_added_stays_where_somebody_went_on(
    session: Session, cast: Cast, review: Review, deed: str
) -> None:
    found = imported(session, cast, review)
    DEEDS[deed](session, cast)
    refused(session, cast, found)


def test_a_draft_keeps_it_too(session: Session, cast: Cast, review: Review) -> None:
    found = imported(session, cast, review)
    assigned(session)
    write(session, cast)
    refused(session, cast, found)


def test_another_import_keeps_the_first_until_it_is_undone(
    session: Session, cast: Cast, review: Review
) -> None:
    first = imported(session, cast, review)
    rows = [("Open a library in each village", "Fiji", "Noted", "Right to education")]
    second = bring(session, cast["coordinator"], review, upr_info(rows))
    refused(session, cast, first)
    undo_import(session, cast["coordinator"], second, LATER)
    undo_import(session, cast["coordinator"], first, LATER)
    assert recommendations(session, review) == []


def corrected(session: Session, cast: Cast, review: Review) -> Import:
    """An import that only changed what stands: somebody had written on it before."""
    bring(session, cast["coordinator"], review, table(), *COLUMNS)
    publish_review(session, cast["coordinator"], review, NOW)
    assigned(session)
    write(session, cast)
    rows = [ROWS[0], (REF, "Open two libraries in each village", *ROWS[1][2:]), ROWS[2]]
    later = preview(session, cast["coordinator"], review, table(rows), *COLUMNS)
    apply_import(session, cast["coordinator"], later, LATER + timedelta(days=1))
    return later


def test_an_older_entry_keeps_nothing_and_its_wording_is_kept(
    session: Session, cast: Cast, review: Review
) -> None:
    found = corrected(session, cast, review)
    [wording] = session.scalars(select(PointWording)).all()
    assert (wording.text, wording.until) == (ROWS[1][1], found.applied_at)
    assert only_point(session).text == "Open two libraries in each village"
    undo_import(session, cast["coordinator"], found, LATER + timedelta(days=2))
    session.flush()
    assert session.scalars(select(PointWording)).all() == []
    assert only_point(session).text == ROWS[1][1]


@pytest.mark.parametrize("deed", ["an assessment", "a corrected text"])
def test_a_later_entry_keeps_the_change(session: Session, cast: Cast, review: Review, deed: str) -> None:
    found = corrected(session, cast, review)
    if deed == "an assessment":
        where = get_recommendation(session, SYSTEM, "KGZ-4", REF)
        publish_assessment(session, cast["lead"], where, None, GOOD_ASSESSMENT, LATER + timedelta(days=3))
    else:
        DEEDS[deed](session, cast)
    refused(session, cast, found)


def test_many_are_named_and_no_more_than_ten(session: Session, cast: Cast, review: Review) -> None:
    rows = [
        (f"1.{number}", f"Build bridge {number} of stone", "Chile", "Noted", "") for number in range(1, 13)
    ]
    found = bring(session, cast["coordinator"], review, table(rows), *COLUMNS)
    for each in recommendations(session, review):
        each.retired_at = LATER
    with pytest.raises(Refused, match=r"1\.10 …, or changed it"):
        undo_import(session, cast["coordinator"], found, LATER)


def test_an_import_of_many_is_asked_no_further_than_the_page_names(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what it holds of each recommendation read."""
    monkeypatch.setattr(applying, "AT_ONCE", 20)
    rows = [
        (f"1.{number}", f"Build bridge {number} of stone", "Chile", "Noted", "") for number in range(1, 61)
    ]
    with database.writing() as session:
        found = bring(session, cast["coordinator"], open_empty(session), table(rows), *COLUMNS)
        for each in recommendations(session, session.get_one(Review, found.review_id)):
            each.retired_at = LATER
        session.flush()
        said: list[str] = []
        with watching(database, lambda statement, _: said.append(statement)):
            assert list_what_keeps(session, found) == [f"1.{number}" for number in range(1, 21)]
    assert not any("import_items.changes" in statement for statement in said)


def test_what_was_not_applied_cannot_be_undone(session: Session, cast: Cast, review: Review) -> None:
    found = preview(session, cast["coordinator"], review, matrix())
    with pytest.raises(BadInput, match="Only an import"):
        undo_import(session, cast["coordinator"], found, NOW)
