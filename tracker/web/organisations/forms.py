"""The forms that admit an independent organisation, and that create, correct and end one of the State."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.models.organisations import OrganisationKind
from tracker.policy.roles import INDEPENDENT_KINDS, STATE_KINDS
from tracker.web.forms import Form, SeenField
from tracker.web.organisation_fields import KindField, NamesForm, day_field, key_field, name_field


class AdmitForm(Form):
    kind = KindField(lazy("Kind of organisation"), INDEPENDENT_KINDS)
    name_en = name_field(
        lazy("Name"),
        lazy("As the public will read it beside what the organisation publishes."),
        DataRequired(lazy("Enter the name of the organisation")),
    )
    name_ru = name_field(lazy("Name in Russian"), lazy("Leave empty to show the name above."))
    name_ky = name_field(lazy("Name in Kyrgyz"), lazy("Leave empty to show the name above."))

    def read_kind(self) -> OrganisationKind:
        return OrganisationKind(self.kind.data)

    def names(self) -> dict[str, str]:
        names = {"en": self.name_en.data, "ru": self.name_ru.data, "ky": self.name_ky.data}
        return {language: name or "" for language, name in names.items()}


class CreateForm(NamesForm):
    kind = KindField(lazy("Kind of organisation"), STATE_KINDS, default=OrganisationKind.GOVERNMENT.value)
    key = key_field()

    def read_kind(self) -> OrganisationKind:
        return OrganisationKind(self.kind.data)


class CorrectForm(NamesForm):
    seen = SeenField()


class EndForm(Form):
    on = day_field()
    leaves_ownerless = BooleanField(lazy("Yes, nobody leads these for now"))
