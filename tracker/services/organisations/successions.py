"""Renames, merges and splits organisations of a State from a day on (docs/rules.md, "Organisations"). The old one ends,
others go on in its place. `take_backs.py` undoes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.identity.account_locks import lock_and_recheck_actor
from tracker.identity.accounts import refuse_ended
from tracker.language import fold, gettext, long_date
from tracker.models.organisations import (
    Organisation,
    OrganisationKind,
    OrganisationSuccession,
    SuccessionKind,
)
from tracker.policy.actors import Actor
from tracker.policy.organisations import can_manage_organisation
from tracker.services.organisations.belongings import Moved, Shares, hand_on, lock_belongings
from tracker.services.organisations.creation import add_organisation
from tracker.services.organisations.keys import key_of_state
from tracker.services.organisations.names import refuse_taken_name, trimmed

KINDS = {
    "rename_organisation": SuccessionKind.RENAMED,
    "merge_organisation": SuccessionKind.MERGED,
    "split_organisation": SuccessionKind.SPLIT,
}
"""By the verb of the history."""


@dataclass(frozen=True)
class NewOrganisation:
    """One that begins with the succession. `key` may be empty: it is made of the English name."""

    names: dict[str, str]
    kind: OrganisationKind
    key: str = ""


@dataclass(frozen=True)
class Day:
    """`on`: from which day the successors go on; `today` in the State's time zone."""

    on: date
    today: date
    now: datetime


def rename_organisation(
    session: Session, actor: Actor, old: Organisation, new: NewOrganisation, day: Day
) -> Organisation:
    """From that day it is called otherwise: a new organisation goes on with everything that is not published yet."""
    state_code = _lock(session, actor, [old], day)
    if fold(trimmed(new.names)["en"]) == fold(old.names["en"]):
        raise BadInput(
            gettext("This is its name already. To mend how it is written, correct the name instead.")
        )
    heir = _begin(session, state_code, new, day)
    heir.original_id = old.first_id
    moved = hand_on(session, old, Shares(rest=heir), day.on)
    _succeed(session, actor, "rename_organisation", [(old, [heir], moved)], {heir.id}, day)
    return heir


def merge_organisations(
    session: Session,
    actor: Actor,
    old: Sequence[Organisation],
    into: Organisation | NewOrganisation,
    day: Day,
) -> Organisation:
    """One or more go on in an organisation that exists, or two or more in a new one."""
    old = list(dict.fromkeys(old))
    is_new = isinstance(into, NewOrganisation)
    if isinstance(into, Organisation) and into in old:
        raise BadInput(gettext("An organisation cannot be merged into itself: choose another one."))
    if not old or (is_new and len(old) < 2):
        raise BadInput(
            gettext(
                "Choose at least two organisations that become the new one. To give one another name, rename it."
            )
        )
    locked = [*old, into] if isinstance(into, Organisation) else old
    state_code = _lock(session, actor, locked, day)
    heir = into if isinstance(into, Organisation) else _begin(session, state_code, into, day)
    parts = [(each, [heir], hand_on(session, each, Shares(rest=heir), day.on)) for each in old]
    _succeed(session, actor, "merge_organisation", parts, {heir.id} if is_new else set(), day)
    return heir


@dataclass(frozen=True)
class Choices:
    """Which part gets what, as a place in the list of parts: by number of the assignment, by identifier of the account.
    What is not named goes to the first part."""

    assignments: dict[int, int]
    accounts: dict[UUID, int]


def split_organisation(
    session: Session,
    actor: Actor,
    old: Organisation,
    parts: Sequence[Organisation | NewOrganisation],
    choices: Choices,
    day: Day,
) -> list[Organisation]:
    """It ends, and at least two others go on, new ones or such as exist."""
    if len(parts) < 2 or old in parts:
        raise BadInput(gettext("Enter at least two organisations that go on in its place."))
    existing = [each for each in parts if isinstance(each, Organisation)]
    state_code = _lock(session, actor, [old, *existing], day)
    heirs = [
        each if isinstance(each, Organisation) else _begin(session, state_code, each, day) for each in parts
    ]
    if len({each.id for each in heirs}) < len(heirs):
        raise BadInput(gettext("The same organisation stands here twice: name each part once."))
    shares = Shares(
        rest=heirs[0],
        assignments={held: heirs[at] for held, at in choices.assignments.items()},
        accounts={account: heirs[at] for account, at in choices.accounts.items()},
    )
    moved = hand_on(session, old, shares, day.on)
    made = {each.id for each in heirs} - {each.id for each in existing}
    _succeed(session, actor, "split_organisation", [(old, heirs, moved)], made, day)
    return heirs


def refuse_wrong_day(organisation: Organisation, on: date, today: date) -> None:
    """A day to come is refused: nobody would carry it out on that day."""
    if on > today:
        raise BadInput(gettext("Enter today or a day that has passed. On a later day, come back then."))
    if organisation.valid_from is not None and on < organisation.valid_from:
        raise BadInput(
            gettext(
                "%(name)s began on %(day)s: enter that day or a later one.",
                name=organisation.name,
                day=long_date(organisation.valid_from),
            )
        )


def _lock(session: Session, actor: Actor, organisations: list[Organisation], day: Day) -> str:
    """The State of all of them."""
    states = {each.state_code for each in organisations}
    if len(states) != 1 or not all(can_manage_organisation(actor, each) for each in organisations):
        raise NotAllowed
    state_code = states.pop()
    if state_code is None:
        raise NotAllowed
    lock_belongings(session, state_code, *organisations)
    lock_and_recheck_actor(session, actor)
    for each in organisations:
        refuse_ended(each)
        refuse_wrong_day(each, day.on, day.today)
    return state_code


def _begin(session: Session, state_code: str, new: NewOrganisation, day: Day) -> Organisation:
    names = trimmed(new.names)
    if not names["en"]:
        raise BadInput(gettext("Give the organisation a name."))
    refuse_taken_name(session, state_code, names)
    key = key_of_state(session, state_code, new.key, names["en"])
    made = add_organisation(session, key, new.kind, names, state_code)
    made.valid_from = day.on
    session.flush()
    return made


Part = tuple[Organisation, list[Organisation], Moved]


def _succeed(session: Session, actor: Actor, verb: str, parts: list[Part], made: set[int], day: Day) -> None:
    """Ends the old ones and writes a line for each. `batch`: all that were merged in one step: they can be taken
    back in one step only."""
    batch = [old.key for old, _, _ in parts]
    for old, heirs, _ in parts:
        old.valid_to = day.on
        session.add_all(
            OrganisationSuccession(
                predecessor_id=old.id, successor_id=heir.id, kind=KINDS[verb], on_date=day.on
            )
            for heir in heirs
        )
    session.flush()
    for old, heirs, moved in parts:
        write_line(
            session,
            actor,
            verb,
            f"organisation {old.key}",
            at=day.now,
            state_code=old.state_code,
            facts={
                **old.facts,
                "into": [heir.key for heir in heirs],
                "into_names": [dict(heir.names) for heir in heirs],
                "on": day.on.isoformat(),
            },
            after={
                "moved": moved.as_facts(),
                "into": [heir.id for heir in heirs],
                "made": sorted(made),
                "batch": batch,
            },
        )
