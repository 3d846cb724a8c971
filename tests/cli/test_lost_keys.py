"""Who lost the key folder for good starts anew: what nobody can open is forgotten, everything else stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from config import Config
from tests.cast import NOW, read_account
from tests.cli.test_commands import run_with
from tests.stories.pages import ask
from tracker.database import Database
from tracker.failures import KeyMissing
from tracker.keys import make_key, read_keys
from tracker.models.accounts import Account, Invitation, InvitationKind, RecoveryCode


@pytest.fixture
def sealed(database: Database) -> Database:
    """Somebody has an address, a second factor with a recovery code, and sent an invitation with a note."""
    with database.transaction() as session:
        account = read_account(session, "focal_point")
        account.totp_secret, account.totp_last_step = "JBSWY3DPEHPK3PXP", 7
        session.add(RecoveryCode(account_id=account.id, code_hash="a hash"))
        session.add(
            Invitation(kind=InvitationKind.ACCOUNT, token_hash="t", note="for the new one", expires_at=NOW)
        )
    return database


@pytest.fixture
def new(config: Config, tmp_path: Path) -> Config:
    """The same instance with another key folder."""
    make_key(tmp_path / "new-keys")
    return replace(config, KEY_DIR=str(tmp_path / "new-keys"))


def forget(config: Config, *options: str) -> Result:
    return run_with(config, "forget-sealed", *options)


def people(database: Database) -> list[object]:
    return ask(database, "SELECT handle, passphrase_hash FROM accounts ORDER BY handle")


def test_what_the_new_keys_do_not_open_is_forgotten_and_all_else_stays(new: Config, sealed: Database) -> None:
    before = people(sealed)
    opened = Database(new.DATABASE_URL, read_keys(Path(new.KEY_DIR)))
    with opened.reading() as session, pytest.raises(KeyMissing):
        load(session)
    # When the operator says so, twice
    for _ in range(2):
        done = forget(new, "--yes")
        assert done.exit_code == 0, done.output
        # Then no number tells how many people there are
        assert done.stdout == "What the keys do not open is forgotten.\n"
    # And accounts are read again, without address and second factor
    with opened.reading() as session:
        for account in load(session):
            assert (account.email, account.totp_secret, account.totp_last_step) == (None, None, None)
        assert session.scalars(select(RecoveryCode)).all() == []
        assert session.scalars(select(Invitation)).all() == []
    assert people(sealed) == before
    opened.dispose()


def test_nothing_is_forgotten_that_the_keys_open(config: Config, sealed: Database) -> None:
    with sealed.reading() as session:
        before = [(each.handle, each.email, each.totp_secret) for each in load(session)]
    assert forget(config, "--yes").exit_code == 0
    with sealed.reading() as session:
        assert [(each.handle, each.email, each.totp_secret) for each in load(session)] == before
        assert len(session.scalars(select(RecoveryCode)).all()) == 1
        assert session.scalars(select(Invitation.note)).all() == ["for the new one"]
    assert ("focal_point", "focal-point@example.org", "JBSWY3DPEHPK3PXP") in before


def test_nothing_is_forgotten_without_a_yes(new: Config, sealed: Database) -> None:
    """The folder may be a wrong one, and the right one at hand."""
    before = ask(sealed, "SELECT handle, email, totp_secret FROM accounts ORDER BY handle")
    assert forget(new).exit_code != 0
    assert ask(sealed, "SELECT handle, email, totp_secret FROM accounts ORDER BY handle") == before


def load(session: Session) -> list[Account]:
    whole = select(Account).options(undefer(Account.email), undefer(Account.totp_secret))
    return list(session.scalars(whole.order_by(Account.handle)))
