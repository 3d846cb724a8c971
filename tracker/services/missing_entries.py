"""What a reminder tells somebody about a review: what of their own is missing, and to coordinators what is missing by
ministry. Refs, titles and numbers, never the text of an entry."""

from sqlalchemy.orm import Session

from tracker import addresses
from tracker.identity.sign_ins import actor_of
from tracker.language import speaking
from tracker.mail.digest import LeadLine, Missing, PointLine
from tracker.models.accounts import Account
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import takes_entries
from tracker.policy.roles import WRITERS, coordinates_state
from tracker.queries.missing_entries import list_missing_by_lead, list_missing_points
from tracker.queries.recipients import find_reported_review

MOST_POINTS = 10
"""Named in a mail; the others are counted."""


def find_missing(session: Session, account: Account, review: Review, base_url: str) -> Missing | None:
    """Of the review, or, until it has recommendations and is published, of the one before it, which is then said. None
    where that review takes no entries, because it is closed. The account is loaded with organisation and roles."""
    actor, reported = actor_of(account), find_reported_review(session, review)
    with speaking(account.language):
        not_entered = "" if reported is review else review.name
        if reported is None:
            return Missing("", not_entered, is_published=review.is_published)
        if not takes_entries(is_published=reported.is_published, closed_at=reported.closed_at):
            return None
        own = _own(session, actor, reported, base_url)
        return Missing(
            f"{reported.name} ({reported.code})",
            not_entered,
            is_published=review.is_published,
            own=None if own is None else own[:MOST_POINTS],
            more=max(len(own or ()) - MOST_POINTS, 0),
            by_lead=_by_lead(session, actor, reported),
        )


def _own(session: Session, actor: Actor, review: Review, base_url: str) -> list[PointLine] | None:
    points = list_missing_points(session, actor, review.code) if actor.has(*WRITERS) else None
    if points is None:
        return None
    return [
        PointLine(
            f"{point.point_ref} {point.short_title}",
            addresses.action_point(base_url, point.review, point.ref, point.point_ref),
        )
        for point in points
    ]


def _by_lead(session: Session, actor: Actor, review: Review) -> list[LeadLine] | None:
    if not coordinates_state(actor, review.state_code):
        return None
    return [
        LeadLine(each.organisation.name if each.organisation else "", each.lacking, each.points)
        for each in list_missing_by_lead(session, actor, review.id)
    ]
