"""The institutions that our own reading of a recommendation suggests: the first that is no human rights institution
leads, the others support. They are names; which organisation each means a person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from tracker.exchange.imports.organisation_names import is_nhri
from tracker.models.organisations import Organisation
from tracker.queries.assignments import Assigned
from tracker.services.assignment_plans import Wish

Suggested = Sequence[tuple[int, Sequence[str]]]
"""Recommendations, each with the names of its institutions in order."""


@dataclass(frozen=True)
class Institution:
    """`leads`, `supports`: refs of what it would get: not what it has already, nor what another one leads."""

    name: str
    is_nhri: bool
    leads: tuple[str, ...]
    supports: tuple[str, ...]


def list_institutions(
    now: Sequence[Assigned], suggested: Suggested, matched: Mapping[str, Organisation]
) -> list[Institution]:
    """By how much they would lead, then by name. `matched`: the organisations that their names mean."""
    assigned = {each.id: each for each in now}
    leads: dict[str, list[str]] = {}
    supports: dict[str, list[str]] = {}
    for recommendation_id, names in suggested:
        held = assigned.get(recommendation_id)
        if held is None:
            continue
        lead = lead_of(names)
        for name in names:
            leads.setdefault(name, [])
            supports.setdefault(name, [])
            if name in matched and matched[name] in held.organisations:
                continue
            if name == lead and held.lead is None:
                leads[name].append(held.ref)
            elif name != lead:
                supports[name].append(held.ref)
    found = [Institution(name, is_nhri(name), tuple(leads[name]), tuple(supports[name])) for name in leads]
    return sorted(found, key=lambda each: (each.is_nhri, -len(each.leads), -len(each.supports), each.name))


def seen_of(institutions: Iterable[Institution], matched: Mapping[str, Organisation]) -> str:
    """A digest of everything that a page shows of them, for its form to carry."""
    shown = [
        (each.name, each.leads, each.supports, matched[each.name].key if each.name in matched else "")
        for each in institutions
    ]
    return sha256(repr(shown).encode()).hexdigest()


def lead_of(names: Iterable[str]) -> str | None:
    return next((name for name in names if not is_nhri(name)), None)


def wishes_of(
    now: Sequence[Assigned], suggested: Suggested, organisations: Mapping[str, Organisation]
) -> list[Wish]:
    """`organisations`: by the name of the institution, those that a person accepted. Nobody's lead is taken away."""
    assigned = {each.id: each for each in now}
    wishes = []
    for recommendation_id, names in suggested:
        held = assigned.get(recommendation_id)
        if held is None:
            continue
        first = lead_of(names)
        lead = organisations.get(first) if first and held.lead is None else None
        others = tuple(
            organisations[name]
            for name in names
            if name != first and name in organisations and not is_nhri(name)
        )
        if lead or others:
            wishes.append(Wish(recommendation_id, lead, others))
    return wishes
