"""A ministry's own table: what it says was done becomes drafts of that ministry, which its people read and submit."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, point, read_account, recommendation
from tests.exchange.imports.table_files import xlsx
from tests.services.imports.files import everything, items_of, preview
from tracker.exchange.imports.rows import Column
from tracker.failures import NotAllowed, Refused
from tracker.history.sentences import sentence_of
from tracker.models.history import HistoryLine
from tracker.models.imports import Import, ImportItem
from tracker.models.levels import Level
from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.queries.updates import get_update, was_written_by
from tracker.queries.updates import get_workflow_context as context_of
from tracker.services.imports.applying import PreviewIsOld, apply_import, undo_import
from tracker.services.imports.uploads import take_items
from tracker.services.organisations.successions import Day, NewOrganisation, rename_organisation
from tracker.services.organisations.take_backs import take_back_succession
from tracker.services.recommendations.points import PointEditor
from tracker.services.recommendations.standing import retire_recommendation
from tracker.services.updates.carrying import carry_update, take_back_update
from tracker.services.updates.texts import UpdateText, text_of
from tracker.services.updates.workflow import change_update, submit_update, validate_update

pytestmark = pytest.mark.database
C = Column
HEADER = ["Ref", "Status", "What was done", "Date", "Ministry"]
COLUMNS = (C.REF, C.LEVEL, C.DONE, C.AS_OF_ON, C.ORGANISATION)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def review(session: Session) -> Review:
    """A24 has one open point, and ministry B leads it; A12 has several, and ministry A leads it."""
    return point(session).recommendation.review


def read(session: Session, cast: Cast, review: Review, *rows: tuple[str, ...]) -> Import:
    return preview(session, cast["coordinator"], review, xlsx(HEADER, rows), *COLUMNS)


def drafts(session: Session, found: Import) -> list[ImportItem]:
    return [item for item in items_of(session, found) if "draft" in item.values]


def one_point(session: Session) -> str:
    """The ref of a recommendation with one open point that ministry B leads."""
    from sqlalchemy import func

    from tracker.models.action_points import ActionPoint
    from tracker.models.assignments import AssignmentKind
    from tracker.models.recommendations import Recommendation
    from tracker.policy.actors import SYSTEM
    from tracker.services.assignments import assign

    single = (
        select(ActionPoint.recommendation_id)
        .where(ActionPoint.retired_at.is_(None))
        .group_by(ActionPoint.recommendation_id)
        .having(func.count() == 1)
    )
    query = select(Recommendation).where(Recommendation.id.in_(single)).order_by(Recommendation.order)
    chosen = session.scalars(query.limit(1)).one()
    ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-b")).one()
    from tracker.queries.recommendations.recommendation import get_recommendation

    found = get_recommendation(session, SYSTEM, "KGZ-3", chosen.ref)
    assign(session, SYSTEM, found, ministry, AssignmentKind.LEAD, date(2025, 1, 1), NOW)
    session.flush()
    return chosen.ref


GOOD = ("Partially implemented", "Three bridges were built.", "2026-11-20", "Ministry of Bridges")


def apply(session: Session, cast: Cast, found: Import) -> list[ProgressUpdate]:
    apply_import(session, cast["coordinator"], found, NOW)
    session.flush()
    ids = [item.before["draft"] for item in drafts(session, found) if item.before]
    updates = session.scalars(select(ProgressUpdate).where(ProgressUpdate.recorded_at == NOW)).all()
    return [update for update in updates if str(update.id) in ids]


def test_a_row_becomes_a_draft_of_its_ministry(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    found = read(session, cast, review, (ref, *GOOD))
    [line] = drafts(session, found)
    assert (line.kind, line.is_taken, line.ref) == ("new", True, ref)
    assert line.changes == {
        "organisation": ["", "Ministry of Bridges"],
        "level": ["", "partially_implemented"],
        "done": ["", "Three bridges were built."],
        "as_of_on": ["", "2026-11-20"],
    }
    [update] = apply(session, cast, found)
    assert update.state == UpdateState.DRAFT
    assert update.author_id == cast["other_focal_point"].account_id
    assert (update.level, update.done) == (Level.PARTIALLY_IMPLEMENTED, "Three bridges were built.")
    assert update.as_of_on == date(2026, 11, 20)
    newest = session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(2)).all()
    assert [sentence_of(line) for line in newest] == [
        "coordinator imported into KGZ-3: 0 added, 0 changed, drafts for ministries: 1",
        "coordinator brought in a draft of Ministry of Bridges",
    ]


def test_its_people_go_on_with_it_and_the_carrier_may_check_it(
    session: Session, cast: Cast, review: Review
) -> None:
    [update] = apply(session, cast, read(session, cast, review, (one_point(session), *GOOD)))
    update = get_update(session, cast["other_focal_point"], update.id)
    text = UpdateText(**{**vars(text_of(update)), "reason": "Two are left."})
    change_update(session, cast["other_focal_point"], update, update.version, text, LATER)
    submit_update(session, cast["other_focal_point"], update, LATER)
    assert not was_written_by(session, cast["coordinator"], update)
    assert not context_of(session, update).has_officer
    validate_update(session, cast["coordinator"], update, LATER)
    assert update.state == UpdateState.VALIDATED


def test_the_same_table_again_makes_no_second_draft(session: Session, cast: Cast, review: Review) -> None:
    row = (one_point(session), *GOOD)
    apply(session, cast, read(session, cast, review, row))
    before = everything(session)
    again = read(session, cast, review, row)
    assert [line.kind for line in drafts(session, again)] == ["unchanged"]
    assert apply(session, cast, again) == []
    assert everything(session) == before


def test_the_lead_is_meant_where_the_table_names_no_ministry(
    session: Session, cast: Cast, review: Review
) -> None:
    [line] = drafts(session, read(session, cast, review, (one_point(session), *GOOD[:3], "")))
    assert line.changes["organisation"][1] == "Ministry of Bridges"


def test_a_level_in_other_words_is_told_and_taken(session: Session, cast: Cast, review: Review) -> None:
    [line] = drafts(session, read(session, cast, review, (one_point(session), "in progress", *GOOD[1:])))
    assert (line.kind, line.is_taken) == ("doubtful", True)
    assert "may mean less" in line.problems[0][1]


def doubts(session: Session, cast: Cast, review: Review, *rows: tuple[str, ...]) -> str:
    """Why the one line makes no draft; it has no tick."""
    found = read(session, cast, review, *rows)
    [line] = drafts(session, found)
    take_items(session, cast["coordinator"], found, [line.number], [line.number])
    assert (line.kind, line.can_be_taken, line.is_taken) == ("doubtful", False, False)
    return " ".join(sentence for _, sentence in line.problems)


def test_an_unknown_ministry(session: Session, cast: Cast, review: Review) -> None:
    said = doubts(session, cast, review, (one_point(session), *GOOD[:3], "Ministry of Moons"))
    assert "“Ministry of Moons” is no organisation" in said


def test_a_ministry_that_is_not_assigned(session: Session, cast: Cast, review: Review) -> None:
    said = doubts(session, cast, review, (one_point(session), *GOOD[:3], "Ministry of Clocks"))
    assert "neither leads nor supports" in said


def test_a_ministry_without_a_focal_point(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    read_account(session, "other_focal_point").ended_at = NOW
    assert "invite one first" in doubts(session, cast, review, (ref, *GOOD))


def test_a_recommendation_of_several_points(session: Session, cast: Cast, review: Review) -> None:
    said = doubts(session, cast, review, ("A12", *GOOD[:3], "Ministry of Clocks"))
    assert "action points" in said


def test_a_recommendation_that_was_retired(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    retire_recommendation(session, cast["coordinator"], recommendation(session, ref), "Printed twice", NOW)
    assert "was retired" in doubts(session, cast, review, (ref, *GOOD))


def test_nobody_leads_and_nobody_is_named(session: Session, cast: Cast, review: Review) -> None:
    assert "assign it first" in doubts(session, cast, review, ("A30", *GOOD[:3], ""))


def test_a_day_that_is_still_to_come(session: Session, cast: Cast, review: Review) -> None:
    said = doubts(session, cast, review, (one_point(session), *GOOD[:2], "2027-05-01", GOOD[3]))
    assert "today or in the past" in said


def test_an_update_that_is_open(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    apply(session, cast, read(session, cast, review, (ref, *GOOD)))
    said = doubts(session, cast, review, (ref, GOOD[0], "Four bridges were built.", *GOOD[2:]))
    assert "not published yet" in said


def test_a_review_that_is_not_published(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    review.is_published = False
    assert "before the review is published" in doubts(session, cast, review, (ref, *GOOD))


def test_a_line_that_says_why_not_cannot_be_taken(session: Session, cast: Cast, review: Review) -> None:
    found = read(session, cast, review, (one_point(session), *GOOD[:3], "Ministry of Moons"))
    for line in drafts(session, found):
        line.is_taken = True
    with pytest.raises(Refused, match="No draft can be made"):
        apply_import(session, cast["coordinator"], found, NOW)


def test_a_ministry_that_is_gone_is_told(session: Session, cast: Cast, review: Review) -> None:
    """The preview named it under the new name of a rename, which was taken back."""
    ref, coordinator, day = one_point(session), cast["coordinator"], Day(NOW.date(), NOW.date(), NOW)
    ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-b")).one()
    new = NewOrganisation({"en": "Ministry of Spans"}, ministry.kind)
    rename_organisation(session, coordinator, ministry, new, day)
    session.flush()
    found = read(session, cast, review, (ref, *GOOD[:3], "Ministry of Spans"))
    take_back_succession(session, coordinator, ministry, LATER)
    with pytest.raises(Refused, match=f"No draft can be made for {ref}"):
        apply_import(session, coordinator, found, LATER)


def test_drafts_go_with_the_import_while_nobody_touched_them(
    session: Session, cast: Cast, review: Review
) -> None:
    ref = one_point(session)
    before = everything(session)
    found = read(session, cast, review, (ref, *GOOD))
    [update] = apply(session, cast, found)
    undo_import(session, cast["coordinator"], found, LATER)
    assert everything(session) == before
    assert session.get(ProgressUpdate, update.id) is None


def test_a_draft_that_somebody_changed_keeps_the_import(session: Session, cast: Cast, review: Review) -> None:
    ref = one_point(session)
    found = read(session, cast, review, (ref, *GOOD))
    [update] = apply(session, cast, found)
    update = get_update(session, cast["other_focal_point"], update.id)
    text = UpdateText(**{**vars(text_of(update)), "done": "Four bridges were built."})
    change_update(session, cast["other_focal_point"], update, update.version, text, LATER)
    with pytest.raises(Refused, match=f"wrote on {ref}"):
        undo_import(session, cast["coordinator"], found, LATER)
    with pytest.raises(NotAllowed):
        take_back_update(session, cast["coordinator"], update, LATER)


def split(editor: PointEditor, ref: str) -> None:
    editor.split(ref, ["Only the first half", "The second half"])


def reword(editor: PointEditor, ref: str) -> None:
    editor.reword(ref, "The same in other words")


@pytest.mark.parametrize("change", [split, reword])
def test_a_preview_is_old_once_a_point_says_something_else(
    session: Session, cast: Cast, review: Review, change: Callable[[PointEditor, str], None]
) -> None:
    ref = one_point(session)
    found = read(session, cast, review, (ref, *GOOD))
    change(PointEditor(session, cast["coordinator"], recommendation(session, ref), NOW), f"{ref}.1")
    with pytest.raises(PreviewIsOld):
        apply_import(session, cast["coordinator"], found, NOW)
    assert session.scalars(select(ProgressUpdate).where(ProgressUpdate.done == GOOD[1])).all() == []


def test_a_preview_is_old_once_its_recommendation_is_retired(
    session: Session, cast: Cast, review: Review
) -> None:
    ref = one_point(session)
    found = read(session, cast, review, (ref, *GOOD))
    retire_recommendation(session, cast["coordinator"], recommendation(session, ref), "Printed twice", NOW)
    with pytest.raises(PreviewIsOld):
        apply_import(session, cast["coordinator"], found, NOW)


def test_nobody_but_the_coordinator_carries(session: Session, cast: Cast, review: Review) -> None:

    ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
    for name in ("focal_point", "administrator", "lead", "registrar", "visitor"):
        with pytest.raises(NotAllowed):
            carry_update(session, cast[name], ministry, point(session), UpdateText(done="x"), NOW)
    assert carry_update(session, cast["coordinator"], ministry, point(session), UpdateText(done="x"), NOW)
