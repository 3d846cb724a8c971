"""Reads a filter from an address and writes it back; lists the options with their counts, and the chosen ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from tracker.failures import BadInput
from tracker.language import gettext, lazy
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.recommendations import Position, RecommendationKind
from tracker.models.themes import Scheme
from tracker.queries.recommendations import facet_labels
from tracker.queries.recommendations.facets import FACETS, FacetIndex, Filter, Sort, read_index
from tracker.queries.recommendations.theme_values import scheme_of
from tracker.queries.reviews import ReviewFacts
from tracker.web.cache import get_cache, in_language
from tracker.web.forms import Chosen
from tracker.web.transactions import session

TITLES = {
    "topic": lazy("Working topic"),
    "heading": lazy("Heading as printed"),
    "level": lazy("Level"),
    "disagreement": lazy("Disagreement"),
    "organisation": lazy("Organisation"),
    "group": lazy("Group of persons"),
    "sdg": lazy("Development goal"),
    "kind": lazy("Kind"),
    "position": lazy("Position"),
    "state": lazy("Recommending State"),
}
THEME_TITLES = {
    Scheme.LETTER: lazy("Heading"),
    Scheme.OHCHR: lazy("OHCHR theme"),
    Scheme.UPR_INFO: lazy("UPR Info issue"),
}
"""The filter `theme` finds all of them: it is called after those that it offers."""
CODES = {
    "level": ShownLevel,
    "disagreement": Disagreement,
    "kind": RecommendationKind,
    "position": Position,
}
SUCCESSORS = {
    ("voice", "nhri_un"): Voice.NHRI.value,
    ("level", "not_assessed"): ShownLevel.NO_ENTRY.value,
    ("disagreement", "none"): "",
}
"""What addresses said before the levels changed, and what finds the nearest now; empty: no filter does."""
NOTICES = {
    "nhri_un": lazy(
        "The national human rights institution (NHRI) and the UN are separate voices now. This list asks for the NHRI."
    ),
    "not_assessed": lazy("“Not assessed” is called “No entry” now: nothing was published by this voice."),
    "none": lazy(
        "There is no filter for recommendations without a disagreement any more. This list has all of them."
    ),
}
FORMERLY = "formerly"
"""Names in an address the old value that led here."""
LONGEST_WORDS = 200
NAMES = frozenset({*FACETS, "voice", "q", "review", "sort", "page", FORMERLY})


@dataclass(frozen=True)
class Option:
    """A value of a facet. `count`: how many recommendations choosing it would show."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Selection:
    """A filter that many ask for, ready to be followed. `count`: how many recommendations it shows."""

    label: str
    url: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    options: list[Option]


def find_successor(arguments: Mapping[str, str]) -> dict[str, str] | None:
    """The address that finds now what an old one asked for; None where it says nothing old."""
    old = [(name, arguments.get(name)) for name, _ in SUCCESSORS if (name, arguments.get(name)) in SUCCESSORS]
    if not old:
        return None
    named = {name: value for name, value in arguments.items() if name in NAMES}
    named |= {name: SUCCESSORS[name, str(value)] for name, value in old}
    named[FORMERLY] = str(old[0][1])
    return {name: value for name, value in named.items() if value}


def notice_of(arguments: Mapping[str, str]) -> str:
    """Why an old address leads here."""
    return str(NOTICES.get(arguments.get(FORMERLY, ""), ""))


def read_filter(arguments: Mapping[str, str]) -> Filter:
    """The filter of an address; an unknown voice or level is refused with a sentence."""
    values = {name: arguments[name] for name in FACETS if arguments.get(name)}
    for name, kind in CODES.items():
        if name in values and values[name] not in list(kind):
            raise BadInput(
                gettext("There is no filter “%(value)s”. Choose one from the list.", value=values[name])
            )
    voice = arguments.get("voice") or Voice.STATE
    if voice not in list(Voice):
        raise BadInput(gettext("There is no voice “%(voice)s”. Choose one from the list.", voice=voice))
    sort = arguments.get("sort") or Sort.ORDER
    if sort not in list(Sort):
        raise BadInput(
            gettext("The list cannot be sorted by “%(sort)s”. Choose an order above the list.", sort=sort)
        )
    words = arguments.get("q", "").strip()[:LONGEST_WORDS]
    return Filter(values, Voice(voice), words, Sort(sort))


