"""Makes organisations, admits independent ones, and distributes recommendations among them."""

import re
import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.language import gettext
from tracker.models.organisations import Assignment, AssignmentKind, Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.states import State
from tracker.policy.accounts import may_assign, may_create_accounts
from tracker.policy.actors import Actor
from tracker.policy.organisations import may_admit_organisations
from tracker.policy.roles import INDEPENDENT_KINDS
from tracker.services.history import write_line
from tracker.services.levels import touch_review

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
    """`names` by language; a missing one is the English name. Independent ones leave no history line."""
    if not may_create_accounts(actor):
        raise NotAllowed
    if not KEY.fullmatch(key):
        raise BadInput(
            gettext("Give the organisation a key, its short name in addresses: letters, digits and hyphens.")
        )
    if not names["en"].strip():
        raise BadInput(gettext("Give the organisation a name."))
    if state_code is not None and session.get(State, state_code) is None:
        raise BadInput(gettext("There is no State %(code)s: use its ISO 3166 code.", code=state_code))
    if session.scalar(select(Organisation.id).where(Organisation.key == key)):
        raise BadInput(gettext("There is an organisation %(key)s already: choose another key.", key=key))
    organisation = _add(session, key, kind, names, state_code)
    if kind.is_of_the_state:
        said = f"{actor.handle} created {names['en']}"
        write_line(session, actor, "create_organisation", f"organisation {key}", said, at=now)
    return organisation


def admit_organisation(
    session: Session, actor: Actor, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
    """An independent one, by the registrar. Its key is random, so that no address names it and nobody meets a key
    that is taken. Leaves no history line: nobody of the State learns of it before it publishes."""
    if not may_admit_organisations(actor) or kind not in INDEPENDENT_KINDS:
        raise NotAllowed
    return _add(session, secrets.token_hex(8), kind, names, state_code)


def _add(
    session: Session, key: str, kind: OrganisationKind, names: dict[str, str], state_code: str | None
) -> Organisation:
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


def assign(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    organisation: Organisation,
    kind: AssignmentKind,
    today: date,
    now: datetime,
) -> None:
    """From today the organisation leads or supports; another lead, and its own other part, end today."""
    if not may_assign(actor):
        raise NotAllowed
    if not organisation.kind.is_of_the_state:
        raise BadInput(gettext("Only an organisation of the State can be assigned to a recommendation."))
    current = session.scalars(
        select(Assignment).where(
            Assignment.recommendation_id == recommendation.id, Assignment.to_on.is_(None)
        )
    ).all()
    if any(held.organisation_id == organisation.id and held.kind == kind for held in current):
        return
    for held in current:
        if held.organisation_id == organisation.id or kind == held.kind == AssignmentKind.LEAD:
            held.to_on = max(today, held.from_on)
    session.flush()
    session.add(
        Assignment(
            recommendation_id=recommendation.id, organisation_id=organisation.id, kind=kind, from_on=today
        )
    )
    session.flush()  # what reads on the connection sees what is stored
    place = f"{session.get_one(Review, recommendation.review_id).code} {recommendation.ref}"
    said = f"{actor.handle}: {organisation.name_en} is {kind.value} of {place}"
    facts = {"recommendation": recommendation.id, "organisation": organisation.id, "kind": kind.value}
    write_line(session, actor, "assign", f"recommendation {place}", said, at=now, after=facts)
    touch_review(session, recommendation.review_id)
