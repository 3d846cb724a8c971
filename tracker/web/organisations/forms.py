"""The form that admits an independent organisation."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired, ValidationError

from tracker.language import gettext, lazy
from tracker.models.organisations import OrganisationKind
from tracker.policy.roles import INDEPENDENT_KINDS
from tracker.web.forms import AtMost, Form, WordsField

LONGEST_NAME = 200


class KindField(RadioField):
    """One of the independent kinds."""

    def __init__(self, label: str, **values: Any) -> None:
        super().__init__(label, validate_choice=False, **values)

    def iter_choices(self):  # type: ignore[no-untyped-def]  # WTForms' own signature differs by release
        for kind in INDEPENDENT_KINDS:
            yield Choice(kind.value, kind.label, kind.value == self.data, {})

    def pre_validate(self, _form: object) -> None:
        if self.data not in INDEPENDENT_KINDS:
            raise ValidationError(gettext("Choose what kind of organisation it is"))


def _name(label: str, description: str = "", *more: Any) -> WordsField:
    return WordsField(label, [*more, AtMost(LONGEST_NAME)], filters=[_trimmed], description=description)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class AdmitForm(Form):
    kind = KindField(lazy("Kind of organisation"))
    name_en = _name(
        lazy("Name"),
        lazy("As the public will read it beside what the organisation publishes."),
        DataRequired(lazy("Enter the name of the organisation")),
    )
    name_ru = _name(lazy("Name in Russian"), lazy("Leave empty to show the name above."))
    name_ky = _name(lazy("Name in Kyrgyz"), lazy("Leave empty to show the name above."))

    def read_kind(self) -> OrganisationKind:
        return OrganisationKind(self.kind.data)

    def names(self) -> dict[str, str]:
        names = {"en": self.name_en.data, "ru": self.name_ru.data, "ky": self.name_ky.data}
        return {language: name or "" for language, name in names.items()}
