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
class Words:
    subject: str
    body: str


def write_digest(
    lines: Sequence[MilestoneLine],
    language: str,
    today: date,
    base_url: str,
    *,
    is_demonstration: bool = False,
) -> Words:
    """Writes the digest in the recipient's language: plain text, no tracking, links only to this instance."""
    with speaking(language):
        subject = ngettext(
            "UPR follow-up: %(num)s date needs your attention",
            "UPR follow-up: %(num)s dates need your attention",
            len(lines),
        )
        body = (
            _environment()
            .get_template("reminder_digest.txt")
            .render(
                lines=lines,
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
