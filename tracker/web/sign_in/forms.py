"""The forms of signing in."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.web.forms import Form


class SignInForm(Form):
    handle = StringField(lazy("Username"), [DataRequired(lazy("Enter your username"))])
    passphrase = PasswordField(lazy("Passphrase"), [DataRequired(lazy("Enter your passphrase"))])
    next = HiddenField()


class CodeForm(Form):
    code = StringField(
        lazy("Code"),
        [DataRequired(lazy("Enter the code that your app shows, or a recovery code"))],
        description=lazy("The six digits that your app shows now. Or one of your recovery codes."),
    )
    next = HiddenField()
