"""What the rows of the demonstration can refer to, by key: what the database holds so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.exchange.seed_files import SeedRow
from tracker.models.action_points import ActionPoint
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.seeding.table import look_up

DEMO_REVIEW = "KGZ-3"
HISTORY_LENGTH = timedelta(days=760)
"""How long before the day of seeding the first entry may be written."""


@dataclass
class DemoContext:
    session: Session
    now: datetime
    state_code: str
    organisations: dict[str, Organisation]
    recommendations: dict[str, Recommendation]
    points: dict[str, ActionPoint]
    people: dict[str, Actor]

    @property
    def starts_at(self) -> datetime:
        return self.now - HISTORY_LENGTH

    def author_of(self, row: SeedRow) -> Actor:
        """Returns the author of an entry; checks that they belong to the organisation that the row names."""
        author, organisation = (
            look_up(row, "author", self.people),
            look_up(row, "organisation", self.organisations),
        )
        if author.organisation_id != organisation.id:
            raise row.broken(f"“author” {author.handle!r} is not of {organisation.key!r}")
        return author

    def days_ago(self, row: SeedRow) -> int:
        return row.number("recorded_days_ago", least=0, most=HISTORY_LENGTH.days)


def read_context(session: Session, now: datetime) -> DemoContext:
    review = session.scalars(select(Review).where(Review.code == DEMO_REVIEW)).one()
    recommendations = select(Recommendation).where(Recommendation.review_id == review.id)
    recommendations = recommendations.options(joinedload(Recommendation.review))
    points = select(ActionPoint).join(Recommendation).where(Recommendation.review_id == review.id)
    points = points.options(joinedload(ActionPoint.recommendation).joinedload(Recommendation.review))
    return DemoContext(
        session,
        now,
        review.state_code,
        organisations={each.key: each for each in session.scalars(select(Organisation))},
        recommendations={each.ref: each for each in session.scalars(recommendations)},
        points={each.ref: each for each in session.scalars(points)},
        people={},
    )
