"""Names that somebody wrote, each with a choice of the organisation that it means: one that is here, a new one, or
none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from tracker.language import gettext
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.roles import STATE_KINDS
from tracker.services.assignment_tables import KnownOrganisations
from tracker.services.organisations.creation import create_organisation
from tracker.web.access import actor
from tracker.web.transactions import session

NONE = "none"
CREATE = "create:"


@dataclass(frozen=True)
class Chosen:
    """`number`: of the field, `organisation-3`; `value`: the key of an organisation, `create:government` or `none`;
    empty where nothing is chosen yet."""

    number: int
    spelling: str
    similar: tuple[Organisation, ...]
    value: str

    @property
    def field(self) -> str:
        return f"organisation-{self.number}"


def read_choices(spellings: Iterable[str], known: KnownOrganisations) -> list[Chosen]:
    """What was chosen for each spelling that means none of the known organisations. A field stays with its spelling:
    the form repeats it beside the field."""
    sent = {
        request.form.get(f"spelling-{number}", ""): request.form.get(f"organisation-{number}", "")
        for number in range(len(request.form))
        if f"spelling-{number}" in request.form
    }
    return [
        Chosen(number, spelling, tuple(known.suggest(spelling)), _allowed(sent.get(spelling, ""), known))
        for number, spelling in enumerate(spellings)
        if known.find(spelling) is None
    ]


def _allowed(value: str, known: KnownOrganisations) -> str:
    kinds = {f"{CREATE}{kind}" for kind in STATE_KINDS}
    return value if value == NONE or value in kinds or value in known.by_key else ""


def chosen_organisations(
    spellings: Iterable[str], choices: Iterable[Chosen], known: KnownOrganisations
) -> dict[str, Organisation]:
    """By spelling, without those that are still to be created, left out or chosen."""
    found = {spelling: known.find(spelling) for spelling in spellings}
    found |= {each.spelling: known.by_key.get(each.value) for each in choices}
    return {spelling: organisation for spelling, organisation in found.items() if organisation}


def new_organisations(choices: Iterable[Chosen]) -> dict[str, Organisation]:
    """Those that would be created, for the preview: they are in no session and are not stored."""
    return {
        each.spelling: Organisation(names={"en": each.spelling})
        for each in choices
        if each.value.startswith(CREATE)
    }


def create_chosen(choices: Iterable[Chosen], state_code: str, now: datetime) -> dict[str, Organisation]:
    """Makes those that are to be created, with the spelling as their name: it can be corrected later."""
    made: dict[str, Organisation] = {}
    for each in choices:
        if each.value.startswith(CREATE):
            kind = OrganisationKind(each.value.removeprefix(CREATE))
            names = {"en": each.spelling}
            made[each.spelling] = create_organisation(session(), actor(), "", kind, names, state_code, now)
    return made


def undecided(choices: Iterable[Chosen]) -> list[str]:
    """A sentence for each name of which nothing is chosen."""
    return [
        gettext("Choose which organisation “%(name)s” is", name=each.spelling)
        for each in choices
        if not each.value
    ]


def list_kinds() -> Mapping[str, str]:
    return {f"{CREATE}{kind}": kind.label for kind in STATE_KINDS}