def query_of(filter_: Filter, review: str, **more: str | None) -> str:
    """The query string of the filter. `more` replaces parts of it; a part that is None is left out."""
    parts: dict[str, str | None] = {"review": review, **filter_.values}
    if "level" in filter_.values or filter_.voice != Voice.STATE:
        parts["voice"] = filter_.voice.value
    parts["q"] = filter_.words
    if filter_.sort != Sort.ORDER:
        parts["sort"] = filter_.sort.value
    parts.update(more)
    filled = {name: value for name, value in parts.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def index_of(review: ReviewFacts) -> FacetIndex:
    return get_cache().get("facets", review, lambda reader: read_index(session(), reader, review.id))


def labels_of(review: ReviewFacts) -> facet_labels.Labels:
    return get_cache().get(
        in_language("labels"), review, lambda reader: facet_labels.list_labels(session(), reader, review.id)
    )


def list_facets(
    filter_: Filter, index: FacetIndex, parts: Mapping[str, int], labels: facet_labels.Labels
) -> list[Facet]:
    """The facets in which a choice changes the list, options in the order of their vocabulary. That of levels stays
    where any voice speaks: the voice is chosen beside it."""
    counts, total = index.counts(parts, filter_.voice), index.total(parts)
    facets = []
    for name in FACETS:
        chosen, counted = filter_.values.get(name), counts[name]
        options = [
            Option(value, label, counted.get(value, 0), value == chosen)
            for value, label in _options(name, labels)
            if counted.get(value) or value == chosen
        ]
        changes_list = any(each.is_chosen or each.count < total for each in options)
        if changes_list or (options and name == "level" and index.has_entries):
            facets.append(Facet(name, _title(name, [each.value for each in options]), options))
    return facets


def _title(name: str, values: Sequence[str]) -> str:
    """Of a facet that offers these values."""
    if name != "theme":
        return str(TITLES[name])
    titles = dict.fromkeys(str(THEME_TITLES[scheme_of(value)]) for value in values)
    return reduce(lambda one, other: gettext("%(one)s or %(other)s", one=one, other=other), titles)


def list_selections(
    index: FacetIndex, labels: facet_labels.Labels, review: str, filter_: Filter
) -> list[Selection]:
    """What many ask for, each by itself: what is contradicted, what the State is silent on, each working topic."""
    asked = [
        (gettext("contradicted"), {"disagreement": Disagreement.CONTRADICTS.value}),
        (gettext("with no entry by the State"), {"level": ShownLevel.NO_ENTRY.value}),
        *((gettext("all on %(topic)s", topic=label), {"topic": code}) for code, label in labels["topic"]),
    ]
    counts, found = index.counts({}, Voice.STATE), []
    for label, values in asked:
        [(name, value)] = values.items()
        if number := counts[name].get(value, 0):
            wanted = Filter(values)
            url = url_for("recommendations.index") + query_of(wanted, review)
            is_by_state = "level" not in values or filter_.voice == Voice.STATE
            is_chosen = is_by_state and (filter_.values, filter_.words) == (values, "")
            found.append(Selection(label, url, number, is_chosen))
    return found


def list_orders(filter_: Filter, review: str) -> list[tuple[Sort, str]]:
    address = url_for("recommendations.index")
    return [(sort, address + query_of(replace(filter_, sort=sort), review)) for sort in Sort]


def list_chosen(filter_: Filter, review: str, labels: facet_labels.Labels) -> list[Chosen]:
    chosen = [
        Chosen(
            f"{TITLES[name]} ({filter_.voice.label})" if name == "level" else _title(name, [value]),
            dict(_options(name, labels)).get(value, value),
            _without(filter_, review, name),
        )
        for name, value in filter_.values.items()
    ]
    if filter_.words:
        chosen.append(Chosen(gettext("Words"), filter_.words, _without(filter_, review, "q")))
    return chosen


def _without(filter_: Filter, review: str, name: str) -> str:
    return url_for("recommendations.index") + query_of(filter_, review, **{name: None})


def _options(name: str, labels: facet_labels.Labels) -> list[tuple[str, str]]:
    kind: Any = CODES.get(name)
    if name == "level":
        silent = gettext("No entry on any point")
        return [(each.value, silent if each == ShownLevel.NO_ENTRY else each.label) for each in ShownLevel]
    return [(code.value, code.label) for code in kind] if kind else labels[name]
