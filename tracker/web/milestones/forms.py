"""The forms by which a coordinator enters, corrects and removes a date of a review."""

from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import InputRequired, Optional

from tracker.language import gettext, lazy
from tracker.models.milestone_fields import ENTERED_CERTAINTIES, ENTERED_KINDS, MilestoneFields
from tracker.models.milestones import Certainty, MilestoneKind
from tracker.web.forms import AtMost, DayField, Form, WordsAreaField

LONGEST_SOURCE = LONGEST_NOTE = 1_000
HOW_KNOWN: dict[Certainty, str] = {
    Certainty.SOURCED: lazy("A document says so"),
    Certainty.DERIVED: lazy("It was worked out from another date"),
    Certainty.OWN: lazy("It is our own date"),
}


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


class DateForm(Form):
    """`seen`: the digest of what the person read before they wrote; empty for a date that is new."""

    seen = HiddenField()
    starts_on = DayField(lazy("From, or the only day"), [InputRequired(lazy("Enter the day"))])
    ends_on = DayField(lazy("To"), [Optional()], description=lazy("Leave it empty for a single day."))
    certainty = RadioField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("How is the date known?"),
        choices=[],
        invalid_choice_message=lazy("Choose how the date is known"),
        validate_choice=True,
    )
    source = WordsAreaField(
        lazy("Source"),
        [AtMost(LONGEST_SOURCE)],
        filters=[_trimmed],
        description=lazy(
            "The document and where it says so, for example A/HRC/44/4, paragraph 3; or from what the date was worked"
            " out. May stay empty for our own date."
        ),
    )
    note = WordsAreaField(
        lazy("Note"), [AtMost(LONGEST_NOTE)], filters=[_trimmed], description=lazy("May stay empty.")
    )

    def offer(self, present: Certainty | None = None) -> None:
        """`present`: how the date that is corrected is known now, which may stay."""
        others = [] if present is None or present in ENTERED_CERTAINTIES else [present]
        self.certainty.choices = [
            *(SelectChoice(each.value, str(HOW_KNOWN[each])) for each in ENTERED_CERTAINTIES),
            *(SelectChoice(each.value, gettext("As now: %(word)s", word=each.label)) for each in others),
        ]

    def hints(self) -> dict[str, str]:
        return {Certainty.OWN.value: gettext("Nobody is reminded of it.")}

    def fill(self, fields: MilestoneFields) -> None:
        """For a form that was not sent."""
        self.starts_on.data, self.source.data, self.note.data = fields.starts_on, fields.source, fields.note
        self.ends_on.data = fields.ends_on if fields.ends_on != fields.starts_on else None
        self.certainty.data = fields.certainty.value

    def read(self) -> MilestoneFields:
        """Call it where the form is valid."""
        starts_on = self.starts_on.data
        assert starts_on is not None
        return MilestoneFields(
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            certainty=Certainty(self.certainty.data),
            source=self.source.data or "",
            note=self.note.data or "",
        )


class NewDateForm(DateForm):
    kind = SelectField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("What takes place"),
        choices=[],
        invalid_choice_message=lazy("Choose one of the kinds in the list"),
    )

    def offer(self, present: Certainty | None = None) -> None:
        super().offer(present)
        self.kind.choices = [SelectChoice(each.value, each.label) for each in ENTERED_KINDS]

    def read_kind(self) -> MilestoneKind:
        return MilestoneKind(self.kind.data)


class RemoveDateForm(Form):
    seen = HiddenField()
