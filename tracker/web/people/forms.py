"""The form of a hand-over."""

from collections.abc import Sequence

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import InputRequired

from tracker.language import gettext, lazy
from tracker.models.accounts import Account
from tracker.web.forms import Form, note

NEW = "new"


class HandOverForm(Form):
    successor = RadioField(
        lazy("Who takes over?"), [InputRequired(lazy("Choose who takes over"))], validate_choice=False
    )
    note = note(
        lazy(
            "Only for the link of somebody who has no account yet, so that you recognise it in the list. Everybody"
            " who may withdraw the link can read it. It is stored encrypted. Do not write a legal name."
        )
    )

    def offer(self, successors: Sequence[Account]) -> None:
        known = [SelectChoice(str(each.id), each.handle) for each in successors]
        self.successor.choices = [*known, SelectChoice(NEW, gettext("Somebody who has no account yet"))]

    def chosen(self, successors: Sequence[Account]) -> Account | None:
        """None: somebody new, or a value that is not in the list."""
        return next((each for each in successors if str(each.id) == self.successor.data), None)
