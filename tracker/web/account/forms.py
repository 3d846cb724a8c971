"""The forms of the own account."""

from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import AnyOf, DataRequired, ValidationError

from tracker.language import LANGUAGES, gettext, lazy
from tracker.web.forms import Form, LanguageField


class ChangePassphraseForm(Form):
    """Proposes a passphrase, which is stored nowhere. It stays the same while the person corrects mistakes: they may
    have written it down by now."""

    proposal = HiddenField()
    passphrase = PasswordField(
        lazy("Current passphrase"), [DataRequired(lazy("Enter your current passphrase"))]
    )
    new_passphrase = PasswordField(
        lazy("New passphrase"),
        [DataRequired(lazy("Enter a new passphrase"))],
        description=lazy(
            "15 characters or more. Several words that have nothing to do with each other are best."
        ),
    )
    new_passphrase_again = PasswordField(
        lazy("New passphrase again"), [DataRequired(lazy("Enter the new passphrase a second time"))]
    )

    def validate_new_passphrase_again(self, field: PasswordField) -> None:
        if field.data != self.new_passphrase.data:
            raise ValidationError(gettext("The two new passphrases differ. Enter the same one twice."))


class SettingsForm(Form):
    language = LanguageField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("Your language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        invalid_choice_message=lazy("Choose one of the languages in the list"),
        description=lazy(
            "After each sign-in you see the pages in this language. Mails, and passphrases that are made for you,"
            " are in it, too."
        ),
    )
    email = StringField(
        lazy("E-mail address"),
        filters=[lambda typed: (typed or "").strip()],
        description=lazy(
            "You need none to work here. It is stored encrypted, shown only to you, and used only for reminders."
        ),
    )
    wants_mail = RadioField(
        lazy("Reminders by e-mail"),
        choices=[SelectChoice("yes", lazy("Send me reminders")), SelectChoice("no", lazy("Send me nothing"))],
        validators=[AnyOf(("yes", "no"), lazy("Choose whether reminders are sent to you"))],
        validate_choice=False,
    )

    saves_passphrase = RadioField(
        lazy("Password manager"),
        choices=[
            SelectChoice("no", lazy("Do not offer to save my passphrase")),
            SelectChoice("yes", lazy("Offer to save it when I change it")),
        ],
        validators=[AnyOf(("yes", "no"), lazy("Choose whether your passphrase may be saved"))],
        validate_choice=False,
        description=lazy(
            "A program that keeps long passphrases for you. What it saved shows that you have an account here, to"
            " whoever opens it on your device. The page for signing in is the same for everybody."
        ),
    )

    def __init__(self, *values: Any, asks_email: bool, asks_saving: bool, **more: Any) -> None:
        super().__init__(*values, **more)
        if not asks_email:
            del self.email, self.wants_mail
        if not asks_saving:
            del self.saves_passphrase

    def address(self) -> str | None:
        return self.email.data or None if "email" in self else None

    def may_save(self) -> bool:
        return "saves_passphrase" in self and self.saves_passphrase.data == "yes"

    def wants_reminders(self) -> bool:
        return "wants_mail" in self and self.wants_mail.data == "yes"
