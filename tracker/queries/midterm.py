"""What the mid-term workbook shows: one row per action point, as an actor may see it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import addresses
from tracker.language import day_of
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.levels import Disagreement, Level, ShownLevel, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgTarget,
    RecommendingState,
)
from tracker.models.reviews import Source
from tracker.models.sdg_targets import SdgTarget
from tracker.models.states import State
from tracker.models.themes import Group
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries import themes
from tracker.queries.entries import Entry, by_point, list_entries, newest_of_each
from tracker.queries.evidence import EvidenceFile, list_public_evidence
from tracker.queries.reviews import get_review, list_sources


@dataclass(frozen=True)
class AssessmentLine:
    """The newest published assessment of one organisation on the point."""

    voice: Voice
    organisation: str
    level: Level
    reason: str
    published_on: date
    source_link: str


@dataclass(frozen=True)
class MatrixRow:
    """One action point. `key` never changes, so that the rows of two reports can be compared."""

    key: str  # "KGZ-3/A12/A12.1"
    review: str
    recommendation_ref: str
    kind: RecommendationKind
    source_title: str
    source_symbol: str | None
    heading: str
    topics: tuple[str, ...]
    ohchr_themes: tuple[str, ...]
    recommendation_text: str
    point_ref: str
    point_text: str
    recommending_states: tuple[str, ...]
    position: Position | None
    groups: tuple[str, ...]
    sdg_targets: tuple[str, ...]
    lead_organisation: str | None
    supporting_organisations: tuple[str, ...]
    levels: dict[Voice, ShownLevel]  # no key: not assessed
    state_reason: str
    state_done: str
    obstacles: str
    support_needed: str
    next_step: str
    next_step_on: date | None
    state_as_of_on: date | None
    assessments: tuple[AssessmentLine, ...]
    disagreement: Disagreement
    evidence_links: tuple[str, ...]
    updated_on: date | None  # newest entry of any voice
    link: str  # absolute address of the point


@dataclass(frozen=True)
class MidtermReport:
    """Everything the workbook shows of one review."""

    review: str  # KGZ-3
    edition: str  # KGZ-3-live
    state_name: str
    cycle: int
    source_line: str  # "Letter of the High Commissioner … of 4 December 2020"
    as_of_on: date
    is_demonstration: bool
    rows: tuple[MatrixRow, ...]


def get_midterm_report(
    session: Session,
    actor: Actor,
    review_code: str,
    edition: str,
    today: date,
    base_url: str,
    *,
    is_demonstration: bool,
) -> MidtermReport:
    """The whole review in a dozen statements, whatever its size; rows in the order of the source."""
    review = get_review(session, actor, review_code)
    recommendations = _recommendations(session, actor, review.id)
    ids = [recommendation.id for recommendation in recommendations]
    entries = by_point(list_entries(session, actor, ids, most_of_each=1))
    files = list_public_evidence(session, actor, ids)
    tags = _Tags(session, ids)
    levels = _levels(session, ids)
    points = _points(session, ids)
    rows = [
        _row(
            review_code,
            recommendation,
            point,
            tags,
            levels[point.id],
            entries.get(point.id, []),
            files,
            base_url,
        )
        for recommendation in recommendations
        for point in points[recommendation.id]
    ]
    sources = list_sources(session, actor, review.id)
    return MidtermReport(
        review=review_code,
        edition=edition,
        state_name=review.state.name,
        cycle=review.cycle,
        source_line="; ".join(source.title for source in sources),
        as_of_on=today,
        is_demonstration=is_demonstration,
        rows=tuple(rows),
    )


class _Tags:
    """Everything the recommendations are tagged with, read at once, by recommendation."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        self.themes = themes.list_themes(session, ids)
        groups = select(RecommendationGroup.recommendation_id, Group.label).join(Group)
        groups = groups.where(RecommendationGroup.recommendation_id.in_(ids)).order_by(Group.order)
        self.groups = _gathered(session.execute(groups))
        targets = select(RecommendationSdgTarget.recommendation_id, SdgTarget.code).join(SdgTarget)
        targets = targets.where(RecommendationSdgTarget.recommendation_id.in_(ids)).order_by(SdgTarget.order)
        self.targets = _gathered(session.execute(targets))
        states = select(RecommendingState.recommendation_id, State.name_en).join(State)
        states = states.where(RecommendingState.recommendation_id.in_(ids)).order_by(State.name_en)
        self.states = _gathered(session.execute(states))
        assigned = select(Assignment.recommendation_id, Assignment.kind, Organisation.name_en).join(
            Organisation
        )
        assigned = assigned.where(Assignment.recommendation_id.in_(ids), Assignment.to_on.is_(None))
        self.organisations: dict[AssignmentKind, dict[int, list[str]]] = {
            kind: defaultdict(list) for kind in AssignmentKind
        }
        for recommendation_id, kind, name in session.execute(assigned.order_by(Organisation.name_en)):
            self.organisations[kind][recommendation_id].append(name)


