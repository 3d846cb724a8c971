"""Fields about organisations that several journeys share: names in every language, the kind, the key, the day, and the
choice of one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from babel.support import LazyProxy
from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import Choice, SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired, ValidationError

from tracker.language import LANGUAGES, gettext, lazy
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


LABELS = {"ru": lazy("Name in Russian"), "ky": lazy("Name in Kyrgyz")}
"""A language that is not here is named by itself."""


def label_of_name(language: str) -> str:
    if language in LABELS:
        return LABELS[language]
    return LazyProxy(_name_in, language, enable_cache=False)  # type: ignore[return-value]  # as in `lazy`


def _name_in(language: str) -> str:
    return gettext("Name (%(language)s)", language=LANGUAGES[language])


class HasNames:
    """Of a form with a field `name_…` for each language, which `with_names` makes."""

    def names(self) -> dict[str, str]:
        return {language: self._field(language).data or "" for language in LANGUAGES}

    def name_fields(self) -> list[Field]:
        """English first."""
        return [self._field(language) for language in LANGUAGES]

    def _field(self, language: str) -> Field:
        return getattr(self, f"name_{language}")  # type: ignore[no-any-return]


Names = TypeVar("Names", bound=type[HasNames])


def with_names(english: WordsField, same_name: str = SAME_NAME) -> Callable[[Names], Names]:
    """`english`: the field that may be required. The others may be empty, and say so with `same_name`."""
    others = {
        language: name_field(label_of_name(language), same_name) for language in LANGUAGES if language != "en"
    }

    def add(form: Names) -> Names:
        for language, field in {"en": english, **others}.items():
            setattr(form, f"name_{language}", field)
        return form

    return add


@with_names(
    name_field(
        lazy("Name"),
        lazy("In English."),
        DataRequired(lazy("Enter the name of the organisation in English")),
    )
)
class NamesForm(HasNames, Form):
    """The English name is needed."""


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
