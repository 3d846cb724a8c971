"""What an error page gives back of a refused form: own words, days, level and language, each under the label that it
had. The class of a field says so (`is_given_back`); a new field is silent until somebody marks it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wtforms import Form as BaseForm
from wtforms.fields.core import UnboundField

from tracker.language import LANGUAGES
from tracker.models.levels import Level
from tracker.web.forms import Form, LanguageField, LevelField

SHORT_TEXT = 80
Fields = Mapping[str, "UnboundField[Any]"]


@dataclass(frozen=True)
class GivenBack:
    """What a person put into a field."""

    label: str
    text: str

    @property
    def is_short(self) -> bool:
        return len(self.text) <= SHORT_TEXT and "\n" not in self.text


def list_given_back(sent: Mapping[str, str]) -> list[GivenBack]:
    """In the order in which the form was sent, with the labels of the form that was probably sent."""
    form, names = _form_of(sent), names_given_back()
    fields = _fields_of(form)
    kinds = {name: field.field_class for name, field in fields.items()}
    shown = [(name, _shown(kinds.get(name), text)) for name, text in sent.items() if name in names]
    return [GivenBack(_label_of(form, fields, name), text) for name, text in shown if text.strip()]


def list_typed(form: Form) -> list[GivenBack]:
    """The same of a form that is known: with the labels that the person saw."""
    marked = [field for field in form if getattr(field, "is_given_back", False) and field.raw_data]
    typed = [(str(field.label.text), _shown(type(field), str(field.raw_data[0]))) for field in marked]
    return [GivenBack(label, text) for label, text in typed if text.strip()]


@cache
def names_given_back() -> frozenset[str]:
    """The names of the fields that error pages give back, of all forms."""
    return find_given_back(_all_forms())


def find_given_back(forms: Iterable[type[BaseForm]]) -> frozenset[str]:
    """The names of the fields whose class is marked. A name that one form marks and another does not is left out: a
    secret is never shown because a harmless field has its name."""
    marked: dict[bool, set[str]] = {True: set(), False: set()}
    for form in forms:
        for name, field in _fields_of(form).items():
            marked[getattr(field.field_class, "is_given_back", False)].add(name)
    return frozenset(marked[True] - marked[False])


def _form_of(sent: Mapping[str, str]) -> type[BaseForm]:
    """The form that has most of the sent names that are given back, and of those with as many the one that lacks
    fewest of its own. Other names do not count: templates add some (`version`) to forms that have no such field."""
    shown = names_given_back() & sent.keys()

    def fit(form: type[BaseForm]) -> tuple[int, int]:
        own = names_given_back() & _fields_of(form).keys()
        return len(own & shown), -len(own - shown)

    return max(_all_forms(), key=fit)


def _label_of(form: type[BaseForm], fields: Fields, name: str) -> str:
    if name not in fields:
        return name
    label = str(fields[name].kwargs.get("label", fields[name].args[0]))
    other = getattr(form, "OTHER_LABELS", {}).get(name)
    return f"{label} / {other}" if other else label


def _shown(kind: type | None, text: str) -> str:
    """A choice by the words that stood beside it; a choice that the form did not offer is not repeated. `kind`: the
    class of the field, where the form has it."""
    if kind is LevelField:
        return Level(text).label if text in {*Level} else ""
    return LANGUAGES.get(text, "") if kind is LanguageField else text


@cache
def _all_forms() -> tuple[type[BaseForm], ...]:
    return tuple(_forms_below(Form))


def _forms_below(form: type[Form]) -> Iterator[type[Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _forms_below(each)


def _fields_of(form: type[BaseForm]) -> "dict[str, UnboundField[Any]]":
    found = {name: getattr(form, name) for name in dir(form)}
    return {name: field for name, field in found.items() if isinstance(field, UnboundField)}
