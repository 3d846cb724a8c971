"""What is typed into an update, and what makes it complete (docs/rules.md, "Updates"). `workflow.py` has the steps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta

from tracker.days import why_not_meant
from tracker.failures import ValidationFailed
from tracker.language import gettext
from tracker.models.assignments import AssignmentKind
from tracker.models.levels import Level
from tracker.models.updates import ProgressUpdate


@dataclass(frozen=True)
class UpdateText:
    """What a focal point types. `level` is None where the organisation only supports."""

    level: Level | None = None
    reason: str = ""
    done: str = ""
    obstacles: str = ""
    support_needed: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    as_of_on: date | None = None
    source_link: str = ""
    language: str = "en"


AHEAD_OF_UTC = timedelta(hours=14)
"""In the easternmost time zone (UTC+14) it may already be tomorrow: a fact of that day is not in the future there."""
TEXT_FIELDS = tuple(field.name for field in fields(UpdateText))
WRITTEN_FIELDS = ("reason", "done", "obstacles", "support_needed", "next_step")
"""Those that are in the language of the text."""


def text_of(update: ProgressUpdate) -> UpdateText:
    return UpdateText(**{name: getattr(update, name) for name in TEXT_FIELDS})


def stored_values(values: Mapping[str, object]) -> dict[str, object]:
    """The values as JSON holds them: a date becomes text, other values stay as they are."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def as_assigned(text: UpdateText, kind: AssignmentKind | None) -> UpdateText:
    """A supporting organisation's entry has no level."""
    if kind == AssignmentKind.LEAD:
        return text
    return UpdateText(**{**asdict(text), "level": None})


def wrong_days(text: UpdateText, now: datetime) -> dict[str, str]:
    """A sentence for each day that can hardly be meant. A draft, too, is refused with one: nobody may read it again
    before it is published."""
    labels = {"as_of_on": gettext("Situation on"), "next_step_on": gettext("Date of the next step")}
    found = {name: why_not_meant(label, getattr(text, name), now.date()) for name, label in labels.items()}
    return {name: sentence for name, sentence in found.items() if sentence}


def refuse_wrong_days(text: UpdateText, now: datetime) -> None:
    problems = wrong_days(text, now)
    if problems:
        raise ValidationFailed(problems)


def incomplete(text: UpdateText, *, needs_level: bool, has_files: bool, now: datetime) -> dict[str, str]:
    """What keeps a text from being submitted: a sentence for each field."""
    problems = wrong_days(text, now)
    if needs_level and text.level is None:
        problems["level"] = gettext("Choose the level of implementation")
    if not text.reason.strip():
        sentence = (
            gettext("Say why you chose this level")
            if needs_level
            else gettext("Say in short how things stand")
        )
        problems["reason"] = sentence
    if not text.done.strip():
        problems["done"] = gettext("Describe what was done")
    if text.as_of_on is None:
        problems["as_of_on"] = gettext("Enter a day in “Situation on”, for example 2026-11-30")
    elif "as_of_on" not in problems and text.as_of_on > (now + AHEAD_OF_UTC).date():
        problems["as_of_on"] = gettext("“Situation on” must be today or in the past")
    if text.level == Level.FULLY_IMPLEMENTED and not (text.source_link.strip() or has_files):
        problems["source_link"] = gettext(
            "“Fully implemented” needs evidence: enter the link of a source or attach a file"
        )
    return problems
