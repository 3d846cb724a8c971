"""Entries of all voices: the newest of each organisation on a recommendation, all of them in pages, and the newest of a
review. Nothing here reads everything that was said: an organisation can publish for years."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment, AssessmentWords
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice, is_self_assessment
from tracker.models.organisations import OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.updates import visible_updates

Row = TypeVar("Row")
PAGE = 20
"""Entries on a page of the history of a point."""


@dataclass(frozen=True)
class EntryCounts:
    """How many entries are published on a point, and how many were withdrawn, the last one on `last_withdrawn_on`."""

    published: int
    withdrawn: int
    last_withdrawn_on: date | None


@dataclass(frozen=True)
class Entry:
    """One published entry of any voice. `made_at`: when its text was final, which decides on which wording of the point
    it was made. An update is made when it is submitted, an assessment when it is published. `other`: what an assessment
    also says in a second language; `reason`, `text` and `language` are in the reader's, where one of the two is."""

    id: UUID
    recommendation_id: int
    action_point_id: int | None
    voice: Voice | None
    organisation_id: int | None
    organisation: str
    organisation_kind: OrganisationKind | None
    level: Level | None
    led: bool
    reason: str
    text: str
    obstacles: str
    support_needed: str
    next_step: str
    next_step_on: date | None
    as_of_on: date | None
    source_link: str
    language: str
    made_at: datetime | None
    published_at: datetime | None
    other: AssessmentWords | None = None


@dataclass(frozen=True)
class NewestEntry:
    """An entry with the refs of its recommendation and its point; both are the same for one on the whole."""

    entry: Entry
    ref: str
    point_ref: str
    is_self_assessment: bool


def list_entries(
    session: Session, actor: Actor, recommendation_ids: Sequence[int], most_of_each: int
) -> list[Entry]:
    """Published on these recommendations, newest first within the State and within the others: of each organisation on
    each point the newest `most_of_each`, and the current ones, which may be older (`models/current_entries.py`)."""
    updates = _numbered(
        _updates(actor).where(ActionPoint.recommendation_id.in_(recommendation_ids)),
        ProgressUpdate,
        (ProgressUpdate.action_point_id, ProgressUpdate.organisation_id),
        most_of_each,
    )
    assessments = _numbered(
        _assessments(actor).where(Assessment.recommendation_id.in_(recommendation_ids)),
        Assessment,
        (Assessment.recommendation_id, Assessment.action_point_id, Assessment.organisation_id),
        most_of_each,
    )
    return [
        *(_of_state(update) for update in session.scalars(updates)),
        *(_independent(assessment) for assessment in session.scalars(assessments)),
    ]


def list_page(
    session: Session, actor: Actor, recommendation_id: int, point_id: int | None, page: int
) -> tuple[list[Entry], bool]:
    """Page 1, 2, … of everything published on a point, or (None) on the recommendation as a whole, newest first; and
    whether there is another page."""
    published = [
        select(ProgressUpdate.id, ProgressUpdate.published_at)
        .where(ProgressUpdate.action_point_id == point_id, ProgressUpdate.state == UpdateState.PUBLISHED)
        .where(visible_updates(actor)),
        select(Assessment.id, Assessment.published_at)
        .where(Assessment.recommendation_id == recommendation_id, Assessment.published_at.is_not(None))
        .where(Assessment.action_point_id.is_not_distinct_from(point_id), visible_assessments(actor)),
    ]
    every = union_all(*published).subquery()
    query = select(every.c.id).order_by(every.c.published_at.desc(), every.c.id)
    ids = session.scalars(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    shown = ids[:PAGE]
    updates = session.scalars(_updates(actor).where(ProgressUpdate.id.in_(shown)))
    assessments = session.scalars(_assessments(actor).where(Assessment.id.in_(shown)))
    by_id = {each.id: each for each in (*map(_of_state, updates), *map(_independent, assessments))}
    return [by_id[each] for each in shown], len(ids) > PAGE


def count_entries(session: Session, actor: Actor, recommendation_id: int) -> dict[int | None, EntryCounts]:
    """By point, and None for the recommendation as a whole. A point without any is left out."""
    updates = (
        select(ProgressUpdate.action_point_id, func.count())
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .where(ActionPoint.recommendation_id == recommendation_id)
        .where(ProgressUpdate.state == UpdateState.PUBLISHED, visible_updates(actor))
        .group_by(ProgressUpdate.action_point_id)
    )
    withdrawn = func.count(Assessment.withdrawn_on)
    assessments = (
        select(
            Assessment.action_point_id, func.count() - withdrawn, withdrawn, func.max(Assessment.withdrawn_on)
        )
        .where(Assessment.recommendation_id == recommendation_id, visible_assessments(actor))
        .group_by(Assessment.action_point_id)
    )
    of_state: dict[int | None, int] = dict(session.execute(updates).all())
    counts = {point: EntryCounts(number, 0, None) for point, number in of_state.items()}
    for point, number, gone, last in session.execute(assessments):
        counts[point] = EntryCounts(of_state.get(point, 0) + number, gone, last)
    return counts


def list_newest(session: Session, actor: Actor, review_id: int, most: int) -> list[NewestEntry]:
    """The newest published entries of a review."""
    is_inside = Recommendation.review_id == review_id
    place = Recommendation.ref, ActionPoint.ref, Recommendation.is_about_nhri
    updates = (
        _updates(actor)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(is_inside)
        .add_columns(*place)
    )
    assessments = (
        _assessments(actor)
        .join(Recommendation, Recommendation.id == Assessment.recommendation_id)
        .outerjoin(ActionPoint, ActionPoint.id == Assessment.action_point_id)
        .where(is_inside)
        .add_columns(*place)
    )
    newest = [
        NewestEntry(_of_state(update), ref, point_ref, is_self_assessment=False)
        for update, ref, point_ref, _ in session.execute(updates.limit(most))
    ] + [
        NewestEntry(
            _independent(assessment),
            ref,
            point_ref or ref,
            is_self_assessment(assessment.voice, is_about_nhri),
        )
        for assessment, ref, point_ref, is_about_nhri in session.execute(assessments.limit(most))
    ]
    return sorted(newest, key=lambda each: str(each.entry.published_at), reverse=True)[:most]


def by_point(entries: Sequence[Entry]) -> dict[int | None, list[Entry]]:
    """The entries under each action point; None: those on the recommendation as a whole."""
    grouped: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.action_point_id].append(entry)
    return grouped


