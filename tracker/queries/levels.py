"""What each voice says now of points and of whole recommendations: the one place from which lists, figures, workbooks
and pages take levels, so that they cannot differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import (
    Disagreement,
    Distribution,
    Level,
    Voice,
    VoiceLevels,
    WholeLevel,
    disagreement,
    is_self_assessment,
)
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.translations import shown_point_text


@dataclass(frozen=True)
class Said:
    """The current entry of an organisation. `steps_apart`: from the State's level, None where it gives none."""

    entry_id: UUID
    voice: Voice
    organisation_id: int
    organisation: str
    organisation_key: str
    level: Level | None
    steps_apart: int | None
    is_self_assessment: bool
    published_at: datetime

    @property
    def disagreement(self) -> Disagreement | None:
        return disagreement(self.steps_apart)


@dataclass(frozen=True)
class PointLevels:
    """An open point with what is said of it."""

    id: int
    recommendation_id: int
    recommendation_ref: str
    ref: str
    text: str
    steps_apart: int | None
    said: tuple[Said, ...]

    def of(self, voice: Voice) -> VoiceLevels:
        return VoiceLevels(tuple(each.level for each in self.said if each.voice == voice))

    @property
    def codes_by_voice(self) -> dict[str, tuple[str, ...]]:
        """As pictures take them."""
        return {voice.value: self.of(voice).codes for voice in Voice}

    @property
    def disagreement(self) -> Disagreement | None:
        """None where not both the State and another voice give a level."""
        return disagreement(self.steps_apart)

    @property
    def of_state(self) -> Said | None:
        return next((each for each in self.said if each.voice == Voice.STATE), None)

    @property
    def compared(self) -> tuple[Said, ...]:
        """The independent organisations whose level can be compared with the State's."""
        return tuple(each for each in self.said if each.steps_apart is not None)

    @property
    def disagreeing(self) -> tuple[Said, ...]:
        """Those of them who disagree with the State as the point does: who contradict, where one contradicts."""
        if self.disagreement in (None, Disagreement.AGREE):
            return ()
        return tuple(each for each in self.compared if each.disagreement == self.disagreement)

    @property
    def steps_on_scale(self) -> int | None:
        """`steps_apart` where the State's level and that of the farthest both have a place on the scale, else None:
        what stands outside it is so far away by a rule of its own, not by steps."""
        state = self.of_state.level if self.of_state else None
        farthest = [each.level for each in self.compared if each.steps_apart == self.steps_apart]
        is_on_scale = state and state.place and any(level and level.place for level in farthest)
        return self.steps_apart if is_on_scale else None


@dataclass(frozen=True)
class RecommendationLevels:
    """The open points of a recommendation in their order, and the assessments of the whole."""

    points: tuple[PointLevels, ...] = ()
    wholes: tuple[Said, ...] = ()

    def of(self, voice: Voice) -> Distribution:
        return distribution(self.points, voice, self.wholes)


def distribution(points: Iterable[PointLevels], voice: Voice, wholes: Iterable[Said] = ()) -> Distribution:
    """What a voice says of these points, each counted once; `wholes` stand beside and are never counted."""
    return Distribution(
        tuple(point.of(voice) for point in points),
        tuple(
            WholeLevel(each.organisation, each.level, each.is_self_assessment)
            for each in wholes
            if each.voice == voice and each.level is not None
        ),
    )


@dataclass(frozen=True)
class Comparison:
    """How many of some points contradict, differ and agree: of those on which the State and another voice both give a
    level (`total`)."""

    contradict: int
    differ: int
    agree: int

    @property
    def total(self) -> int:
        return self.contradict + self.differ + self.agree

    @property
    def strongest(self) -> Disagreement | None:
        if self.contradict:
            return Disagreement.CONTRADICTS
        if self.differ:
            return Disagreement.DIFFERS
        return Disagreement.AGREE if self.agree else None


def compare(points: Iterable[PointLevels]) -> Comparison:
    return compare_each(point.disagreement for point in points)


def compare_each(disagreements: Iterable[Disagreement | None]) -> Comparison:
    """One for each point."""
    found = list(disagreements)
    return Comparison(
        found.count(Disagreement.CONTRADICTS),
        found.count(Disagreement.DIFFERS),
        found.count(Disagreement.AGREE),
    )


def list_levels(
    session: Session, actor: Actor, inside: ColumnElement[bool]
) -> dict[int, RecommendationLevels]:
    """By recommendation, of those `inside` (a condition on `Recommendation`) that the actor sees: two statements. One
    without points and assessments is left out. Retired points are left out of every figure."""
    said = _list_said(session, actor, inside)
    query = (
        select(
            ActionPoint.id,
            ActionPoint.recommendation_id,
            Recommendation.ref.label("recommendation_ref"),
            ActionPoint.ref,
            shown_point_text(),
            ActionPoint.steps_apart,
        )
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(inside, visible_recommendations(actor), ActionPoint.retired_at.is_(None))
        .order_by(ActionPoint.order, ActionPoint.id)
    )
    points: dict[int, list[PointLevels]] = defaultdict(list)
    for row in session.execute(query):
        of_point = tuple(said.get((row.recommendation_id, row.id), ()))
        points[row.recommendation_id].append(
            PointLevels(
                row.id,
                row.recommendation_id,
                row.recommendation_ref,
                row.ref,
                row.text,
                row.steps_apart,
                of_point,
            )
        )
    wholes = {of: tuple(each) for (of, point_id), each in said.items() if point_id is None}
    return {
        each: RecommendationLevels(tuple(points.get(each, ())), wholes.get(each, ()))
        for each in points.keys() | wholes.keys()
    }


def _list_said(
    session: Session, actor: Actor, inside: ColumnElement[bool]
) -> dict[tuple[int, int | None], list[Said]]:
    """By recommendation and point; on each in the order of voices, then of names."""
    query = (
        select(CurrentEntry, Organisation, Recommendation.is_about_nhri)
        .join(Recommendation, Recommendation.id == CurrentEntry.recommendation_id)
        .join(Organisation, Organisation.id == CurrentEntry.organisation_id)
        .where(inside, visible_recommendations(actor))
    )
    said: dict[tuple[int, int | None], list[Said]] = defaultdict(list)
    rows: Any = session.execute(query)
    for row, organisation, is_about_nhri in rows:
        said[row.recommendation_id, row.action_point_id].append(
            Said(
                entry_id=row.entry_id,
                voice=row.voice,
                organisation_id=row.organisation_id,
                organisation=organisation.name,
                organisation_key=organisation.key,
                level=row.level,
                steps_apart=row.steps_apart,
                is_self_assessment=is_self_assessment(row.voice, is_about_nhri),
                published_at=row.published_at,
            )
        )
    voices = [*Voice]
    for each in said.values():
        each.sort(key=lambda one: (voices.index(one.voice), sort_key(one.organisation), one.entry_id))
    return said
