"""Keeps the figures: the level of a point in each voice, its disagreement, the review's version."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, literal, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from tracker.models import levels
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assessments import Assessment
from tracker.models.levels import Disagreement, Level, Voice, VoiceLevel
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState

# Put together once: a publication runs all of them, and building them costs as much as running them.
# They run on the connection: the session would look for objects to change, and there is none but the point.
_NEXT_VERSION = update(Review.__table__).values(figures_version=Review.figures_version + 1)  # type: ignore[arg-type]
_TOUCH = _NEXT_VERSION.where(Review.id == bindparam("review_id"))
_TOUCH_ITS = _NEXT_VERSION.where(
    Review.id
    == select(Recommendation.review_id)
    .where(Recommendation.id == bindparam("recommendation_id"))
    .scalar_subquery()
)
_STANDS = select(ActionPoint.disagreement).where(ActionPoint.id == bindparam("point_id")).scalar_subquery()
_OF_THE_STATE = (
    select(ProgressUpdate.level, ProgressUpdate.published_at, ProgressUpdate.id)
    .where(
        ProgressUpdate.action_point_id == bindparam("point_id"),
        ProgressUpdate.state == UpdateState.PUBLISHED,
        ProgressUpdate.led.is_(True),
    )
    .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id)
    .limit(1)
    .subquery()
)
_SAID = union_all(
    select(
        _STANDS.label("stands"),
        literal(None, Assessment.organisation_id.type).label("organisation_id"),
        literal(Voice.STATE.value, Assessment.voice.type).label("voice"),
        *_OF_THE_STATE.c,
    ),
    select(
        _STANDS,
        Assessment.organisation_id,
        Assessment.voice,
        Assessment.level,
        Assessment.published_at,
        Assessment.id,
    ).where(Assessment.action_point_id == bindparam("point_id"), Assessment.published_at.is_not(None)),
)
_FORGET = delete(PointLevel.__table__).where(  # type: ignore[arg-type]  # a mapped class's table is one
    PointLevel.action_point_id == bindparam("point_id"),
    PointLevel.voice.not_in(bindparam("voices", expanding=True)),
)
_WRITE = {
    name: found.on_conflict_do_update(
        index_elements=["action_point_id", "voice"],
        set_={column: found.excluded[column] for column in ("level", "index", "changed_at")},
    )
    for name, found in (
        ("sqlite", sqlite.insert(PointLevel.__table__)),  # type: ignore[arg-type]
        ("postgresql", postgresql.insert(PointLevel.__table__)),  # type: ignore[arg-type]
    )
}
_DISAGREE = (
    update(ActionPoint.__table__)  # type: ignore[arg-type]
    .where(ActionPoint.id == bindparam("point_id"))
    .values(disagreement=bindparam("said"))
)


def recompute_level(
    session: Session, point_id: int, recommendation_id: int, now: datetime, *, may_fall_silent: bool = False
) -> None:
    """Recounts one point from its entries. Call it after every publication and (`may_fall_silent`: a voice may have
    nothing left to say) withdrawal.

    The review's row is taken first: of two voices that publish at once the second waits and counts what
    the first wrote.
    """
    session.flush()
    connection = session.connection()
    connection.execute(_TOUCH_ITS, {"recommendation_id": recommendation_id})
    said, stands = _voices(connection, point_id)
    if may_fall_silent:
        connection.execute(_FORGET, {"point_id": point_id, "voices": [*said]})
    if said:
        rows = [_row(point_id, voice, level, now) for voice, level in said.items()]
        connection.execute(_WRITE[connection.dialect.name], rows)
    disagreement = levels.disagreement(said)
    if disagreement != stands:
        connection.execute(_DISAGREE, {"point_id": point_id, "said": disagreement})
    if point := session.identity_map.get(identity_key(ActionPoint, point_id)):
        set_committed_value(point, "disagreement", disagreement)


def bump_version(session: Session, review_id: int) -> None:
    """Whoever keeps figures of the review in memory reads them anew."""
    session.connection().execute(_TOUCH, {"review_id": review_id})


def _row(point_id: int, voice: Voice, said: VoiceLevel, now: datetime) -> dict[str, object]:
    return {
        "action_point_id": point_id,
        "voice": voice,
        "level": said.level,
        "index": said.index,
        "changed_at": now,
    }


def _voices(connection: Connection, point_id: int) -> tuple[dict[Voice, VoiceLevel], Disagreement | None]:
    """Domain.md §3: of the State the newest update whose organisation led; of each independent
    organisation its newest assessment of the point. And the disagreement that stands now, where any of them
    says something."""
    rows = connection.execute(_SAID, {"point_id": point_id}).all()
    given: dict[Voice, list[Level]] = {}
    seen = set()
    newest_first = sorted(
        sorted(rows, key=lambda row: row.id), key=lambda row: row.published_at, reverse=True
    )
    for row in newest_first:
        if (row.voice, row.organisation_id) not in seen:
            seen.add((row.voice, row.organisation_id))
            given.setdefault(row.voice, []).append(row.level)
    said = {voice: level for voice, found in given.items() if (level := levels.of_voice(found))}
    return said, rows[0].stands if rows else None
