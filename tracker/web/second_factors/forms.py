"""The forms of the second factor."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.web.forms import Form


class ProofForm(Form):
    """Asks for the passphrase again before a step that weakens the account."""

    passphrase = PasswordField(lazy("Passphrase"), [DataRequired(lazy("Enter your passphrase"))])


class SetUpForm(ProofForm):
    code = StringField(
        lazy("Code"),
        [DataRequired(lazy("Enter the code that your app shows"))],
        description=lazy("The six digits that your app shows for this account now."),
    )
    next = HiddenField()
