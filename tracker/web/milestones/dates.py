"""What the calendar page says of its dates: what is next, in how long, which reminder comes, which recommendations a
note names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.language import gettext, ngettext
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.services.milestones import next_offset
from tracker.web.time_pictures import Window

DRAWN_YEARS = 4
"""After this year: what begins later is only in the table."""
NOT_THE_STATES = (MilestoneKind.CONTEXT, MilestoneKind.PREPARATION, MilestoneKind.STAKEHOLDER_SUBMISSION)
CALCULATED = (Certainty.DERIVED, Certainty.PROJECTED, Certainty.ASSUMED)
Pieces = tuple[tuple[str, str | None], ...]
REF = re.compile(r"\b([A-Z]+[0-9]+)\b")


@dataclass(frozen=True)
class CalendarDate:
    """A row of the calendar. `note`: pieces of text, each with the ref that it is, or None. It says how a calculated
    date was found; the note on any other date is shown where it names a recommendation."""

    milestone: Milestone
    is_open: bool
    reminder_on: date | None
    has_no_known_report: bool
    note: Pieces

    @property
    def is_calculated(self) -> bool:
        return self.milestone.certainty in CALCULATED


def dates_of(milestones: Sequence[Milestone], today: date, refs: Collection[str]) -> list[CalendarDate]:
    return [
        CalendarDate(
            each,
            each.starts_on <= today <= each.ends_on and each.starts_on != each.ends_on,
            next_offset(each.starts_on, each.ends_on, today) if each.is_reminded else None,
            each.kind.awaits_report and each.ends_on < today,
            _note_of(each, refs),
        )
        for each in milestones
    ]


def _note_of(milestone: Milestone, refs: Collection[str]) -> Pieces:
    pieces = split_refs(milestone.note, refs)
    return pieces if milestone.certainty in CALCULATED or any(ref for _, ref in pieces) else ()


def split_refs(note: str, refs: Collection[str]) -> Pieces:
    """The note in pieces, so that the refs of recommendations in it can be links."""
    pieces = REF.split(note)
    return tuple((piece, piece if piece in refs else None) for piece in pieces if piece)


def windows_of(upcoming: Sequence[Milestone], today: date) -> list[Window]:
    """What the picture draws: everything that has not ended, without context."""
    return [
        Window(each.title, each.certainty.value, _short(each.certainty), each.starts_on, each.ends_on)
        for each in upcoming
        if each.kind != MilestoneKind.CONTEXT and each.starts_on.year <= today.year + DRAWN_YEARS
    ]


def find_next(upcoming: Sequence[Milestone]) -> Milestone | None:
    """The next date of the State itself: neither context nor preparation nor a date of others."""
    return next((each for each in upcoming if each.kind not in NOT_THE_STATES), None)


def time_until(day: date, today: date) -> str:
    """In 9 months; under two months: in 40 days."""
    months = (day.year - today.year) * 12 + day.month - today.month - (day.day < today.day)
    if months >= 2:
        return ngettext("in %(num)s month", "in %(num)s months", months)
    return ngettext("in %(num)s day", "in %(num)s days", (day - today).days)


def _short(certainty: Certainty) -> str:
    return gettext("own") if certainty == Certainty.OWN else certainty.label
