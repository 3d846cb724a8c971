"""The forms by which a coordinator enters, corrects and retires a recommendation."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired

from tracker.exchange.imports.state_names import split_states
from tracker.language import gettext, lazy
from tracker.models.recommendation_fields import RecommendationFields
from tracker.models.recommendations import Position, Recommendation, RecommendationKind
from tracker.models.themes import Scheme
from tracker.queries.recommendations.fields import Choices
from tracker.services.recommendations.standing import PositionNow
from tracker.web.forms import AtMost, DayField, Form, SeenField, WordsAreaField, WordsField, long_text

LONGEST_LINE, LONGEST_REF = 300, 40
VOCABULARIES = {
    Scheme.LETTER: lazy("Headings of the letter"),
    Scheme.OHCHR: lazy("Themes of the UN Human Rights Office"),
    Scheme.TOPIC: lazy("Working topics (our own reading)"),
}


def _line(label: str, description: str = "", most: int = LONGEST_LINE) -> WordsField:
    return WordsField(label, [AtMost(most)], filters=[_trimmed], description=description)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None


def _choice(label: str, description: str = "", coerce: Any = str) -> SelectField:
    return SelectField(
        label,
        coerce=coerce,
        choices=[],
        description=description,
        invalid_choice_message=lazy("Choose from the list"),
    )  # type: ignore[call-arg]  # the stubs are of 3.2


def _boxes(label: str) -> SelectMultipleField:
    return SelectMultipleField(label, coerce=int, choices=[], validate_choice=False)


class RecommendationForm(Form):
    """`seen`: the digest of what the person read before they wrote. `vocabularies`: the themes of each, to tick."""

    vocabularies: list[tuple[Any, list[tuple[int, str]]]] = []
    seen = SeenField()
    ref = _line(
        lazy("Number"),
        lazy("As it is printed, for example 140.7. 28.1 and 28.10 are two numbers."),
        LONGEST_REF,
    )
    kind = _choice(lazy("Kind"))
    source_id = _choice(lazy("Document that it comes from"), coerce=_number)
    text = long_text(lazy("Text, as it is printed"))
    short_title = _line(lazy("Short title"), lazy("Ours. Leave it empty to show the beginning of the text."))
    states = WordsAreaField(
        lazy("Recommending States"),
        [AtMost(5_000)],
        description=lazy("One a line. Every spelling that this site knows is understood."),
    )
    position = _choice(
        lazy("Position at adoption"), lazy("What the State answered when the outcome was adopted.")
    )
    position_source = _line(
        lazy("Source of the position"), lazy("For example: A/HRC/44/4/Add.1, paragraph 12")
    )
    is_slip = BooleanField(
        lazy("The position at adoption was entered wrongly here: this corrects it"),
        description=lazy("Not for a later change of mind: that is the position now, on a page of its own."),
    )
    heading_id = _choice(lazy("Heading under which it is printed"), coerce=_number)
    theme_ids = _boxes(lazy("Themes"))
    group_ids = _boxes(lazy("Groups of persons"))
    sdgs = _line(
        lazy("Development goals and targets"), lazy("Goals as 5, targets as 5.1, with commas between them.")
    )

    def offer(self, choices: Choices) -> None:
        nothing = SelectChoice("", gettext("None"))
        self.kind.choices = [SelectChoice(kind.value, kind.label) for kind in RecommendationKind]
        self.source_id.choices = [SelectChoice(str(key), label) for key, label in choices.sources]
        self.position.choices = [nothing, *(SelectChoice(each.value, each.label) for each in Position)]
        self.heading_id.choices = [nothing, *_grouped(choices.headings)]
        self.theme_ids.choices = _grouped(choices.themes)
        self.vocabularies = [(VOCABULARIES[scheme], of) for scheme, of in choices.themes.items()]
        self.group_ids.choices = [SelectChoice(str(key), label) for key, label in choices.groups]

    def fill(self, fields: RecommendationFields, states: Sequence[str]) -> None:
        """With what stands; for a form that was not sent."""
        self.seen.data = fields.digest
        for name in ("ref", "text", "short_title", "position_source", "source_id", "heading_id"):
            self[name].data = getattr(fields, name)
        self.kind.data, self.position.data = (
            fields.kind.value,
            fields.position.value if fields.position else "",
        )
        self.states.data = "\n".join(states)
        self.theme_ids.data, self.group_ids.data = sorted(fields.theme_ids), sorted(fields.group_ids)
        self.sdgs.data = ", ".join(sorted(fields.sdg_codes, key=_in_order))

    def read(
        self, spellings: dict[str, str], before: RecommendationFields | None
    ) -> RecommendationFields | None:
        """The fields as they were typed; None, with a sentence at the field, where a State is not known. Themes that
        the form did not offer stay."""
        codes, unknown = split_states(self.states.data or "", spellings)
        if unknown:
            sentence = gettext(
                "There is no State called %(names)s: write its usual name", names=", ".join(unknown)
            )
            self.add_errors({"states": sentence})
            return None
        return RecommendationFields(
            ref=self.ref.data or "",
            kind=RecommendationKind(self.kind.data),
            source_id=self.source_id.data or 0,
            text=self.text.data or "",
            short_title=self.short_title.data or "",
            position=Position(self.position.data) if self.position.data else None,
            position_source=self.position_source.data or "",
            state_codes=frozenset(codes),
            heading_id=self.heading_id.data,
            theme_ids=self._chosen("theme_ids", before) - {self.heading_id.data},
            group_ids=self._chosen("group_ids", before),
            sdg_codes=frozenset(each for each in (self.sdgs.data or "").replace(",", " ").split()),
        )

    def _chosen(self, name: str, before: RecommendationFields | None) -> frozenset[int]:
        offered = {int(choice.value) for choice in self[name].choices}
        kept = getattr(before, name) - offered if before else frozenset()
        return frozenset(each for each in self[name].data or () if each in offered) | kept


def _grouped(themes: dict[Scheme, list[tuple[int, str]]]) -> list[SelectChoice]:
    return [
        SelectChoice(str(key), label, optgroup=str(VOCABULARIES[scheme]))
        for scheme, of_scheme in themes.items()
        for key, label in of_scheme
    ]


def _in_order(code: str) -> tuple[int, str]:
    goal, _, target = code.partition(".")
    return int(goal) if goal.isdecimal() else 0, target.rjust(3)


class PositionForm(Form):
    seen = SeenField()
    position = _choice(lazy("Position now"))
    since = DayField(lazy("Since"))
    source = _line(
        lazy("Source"),
        lazy("The document or statement in which the State said so, for example its mid-term report."),
    )

    def offer(self, recommendation: Recommendation) -> None:
        label = recommendation.position.label if recommendation.position else gettext("none entered")
        same = SelectChoice("", gettext("As at adoption: %(position)s", position=label))
        others = [each for each in Position if each != recommendation.position]
        self.position.choices = [same, *(SelectChoice(each.value, each.label) for each in others)]

    def fill(self, stands: PositionNow) -> None:
        """With what stands; for a form that was not sent."""
        self.seen.data = stands.seen
        self.position.data = stands.position.value if stands.position else ""
        self.since.data, self.source.data = stands.since, stands.source

    def read(self) -> PositionNow:
        position = Position(self.position.data) if self.position.data else None
        return PositionNow(position, self.since.data, self.source.data or "")


class RetireForm(Form):
    reason = WordsAreaField(
        lazy("Why is it retired?"),
        [DataRequired(lazy("Say why: everybody reads it on the page")), AtMost(1_000)],
        description=lazy("Everybody reads it on the page. For example: “Printed twice, see 140.8.”"),
    )
