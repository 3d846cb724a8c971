"""What the forms of an update and of an assessment share: the text that they answer, the language of their words."""

from collections.abc import Iterator
from datetime import datetime

from wtforms import Field, HiddenField, SelectField

from tracker.failures import Retired, ReviewClosed, Reworded
from tracker.language import gettext, in_which_language, lazy, long_date, looks_like, own_language
from tracker.services.entry_places import digest_of
from tracker.web.forms import Form, language

FEWEST_LETTERS = 20
"""Of a shorter text nobody can tell the language by its letters."""


def language_of_text() -> SelectField:
    """That of the page is proposed: most people write as they read."""
    return language(lazy("Language of your text"), own_language)


class EntryForm(Form):
    """An update or an assessment. `seen`: the digest of the text that the person has read above the form
    (`services/entry_places.py`). A form that comes back keeps it: who has not noticed that the text above it changed is
    told when sending it again."""

    seen = HiddenField()
    language_asked = HiddenField()
    """Filled once the person was asked about the language: nothing is asked a second time."""
    is_closed = False
    language_questions: tuple[str, ...] = ()

    def list_written(self) -> Iterator[tuple[Field, str]]:
        """The fields that hold the person's words, each with the language chosen for it."""
        raise NotImplementedError

    def asks_language(self) -> bool:
        """Is there a text whose letters are not those of its language? Then the form comes back once, with a question
        for each. It is never a refusal: sent again, it goes on as it is."""
        if self.language_asked.data:
            return False
        written = ((field, str(field.data or ""), code) for field, code in self.list_written())
        asked = (_question(field, text, code) for field, text, code in written if _is_long(text))
        self.language_questions = tuple(question for question in asked if question)
        if self.language_questions:
            self.language_asked.data, self.language_asked.raw_data = "1", None
        return bool(self.language_questions)

    def show(self, text: str) -> None:
        """`text` stands above the form."""
        self.seen.data = self.seen.data or digest_of(text)

    def say_not_taken(self, error: ReviewClosed | Retired | Reworded) -> int:
        """Explains why nothing was stored; the form comes back with its text. Returns the status of the answer."""
        match error:
            case ReviewClosed():
                self._say_closed(error.at)
                return 409
            case Retired():
                self._say_retired(error)
                return 422
            case Reworded():
                self._say_reworded(error)
                return 409

    def _say_closed(self, at: datetime) -> None:
        self.is_closed = True
        self.form_errors.append(
            gettext(
                "This review was closed on %(day)s and takes no entries any more, so nothing was stored. Your text is"
                " still in this form: copy what you need",
                day=long_date(at),
            )
        )

    def _say_retired(self, error: Retired) -> None:
        self.is_closed = True
        self.form_errors.append(
            gettext(
                "%(ref)s was retired on %(day)s and takes no entries any more, so nothing was stored. Your text is"
                " still in this form: copy what you need",
                ref=error.ref,
                day=long_date(error.at),
            )
        )

    def _say_reworded(self, error: Reworded) -> None:
        """From now on the person has read the new text."""
        self.form_errors.append(
            gettext(
                "The text that you write about was changed after you opened this form, so nothing was stored. The"
                " new text stands above the form. What you wrote is still in it: change it where needed, and send it"
                " again"
            )
        )
        self.seen.data, self.seen.raw_data = digest_of(error.text), None


def _is_long(text: str) -> bool:
    return sum(each.isalpha() for each in text) >= FEWEST_LETTERS


def _question(field: Field, text: str, code: str) -> str:
    """What does not fit, in a sentence; nothing where the text can be in that language."""
    found = sorted(looks_like(text))
    if code in found:
        return ""
    chosen, name = in_which_language(code), str(field.label.text)
    if not found:
        return gettext(
            "“%(field)s” is to be published %(chosen)s, but it is written in other letters",
            field=name,
            chosen=chosen,
        )
    words = in_which_language(found[0])
    for other in found[1:]:
        words = gettext("%(one)s or %(other)s", one=words, other=in_which_language(other))
    return gettext(
        "“%(field)s” is to be published %(chosen)s, but by its letters the text is %(found)s",
        field=name,
        chosen=chosen,
        found=words,
    )
