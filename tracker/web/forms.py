"""The base of all forms and the fields that several journeys share."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import Choice, SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput

from tracker import clock, days
from tracker.failures import TooBusy
from tracker.language import (
    LANGUAGES,
    file_size,
    gettext,
    lazy,
    mark,
    ngettext,
    translate,
    translate_plural,
    whole_number,
)
from tracker.models.evidence import VISIBILITY_LABELS, Visibility
from tracker.models.levels import Level
from tracker.queries.evidence import EvidenceFile

LONGEST_TEXT = 20_000
LONGEST_LINK = 2_000
LONGEST_NOTE = 100
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Chosen:
    """One part of the filter in force, with the address of the page without it."""

    title: str
    label: str
    without: str


WTFORMS_SENTENCES = (
    mark("This field is required."),
    mark("Not a valid choice."),
    mark("Invalid Choice: could not coerce."),
    mark("Invalid input."),
    mark("Invalid value, must be one of: %(values)s."),
    mark("Not a valid date value."),
    mark("Not a valid integer value."),
)
"""WTForms' own sentences of the fields and validators that are used here, for the catalogues."""


class _Sentences:
    """Our catalogues, as WTForms asks for them."""

    def gettext(self, sentence: str) -> str:
        return translate(sentence)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return translate_plural(singular, plural, number)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """CSRF is checked for every POST by the application; a form only carries the token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, _form: object) -> _Sentences:
            return _Sentences()

    def add_errors(self, sentences: dict[str, str]) -> None:
        """Adds the sentences of a refusal to their fields."""
        for name, sentence in sentences.items():
            self[name].errors = [*self[name].errors, sentence]

    def say_busy(self, error: TooBusy) -> dict[str, str]:
        """Explains that too many people sign in now. Returns the headers of the answer; the form can be sent again."""
        self.form_errors.append(
            ngettext(
                "Too many people are signing in right now, so nothing was changed. Send this form again in"
                " %(num)s second. A passphrase that you typed must be typed again.",
                "Too many people are signing in right now, so nothing was changed. Send this form again in"
                " %(num)s seconds. A passphrase that you typed must be typed again.",
                error.seconds,
            )
        )
        return {"Retry-After": str(error.seconds)}


class WordsField(StringField):
    """A line in the person's own words. Error pages give it back (`web/given_back.py`)."""

    is_given_back = True

    @property
    def most(self) -> int | None:
        """The limit in characters, which stands beside the label."""
        return most_of(self)


class WordsAreaField(TextAreaField):
    """The same for a longer text."""

    is_given_back = True

    @property
    def most(self) -> int | None:
        return most_of(self)


