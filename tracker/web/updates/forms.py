"""The form of an update, and that of returning one."""

from collections.abc import Iterator
from hashlib import sha256
from typing import ClassVar

from wtforms import Field, HiddenField, SubmitField

from tracker.language import gettext, lazy
from tracker.models.evidence import Visibility
from tracker.services.updates.texts import TEXT_FIELDS, WRITTEN_FIELDS, UpdateText
from tracker.web.entry_forms import EntryForm, language_of_text
from tracker.web.forms import (
    DayField,
    FilesToRemove,
    Form,
    LevelField,
    files,
    link,
    long_text,
    visibility,
)

MOST_DIGITS = 10
DIGEST_LENGTH = 12


class UpdateForm(EntryForm):
    """Fields in the order of the page. A draft may be incomplete; what is missing is asked for when it is submitted."""

    level = LevelField(lazy("Level of implementation"))
    reason = long_text(
        lazy("Why this level?"), lazy("One or two sentences. They are published beside the level.")
    )
    as_of_on = DayField(
        lazy("Situation on"),
        description=lazy("The day up to which this is true. For example, 2026-11-30 or 30.11.2026"),
    )
    done = long_text(
        lazy("What was done?"), lazy("Concrete measures with their dates and figures, not intentions.")
    )
    source_link = link(
        lazy("Link to a public source"),
        lazy("A law, decision, report or statistic. “Fully implemented” needs this or a file."),
    )
    next_step = long_text(lazy("Next step"))
    next_step_on = DayField(
        lazy("Date of the next step"), description=lazy("For example, 2027-03-31 or 31.03.2027")
    )
    language = language_of_text()
    obstacles = long_text(lazy("Obstacles"), lazy("Leave empty if there are none."))
    support_needed = long_text(lazy("Support needed"), lazy("What would help, and from whom."))
    remove = FilesToRemove(lazy("Attached files: tick those to remove"))
    files = files(
        lazy("Attach files"),
        lazy(
            "PDF, PNG, JPG, WebP, DOCX, XLSX, ODT, ODS, CSV or TXT, one or several. What programs write into them is"
            " taken out: names of authors, paths, places of photographs. A title and the name of your institution stay."
        ),
    )
    visibility = visibility()
    version = HiddenField()
    read = HiddenField()
    keep = SubmitField(lazy("Save draft"))
    submit = SubmitField(lazy("Submit for validation"))
    keep_and_go = SubmitField(lazy("Save and go to the next point"))
    submit_and_go = SubmitField(lazy("Submit and go to the next point"))
    OTHER_LABELS: ClassVar = {"reason": lazy("In short")}
    """The labels of a supporting organisation (`ask_no_level`), for pages that do not know whose form was sent."""

    @property
    def submits(self) -> bool:
        """Is the update to be submitted, not only saved?"""
        return bool(self.submit.data or self.submit_and_go.data)

    @property
    def goes_on(self) -> bool:
        """Does the person want to go on with the next point?"""
        return bool(self.keep_and_go.data or self.submit_and_go.data)

    @property
    def pressed(self) -> str:
        """The name of the button that submits, for the question that repeats it."""
        return "submit_and_go" if self.submit_and_go.data else "submit"

    def list_written(self) -> Iterator[tuple[Field, str]]:
        return ((self[name], self.language.data) for name in WRITTEN_FIELDS)

    def text(self) -> UpdateText:
        values = {name: self[name].data for name in TEXT_FIELDS}
        return UpdateText(**values)

    def chosen_visibility(self) -> Visibility:
        """Of the files that are attached now."""
        return Visibility(self.visibility.data or Visibility.CONFIDENTIAL)

    def read_version(self) -> int:
        """The version that the person had open. 0, which no update has, where it is not a number."""
        digits = str(self.version.data or "")
        return int(digits) if digits.isdecimal() and len(digits) < MOST_DIGITS else 0

    def has_more(self) -> bool:
        """Is one of the fields filled or refused that are closed at first: obstacles, support needed and files?"""
        is_filled = self.obstacles.data or self.support_needed.data or self.remove.choices
        fields = (self.obstacles, self.support_needed, self.remove, self.files, self.visibility)
        return bool(is_filled or any(field.errors for field in fields))

    def merge(self, theirs: UpdateText, version: int) -> None:
        """Merges what a colleague has saved meanwhile: a field that the person did not change takes the colleague's
        value. A field with an error counts as changed."""
        read, mine = str(self.read.data or "").split(), digests_of(self.text()).split()
        if len(read) == len(mine):
            for name, before, now in zip(TEXT_FIELDS, read, mine, strict=True):
                if before == now and not self[name].errors:
                    self[name].raw_data, self[name].data = None, getattr(theirs, name)
        for field, value in ((self.version, str(version)), (self.read, digests_of(theirs))):
            field.raw_data, field.data = None, value

    def ask_no_level(self) -> None:
        """A supporting organisation says in short how things stand; a leading one gives the reason for its level."""
        self.reason.label.text = gettext("In short")
        self.reason.description = gettext("One or two sentences. They are published above the rest.")


def digests_of(text: UpdateText) -> str:
    """A short digest of each field, in order. The form carries them to tell which fields changed since it was read."""
    values = (str(getattr(text, name) or "") for name in TEXT_FIELDS)
    return " ".join(sha256(value.encode()).hexdigest()[:DIGEST_LENGTH] for value in values)


class ReturnForm(Form):
    comment = long_text(
        lazy("What should be changed?"), lazy("The author sees this comment. It is not published.")
    )
