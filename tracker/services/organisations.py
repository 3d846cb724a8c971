"""Makes organisations, and admits independent ones."""

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.states import State
from tracker.policy.accounts import may_create_accounts
from tracker.policy.actors import Actor
from tracker.policy.organisations import may_admit_organisations
from tracker.policy.roles import INDEPENDENT_KINDS

KEY = re.compile(r"[^\W_][\w-]*")


def create_organisation(
    session: Session,
    actor: Actor,
    key: str,
    kind: OrganisationKind,
    names: dict[str, str],
    state_code: str | None,
    now: datetime,
) -> Organisation:
    """`names` by language; a missing one is the English name. An independent organisation leaves no history line."""
    if not may_create_accounts(actor):
        raise NotAllowed
    if not KEY.fullmatch(key):
        raise BadInput(
            gettext("Give the organisation a key, its short name in addresses: letters, digits and hyphens.")
        )
    if not names["en"].strip():
        raise BadInput(gettext("Give the organisation a name."))
    if state_code is None and kind.is_of_the_state:
        raise BadInput(gettext("Say of which State this organisation is, by its ISO 3166 code."))
    if session.scalar(select(Organisation.id).where(Organisation.key == key)):
        raise BadInput(gettext("There is an organisation %(key)s already: choose another key.", key=key))
    organisation = _add(session, key, kind, names, state_code)
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


def admit_organisation(
    session: Session, actor: Actor, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
    """The registrar admits an independent organisation. Its key is random, so that no address names it and no key is
    refused as taken. Leaves no history line: nobody of the State learns of it before it publishes."""
    if not may_admit_organisations(actor) or kind not in INDEPENDENT_KINDS:
        raise NotAllowed
    return _add(session, secrets.token_hex(8), kind, names, state_code)


def _add(
    session: Session, key: str, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
    if state_code is not None and session.get(State, state_code) is None:
        raise BadInput(gettext("There is no State %(code)s: use its ISO 3166 code.", code=state_code))
    organisation = Organisation(
        key=key,
        kind=kind,
        state_code=state_code,
        name_en=names["en"],
        name_ru=names.get("ru") or names["en"],
        name_ky=names.get("ky") or names["en"],
    )
    session.add(organisation)
    session.flush()
    return organisation