class SeenField(HiddenField):
    """What the person had read when the form was made: the service refuses the form where something else stands by
    then. Browsers send line breaks as CR LF."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].replace("\r\n", "\n") if valuelist else ""

    def show(self, stands: str) -> None:
        """In a form that comes back: from now on this is what the person has read."""
        self.data, self.raw_data = stands, None


class SeenForm(Form):
    """Of a page that shows what will be done before it is done. `seen`: a digest of what it showed."""

    seen = SeenField()
    is_outdated = False

    def is_as_shown(self, stands: str) -> bool:
        """Where something else stands by now, the form says so: the page shows that, and nothing is done."""
        if self.seen.data != stands:
            self.is_outdated = True
            self.form_errors.append(
                gettext(
                    "Nothing was changed, because this page did not show what stands now: somebody assigned something"
                    " meanwhile, or you chose another organisation. Look at it again, then send it"
                )
            )
        return not self.is_outdated


def most_of(field: Field) -> int | None:
    return next((each.characters for each in field.validators if isinstance(each, AtMost)), None)


class DayField(DateField):
    """A day as people write it (`tracker/days.py`). A form that comes back shows it as it was understood:
    2026-11-30."""

    is_given_back = True

    def _value(self) -> str:
        if self.data is not None:
            return self.data.isoformat()
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        day = days.read_day(text)
        if day is None:
            raise ValueError(
                gettext(
                    "Enter “%(field)s” with day, month and year, for example 2026-11-30 or 30.11.2026",
                    field=self.label.text,
                )
            )
        sentence = days.why_not_meant(str(self.label.text), day, clock.now().date())
        if sentence:
            raise ValueError(sentence)
        self.data = day


class LevelField(RadioField):
    """One of the levels, or none yet."""

    is_given_back = True

    def __init__(self, label: str, **values: Any) -> None:
        super().__init__(label, coerce=_level, validators=[Optional()], validate_choice=False, **values)

    def iter_choices(self):  # type: ignore[no-untyped-def]  # WTForms' own signature differs by release
        for level in Level:
            yield Choice(level.value, level.label, level == self.data, {})

    def pre_validate(self, _form: object) -> None:
        if self.raw_data and self.raw_data[0] and self.data is None:
            raise ValidationError(gettext("Choose one of the levels in the list"))


def _level(value: str | Level | None) -> Level | None:
    try:
        return Level(value) if value else None
    except ValueError:
        return None


class AtMost:
    """A limit in characters. Its sentence names the field, because the summary of errors shows the sentence alone."""

    def __init__(self, characters: int) -> None:
        self.characters = characters

    def __call__(self, _form: object, field: Field) -> None:
        if len(field.data or "") > self.characters:
            raise ValidationError(
                gettext(
                    "Shorten “%(field)s” to %(most)s characters or fewer",
                    field=field.label.text,
                    most=whole_number(self.characters),
                )
            )


def long_text(label: str, description: str = "") -> WordsAreaField:
    return WordsAreaField(label, [AtMost(LONGEST_TEXT)], filters=[_without_margins], description=description)


def link(label: str, description: str = "") -> WordsField:
    return WordsField(
        label, [AtMost(LONGEST_LINK), _is_link], filters=[_without_margins], description=description
    )


NOTE_HINT = lazy(
    "So that you recognise this link in the list. Everybody who may withdraw the link can read it. It is stored"
    " encrypted. Do not write a legal name."
)


def note(hint: str = NOTE_HINT) -> WordsField:
    """A note on an invitation, for those who see the link in their list."""
    return WordsField(lazy("Your note"), [AtMost(LONGEST_NOTE)], filters=[_without_margins], description=hint)


def files(label: str, description: str = "") -> MultipleFileField:
    return MultipleFileField(label, description=description)


def visibility() -> RadioField:
    """A file is confidential unless the person chooses otherwise: one published by mistake cannot be called back."""
    return RadioField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("Who may open the files that you attach now?"),
        choices=[SelectChoice(code, lazy(label)) for code, label in VISIBILITY_LABELS.items()],
        default=Visibility.CONFIDENTIAL.value,
        invalid_choice_message=lazy("Choose one of the two in the list"),
    )


class FilesToRemove(SelectMultipleField):
    """A checkbox for each attached file. A file that a colleague removed meanwhile is no error."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **values: Any) -> None:
        super().__init__(label, coerce=_uuid, validate_choice=False, choices=[], **values)

    def offer(self, attached: Sequence[EvidenceFile]) -> None:
        self.choices = [
            SelectChoice(str(file.id), f"{file.name} ({file.kind}, {file_size(file.size_bytes)})")
            for file in attached
        ]

    def chosen(self) -> set[UUID]:
        return {file_id for file_id in self.data or () if isinstance(file_id, UUID)}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


class LanguageField(SelectField):
    """One of the languages of this site."""

    is_given_back = True


def language(label: str, default: Callable[[], str]) -> SelectField:
    """`default`: the language that is proposed, asked whenever a form is made."""
    return LanguageField(  # type: ignore[call-arg]  # the stubs are of 3.2
        label,
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default=default,
        invalid_choice_message=lazy("Choose one of the languages in the list"),
    )


def _without_margins(value: str | None) -> str:
    """Word ends a line inside a paragraph with a vertical tab, other programs with signs of their own. A browser shows
    a line break for none of them."""
    return _LINE_BREAK.sub("\n", value or "").strip()


def _is_link(_form: object, field: StringField) -> None:
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or any(part.isspace() for part in field.data)
    ):
        raise ValidationError(gettext("Enter a link that begins with https://"))


def definitions() -> dict[str, str]:
    """What each level means, shown under its radio button."""
    return {level.value: level.definition for level in Level}