def _updates(actor: Actor) -> Select[ProgressUpdate]:
    """The published ones, with their points and organisations, newest first."""
    return (
        select(ProgressUpdate)
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .where(ProgressUpdate.state == UpdateState.PUBLISHED, visible_updates(actor))
        .options(contains_eager(ProgressUpdate.action_point), joinedload(ProgressUpdate.organisation))
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id)
    )


def _assessments(actor: Actor) -> Select[Assessment]:
    """The published ones, with their organisations, newest first."""
    return (
        select(Assessment)
        .where(Assessment.published_at.is_not(None), visible_assessments(actor))
        .options(joinedload(Assessment.organisation))
        .order_by(Assessment.published_at.desc(), Assessment.id)
    )


def _numbered(query: Select[Row], model: type[Any], group: Sequence[Any], most: int) -> Select[Row]:
    """The query, cut to the newest `most` rows of each group and those that are current."""
    number = func.row_number().over(partition_by=group, order_by=(model.published_at.desc(), model.id))
    numbered = query.with_only_columns(model.id, number.label("number")).order_by(None).options().subquery()
    is_current = model.id.in_(select(CurrentEntry.entry_id))
    return query.where(or_(model.id.in_(select(numbered.c.id).where(numbered.c.number <= most)), is_current))


def _of_state(update: ProgressUpdate) -> Entry:
    return Entry(
        id=update.id,
        recommendation_id=update.action_point.recommendation_id,
        action_point_id=update.action_point_id,
        voice=Voice.STATE,
        organisation_id=update.organisation_id,
        organisation=update.organisation.name,
        organisation_kind=update.organisation.kind,
        level=update.level,
        led=bool(update.led),
        reason=update.reason,
        text=update.done,
        obstacles=update.obstacles,
        support_needed=update.support_needed,
        next_step=update.next_step,
        next_step_on=update.next_step_on,
        as_of_on=update.as_of_on,
        source_link=update.source_link,
        language=update.language,
        made_at=update.submitted_at or update.published_at,
        published_at=update.published_at,
    )


def _independent(assessment: Assessment) -> Entry:
    organisation = assessment.organisation
    shown, *others = assessment.texts
    return Entry(
        id=assessment.id,
        recommendation_id=assessment.recommendation_id,
        action_point_id=assessment.action_point_id,
        voice=assessment.voice,
        organisation_id=assessment.organisation_id,
        organisation=organisation.name if organisation else "",
        organisation_kind=organisation.kind if organisation else None,
        level=assessment.level,
        led=False,
        reason=shown.reason,
        text=shown.narrative,
        obstacles="",
        support_needed="",
        next_step="",
        next_step_on=None,
        as_of_on=None,
        source_link=assessment.source_link,
        language=shown.language,
        made_at=assessment.published_at,
        published_at=assessment.published_at,
        other=others[0] if others else None,
    )
