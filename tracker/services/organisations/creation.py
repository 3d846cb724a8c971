"""Makes organisations, and admits independent ones."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.states import State
from tracker.policy.actors import Actor
from tracker.policy.organisations import may_admit_organisations, may_create_organisation
from tracker.policy.roles import INDEPENDENT_KINDS
from tracker.services.organisations.keys import KEY, begins_like_a_state, key_of_state, refuse_taken_key
from tracker.services.organisations.names import refuse_taken_name, trimmed


def create_organisation(
    session: Session,
    actor: Actor,
    key: str,
    kind: OrganisationKind,
    names: dict[str, str],
    state_code: str | None,
    now: datetime,
) -> Organisation:
    """`names` by language; English is shown for a missing one. An independent organisation leaves no history line.

    The operator's key is taken as it is. That of a coordinator, or the English name where it is empty, is written
    behind the code of the State (`keys.py` says why)."""
    if not may_create_organisation(actor, kind, state_code):
        raise NotAllowed
    names = trimmed(names)
    if not actor.sees_all and state_code is not None:
        # Two who make one at the same moment come one after the other.
        session.execute(select(State.code).where(State.code == state_code).with_for_update(key_share=True))
        key = key_of_state(session, state_code, key, names["en"])
        refuse_taken_name(session, state_code, names)
    _refuse_key(session, key, kind)
    if state_code is None and kind.is_of_the_state:
        raise BadInput(gettext("Say of which State this organisation is, by its ISO 3166 code."))
    organisation = add_organisation(session, key, kind, names, state_code)
    if kind.is_of_the_state:
        write_line(
            session,
            actor,
            "create_organisation",
            f"organisation {key}",
            at=now,
            state_code=state_code,
            facts=organisation.facts,
        )
    return organisation


def _refuse_key(session: Session, key: str, kind: OrganisationKind) -> None:
    if not KEY.fullmatch(key):
        raise BadInput(
            gettext("Give the organisation a key, its short name in addresses: letters, digits and hyphens.")
        )
    if kind in INDEPENDENT_KINDS and begins_like_a_state(session, key):
        raise BadInput(
            gettext(
                "Choose another key: one that begins like “%(key)s” belongs to organisations of a State.",
                key=key,
            )
        )


def admit_organisation(
    session: Session, actor: Actor, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
    """The registrar admits an independent organisation. Its key is random, so that no address names it and no key is
    refused as taken. Leaves no history line: nobody of the State learns of it before it publishes."""
    if not may_admit_organisations(actor) or kind not in INDEPENDENT_KINDS:
        raise NotAllowed
    return add_organisation(session, secrets.token_hex(8), kind, names, state_code)


def add_organisation(
    session: Session, key: str, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
    names = trimmed(names)
    if not names["en"]:
        raise BadInput(gettext("Give the organisation a name."))
    refuse_taken_key(session, key)
    if state_code is not None and session.get(State, state_code) is None:
        raise BadInput(gettext("There is no State %(code)s: use its ISO 3166 code.", code=state_code))
    organisation = Organisation(
        key=key,
        kind=kind,
        state_code=state_code,
        names=names,
    )
    try:
        with session.begin_nested():
            session.add(organisation)
    except IntegrityError as error:  # somebody made one with this key since we looked
        refuse_taken_key(session, key)
        raise error
    return organisation
