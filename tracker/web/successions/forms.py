"""The forms that rename, merge and divide an organisation."""

from collections.abc import Sequence
from typing import Any

from wtforms import FieldList, FormField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.widgets import CheckboxInput

from tracker.language import fold, gettext, lazy
from tracker.models.organisations import Organisation
from tracker.services.organisations.successions import NewOrganisation
from tracker.web.forms import Form
from tracker.web.organisation_fields import (
    HasNames,
    NamesForm,
    OrganisationField,
    day_field,
    key_field,
    name_field,
    with_names,
)

PARTS = 5


class RenameForm(NamesForm):
    key = key_field()
    on = day_field()


class OrganisationsField(SelectMultipleField):
    """A checkbox for each organisation."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **values: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **values)

    def offer(self, organisations: Sequence[Organisation]) -> None:
        self.choices = [SelectChoice(each.key, each.name) for each in organisations]


@with_names(name_field(lazy("Name"), lazy("In English, where a new organisation goes on.")))
class MergeForm(HasNames, Form):
    """Into one that exists, or, where none is chosen, into a new one."""

    others = OrganisationsField(lazy("Which others are merged with it?"))
    into = OrganisationField(lazy("Which organisation goes on?"))
    key = key_field()
    on = day_field()

    def offer(self, others: Sequence[Organisation]) -> None:
        self.others.offer(others)
        self.into.offer(others, gettext("Choose, or enter a new one below"))


@with_names(name_field(lazy("Name in English")), "")
class PartForm(HasNames, PlainForm):
    """One of those that go on; empty where there are fewer."""


class SplitForm(Form):
    parts = FieldList(FormField(PartForm), min_entries=PARTS, max_entries=PARTS)
    on = day_field()

    def read_parts(
        self, old: Organisation, known: Sequence[Organisation]
    ) -> list[Organisation | NewOrganisation]:
        """A name that stands here already means that organisation."""
        by_name = {fold(name): each for each in known for name in each.names.values()}
        return [
            by_name.get(fold(names["en"])) or NewOrganisation(names, old.kind) for names in self.list_names()
        ]

    def list_names(self) -> list[dict[str, str]]:
        return [names for names in (part.form.names() for part in self.parts) if names["en"]]
