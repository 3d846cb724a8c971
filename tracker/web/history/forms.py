"""The filter of the history, read from the address."""

from collections.abc import Container, Sequence

from wtforms import SelectField
from wtforms.validators import Optional, ValidationError

from tracker.language import gettext, lazy
from tracker.models.history import LineKind
from tracker.models.organisations import Organisation
from tracker.web.forms import DayField, Form


class HistoryForm(Form):
    """A GET form: it changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    kind = SelectField(lazy("What was done"), [Optional(strip_whitespace=False)], validate_choice=False)
    organisation = SelectField(
        lazy("Organisation"), [Optional(strip_whitespace=False)], validate_choice=False
    )
    since = DayField(lazy("From"), description=lazy("A day, for example 2026-11-30 or 30.11.2026"))
    until = DayField(lazy("To"), description=lazy("That day included"))

    def offer(self, kinds: Sequence[LineKind], organisations: Sequence[Organisation]) -> None:
        everything = ("", gettext("All"))
        self._kinds = [kind.value for kind in kinds]
        self._names = {each.key: each.name for each in organisations}
        self.kind.choices = [everything, *((kind.value, kind.label) for kind in kinds)]
        self.organisation.choices = [everything, *self._names.items()]

    def validate_kind(self, field: SelectField) -> None:
        _refuse_unoffered(field.data, self._kinds)

    def validate_organisation(self, field: SelectField) -> None:
        _refuse_unoffered(field.data, self._names)

    def validate_until(self, field: DayField) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(gettext("Enter a day that is not before the first one"))

    def chosen(self) -> dict[str, tuple[str, str]]:
        """The filter in force: title and label of each filled field, by its name."""
        labels = {
            "kind": LineKind(self.kind.data).label if self.kind.data else "",
            "organisation": self._names.get(self.organisation.data or "", ""),
            "since": str(self.since.data or ""),
            "until": str(self.until.data or ""),
        }
        return {name: (str(self[name].label.text), label) for name, label in labels.items() if label}


def _refuse_unoffered(value: str, offered: Container[str]) -> None:
    """The same sentence for what does not exist and for what the reader may not see."""
    if value not in offered:
        raise ValidationError(gettext("There is no such choice: choose one from the list"))
