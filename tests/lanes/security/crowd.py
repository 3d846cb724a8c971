"""People in great numbers, who belong to the first organisation of the cast and have no second factor."""

from uuid import uuid4

from sqlalchemy import insert, select

from tests.cast import NOW, PASSPHRASE
from tracker.database import Database
from tracker.identity.passphrases import STRONG, HashCost, hash_passphrase
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.organisations import Organisation


def add_crowd(database: Database, many: int, hashing: HashCost = STRONG) -> list[str]:
    """Their handles; all have the passphrase of the cast, hashed once."""
    hashed = hash_passphrase(PASSPHRASE, hashing)
    people = [{"id": uuid4(), "handle": f"crowd-{number:05}"} for number in range(many)]
    with database.transaction() as session:
        theirs = session.scalar(select(Organisation.id).where(Organisation.key == "cso-a"))
        same = {
            "passphrase_hash": hashed,
            "organisation_id": theirs,
            "may_publish": False,
            "wants_mail": False,
            "language": "en",
            "created_at": NOW,
        }
        session.execute(insert(Account.__table__), [{**each, **same} for each in people])  # type: ignore[arg-type]
        roles = [{"account_id": each["id"], "role": Role.CONTRIBUTOR} for each in people]
        session.execute(insert(AccountRole.__table__), roles)  # type: ignore[arg-type]
    return [str(each["handle"]) for each in people]
