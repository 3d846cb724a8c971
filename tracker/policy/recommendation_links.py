"""Links between recommendations of different reviews: the coordinator of the State decides on them, everybody reads
them where both ends are seen. That two are not related is the coordinator's own note."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import can_prepare_review, can_see_review, visible_reviews
from tracker.policy.roles import coordinates, coordinates_state


def may_link(actor: Actor) -> bool:
    return coordinates(actor)


def can_link(actor: Actor, review: Review) -> bool:
    """The recommendations of this review to earlier ones: also after it was closed, because links are no entries."""
    return can_prepare_review(actor, review)


def can_see_link(
    actor: Actor, kind: LinkKind, later: Review, earlier: Review, *, assigned: Collection[int] = ()
) -> bool:
    """`assigned`: the reviews in which the actor's organisation leads or supports a recommendation now."""
    if actor.sees_all:
        return True
    sees_ends = all(can_see_review(actor, end, assigned=end.id in assigned) for end in (later, earlier))
    return sees_ends and (kind != LinkKind.NOT_RELATED or coordinates_state(actor, later.state_code))


def visible_links(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_link` allows, as an SQL condition on `RecommendationLink`."""
    if actor.sees_all:
        return true()
    ends = (RecommendationLink.later_id, RecommendationLink.earlier_id)
    seen = [_of_reviews(end, visible_reviews(actor)) for end in ends]
    is_related: Any = RecommendationLink.kind != LinkKind.NOT_RELATED
    if not coordinates(actor):
        return and_(*seen, is_related)
    own = _of_reviews(RecommendationLink.later_id, Review.state_code == actor.state_code)
    return and_(*seen, or_(is_related, own))


def _of_reviews(recommendation_id: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(Recommendation.id).join(Review, Review.id == Recommendation.review_id)
    return query.where(Recommendation.id == recommendation_id, condition).exists()
