"""The position now of a recommendation; retiring one, and restoring it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.failures import ChangedMeanwhile, Refused, ValidationFailed
from tracker.language import gettext
from tracker.models.recommendations import Position, Recommendation
from tracker.policy.actors import Actor
from tracker.services.levels import recompute_levels
from tracker.services.recommendations.locking import lock_recommendation, write_edit
from tracker.services.recommendations.wordings import list_all_points

NOW_FIELDS = ("position_now", "position_now_on", "position_now_source")


@dataclass(frozen=True)
class PositionNow:
    """A later change of mind of the State; a position that is None takes an earlier entry back."""

    position: Position | None
    since: date | None
    source: str

    @property
    def seen(self) -> str:
        """What a form carries, to find out whether somebody changed it meanwhile."""
        return f"{self.position or ''} {self.since or ''} {self.source}"


def change_position_now(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    wanted: PositionNow,
    today: date,
    now: datetime,
    seen: str | None = None,
) -> None:
    """The position at adoption stays beside it. `seen`: of what the person had read; where somebody changed it since,
    nothing is done."""
    review = lock_recommendation(session, actor, recommendation)
    stands = position_now_of(recommendation)
    if seen is not None and seen != stands.seen:
        raise ChangedMeanwhile(stands)
    _refuse_incomplete(recommendation, wanted, today)
    before = {name: _plain(getattr(recommendation, name)) for name in NOW_FIELDS}
    recommendation.position_now = wanted.position
    recommendation.position_now_on = wanted.since if wanted.position else None
    recommendation.position_now_source = wanted.source if wanted.position else ""
    after = {name: _plain(getattr(recommendation, name)) for name in NOW_FIELDS}
    if after != before:
        told = {"before": before, "after": after}
        write_edit(session, actor, "change_position_now", recommendation, review, now, **told)


def position_now_of(recommendation: Recommendation) -> PositionNow:
    own = recommendation
    return PositionNow(own.position_now, own.position_now_on, own.position_now_source)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _refuse_incomplete(recommendation: Recommendation, wanted: PositionNow, today: date) -> None:
    if wanted.position is None:
        return
    wrong = {}
    if recommendation.position is None:
        wrong["position"] = gettext("Enter the position at adoption first: correct the recommendation")
    elif wanted.position == recommendation.position:
        wrong["position"] = gettext("This is the position at adoption: choose “as at adoption” instead")
    if wanted.since is None:
        wrong["since"] = gettext("Enter since when the State holds this position")
    elif wanted.since > today:
        wrong["since"] = gettext("Enter a day that is not in the future")
    if not wanted.source:
        wrong["source"] = gettext("Name the document or statement in which the State said so")
    if wrong:
        raise ValidationFailed(wrong)


def retire_recommendation(
    session: Session, actor: Actor, recommendation: Recommendation, reason: str, now: datetime
) -> None:
    """It leaves lists and figures, with its points; its page, entries and history stay, and tell the reason."""
    review = lock_recommendation(session, actor, recommendation)
    if not reason.strip():
        raise ValidationFailed({"reason": gettext("Say why: everybody reads it on the page")})
    if recommendation.retired_at is not None:
        raise Refused(gettext("This recommendation is retired already."))
    recommendation.retired_at, recommendation.retired_reason = now, reason.strip()
    for point in list_all_points(session, recommendation.id):
        if point.retired_at is None:
            point.retired_at = now
    after = {"reason": reason.strip()}
    write_edit(session, actor, "retire_recommendation", recommendation, review, now, after=after)
    recompute_levels(session, recommendation.id)


def restore_recommendation(
    session: Session, actor: Actor, recommendation: Recommendation, now: datetime
) -> None:
    """With the points that were retired with it. Those that were retired before stay so."""
    review = lock_recommendation(session, actor, recommendation)
    if recommendation.retired_at is None:
        raise Refused(gettext("This recommendation is not retired."))
    before = {"reason": recommendation.retired_reason}
    for point in list_all_points(session, recommendation.id):
        if point.retired_at == recommendation.retired_at:
            point.retired_at = None
    recommendation.retired_at, recommendation.retired_reason = None, ""
    write_edit(session, actor, "restore_recommendation", recommendation, review, now, before=before)
    recompute_levels(session, recommendation.id)
