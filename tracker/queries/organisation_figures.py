"""What one organisation of the State leads and supports in a review, and what it said of it. Only what is published:
everybody reads its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.levels import Level, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.assignments import leads_now
from tracker.queries.figures import PointFigures, gather
from tracker.queries.levels import (
    Comparison,
    PointLevels,
    RecommendationLevels,
    compare,
    list_levels,
)
from tracker.queries.successions import with_predecessors
from tracker.queries.translations import shown_title


@dataclass(frozen=True)
class AssignedRow:
    """A recommendation that the organisation leads or supports. `lead` is None where nobody leads it."""

    ref: str
    short_title: str
    lead: str | None
    lead_key: str | None
    levels: RecommendationLevels

    @property
    def total_points(self) -> int:
        return len(self.levels.points)

    @property
    def comparison(self) -> Comparison:
        return compare(self.levels.points)

    @property
    def without_level(self) -> tuple[PointLevels, ...]:
        """Its points on which the State has given no level."""
        return tuple(point for point in self.levels.points if not point.of(Voice.STATE).levels)


@dataclass(frozen=True)
class PastStep:
    """A next step of which the date, set by the organisation itself, has passed."""

    ref: str
    point_ref: str
    step: str
    language: str
    step_on: date

    def days_past(self, today: date) -> int:
        return (today - self.step_on).days


@dataclass(frozen=True)
class PublishedEntry:
    ref: str
    point_ref: str
    level: Level | None
    text: str
    language: str
    published_at: datetime


@dataclass(frozen=True)
class OrganisationFigures(PointFigures):
    """`points` are those that the organisation leads. `own_levels`: on how many of them the level is its own, or
    that of an organisation that it goes on for."""

    led: tuple[AssignedRow, ...]
    supported: tuple[AssignedRow, ...]
    own_levels: int
    past_steps: tuple[PastStep, ...]
    """Of the entries that gave these levels, longest past first."""
    newest: tuple[PublishedEntry, ...]

    @property
    def with_level(self) -> int:
        return self.of(Voice.STATE).with_level

    @property
    def without_level(self) -> int:
        return self.total - self.with_level

    @property
    def all_voices(self) -> list[Voice]:
        """Those that its tables show: the State and civil society always, the others where they speak of anything that
        it leads or supports."""
        rows = (*self.led, *self.supported)
        spoken = {each.voice for row in rows for point in row.levels.points for each in point.said}
        spoken |= {each.voice for row in rows for each in row.levels.wholes}
        return [voice for voice in Voice if voice in spoken or voice in (Voice.STATE, Voice.CIVIL_SOCIETY)]


def get_organisation_figures(
    session: Session, actor: Actor, organisation: Organisation, review_id: int, today: date, most: int
) -> OrganisationFigures:
    """What the organisation leads and supports in the review now, and the newest `most` of its entries."""
    rows = session.execute(_assigned(actor, organisation.id, review_id)).all()
    family = set(session.scalars(with_predecessors(organisation.id)))
    levels = list_levels(session, actor, Recommendation.id.in_([row.id for row in rows]))
    led, supported = (
        tuple(_row(row, levels) for row in rows if row.kind == kind)
        for kind in (AssignmentKind.LEAD, AssignmentKind.SUPPORTING)
    )
    points = gather(levels, (row.id for row in rows if row.kind == AssignmentKind.LEAD))
    own = [
        said.entry_id
        for said in (point.of_state for point in points)
        if said and said.level and said.organisation_id in family
    ]
    return OrganisationFigures(
        points=points,
        led=led,
        supported=supported,
        own_levels=len(own),
        past_steps=_list_past_steps(session, actor, own, today),
        newest=_list_newest(session, actor, organisation.id, review_id, most),
    )


def _assigned(actor: Actor, organisation_id: int, review_id: int) -> Select[*tuple[Any, ...]]:
    """In the order of the letter, each with the organisation that leads it."""
    own = select(Assignment.recommendation_id, Assignment.kind).where(
        Assignment.organisation_id == organisation_id, Assignment.to_on.is_(None)
    )
    held = own.subquery()
    return (
        select(Recommendation.id, Recommendation.ref, shown_title(), held.c.kind, Organisation)
        .join(held, held.c.recommendation_id == Recommendation.id)
        .outerjoin(Assignment, leads_now())
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .where(Recommendation.retired_at.is_(None))
        .order_by(Recommendation.order, Recommendation.id)
    )


def _row(row: Any, levels: dict[int, RecommendationLevels]) -> AssignedRow:
    lead = row.Organisation
    return AssignedRow(
        row.ref,
        row.short_title,
        lead.name if lead else None,
        lead.key if lead else None,
        levels.get(row.id, RecommendationLevels()),
    )


def _list_past_steps(
    session: Session, actor: Actor, entry_ids: Sequence[Any], today: date
) -> tuple[PastStep, ...]:
    query = (
        select(
            Recommendation.ref,
            ActionPoint.ref.label("point_ref"),
            ProgressUpdate.next_step,
            ProgressUpdate.language,
            ProgressUpdate.next_step_on,
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(ProgressUpdate.id.in_(entry_ids), ProgressUpdate.next_step_on < today, visible_updates(actor))
        .order_by(ProgressUpdate.next_step_on, Recommendation.order, ActionPoint.order, ActionPoint.id)
    )
    rows: Any = session.execute(query)
    return tuple(PastStep(*row) for row in rows)


def _list_newest(
    session: Session, actor: Actor, organisation_id: int, review_id: int, most: int
) -> tuple[PublishedEntry, ...]:
    query = (
        select(
            Recommendation.ref,
            ActionPoint.ref,
            ProgressUpdate.level,
            ProgressUpdate.reason,
            ProgressUpdate.done,
            ProgressUpdate.language,
            ProgressUpdate.published_at,
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(ProgressUpdate.organisation_id == organisation_id, Recommendation.review_id == review_id)
        .where(ProgressUpdate.state == UpdateState.PUBLISHED, visible_updates(actor))
        .where(visible_recommendations(actor))
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id)
    )
    rows: Any = session.execute(query.limit(most))
    return tuple(
        PublishedEntry(ref, point_ref, level, reason or done, language, published_at)
        for ref, point_ref, level, reason, done, language, published_at in rows
    )
