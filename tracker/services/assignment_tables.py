"""A table of assignments (ref, lead, supporting), as a file or pasted cells: which organisation each name means, which
refs are unknown, and what it would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

from sqlalchemy.orm import Session

from tracker.exchange.imports.assignments import AssignmentRow
from tracker.exchange.imports.organisation_names import OrganisationNames
from tracker.language import fold_ref
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor
from tracker.queries.assignments import Assigned
from tracker.queries.organisations import list_assignable_organisations, list_former_organisations
from tracker.queries.successions import list_successors
from tracker.services.assignment_plans import Wish

MOST_FORMER = 500


@dataclass(frozen=True)
class KnownOrganisations:
    """Those of a State to which something can be assigned, and what they are called. `former`: names of organisations
    that ended, each with the keys of those that go on: suggestions, because others may go on for a part."""

    by_key: Mapping[str, Organisation]
    names: OrganisationNames
    former: Mapping[str, tuple[str, ...]]
    former_names: OrganisationNames

    def find(self, spelling: str) -> Organisation | None:
        key = self.names.find(spelling)
        return self.by_key[key] if key else None

    def suggest(self, spelling: str) -> list[Organisation]:
        ended = self.former_names.find(spelling)
        successors = self.former.get(ended, ()) if ended else ()
        keys = dict.fromkeys((*successors, *self.names.near(spelling)))
        return [self.by_key[key] for key in keys if key in self.by_key]


def read_known_organisations(session: Session, actor: Actor, state_code: str) -> KnownOrganisations:
    known = list_assignable_organisations(session, actor, state_code)
    ended = list_former_organisations(session, actor, state_code, MOST_FORMER)
    former = {
        each.key: tuple(after.organisation.key for after in list_successors(session, actor, each))
        for each in ended
    }
    return KnownOrganisations(
        {each.key: each for each in known},
        OrganisationNames({each.key: _names(each) for each in known}),
        former,
        OrganisationNames({each.key: _names(each) for each in ended}),
    )


def _names(organisation: Organisation) -> tuple[str, ...]:
    return tuple(organisation.names.values())


def join_names(known: KnownOrganisations, rows: Iterable[AssignmentRow]) -> list[AssignmentRow]:
    """The reader divides cells at commas, but names have commas, too: parts that together are the name of a known
    organisation are joined again."""
    return [_join(known, row) for row in rows]


Told = tuple[str, str]
"""The place and the sentence of a problem."""


def without_joined(
    problems: Iterable[Told], before: Sequence[AssignmentRow], after: Sequence[AssignmentRow]
) -> list[Told]:
    """Without what the reader said of a lead that was joined again: that the cell names several. It says it of the cell
    beside that of the ref, or of the line."""
    joined = {
        _line_of(row.place): row.place for row, now in zip(before, after, strict=True) if row.lead != now.lead
    }
    return [
        (place, sentence)
        for place, sentence in problems
        if _line_of(place) not in joined or (place == joined[_line_of(place)] and "!" in place)
    ]


def _line_of(place: str) -> str:
    """“Sheet1!4” of “Sheet1!B4”; a line as it is."""
    sheet, mark, cell = place.rpartition("!")
    return f"{sheet}!{cell.lstrip(ascii_uppercase)}" if mark else place


def _join(known: KnownOrganisations, row: AssignmentRow) -> AssignmentRow:
    lead, parts = row.lead, list(row.supporting)
    for length in range(len(parts), 0, -1):
        whole = ", ".join((lead, *parts[:length]))
        if lead and known.find(whole):
            lead, parts = whole, parts[length:]
            break
    return replace(row, lead=lead, supporting=tuple(_joined(known, parts)))


def _joined(known: KnownOrganisations, parts: Sequence[str]) -> list[str]:
    found, at = [], 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        end = next((end for end in ends if known.find(", ".join(parts[at:end]))), at + 1)
        found.append(", ".join(parts[at:end]))
        at = end
    return found


def list_spellings(rows: Iterable[AssignmentRow]) -> list[str]:
    """Every name in the table, once, in the order of the table."""
    return list(dict.fromkeys(name for row in rows for name in (row.lead, *row.supporting) if name))


@dataclass(frozen=True)
class TableWishes:
    """`unknown`: the rows whose ref stands for no recommendation of the review. `twice`: refs that stand in several
    rows; of several leads the first counts."""

    wishes: list[Wish]
    unknown: list[AssignmentRow]
    twice: list[str]


def read_wishes(
    now: Sequence[Assigned], rows: Iterable[AssignmentRow], organisations: Mapping[str, Organisation]
) -> TableWishes:
    """`organisations`: by spelling; a spelling that is missing is left out."""
    by_ref = {fold_ref(each.ref): each for each in now}
    wishes: list[Wish] = []
    unknown: list[AssignmentRow] = []
    seen: dict[str, int] = {}
    for row in rows:
        held = by_ref.get(fold_ref(row.ref))
        if held is None:
            unknown.append(row)
            continue
        seen[held.ref] = seen.get(held.ref, 0) + 1
        supporting = tuple(organisations[name] for name in row.supporting if name in organisations)
        wishes.append(Wish(held.id, organisations.get(row.lead), supporting))
    return TableWishes(wishes, unknown, [ref for ref, times in seen.items() if times > 1])
