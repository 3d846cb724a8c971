"""What the voices have written: updates and assessments of a recommendation, and the newest of a review."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import BindParameter, Executable, Row, bindparam, select
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice
from tracker.models.organisations import Organisation, OrganisationKind
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


_UPDATES = (
    select(
        ProgressUpdate.id,
        ActionPoint.recommendation_id,
        ProgressUpdate.action_point_id,
        ProgressUpdate.organisation_id,
        Organisation.name_en.label("organisation"),
        Organisation.kind,
        ProgressUpdate.level,
        ProgressUpdate.led,
        ProgressUpdate.reason,
        ProgressUpdate.done,
        ProgressUpdate.obstacles,
        ProgressUpdate.support_needed,
        ProgressUpdate.next_step,
        ProgressUpdate.next_step_on,
        ProgressUpdate.as_of_on,
        ProgressUpdate.source_link,
        ProgressUpdate.language,
        ProgressUpdate.published_at,
    )
    .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    .join(Organisation, Organisation.id == ProgressUpdate.organisation_id)
    .where(ProgressUpdate.state == UpdateState.PUBLISHED)
    .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id)
)
_ASSESSMENTS = (
    select(
        Assessment.id,
        Assessment.recommendation_id,
        Assessment.action_point_id,
        Assessment.voice,
        Assessment.organisation_id,
        Organisation.name_en.label("organisation"),
        Organisation.kind,
        Assessment.level,
        Assessment.reason,
        Assessment.narrative,
        Assessment.source_link,
        Assessment.language,
        Assessment.published_at,
        Assessment.withdrawn_on,
    )
    .outerjoin(Organisation, Organisation.id == Assessment.organisation_id)
    .order_by(Assessment.published_at.desc().nulls_last(), Assessment.withdrawn_on.desc(), Assessment.id)
)


def list_entries(session: Session, actor: Actor, recommendation_ids: Sequence[int]) -> list[Entry]:
    """Everything published on these recommendations, newest first within the State and within the others.
    It reads on the connection: what a writer has not flushed is not seen."""
    connection, asked = session.connection(), {"recommendation_ids": list(recommendation_ids)}
    updates, assessments = _entries_for(actor)
    return [_of_state(row) for row in connection.execute(updates, asked)] + [
        _independent(row) for row in connection.execute(assessments, asked)
    ]


@lru_cache
def _entries_for(actor: Actor) -> tuple[Executable, Executable]:
    asked: BindParameter[list[int]] = bindparam("recommendation_ids", expanding=True)
    return (
        _UPDATES.where(ActionPoint.recommendation_id.in_(asked), visible_updates(actor)),
        _ASSESSMENTS.where(Assessment.recommendation_id.in_(asked), visible_assessments(actor)),
    )


def list_newest(session: Session, actor: Actor, review_id: int, most: int) -> list[tuple[Entry, str, str]]:
    """The newest published entries of a review, each with the refs of its recommendation and its point."""
    inside = Recommendation.review_id == review_id
    updates = _UPDATES.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    updates = updates.add_columns(Recommendation.ref.label("ref"), ActionPoint.ref.label("point_ref"))
    assessments = _ASSESSMENTS.join(Recommendation, Recommendation.id == Assessment.recommendation_id)
    assessments = assessments.outerjoin(ActionPoint, ActionPoint.id == Assessment.action_point_id)
    assessments = assessments.add_columns(Recommendation.ref.label("ref"), ActionPoint.ref.label("point_ref"))
    published = Assessment.published_at.is_not(None)
    found = [
        (_of_state(row), row.ref, row.point_ref)
        for row in session.execute(updates.where(inside, visible_updates(actor)).limit(most))
    ] + [
        (_independent(row), row.ref, row.point_ref or row.ref)
        for row in session.execute(
            assessments.where(inside, visible_assessments(actor), published).limit(most)
        )
    ]
    return sorted(found, key=lambda each: str(each[0].published_at), reverse=True)[:most]


def by_point(entries: Sequence[Entry]) -> dict[int | None, list[Entry]]:
    """The entries under each action point; None: those on the recommendation as a whole."""
    found: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.action_point_id].append(entry)
    return found


def newest_of_each(entries: Sequence[Entry], voice: Voice) -> list[Entry]:
    """What makes a voice's level: of the State the newest whose organisation led (without one, the newest
    of any); of the others the newest of each organisation."""
    said = [entry for entry in entries if entry.voice == voice]
    if voice == Voice.STATE:
        led = [entry for entry in said if entry.led]
        return (led or said)[:1]
    newest: dict[int | None, Entry] = {}
    for entry in said:
        newest.setdefault(entry.organisation_id, entry)
    return list(newest.values())


def _of_state(row: Row) -> Entry:  # type: ignore[type-arg]  # a row of _UPDATES
    return Entry(
        id=row.id,
        recommendation_id=row.recommendation_id,
        action_point_id=row.action_point_id,
        voice=Voice.STATE,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        organisation_kind=row.kind,
        level=row.level,
        led=bool(row.led),
        reason=row.reason,
        text=row.done,
        obstacles=row.obstacles,
        support_needed=row.support_needed,
        next_step=row.next_step,
        next_step_on=row.next_step_on,
        as_of_on=row.as_of_on,
        source_link=row.source_link,
        language=row.language,
        published_at=row.published_at,
        withdrawn_on=None,
    )


def _independent(row: Row) -> Entry:  # type: ignore[type-arg]  # a row of _ASSESSMENTS
    return Entry(
        id=row.id,
        recommendation_id=row.recommendation_id,
        action_point_id=row.action_point_id,
        voice=row.voice,
        organisation_id=row.organisation_id,
        organisation=row.organisation or "",
        organisation_kind=row.kind,
        level=row.level,
        led=False,
        reason=row.reason,
        text=row.narrative,
        obstacles="",
        support_needed="",
        next_step="",
        next_step_on=None,
        as_of_on=None,
        source_link=row.source_link,
        language=row.language,
        published_at=row.published_at,
        withdrawn_on=row.withdrawn_on,
    )