def _gathered(rows: Iterable[Any]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for key, label in rows:
        grouped[key].append(label)
    return grouped


def _recommendations(session: Session, actor: Actor, review_id: int) -> Sequence[Recommendation]:
    query = select(Recommendation).where(
        Recommendation.review_id == review_id, visible_recommendations(actor)
    )
    return session.scalars(
        query.options(joinedload(Recommendation.source)).order_by(Recommendation.order)
    ).all()


def _points(session: Session, ids: Sequence[int]) -> dict[int, list[ActionPoint]]:
    query = select(ActionPoint).where(
        ActionPoint.recommendation_id.in_(ids), ActionPoint.retired_at.is_(None)
    )
    points: dict[int, list[ActionPoint]] = defaultdict(list)
    for point in session.scalars(query.order_by(ActionPoint.order, ActionPoint.id)):
        points[point.recommendation_id].append(point)
    return points


def _levels(session: Session, ids: Sequence[int]) -> dict[int, dict[Voice, ShownLevel]]:
    query = select(PointLevel.action_point_id, PointLevel.voice, PointLevel.level).join(ActionPoint)
    levels: dict[int, dict[Voice, ShownLevel]] = defaultdict(dict)
    for point_id, voice, level in session.execute(query.where(ActionPoint.recommendation_id.in_(ids))):
        levels[point_id][voice] = level
    return levels


def _row(
    review_code: str,
    recommendation: Recommendation,
    point: ActionPoint,
    tags: _Tags,
    levels: dict[Voice, ShownLevel],
    entries: list[Entry],
    files: dict[UUID, tuple[EvidenceFile, ...]],
    base_url: str,
) -> MatrixRow:
    source: Source = recommendation.source
    state_entry = next(iter(newest_of_each(entries, Voice.STATE)), None)
    assessments = [
        entry for voice in (Voice.CIVIL_SOCIETY, Voice.NHRI_UN) for entry in newest_of_each(entries, voice)
    ]
    shown = [entry for entry in (state_entry, *assessments) if entry]
    days = [day_of(entry.published_at) for entry in shown if entry.published_at]
    lead = tags.organisations[AssignmentKind.LEAD][recommendation.id]
    return MatrixRow(
        key=f"{review_code}/{recommendation.ref}/{point.ref}",
        review=review_code,
        recommendation_ref=recommendation.ref,
        kind=recommendation.kind,
        source_title=source.title,
        source_symbol=source.symbol,
        heading=next(iter(themes.headings(tags.themes[recommendation.id])), ""),
        topics=tuple(themes.topics(tags.themes[recommendation.id])),
        ohchr_themes=tuple(themes.ohchr_themes(tags.themes[recommendation.id])),
        recommendation_text=recommendation.text,
        point_ref=point.ref,
        point_text=point.text,
        recommending_states=tuple(tags.states[recommendation.id]),
        position=recommendation.position,
        groups=tuple(tags.groups[recommendation.id]),
        sdg_targets=tuple(tags.targets[recommendation.id]),
        lead_organisation=lead[0] if lead else None,
        supporting_organisations=tuple(tags.organisations[AssignmentKind.SUPPORTING][recommendation.id]),
        levels=levels,
        state_reason=state_entry.reason if state_entry else "",
        state_done=state_entry.text if state_entry else "",
        obstacles=state_entry.obstacles if state_entry else "",
        support_needed=state_entry.support_needed if state_entry else "",
        next_step=state_entry.next_step if state_entry else "",
        next_step_on=state_entry.next_step_on if state_entry else None,
        state_as_of_on=state_entry.as_of_on if state_entry else None,
        assessments=tuple(_line(entry) for entry in assessments),
        disagreement=point.disagreement,
        evidence_links=tuple(_evidence_links(shown, files, base_url)),
        updated_on=max(days, default=None),
        link=addresses.action_point(base_url, review_code, recommendation.ref, point.ref),
    )


def _evidence_links(
    shown: list[Entry], files: dict[UUID, tuple[EvidenceFile, ...]], base_url: str
) -> Iterator[str]:
    """The link of the source of each entry, then the addresses of its public files."""
    for entry in shown:
        if entry.source_link:
            yield entry.source_link
        for file in files.get(entry.id, ()):
            yield addresses.evidence(base_url, file.id)


def _line(entry: Entry) -> AssessmentLine:
    if entry.voice is None or entry.level is None or entry.published_at is None:
        raise ValueError("a tombstone has no line")
    return AssessmentLine(
        entry.voice,
        entry.organisation,
        Level(entry.level),
        entry.reason,
        day_of(entry.published_at),
        entry.source_link,
    )
