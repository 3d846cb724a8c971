"""Recommendations of different reviews that ask for the same thing, or follow it up, as a person decided."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of


class LinkKind(StrEnum):
    """`NOT_RELATED`: somebody refused the suggestion, so that it is not made again."""

    REPEATS = "repeats"
    SIMILAR = "similar"
    FOLLOWS_UP = "follows_up"
    NOT_RELATED = "not_related"

    @property
    def label(self) -> str:
        return gettext(LINK_LABELS[self])


LINK_LABELS: dict[str, str] = {
    "repeats": mark("repeats"),
    "similar": mark("is similar to"),
    "follows_up": mark("follows up"),
    "not_related": mark("is not related to"),
}


class RecommendationLink(Base):
    """The later recommendation repeats, resembles or follows up the earlier one."""

    __tablename__ = "recommendation_links"
    __table_args__ = (
        CheckConstraint("later_id <> earlier_id", name="two_recommendations"),
        Index(None, "earlier_id"),
    )

    later_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(one_of(LinkKind, "kind"))
    decided_at: Mapped[datetime]
