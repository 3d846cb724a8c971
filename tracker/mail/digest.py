"""Subject and body of the reminder digest. The text is in `templates/mail/reminder_digest.txt`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker import addresses
from tracker.language import long_date, ngettext, speaking, translate, translate_plural
from tracker.models.milestones import Certainty

_TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"


@dataclass(frozen=True)
class MilestoneLine:
    """One milestone: its days (start = end for a single one), how the date is known, whether it has passed."""

    label: str
    starts_on: date
    ends_on: date
    certainty: Certainty
    is_past: bool


@dataclass(frozen=True)
class PointLine:
    """A point without an entry: its ref and the short title of its recommendation, and where it is."""

    label: str
    url: str


@dataclass(frozen=True)
class LeadLine:
    """An organisation of the State, “” for nobody: of how many points that it leads the State gives no level."""

    organisation: str
    lacking: int
    points: int


@dataclass(frozen=True)
class Missing:
    """What is missing in the review that the dates are about. `review`: its name and code; of the review before, where
    `not_entered` names one whose recommendations are not entered yet, or, without `is_published`, not published; “”
    where no review has any.

    `own`: the first of the reader's own points without an entry, and `more` how many others; None where the reader's
    organisation works on nothing there. `by_lead`: for coordinators; None for everybody else.
    """

    review: str
    not_entered: str = ""
    is_published: bool = True
    own: Sequence[PointLine] | None = None
    more: int = 0
    by_lead: Sequence[LeadLine] | None = None


@dataclass(frozen=True)
class DigestPart:
    """The dates of one review, and what is missing there; None where nothing can be entered."""

    lines: Sequence[MilestoneLine]
    missing: Missing | None = None


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


def write_digest(
    parts: Sequence[DigestPart],
    language: str,
    today: date,
    base_url: str,
    *,
    is_demonstration: bool = False,
) -> Words:
    """Writes the digest in the recipient's language: plain text, no tracking, links only to this instance."""
    number = sum(len(part.lines) for part in parts)
    with speaking(language):
        subject = ngettext(
            "UPR follow-up: %(num)s date needs your attention",
            "UPR follow-up: %(num)s dates need your attention",
            number,
        )
        body = (
            _environment()
            .get_template("reminder_digest.txt")
            .render(
                parts=parts,
                number=number,
                today=today,
                is_demonstration=is_demonstration,
                work_url=addresses.work(base_url),
                calendar_url=addresses.calendar(base_url),
            )
        )
    return Words(subject, body)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["long_date"] = long_date
    return environment
