"""A second person for a role that somebody must hold, so that the first can be ended."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, read_account
from tracker.identity.accounts import create_account
from tracker.identity.passphrases import CHEAP
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import SYSTEM

SECONDS = {
    "lead": ("second-lead", Role.ORGANISATION_LEAD, "cso-a"),
    "coordinator": ("second-coordinator", Role.COORDINATOR, "ministry-b"),
    "administrator": ("second-administrator", Role.ADMINISTRATOR, None),
}


def add_second(session: Session, handle: str) -> str:
    """The handle of somebody else who holds the same role for the same organisation or State."""
    second, role, key = SECONDS[handle]
    organisation = session.scalar(select(Organisation).where(Organisation.key == key)) if key else None
    account = create_account(session, SYSTEM, second, [role], organisation, PASSPHRASE, NOW, hashing=CHEAP)
    account.totp_secret = read_account(session, handle).totp_secret
    return second
