"""The form that opens a review."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, ValidationError

from tracker.language import gettext, lazy
from tracker.services.reviews import MOST_CYCLES
from tracker.web.source_form import SourceForm


class CycleField(IntegerField):
    """The number of a cycle, as people type it."""

    is_given_back = True

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [text]
        self.data = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else None

    def pre_validate(self, _form: Any) -> None:
        if self.data is None or not 1 <= self.data <= MOST_CYCLES:
            raise ValidationError(gettext("Enter the cycle as a number, for example 4"))


class OpenForm(SourceForm):
    cycle = CycleField(
        lazy("Cycle"),
        [InputRequired(lazy("Enter the cycle as a number, for example 4"))],
        description=lazy("The Universal Periodic Review is in its fourth cycle from 2022 to 2027."),
    )

    def is_valid(self) -> bool:
        """The document may be named later, with the first import; half of one is no document."""
        is_valid = self.validate()
        return (not self.names_source or self.check_source()) and is_valid
