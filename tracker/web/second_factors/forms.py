"""The forms of the second factor."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.web.forms import Form


class NewCodeForm(Form):
    """Before the passphrase on the page, so defined before it."""

    new_code = StringField(
        lazy("Code from the app"),
        [DataRequired(lazy("Enter the code that your app shows"))],
        description=lazy("The six digits that your app shows now."),
    )


class ProofForm(Form):
    """Asks again who it is before a step that weakens or changes how the account is opened: for the passphrase, and for
    a code where the account has a second factor."""

    passphrase = PasswordField(lazy("Passphrase"), [DataRequired(lazy("Enter your passphrase"))])
    code = StringField(
        lazy("Code"),
        [DataRequired(lazy("Enter the code that your app shows, or a recovery code"))],
        description=lazy("The six digits that your app shows now, or one of your recovery codes."),
    )

    def ask_for(self, *, passphrase: bool, code: bool) -> None:
        """Removes the fields that are not asked for."""
        if not passphrase:
            del self.passphrase
        if not code:
            del self.code


class SetUpForm(NewCodeForm, ProofForm):
    next = HiddenField()
