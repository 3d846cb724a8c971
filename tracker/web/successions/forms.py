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
    SAME_NAME,
    NamesForm,
    OrganisationField,
    day_field,
    key_field,
    name_field,
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


class MergeForm(Form):
    """Into one that exists, or, where none is chosen, into a new one."""

    others = OrganisationsField(lazy("Which others are merged with it?"))
    into = OrganisationField(lazy("Which organisation goes on?"))
    name_en = name_field(lazy("Name"), lazy("In English, where a new organisation goes on."))
    name_ru = name_field(lazy("Name in Russian"), SAME_NAME)
    name_ky = name_field(lazy("Name in Kyrgyz"), SAME_NAME)
    key = key_field()
    on = day_field()

    def offer(self, others: Sequence[Organisation]) -> None:
        self.others.offer(others)
        self.into.offer(others, gettext("Choose, or enter a new one below"))

    def names(self) -> dict[str, str]:
        names = {"en": self.name_en.data, "ru": self.name_ru.data, "ky": self.name_ky.data}
        return {language: name or "" for language, name in names.items()}


class PartForm(PlainForm):
    name_en = name_field(lazy("Name in English"))
    name_ru = name_field(lazy("Name in Russian"))
    name_ky = name_field(lazy("Name in Kyrgyz"))


class SplitForm(Form):
    parts = FieldList(FormField(PartForm), min_entries=PARTS, max_entries=PARTS)
    on = day_field()

    def read_parts(
        self, old: Organisation, known: Sequence[Organisation]
    ) -> list[Organisation | NewOrganisation]:
        """A name that stands here already means that organisation."""
        by_name = {fold(each.name_en): each for each in known}
        return [
            by_name.get(fold(names["en"])) or NewOrganisation(names, old.kind) for names in self.list_names()
        ]

    def list_names(self) -> list[dict[str, str]]:
        filled = [part.form for part in self.parts if part.form.name_en.data]
        return [
            {"en": part.name_en.data or "", "ru": part.name_ru.data or "", "ky": part.name_ky.data or ""}
            for part in filled
        ]
