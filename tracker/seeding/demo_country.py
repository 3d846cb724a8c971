"""The invented country as far as it has been laid: what the rows of its files name, found by its key."""

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
LIFE_BEGAN = timedelta(days=760)
"""Before the day of seeding; nothing was written earlier."""


@dataclass
class Country:
    session: Session
    now: datetime
    organisations: dict[str, Organisation]
    recommendations: dict[str, Recommendation]
    points: dict[str, ActionPoint]
    people: dict[str, Actor]

    @property
    def began(self) -> datetime:
        return self.now - LIFE_BEGAN

    def author_of(self, row: SeedRow) -> Actor:
        """Who wrote an entry, checked to be of the organisation that the row names beside."""
        author, organisation = (
            look_up(row, "author", self.people),
            look_up(row, "organisation", self.organisations),
        )
        if author.organisation_id != organisation.id:
            raise row.broken(f"“author” {author.handle!r} is not of {organisation.key!r}")
        return author

    def days_ago(self, row: SeedRow) -> int:
        return row.number("recorded_days_ago", least=0, most=LIFE_BEGAN.days)


def read_country(session: Session, now: datetime) -> Country:
    inside = select(Recommendation).join(Review).where(Review.code == DEMO_REVIEW)
    inside = inside.options(joinedload(Recommendation.review))
    points = select(ActionPoint).join(Recommendation).join(Review).where(Review.code == DEMO_REVIEW)
    points = points.options(joinedload(ActionPoint.recommendation).joinedload(Recommendation.review))
    return Country(
        session,
        now,
        organisations={found.key: found for found in session.scalars(select(Organisation))},
        recommendations={found.ref: found for found in session.scalars(inside)},
        points={found.ref: found for found in session.scalars(points)},
        people={},
    )
