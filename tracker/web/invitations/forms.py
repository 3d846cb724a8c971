"""The forms that make a link, and those that it opens."""

from collections.abc import Callable
from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.failures import ValidationFailed
from tracker.identity.accounts import read_address
from tracker.identity.invitation_acceptance import check_handle
from tracker.identity.passphrases import make_words
from tracker.identity.weak_passphrases import weakness_of
from tracker.language import current, gettext, lazy
from tracker.models.accounts import Role
from tracker.web.forms import Form, note

OFFERED, OWN = "offered", "own"
PUBLISHING = "contributor_publishing"


class InviteForm(Form):
    role = RadioField(lazy("In which role?"), [InputRequired(lazy("Choose a role"))], validate_choice=False)
    note = note()

    def offer(self, roles: tuple[Role, ...]) -> None:
        choices = [SelectChoice(role.value, role.label) for role in roles]
        if Role.CONTRIBUTOR in roles:
            choices.insert(1, SelectChoice(PUBLISHING, gettext("Contributor who may publish")))
        self.role.choices = choices
        if len(choices) == 1 and self.role.data is None:
            self.role.data = choices[0].value

    def read_role(self) -> Role | None:
        """None: the value is no role."""
        code = Role.CONTRIBUTOR if self.role.data == PUBLISHING else self.role.data
        return Role(code) if code in set(Role) else None

    def gives_right(self) -> bool:
        return bool(self.role.data == PUBLISHING)


class UsernameForm(Form):
    """Before the passphrase on the page, so defined before it: a form has its fields in the order in which they were
    made."""

    handle = StringField(
        lazy("Username"),
        [DataRequired(lazy("Choose a username"))],
        description=lazy(
            "The name you sign in with. Your colleagues see it. Never your legal name, nor a part of it: "
            "choose a word that says nothing about you."
        ),
    )

    def validate_handle(self, field: StringField) -> None:
        _check(check_handle, field.data or "")


class NewPassphraseForm(Form):
    """A generated passphrase or an own one."""

    choice = RadioField(
        lazy("Your passphrase"),
        validate_choice=False,
        default=OFFERED,
        description=lazy(
            "Write it down or keep it in a password manager before you go on: it is shown only now."
        ),
    )
    offered = HiddenField()
    own = PasswordField(
        lazy("Your own passphrase"), description=lazy("At least 15 characters: several words are good.")
    )
    again = PasswordField(lazy("Your own passphrase again"))

    def offer(self) -> None:
        """The generated passphrase stays the same while the person corrects mistakes."""
        if not self.offered.data:
            self.offered.data = make_words(current())
        self.choice.choices = [
            SelectChoice(OFFERED, gettext("Use the generated passphrase")),
            SelectChoice(OWN, gettext("Use my own")),
        ]

    def passphrase(self) -> str:
        typed = self.own.data if self.choice.data == OWN else self.offered.data
        return typed or ""

    def check(self, handle: str) -> bool:
        """Is the passphrase good? If not, the field that is wrong gets a sentence."""
        field = self.own if self.choice.data == OWN else self.choice
        problem = self._unused_own() or weakness_of(self.passphrase(), handle)
        if problem is None and field is self.own and self.own.data != self.again.data:
            field, problem = self.again, gettext("Type the same passphrase twice")
        if problem:
            field.errors = [*field.errors, problem]
        return problem is None

    def _unused_own(self) -> str | None:
        """An own passphrase was typed, by the person or by a browser that saved it, but the generated one is chosen:
        the person would be locked out without a word."""
        if self.choice.data == OWN or not (self.own.data or self.again.data):
            return None
        return gettext(
            "You typed a passphrase of your own, but the generated one is chosen. Choose “Use my own” and type it"
            " again, or send the form as it is now to use the generated one."
        )


class AcceptForm(UsernameForm, NewPassphraseForm):
    email = StringField(
        lazy("E-mail address"),
        description=lazy("For reminders; you may leave it empty. It is stored encrypted."),
    )

    def __init__(self, *values: Any, asks_email: bool, **more: Any) -> None:
        super().__init__(*values, **more)
        if not asks_email:
            del self.email

    def validate_email(self, _field: StringField) -> None:
        _check(read_address, self.address())

    def address(self) -> str:
        return (self.email.data or "").strip() if "email" in self else ""


def _check(rule: Callable[[str], object], typed: str) -> None:
    """Says at the field what the rule would say later, so that all mistakes are told at once."""
    try:
        rule(typed)
    except ValidationFailed as error:
        raise ValidationError(" ".join(error.sentences.values())) from error
