"""Keeps the figures: the level of a point in each voice, its disagreement, the review's version."""

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


def keep_level(session: Session, point: ActionPoint, now: datetime) -> None:
    """Recounts one point from its entries. Call it after every publication and withdrawal.

    The review's row is taken first: of two voices that publish at once the second waits and counts what
    the first wrote.
    """
    session.flush()
    review_id = select(Recommendation.review_id).where(Recommendation.id == point.recommendation_id)
    touch_review(session, session.scalars(review_id).one())
    session.refresh(point, ["disagreement"])
    said = _voices(session, point.id)
    kept = {
        level.voice: level
        for level in session.scalars(select(PointLevel).where(PointLevel.action_point_id == point.id))
    }
    for voice in Voice:
        _keep(session, point.id, voice, said.get(voice), kept.get(voice), now)
    point.disagreement = levels.disagreement(said)


def touch_review(session: Session, review_id: int) -> None:
    """Whoever keeps figures of the review in memory reads them anew."""
    session.execute(
        update(Review)
        .where(Review.id == review_id)
        .values(figures_version=Review.figures_version + 1)
        .execution_options(synchronize_session=False)
    )


def _keep(
    session: Session,
    point_id: int,
    voice: Voice,
    said: VoiceLevel | None,
    kept: PointLevel | None,
    now: datetime,
) -> None:
    if said is None:
        if kept is not None:
            session.delete(kept)
        return
    if kept is None:
        kept = PointLevel(action_point_id=point_id, voice=voice)
        session.add(kept)
    kept.level, kept.index, kept.changed_at = said.level, said.index, now


def _voices(session: Session, point_id: int) -> dict[Voice, VoiceLevel]:
    """Domain.md §3: of the State the newest update whose organisation led; of each independent
    organisation its newest assessment of the point."""
    given: dict[Voice, list[Level]] = {}
    led = select(ProgressUpdate.level).where(
        ProgressUpdate.action_point_id == point_id,
        ProgressUpdate.state == UpdateState.PUBLISHED,
        ProgressUpdate.led.is_(True),
    )
    state = session.scalar(led.order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id).limit(1))
    if state is not None:
        given[Voice.STATE] = [state]
    assessed = select(Assessment.organisation_id, Assessment.voice, Assessment.level).where(
        Assessment.action_point_id == point_id, Assessment.published_at.is_not(None)
    )
    seen = set()
    for organisation_id, voice, level in session.execute(
        assessed.order_by(Assessment.published_at.desc(), Assessment.id)
    ):
        if organisation_id not in seen and voice is not None and level is not None:
            seen.add(organisation_id)
            given.setdefault(voice, []).append(level)
    return {voice: said for voice, found in given.items() if (said := levels.of_voice(found))}
