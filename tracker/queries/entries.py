"""Entries of all voices: updates and assessments of a recommendation, and the newest of a review."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice
from tracker.models.organisations import OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.updates import visible_updates


@dataclass(frozen=True)
class Entry:
    """One published entry of any voice, or the tombstone of a withdrawn one (`withdrawn_on`, nothing else)."""

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
    published_at: datetime | None
    withdrawn_on: date | None


def list_entries(session: Session, actor: Actor, recommendation_ids: Sequence[int]) -> list[Entry]:
    """Everything published on these recommendations, newest first within the State and within the others."""
    updates = _updates(actor).where(ActionPoint.recommendation_id.in_(recommendation_ids))
    assessments = _assessments(actor).where(Assessment.recommendation_id.in_(recommendation_ids))
    return [
        *(_of_state(update) for update in session.scalars(updates)),
        *(_independent(assessment) for assessment in session.scalars(assessments)),
    ]


def list_newest(session: Session, actor: Actor, review_id: int, most: int) -> list[tuple[Entry, str, str]]:
    """The newest published entries of a review, each with the refs of its recommendation and its point."""
    is_inside = Recommendation.review_id == review_id
    refs = Recommendation.ref, ActionPoint.ref
    updates = (
        _updates(actor)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(is_inside)
        .add_columns(*refs)
    )
    assessments = (
        _assessments(actor)
        .join(Recommendation, Recommendation.id == Assessment.recommendation_id)
        .outerjoin(ActionPoint, ActionPoint.id == Assessment.action_point_id)
        .where(is_inside, Assessment.published_at.is_not(None))
        .add_columns(*refs)
    )
    newest = [
        (_of_state(update), ref, point_ref) for update, ref, point_ref in session.execute(updates.limit(most))
    ] + [
        (_independent(assessment), ref, point_ref or ref)
        for assessment, ref, point_ref in session.execute(assessments.limit(most))
    ]
    return sorted(newest, key=lambda each: str(each[0].published_at), reverse=True)[:most]


def by_point(entries: Sequence[Entry]) -> dict[int | None, list[Entry]]:
    """The entries under each action point; None: those on the recommendation as a whole."""
    grouped: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.action_point_id].append(entry)
    return grouped


def newest_of_each(entries: Sequence[Entry], voice: Voice) -> list[Entry]:
    """The entries that a voice's level comes from: of the State the newest whose organisation led (without one, the
    newest of any); of another voice the newest of each organisation."""
    of_voice = [entry for entry in entries if entry.voice == voice]
    if voice == Voice.STATE:
        led = [entry for entry in of_voice if entry.led]
        return (led or of_voice)[:1]
    newest: dict[int | None, Entry] = {}
    for entry in of_voice:
        newest.setdefault(entry.organisation_id, entry)
    return list(newest.values())


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
    """With their organisations, newest first; tombstones last."""
    return (
        select(Assessment)
        .where(visible_assessments(actor))
        .options(joinedload(Assessment.organisation))
        .order_by(Assessment.published_at.desc().nulls_last(), Assessment.withdrawn_on.desc(), Assessment.id)
    )


def _of_state(update: ProgressUpdate) -> Entry:
    return Entry(
        id=update.id,
        recommendation_id=update.action_point.recommendation_id,
        action_point_id=update.action_point_id,
        voice=Voice.STATE,
        organisation_id=update.organisation_id,
        organisation=update.organisation.name_en,
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
        published_at=update.published_at,
        withdrawn_on=None,
    )


def _independent(assessment: Assessment) -> Entry:
    organisation = assessment.organisation
    return Entry(
        id=assessment.id,
        recommendation_id=assessment.recommendation_id,
        action_point_id=assessment.action_point_id,
        voice=assessment.voice,
        organisation_id=assessment.organisation_id,
        organisation=organisation.name_en if organisation else "",
        organisation_kind=organisation.kind if organisation else None,
        level=assessment.level,
        led=False,
        reason=assessment.reason,
        text=assessment.narrative,
        obstacles="",
        support_needed="",
        next_step="",
        next_step_on=None,
        as_of_on=None,
        source_link=assessment.source_link,
        language=assessment.language,
        published_at=assessment.published_at,
        withdrawn_on=assessment.withdrawn_on,
    )
