"""What a person enters and corrects of a milestone, and which kinds can be entered."""

import hashlib
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any, Self

from tracker.models.milestones import Certainty, Milestone, MilestoneKind

ENTERED_KINDS = (
    MilestoneKind.REVIEW,
    MilestoneKind.ADOPTION,
    MilestoneKind.LETTER,
    MilestoneKind.MID_TERM_REPORT,
    MilestoneKind.NATIONAL_REPORT,
    MilestoneKind.STAKEHOLDER_SUBMISSION,
    MilestoneKind.PREPARATION,
)
"""Those that belong to a review and need no other name than their kind."""
ENTERED_CERTAINTIES = (Certainty.SOURCED, Certainty.DERIVED, Certainty.OWN)


@dataclass(frozen=True)
class MilestoneFields:
    """A single day has the same day twice. `source` is empty for an own date alone."""

    starts_on: date
    ends_on: date
    certainty: Certainty
    source: str
    note: str

    @classmethod
    def of(cls, milestone: Milestone) -> Self:
        return cls(**{name: getattr(milestone, name) for name in FIELD_NAMES})

    @property
    def digest(self) -> str:
        """The same for the same values: a form carries it, to find out whether somebody changed them meanwhile."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """For the history."""
        values = {name: getattr(self, name) for name in FIELD_NAMES}
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
        }


FIELD_NAMES = tuple(field.name for field in fields(MilestoneFields))
