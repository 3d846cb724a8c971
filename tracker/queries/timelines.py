"""The levels of each action point over time, for the picture on the page of its recommendation. Days and levels without
texts, so that it may go back further than the entries that the page shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.updates import visible_updates
from tracker.queries.wordings import made_at_of_update, was_split_after


@dataclass(frozen=True)
class DatedLevel:
    """The level of a published entry. `as_of_on`: the day of the fact, where the State names one."""

    entry_id: UUID
    voice: Voice
    organisation: str
    level: Level
    as_of_on: date | None
    published_at: datetime


@dataclass(frozen=True)
class Timeline:
    """Of one point, in no order. `is_cut`: some organisation gave more levels than these."""

    levels: tuple[DatedLevel, ...] = ()
    is_cut: bool = False


def list_timelines(
    session: Session, actor: Actor, recommendation_id: int, newest_of_each: int
) -> dict[int, Timeline]:
    """By point the newest levels of each organisation, and those that count, which may be older: one statement. What
    was said before a wording was split is left out, as it is of every figure. A point without levels is left out."""
    given = union_all(_updates(actor, recommendation_id), _assessments(actor, recommendation_id)).subquery()
    group = (given.c.point_id, given.c.organisation_id)
    newest_first = (given.c.published_at.desc(), given.c.entry_id)
    number = func.row_number().over(partition_by=group, order_by=newest_first).label("number")
    numbered = select(given, number, func.count().over(partition_by=group).label("total")).subquery()
    is_current = numbered.c.entry_id.in_(select(CurrentEntry.entry_id))
    query = (
        select(numbered, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == numbered.c.organisation_id)
        .where(or_(numbered.c.number <= newest_of_each, is_current))
    )
    levels: dict[int, list[DatedLevel]] = defaultdict(list)
    cut = set()
    for row in session.execute(query):
        levels[row.point_id].append(
            DatedLevel(row.entry_id, row.voice, row.organisation, row.level, row.as_of_on, row.published_at)
        )
        if row.total > newest_of_each:
            cut.add(row.point_id)
    return {point: Timeline(tuple(found), point in cut) for point, found in levels.items()}


def _updates(actor: Actor, recommendation_id: int) -> Any:
    return (
        select(
            ProgressUpdate.id.label("entry_id"),
            ProgressUpdate.action_point_id.label("point_id"),
            ProgressUpdate.organisation_id,
            literal(Voice.STATE, Assessment.voice.type).label("voice"),
            ProgressUpdate.level,
            ProgressUpdate.as_of_on,
            ProgressUpdate.published_at,
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .where(ActionPoint.recommendation_id == recommendation_id, visible_updates(actor))
        .where(ProgressUpdate.state == UpdateState.PUBLISHED, ProgressUpdate.level.is_not(None))
        .where(~was_split_after(ProgressUpdate.action_point_id, made_at_of_update()))
    )


def _assessments(actor: Actor, recommendation_id: int) -> Any:
    return (
        select(
            Assessment.id.label("entry_id"),
            Assessment.action_point_id.label("point_id"),
            Assessment.organisation_id,
            Assessment.voice,
            Assessment.level,
            cast(null(), Date).label("as_of_on"),
            Assessment.published_at,
        )
        .where(Assessment.recommendation_id == recommendation_id, Assessment.action_point_id.is_not(None))
        .where(Assessment.published_at.is_not(None), visible_assessments(actor))
        .where(~was_split_after(Assessment.action_point_id, Assessment.published_at))
    )
