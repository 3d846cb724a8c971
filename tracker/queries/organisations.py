"""The organisation somebody acts for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor


def get_own_organisation(session: Session, actor: Actor) -> Organisation:
    found = session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    if found is None:
        raise NotFound
    return found


def get_organisation(session: Session, key: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.key == key))
    if found is None:
        raise NotFound
    return found
