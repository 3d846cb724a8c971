"""What the mid-term workbook shows of a review, as an actor may see it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import addresses
from tracker.language import day_of, sort_key
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.levels import Disagreement, Level, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendingState,
)
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.states import State
from tracker.models.themes import Group
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries import themes
from tracker.queries.entries import Entry, list_entries
from tracker.queries.evidence import EvidenceFile, list_public_evidence
from tracker.queries.figures import PointFigures, RetiredPoints, count_retired
from tracker.queries.levels import PointLevels, RecommendationLevels, Said, list_levels
from tracker.queries.recommendations.recommendation import goal_words
from tracker.queries.reviews import get_review, list_sources
from tracker.queries.translations import shown_text, shown_title
from tracker.queries.wordings import EarlierWording, count_on_split_wordings, list_earlier_wordings


@dataclass(frozen=True)
class ReportEntry:
    """What an organisation says now of a point or of a whole recommendation: its current entry."""

    voice: Voice
    organisation: str
    organisation_key: str
    level: Level | None  # None: an entry of a supporting ministry
    disagreement: Disagreement | None  # with the State; None where not both give a level
    is_self_assessment: bool
    reason: str
    text: str
    obstacles: str
    support_needed: str
    next_step: str
    next_step_on: date | None
    as_of_on: date | None
    published_on: date
    language: str
    source_link: str
    evidence_links: tuple[str, ...]  # the source, then the public files
    earlier_wording: (
        str  # what its point, or the whole, said when it was made; empty where it says the same now
    )


@dataclass(frozen=True)
class ReportPoint:
    """An open action point. `entries` belong to `levels.said`, in the same order. `newest_on`: when something was
    published on it last, whether it counts or not."""

    levels: PointLevels
    entries: tuple[ReportEntry, ...]
    newest_on: date | None
    link: str

    @property
    def ref(self) -> str:
        return self.levels.ref

    @property
    def text(self) -> str:
        return self.levels.text

    @property
    def of_state(self) -> ReportEntry | None:
        return next((entry for entry in self.entries if entry.voice == Voice.STATE), None)

    @property
    def independent(self) -> tuple[ReportEntry, ...]:
        return tuple(entry for entry in self.entries if entry.voice != Voice.STATE)


@dataclass(frozen=True)
class ReportRecommendation:
    """A recommendation with what it is tagged with, its open points and the assessments of the whole."""

    review: str
    ref: str
    kind: RecommendationKind
    short_title: str
    text: str
    source_title: str
    source_symbol: str | None
    heading: str
    topics: tuple[str, ...]
    ohchr_themes: tuple[str, ...]
    recommending_states: tuple[str, ...]
    position: Position | None
    position_source: str
    position_now: Position | None
    position_now_on: date | None
    position_now_source: str
    groups: tuple[str, ...]
    sdg_targets: tuple[str, ...]  # and goals that are named without one
    lead_organisation: str | None
    supporting_organisations: tuple[str, ...]
    points: tuple[ReportPoint, ...]
    wholes: tuple[ReportEntry, ...]
    link: str


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
    recommendations: tuple[ReportRecommendation, ...]
    retired: RetiredPoints
    on_split_wordings: int  # entries that no figure counts because their point was split or merged since

    @property
    def points(self) -> list[ReportPoint]:
        return [point for recommendation in self.recommendations for point in recommendation.points]

    @property
    def has_positions(self) -> bool:
        return any(recommendation.position for recommendation in self.recommendations)

    @property
    def figures(self) -> PointFigures:
        return PointFigures(tuple(point.levels for point in self.points))


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
    """The whole review in a dozen statements, whatever its size; recommendations in the order of the source."""
    review = get_review(session, actor, review_code)
    recommendations = _recommendations(session, actor, review.id)
    ids = [row.Recommendation.id for row in recommendations]
    entries = list_entries(session, actor, ids, most_of_each=1)
    writer = _Writer(
        review_code,
        base_url,
        _Tags(session, ids),
        list_levels(session, actor, Recommendation.review_id == review.id),
        {entry.id: entry for entry in entries},
        _newest_days(entries),
        list_earlier_wordings(session, actor, ids, entries),
        list_public_evidence(session, actor, ids),
    )
    sources = list_sources(session, actor, review.id)
    return MidtermReport(
        review=review_code,
        edition=edition,
        state_name=review.state.name,
        cycle=review.cycle,
        source_line="; ".join(source.title for source in sources),
        as_of_on=today,
        is_demonstration=is_demonstration,
        recommendations=tuple(map(writer.recommendation, recommendations)),
        retired=count_retired(session, actor, review.id),
        on_split_wordings=count_on_split_wordings(session, actor, ids),
    )


def _newest_days(entries: Iterable[Entry]) -> dict[int | None, date]:
    """By point. `entries` hold the newest of each organisation there, so the newest of all is among them."""
    moments: dict[int | None, list[datetime]] = defaultdict(list)
    for entry in entries:
        if entry.published_at:
            moments[entry.action_point_id].append(entry.published_at)
    return {point_id: day_of(max(published)) for point_id, published in moments.items()}


class _Tags:
    """Everything the recommendations are tagged with, read at once, by recommendation."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        self.themes = themes.list_themes(session, ids)
        groups = select(RecommendationGroup.recommendation_id, Group).join(Group)
        groups = groups.where(RecommendationGroup.recommendation_id.in_(ids)).order_by(Group.order)
        self.groups = _gathered((key, group.name) for key, group in session.execute(groups))
        targets = select(RecommendationSdgTarget.recommendation_id, SdgTarget.code).join(SdgTarget)
        targets = targets.where(RecommendationSdgTarget.recommendation_id.in_(ids)).order_by(SdgTarget.order)
        self.targets = _gathered(session.execute(targets))
        goals = select(RecommendationSdgGoal.recommendation_id, SdgGoal.code).join(SdgGoal)
        goals = goals.where(RecommendationSdgGoal.recommendation_id.in_(ids)).order_by(SdgGoal.order)
        self.goals = _gathered((key, goal_words(code)) for key, code in session.execute(goals))
        states = select(RecommendingState.recommendation_id, State).join(State)
        states = states.where(RecommendingState.recommendation_id.in_(ids))
        by_name = sorted(session.execute(states), key=lambda row: (sort_key(row[1].name), row[1].code))
        self.states = _gathered((key, state.name) for key, state in by_name)
        assigned = select(Assignment.recommendation_id, Assignment.kind, Organisation).join(Organisation)
        assigned = assigned.where(Assignment.recommendation_id.in_(ids), Assignment.to_on.is_(None))
        self.organisations: dict[AssignmentKind, dict[int, list[str]]] = {
            kind: defaultdict(list) for kind in AssignmentKind
        }
        rows = sorted(session.execute(assigned), key=lambda row: (sort_key(row[2].name), row[2].id))
        for recommendation_id, kind, organisation in rows:
            self.organisations[kind][recommendation_id].append(organisation.name)


