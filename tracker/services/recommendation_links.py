"""Links recommendations across reviews: a person decides, and may decide otherwise later."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.recommendation_links import can_link
from tracker.queries.recommendation_links import comes_before


def link_recommendations(
    session: Session,
    actor: Actor,
    later: Recommendation,
    earlier: Recommendation,
    kind: LinkKind,
    now: datetime,
) -> None:
    """Both are loaded with their reviews. `NOT_RELATED` refuses a suggestion, so that it is not made again. The same
    again changes nothing; another kind takes the place of the first."""
    _lock(session, actor, later)
    _refuse_wrong_pairs(later, earlier)
    link = session.get(RecommendationLink, (later.id, earlier.id))
    if link is not None and link.kind == kind:
        return
    if link is None:
        link = RecommendationLink(later_id=later.id, earlier_id=earlier.id, kind=kind, decided_at=now)
        session.add(link)
    link.kind, link.decided_at = kind, now
    _write_line(session, actor, "link_recommendations", later, earlier, kind, now)


def unlink_recommendations(
    session: Session, actor: Actor, later: Recommendation, earlier: Recommendation, now: datetime
) -> None:
    """As if nobody had decided: where the texts are alike, it is suggested again."""
    _lock(session, actor, later)
    link = session.get(RecommendationLink, (later.id, earlier.id))
    if link is None:
        return
    kind = link.kind
    session.delete(link)
    _write_line(session, actor, "unlink_recommendations", later, earlier, kind, now)


def _lock(session: Session, actor: Actor, later: Recommendation) -> None:
    """Of two who link at once the second waits at the review, and finds what the first did."""
    if not can_link(actor, later.review):
        raise NotAllowed
    session.execute(select(Review.id).where(Review.id == later.review_id).with_for_update())


def _refuse_wrong_pairs(later: Recommendation, earlier: Recommendation) -> None:
    if later.review.state_code != earlier.review.state_code:
        raise BadInput(gettext("Both recommendations must be of the same State."))
    if not comes_before(earlier, later):
        raise BadInput(
            gettext(
                "%(earlier)s does not come before %(later)s. Choose one of an earlier review; an item of the letter"
                " also follows up the recommendations of the Working Group in its own review.",
                earlier=_place(earlier),
                later=_place(later),
            )
        )


def _write_line(
    session: Session,
    actor: Actor,
    verb: str,
    later: Recommendation,
    earlier: Recommendation,
    kind: LinkKind,
    now: datetime,
) -> None:
    session.flush()
    write_line(
        session,
        actor,
        verb,
        f"recommendation {_place(later)}",
        at=now,
        state_code=later.review.state_code,
        facts={"later": _place(later), "earlier": _place(earlier), "kind": kind.value},
        may_be_public=False,
    )


def _place(recommendation: Recommendation) -> str:
    return f"{recommendation.review.code} {recommendation.ref}"
