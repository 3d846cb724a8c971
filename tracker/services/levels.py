"""Stores what follows from the entries of a point: its level in each voice, its disagreement, the review's version."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models import levels
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice, VoiceLevel
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState


def recompute_level(session: Session, point_id: int, now: datetime) -> None:
    """Computes the levels of one point from its entries. Call it after every publication and withdrawal.

    The review's row is locked before anything is read: of two voices that publish at the same time the second one
    waits here, and then counts what the first one wrote. So rows that the session has loaded before are read again.
    """
    bump_version(session, _review_of(session, point_id))
    voices = _levels_by_voice(session, point_id)
    stored = select(PointLevel).where(PointLevel.action_point_id == point_id)
    rows = {row.voice: row for row in session.scalars(stored, execution_options={"populate_existing": True})}
    for voice, row in rows.items():
        if voice not in voices:  # its last entry was withdrawn
            session.delete(row)
    for voice, level in voices.items():
        row = rows.get(voice) or PointLevel(action_point_id=point_id, voice=voice)
        row.level, row.index, row.changed_at = level.level, level.index, now
        session.add(row)
    point = session.get_one(ActionPoint, point_id, populate_existing=True)
    point.disagreement = levels.disagreement(voices)


def bump_version(session: Session, review_id: int) -> None:
    """Everything that is cached of the review is out of date from the commit on. The UPDATE locks the review's row
    until then."""
    raised = update(Review).where(Review.id == review_id).values(figures_version=Review.figures_version + 1)
    session.execute(raised)


def _review_of(session: Session, point_id: int) -> int:
    of_point = select(Recommendation.review_id).join(
        ActionPoint, ActionPoint.recommendation_id == Recommendation.id
    )
    return session.scalars(of_point.where(ActionPoint.id == point_id)).one()


def _levels_by_voice(session: Session, point_id: int) -> dict[Voice, VoiceLevel]:
    """Which entries count (docs/rules.md, "Levels"): of the State its newest update whose organisation led, of each
    independent organisation its newest assessment of the point. A voice without such an entry is left out."""
    given: dict[Voice, list[Level]] = {}
    level_of_state = _newest_level_of_state(session, point_id)
    if level_of_state is not None:
        given[Voice.STATE] = [level_of_state]
    for voice, level in _newest_assessments(session, point_id):
        given.setdefault(voice, []).append(level)
    by_voice = {voice: levels.of_voice(each) for voice, each in given.items()}
    return {voice: level for voice, level in by_voice.items() if level}


def _newest_level_of_state(session: Session, point_id: int) -> Level | None:
    newest = (
        select(ProgressUpdate.level)
        .where(
            ProgressUpdate.action_point_id == point_id,
            ProgressUpdate.state == UpdateState.PUBLISHED,
            ProgressUpdate.led.is_(True),
        )
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id)
        .limit(1)
    )
    return session.scalar(newest)


def _newest_assessments(session: Session, point_id: int) -> list[tuple[Voice, Level]]:
    """One for each organisation and voice."""
    newest_first = (
        select(Assessment.organisation_id, Assessment.voice, Assessment.level)
        .where(Assessment.action_point_id == point_id, Assessment.published_at.is_not(None))
        .order_by(Assessment.published_at.desc(), Assessment.id)
    )
    newest: dict[tuple[int | None, Voice], Level] = {}
    for organisation_id, voice, level in session.execute(newest_first):
        if voice and level:  # a tombstone has neither
            newest.setdefault((organisation_id, voice), level)
    return [(voice, level) for (_, voice), level in newest.items()]
