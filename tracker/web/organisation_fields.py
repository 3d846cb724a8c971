"""Fields about organisations that several journeys share: names in three languages, the kind, the key, the day, and the
choice of one."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import Choice, SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired, ValidationError

from tracker.language import gettext, lazy
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.web.forms import AtMost, DayField, Form, WordsField

LONGEST_NAME = 200
LONGEST_KEY = 60
SAME_NAME = lazy("Leave empty to show the English name.")


class KindField(RadioField):
    """One of some kinds of organisation."""

    def __init__(self, label: str, kinds: Sequence[OrganisationKind] = (), **values: Any) -> None:
        self._kinds = kinds
        super().__init__(label, validate_choice=False, **values)

    def iter_choices(self):  # type: ignore[no-untyped-def]  # WTForms' own signature differs by release
        for kind in self._kinds:
            yield Choice(kind.value, kind.label, kind.value == self.data, {})

    def pre_validate(self, _form: object) -> None:
        if self.data not in self._kinds:
            raise ValidationError(gettext("Choose what kind of organisation it is"))


class OrganisationField(SelectField):
    """One of the organisations that the page offers, by its key; empty where none is chosen."""

    def __init__(self, label: str, **values: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **values)

    def offer(self, organisations: Iterable[Organisation], none: str) -> None:
        """`none`: the words of the first option, which is no organisation."""
        known = [SelectChoice(each.key, each.name) for each in organisations]
        self.choices = [SelectChoice("", none), *known]

    def chosen(self, organisations: Iterable[Organisation]) -> Organisation | None:
        return next((each for each in organisations if each.key == self.data), None)


def name_field(label: str, description: str = "", *more: Any) -> WordsField:
    return WordsField(label, [*more, AtMost(LONGEST_NAME)], filters=[trimmed], description=description)


def trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class NamesForm(Form):
    """Names in three languages: the English one is needed."""

    name_en = name_field(
        lazy("Name"),
        lazy("In English."),
        DataRequired(lazy("Enter the name of the organisation in English")),
    )
    name_ru = name_field(lazy("Name in Russian"), SAME_NAME)
    name_ky = name_field(lazy("Name in Kyrgyz"), SAME_NAME)

    def names(self) -> dict[str, str]:
        names = {"en": self.name_en.data, "ru": self.name_ru.data, "ky": self.name_ky.data}
        return {language: name or "" for language, name in names.items()}


def key_field() -> WordsField:
    return WordsField(
        lazy("Short name in the address"),
        [AtMost(LONGEST_KEY)],
        filters=[trimmed],
        description=lazy(
            "Leave empty to have it made of the English name. Letters, digits and hyphens; the code of the State is put"
            " before it. It never changes."
        ),
    )


def day_field() -> DayField:
    return DayField(
        lazy("From which day"),
        [DataRequired(lazy("Enter the day, for example 2026-11-30"))],
        description=lazy("Today or a day that has passed. For example, 2026-11-30 or 30.11.2026"),
    )
