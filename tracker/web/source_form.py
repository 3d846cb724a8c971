"""The fields of the document that recommendations come from, for the two journeys that ask for one."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import Optional

from tracker.language import LANGUAGES, gettext, lazy
from tracker.services.reviews import SourceFacts
from tracker.web import forms
from tracker.web.forms import AtMost, DayField, Form, WordsField

LONGEST_TITLE = 300
LONGEST_SYMBOL = 60


def _words(label: str, most: int, description: str = "") -> WordsField:
    return WordsField(label, [AtMost(most)], filters=[_trimmed], description=description)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class SourceForm(Form):
    symbol = _words(
        lazy("Symbol"), LONGEST_SYMBOL, lazy("For example A/HRC/44/4. Leave empty if there is none.")
    )
    title = _words(lazy("Title"), LONGEST_TITLE, lazy("As printed: “Report of the Working Group on …”."))
    dated_on = DayField(lazy("Date of the document"), [Optional()])
    link = forms.link(lazy("Link"), lazy("Where everybody can read it. May stay empty."))
    document_language = SelectField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("Its language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default="en",
        invalid_choice_message=lazy("Choose one of the languages in the list"),
    )

    @property
    def names_source(self) -> bool:
        """Whether anything of the document was filled in."""
        return bool(self.symbol.data or self.title.data or self.dated_on.data or self.link.data)

    def check_source(self) -> bool:
        """A title and a day must be there."""
        missing = {}
        if not self.title.data:
            missing["title"] = gettext("Give the title of the document")
        if self.dated_on.data is None and not self.dated_on.errors:
            missing["dated_on"] = gettext("Give the date of the document")
        self.add_errors(missing)
        return not missing

    def source(self) -> SourceFacts:
        """Call it where `check_source` found nothing missing."""
        assert self.dated_on.data is not None
        return SourceFacts(
            title=self.title.data or "",
            symbol=self.symbol.data or "",
            dated_on=self.dated_on.data,
            language=self.document_language.data or "en",
            link=self.link.data or "",
        )
