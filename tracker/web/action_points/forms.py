"""The forms of the action points."""

from collections.abc import Sequence

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import InputRequired

from tracker.language import lazy
from tracker.models.action_points import ActionPoint
from tracker.web.forms import AtMost, Form, SeenField, WordsAreaField

LONGEST_TEXT = 5_000
TEXT_LABEL = lazy("Text of the point")
SAME, OTHER = "same", "other"


def _text(label: str, description: str = "") -> WordsAreaField:
    return WordsAreaField(label, [AtMost(LONGEST_TEXT)], filters=[_trimmed], description=description)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class PointForm(Form):
    text = _text(TEXT_LABEL)


class RewordForm(Form):
    """`seen`: the text that the person had read."""

    seen = SeenField()
    text = _text(TEXT_LABEL)
    meaning = RadioField(
        lazy("Does the point still ask for the same?"),
        [InputRequired(lazy("Choose whether the point still asks for the same"))],
        choices=[
            SelectChoice(SAME, lazy("Yes: other words, the same meaning")),
            SelectChoice(OTHER, lazy("No: its meaning changes")),
        ],
        validate_choice=False,
    )


class SplitForm(Form):
    seen = SeenField()
    part_1 = _text(lazy("Text 1: keeps the number"))
    part_2 = _text(lazy("Text 2: a new point"))
    part_3 = _text(lazy("Text 3: a new point"))
    part_4 = _text(lazy("Text 4: a new point"))
    part_5 = _text(lazy("Text 5: a new point"))

    @property
    def parts(self) -> list[WordsAreaField]:
        return [self.part_1, self.part_2, self.part_3, self.part_4, self.part_5]


class MergeForm(Form):
    options: list[tuple[str, str]] = []
    seen = SeenField()
    refs = SelectMultipleField(lazy("Points to merge"), choices=[], validate_choice=False)
    text = _text(TEXT_LABEL)

    def offer(self, points: Sequence[ActionPoint]) -> None:
        self.options = [(point.ref, f"{point.ref} {point.text}") for point in points]
        self.refs.choices = [SelectChoice(ref, words) for ref, words in self.options]
