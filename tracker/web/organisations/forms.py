"""The forms that admit an independent organisation, and that create, correct and end one of the State."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.models.organisations import OrganisationKind
from tracker.policy.roles import INDEPENDENT_KINDS, STATE_KINDS
from tracker.web.forms import Form, SeenField
from tracker.web.organisation_fields import (
    HasNames,
    KindField,
    NamesForm,
    day_field,
    key_field,
    name_field,
    with_names,
)


@with_names(
    name_field(
        lazy("Name"),
        lazy("As the public will read it beside what the organisation publishes."),
        DataRequired(lazy("Enter the name of the organisation")),
    ),
    lazy("Leave empty to show the name above."),
)
class AdmitForm(HasNames, Form):
    kind = KindField(lazy("Kind of organisation"), INDEPENDENT_KINDS)

    def read_kind(self) -> OrganisationKind:
        return OrganisationKind(self.kind.data)


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
