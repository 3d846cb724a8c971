"""The form of an assessment. It is published in one sitting: nothing unpublished is stored."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from wtforms import Field, SelectField
from wtforms.widgets import HiddenInput

from tracker.language import gettext, lazy, own_language
from tracker.services.assessments import AssessmentText
from tracker.web.entry_forms import EntryForm, language_of_text
from tracker.web.forms import LevelField, files, language, link, long_text


class KeyField(Field):
    """A UUID, made when the form is first shown and carried through the preview. It becomes the assessment's id, so
    that the same form sent twice publishes once. A form that is refused because of its key gets a new one."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = UUID(valuelist[0] if valuelist else "")
        except ValueError as error:
            self.data = None
            sentence = gettext(
                "A part of the form was missing, so nothing was published. Your text is kept: preview it again"
            )
            raise ValueError(sentence) from error

    def _value(self) -> str:
        return str(uuid4() if self.errors or self.data is None else self.data)


def language_of_second_text() -> SelectField:
    """Proposed is Russian, and English on Russian pages: most people here who do not read one read the other."""
    return language(lazy("Language of the second text"), lambda: "en" if own_language() == "ru" else "ru")


class AssessmentForm(EntryForm):
    key = KeyField(default=uuid4)
    level = LevelField(lazy("Level of implementation, as your organisation sees it"))
    reason = long_text(
        lazy("Why this level?"), lazy("One or two sentences. They are shown beside the level.")
    )
    narrative = long_text(
        lazy("What did you observe?"),
        lazy("Do not name victims, witnesses or staff: everybody can read this, and copies remain."),
    )
    source_link = link(
        lazy("Link to a public source"), lazy("Leave empty if there is none that is safe to show.")
    )
    language = language_of_text()
    second_language = language_of_second_text()
    second_reason = long_text(
        lazy("Why this level? In the second language"),
        lazy("The same as above, for people who read that language."),
    )
    second_narrative = long_text(
        lazy("What did you observe? In the second language"),
        lazy("The same as above. Do not name victims, witnesses or staff here, either."),
    )
    files = files(
        lazy("Attach files"),
        lazy(
            "They are published with your text, for everybody. PDF, PNG, JPG, WebP, DOCX, XLSX, ODT, ODS, CSV or TXT."
            " What programs write into them is taken out: names of authors, paths, places of photographs. What can be"
            " read or seen stays, also the name of the file, comments and earlier wordings: look through them first."
        ),
    )

    def has_second(self) -> bool:
        """Is a part of the second text filled in or refused?"""
        fields = (self.second_language, self.second_reason, self.second_narrative)
        return self.text().has_second or any(field.errors for field in fields)

    def list_written(self) -> Iterator[tuple[Field, str]]:
        yield self.reason, self.language.data
        yield self.narrative, self.language.data
        yield self.second_reason, self.second_language.data
        yield self.second_narrative, self.second_language.data

    def text(self) -> AssessmentText:
        return AssessmentText(
            level=self.level.data,
            reason=self.reason.data or "",
            narrative=self.narrative.data or "",
            source_link=self.source_link.data or "",
            language=self.language.data,
            second_language=self.second_language.data,
            second_reason=self.second_reason.data or "",
            second_narrative=self.second_narrative.data or "",
        )
