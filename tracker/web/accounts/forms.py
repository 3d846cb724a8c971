"""The sign-in form."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.web.forms import Form


class SignInForm(Form):
    handle = StringField(lazy("Handle"), [DataRequired(lazy("Enter your handle"))])
    passphrase = PasswordField(lazy("Passphrase"), [DataRequired(lazy("Enter your passphrase"))])
    next = HiddenField()
