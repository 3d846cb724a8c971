"""The dates of a review as its coordinator sees them: what is known, how, and when people are reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.language import gettext, long_date, short_period
from tracker.models.milestones import Certainty, Milestone
from tracker.services.milestones import next_offset
from tracker.services.review_milestones import Proposal, propose_mid_term


@dataclass(frozen=True)
class ReviewDate:
    """`reminders`: when the next one is due, or why there is none; empty once all have fallen."""

    milestone: Milestone
    reminders: str


@dataclass(frozen=True)
class ReviewDates:
    """`proposal`: the window of the mid-term report that follows from the adoption, where it is not entered so."""

    rows: list[ReviewDate]
    proposal: Proposal | None

    @property
    def proposed_days(self) -> str:
        if self.proposal is None:
            return ""
        return short_period(self.proposal.fields.starts_on, self.proposal.fields.ends_on)


def dates_of_review(milestones: Sequence[Milestone], today: date) -> ReviewDates:
    rows = [ReviewDate(each, _reminders(each, today)) for each in milestones]
    return ReviewDates(rows, propose_mid_term(milestones))


def _reminders(milestone: Milestone, today: date) -> str:
    next_on = next_offset(milestone.starts_on, milestone.ends_on, today)
    if next_on is None:
        return ""
    if milestone.is_reminded:
        return gettext("The next reminder is due on %(day)s.", day=long_date(next_on))
    if milestone.certainty in (Certainty.SOURCED, Certainty.DERIVED):
        return gettext("Nobody is reminded of it: it is no date of the State.")
    return gettext(
        "Nobody is reminded of it, because the date is %(certainty)s.", certainty=milestone.certainty.label
    )
