"""The form by which a coordinator translates a recommendation with its points: one field for each text."""

from collections.abc import Sequence

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2

from tracker.language import gettext, language_name, lazy, looks_like
from tracker.models.action_points import ActionPoint
from tracker.models.translations import TranslationFields, TranslationKind
from tracker.web.forms import AtMost, Form, SeenField, WordsAreaField, WordsField, long_text

LONGEST_LINE = 300


def _line(label: str, description: str = "") -> WordsField:
    return WordsField(label, [AtMost(LONGEST_LINE)], filters=[_trimmed], description=description)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class TranslationForm(Form):
    """`seen`: the digest of what the person read before they wrote. Fields of points are added by `form_of`."""

    refs: tuple[tuple[str, str], ...] = ()
    seen = SeenField()
    short_title = _line(lazy("Short title"))
    text = long_text(lazy("Text"))
    kind = RadioField(
        lazy("Whose translation is it?"),
        choices=[],
        default=TranslationKind.UNOFFICIAL.value,
    )
    source = _line(
        lazy("Source"),
        lazy("Of an official translation: the document or its address, for example A/HRC/44/4 in Russian."),
    )
    is_checked = BooleanField(
        lazy("Somebody who speaks both languages has read all of it beside the authentic text"),
        description=lazy("Until then every page says that it is not checked."),
    )
    is_meant = BooleanField(
        lazy("The language is right all the same"),
        description=lazy("For a text that quotes much, or that was typed on another keyboard."),
    )
    asks_language = False

    def offer(self) -> None:
        self.kind.choices = [SelectChoice(each.value, each.label) for each in TranslationKind]

    def field_of(self, ref: str) -> WordsAreaField:
        return self[dict(self.refs)[ref]]  # type: ignore[no-any-return]

    def fill(self, stands: TranslationFields | None, seen: str) -> None:
        """With what stands; for a form that was not sent."""
        self.seen.data = seen
        if stands is None:
            return
        self.short_title.data, self.text.data = stands.short_title, stands.text
        self.kind.data, self.source.data, self.is_checked.data = (
            stands.kind.value,
            stands.source,
            stands.is_checked,
        )
        for ref, text in stands.points:
            if ref in dict(self.refs):
                self.field_of(ref).data = text

    def read(self, language: str) -> TranslationFields | None:
        """None, with a question, where the letters of a text are not those of the language."""
        if self._asks_for(language) and not self.is_meant.data:
            self.asks_language = True
            return None
        return TranslationFields(
            kind=TranslationKind(self.kind.data or TranslationKind.UNOFFICIAL),
            source=self.source.data or "",
            is_checked=bool(self.is_checked.data),
            short_title=self.short_title.data or "",
            text=self.text.data or "",
            points=tuple((ref, self[name].data or "") for ref, name in self.refs),
        )

    def _asks_for(self, language: str) -> bool:
        names = ("short_title", "text", *(name for _, name in self.refs))
        wrong = [name for name in names if language not in looks_like(self[name].data or "")]
        sentence = gettext(
            "This does not look like %(language)s by its letters: check it, or say at the end of the form that it is"
            " right",
            language=language_name(language),
        )
        if wrong and not self.is_meant.data:
            self.add_errors(dict.fromkeys(wrong, sentence))
        return bool(wrong)


def form_of(points: Sequence[ActionPoint]) -> TranslationForm:
    """With a field for each of these points."""
    refs = tuple((point.ref, f"point_{point.id}") for point in points)
    fields = {name: long_text(gettext("Point %(ref)s", ref=ref)) for ref, name in refs}
    form: TranslationForm = type("TranslationForm", (TranslationForm,), {**fields, "refs": refs})()
    form.offer()
    return form