def _gathered(rows: Iterable[Any]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for key, label in rows:
        grouped[key].append(label)
    return grouped


def _recommendations(session: Session, actor: Actor, review_id: int) -> Sequence[Any]:
    """Each with its short title and its text as the reader reads them."""
    query = select(Recommendation, shown_title(), shown_text()).where(
        Recommendation.review_id == review_id,
        Recommendation.retired_at.is_(None),
        visible_recommendations(actor),
    )
    return session.execute(
        query.options(joinedload(Recommendation.source)).order_by(Recommendation.order)
    ).all()


@dataclass(frozen=True)
class _Writer:
    """What was read of all recommendations, from which each is put together."""

    review_code: str
    base_url: str
    tags: _Tags
    levels: dict[int, RecommendationLevels]
    entries: dict[UUID, Entry]
    newest_days: dict[int | None, date]
    wordings: dict[UUID, EarlierWording]
    files: dict[UUID, tuple[EvidenceFile, ...]]

    def recommendation(self, row: Any) -> ReportRecommendation:
        recommendation: Recommendation = row.Recommendation
        own = recommendation.id
        tagged, levels = self.tags.themes[own], self.levels.get(own, RecommendationLevels())
        return ReportRecommendation(
            review=self.review_code,
            ref=recommendation.ref,
            kind=recommendation.kind,
            short_title=row.short_title,
            text=row.text,
            source_title=recommendation.source.title,
            source_symbol=recommendation.source.symbol,
            heading=next(iter(themes.headings(tagged)), ""),
            topics=tuple(themes.topics(tagged)),
            ohchr_themes=tuple(themes.ohchr_themes(tagged)),
            recommending_states=tuple(self.tags.states[own]),
            position=recommendation.position,
            position_source=recommendation.position_source,
            position_now=recommendation.position_now,
            position_now_on=recommendation.position_now_on,
            position_now_source=recommendation.position_now_source,
            groups=tuple(self.tags.groups[own]),
            sdg_targets=(*self.tags.goals[own], *self.tags.targets[own]),
            lead_organisation=next(iter(self.tags.organisations[AssignmentKind.LEAD][own]), None),
            supporting_organisations=tuple(self.tags.organisations[AssignmentKind.SUPPORTING][own]),
            points=tuple(self._point(recommendation.ref, point) for point in levels.points),
            wholes=tuple(map(self._entry, levels.wholes)),
            link=addresses.recommendation(self.base_url, self.review_code, recommendation.ref),
        )

    def _point(self, ref: str, point: PointLevels) -> ReportPoint:
        link = addresses.action_point(self.base_url, self.review_code, ref, point.ref)
        entries = tuple(map(self._entry, point.said))
        return ReportPoint(point, entries, self.newest_days.get(point.id), link)

    def _entry(self, said: Said) -> ReportEntry:
        entry, wording = self.entries[said.entry_id], self.wordings.get(said.entry_id)
        return ReportEntry(
            voice=said.voice,
            organisation=said.organisation,
            organisation_key=said.organisation_key,
            level=said.level,
            disagreement=said.disagreement,
            is_self_assessment=said.is_self_assessment,
            reason=entry.reason,
            text=entry.text,
            obstacles=entry.obstacles,
            support_needed=entry.support_needed,
            next_step=entry.next_step,
            next_step_on=entry.next_step_on,
            as_of_on=entry.as_of_on,
            published_on=day_of(said.published_at),
            language=entry.language,
            source_link=entry.source_link,
            evidence_links=tuple(self._links(entry)),
            earlier_wording=wording.text if wording else "",
        )

    def _links(self, entry: Entry) -> Iterator[str]:
        if entry.source_link:
            yield entry.source_link
        for file in self.files.get(entry.id, ()):
            yield addresses.evidence(self.base_url, file.id)
