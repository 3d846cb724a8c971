"""Dated events of a State, and of a review where it has one."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.names import Translated
from tracker.models.reviews import Review


class MilestoneKind(StrEnum):
    REVIEW = "review"
    ADOPTION = "adoption"
    LETTER = "letter"
    MID_TERM_REPORT = "mid_term_report"
    NATIONAL_REPORT = "national_report"
    STAKEHOLDER_SUBMISSION = "stakeholder_submission"
    TREATY_BODY_FOLLOW_UP = "treaty_body_follow_up"
    PREPARATION = "preparation"
    CONTEXT = "context"

    @property
    def label(self) -> str:
        return gettext(MILESTONE_LABELS[self])

    @property
    def awaits_report(self) -> bool:
        """Does the State hand something in by that date? Whether it did is not known here."""
        return self in (
            MilestoneKind.MID_TERM_REPORT,
            MilestoneKind.NATIONAL_REPORT,
            MilestoneKind.TREATY_BODY_FOLLOW_UP,
        )


class Certainty(StrEnum):
    SOURCED = "sourced"
    DERIVED = "derived"
    PROJECTED = "projected"
    ASSUMED = "assumed"
    OWN = "own"

    @property
    def label(self) -> str:
        return gettext(CERTAINTY_LABELS[self])


MILESTONE_LABELS: dict[str, str] = {
    "review": mark("Review by the Working Group"),
    "adoption": mark("Adoption"),
    "letter": mark("Letter"),
    "mid_term_report": mark("Mid-term report"),
    "national_report": mark("National report"),
    "stakeholder_submission": mark("Stakeholder submissions"),
    "treaty_body_follow_up": mark("Treaty body follow-up"),
    "preparation": mark("Preparation"),
    "context": mark("Context"),
}
CERTAINTY_LABELS: dict[str, str] = {
    "sourced": mark("sourced"),
    "derived": mark("derived"),
    "projected": mark("projected"),
    "assumed": mark("assumed"),
    "own": mark("our own date"),
}


class Milestone(Translated, Base):
    """A day (start = end) or a window. `certainty` says how the date is known. `is_by_hand`: a person entered it, with
    a review and without a label. The dates of the seed are of public documents."""

    __tablename__ = "milestones"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="window"),
        CheckConstraint("NOT is_by_hand OR review_id IS NOT NULL", name="by_hand_of_a_review"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    is_by_hand: Mapped[bool] = mapped_column(default=False)
    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id"), index=True)
    kind: Mapped[MilestoneKind] = mapped_column(one_of(MilestoneKind, "kind"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str]
    certainty: Mapped[Certainty] = mapped_column(one_of(Certainty, "certainty"))
    source: Mapped[str]

    review: Mapped[Review | None] = relationship(lazy="raise_on_sql")

    @property
    def title(self) -> str:
        """What it is, for a reader. Of one that a person entered: kind and review, in the reader's language."""
        if self.review is None or not self.is_by_hand:
            return self.name
        return gettext("%(kind)s, %(review)s", kind=self.kind.label, review=self.review.name)

    @property
    def is_public(self) -> bool:
        """Does everybody see it? What a person entered is as public as its review."""
        return not self.is_by_hand or self.review is None or self.review.is_published

    @property
    def is_reminded(self) -> bool:
        """Does it send reminders? Projected, assumed and own dates, context, and what is not the State's duty do not
        (docs/rules.md, "Reminders")."""
        return (
            self.review_id is not None
            and self.certainty in (Certainty.SOURCED, Certainty.DERIVED)
            and self.kind not in (MilestoneKind.CONTEXT, MilestoneKind.STAKEHOLDER_SUBMISSION)
        )
