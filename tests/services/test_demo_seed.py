"""The demonstration: what the files say is what is laid, twice changes nothing, production refuses."""

import json
import re
import stat
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from config import ROOT, Config
from tests.cast import NOW
from tests.services.test_seed import everything
from tracker.app import create_app
from tracker.database import Database
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.assessments import Assessment
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.demo_entries import demo_key
from tracker.services.demo_seed import seed_demonstration
from tracker.services.passphrases import CHEAP, is_passphrase
from tracker.services.sign_ins import actor_of
from tracker.services.updates import discard_update

DEMO = ROOT / "seed" / "demo"
TEXTS = ("reason", "done", "narrative", "obstacles", "support_needed", "next_step", "comment")


@pytest.fixture
def filled() -> str:
    return "demo"


def rows(name: str) -> list[dict[str, Any]]:
    return json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_every_update_stands_where_its_file_says(session: Session) -> None:
    found = {update.id: update for update in session.scalars(select(ProgressUpdate))}
    assert 60 <= len(found) == len(rows("updates")) <= 65
    for row in rows("updates"):
        update = found[demo_key("update", row["key"])]
        assert (update.state, update.language, update.done) == (row["state"], row["language"], row["done"])
        assert update.published_at is None or update.published_at < NOW
    assert {update.state for update in found.values()} == set(UpdateState)


def test_every_assessment_is_published_or_withdrawn_as_its_file_says(session: Session) -> None:
    found = {assessment.id: assessment for assessment in session.scalars(select(Assessment))}
    assert 30 <= len(found) == len(rows("assessments")) <= 36
    for row in rows("assessments"):
        assessment = found[demo_key("assessment", row["key"])]
        assert (assessment.withdrawn_on is not None) == (row["state"] == "withdrawn")
        assert assessment.narrative == (row["narrative"] if row["state"] == "published" else "")
    assert any(assessment.withdrawn_on for assessment in found.values())
    assert any(assessment.action_point_id is None for assessment in found.values())


def test_people_write_russian_and_kyrgyz_too() -> None:
    spoken = Counter(row["language"] for name in ("updates", "assessments") for row in rows(name))
    assert spoken["ru"] >= 10
    assert spoken["ky"] >= 5


def test_no_two_texts_share_a_sentence() -> None:
    seen: dict[str, str] = {}
    for name in ("updates", "assessments"):
        for row in rows(name):
            said = " ".join(str(row.get(field) or "") for field in TEXTS)
            for sentence in re.split(r"(?<=[.!?…])\s+", said):
                plain = sentence.strip().casefold()
                if len(plain) > 3:
                    assert plain not in seen, f"{row['key']} and {seen[plain]} both say “{sentence}”"
                    seen[plain] = row["key"]
    assert len(seen) > 200


def test_everybody_of_the_domain_is_there(session: Session) -> None:
    assert set(session.scalars(select(AccountRole.role))) == set(Role)


def test_seeding_it_twice_changes_nothing_and_makes_no_account(session: Session) -> None:
    before = everything(session)
    assert seed_demonstration(session, DEMO, NOW + timedelta(days=40), CHEAP) == []
    assert everything(session) == before


def test_a_draft_that_somebody_discarded_does_not_come_back(session: Session) -> None:
    found = select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.DRAFT)
    draft = session.scalars(found.order_by(ProgressUpdate.id).limit(1)).one()
    author = actor_of(
        session.scalars(
            select(Account)
            .where(Account.id == draft.author_id)
            .options(joinedload(Account.organisation), joinedload(Account.roles))
        )
        .unique()
        .one()
    )
    discard_update(session, author, draft, NOW)
    session.flush()
    before = everything(session)
    assert seed_demonstration(session, DEMO, NOW, CHEAP) == []
    assert everything(session) == before


def test_each_account_opens_with_the_passphrase_that_was_told_once(
    session: Session, database: Database
) -> None:
    """Given one account that is missing: it alone is made again, with a passphrase of its own."""
    lonely = session.scalars(select(Account).where(Account.handle == lonely_handle(session))).one()
    handle = lonely.handle
    for role in session.scalars(select(AccountRole).where(AccountRole.account_id == lonely.id)):
        session.delete(role)
    session.flush()
    session.delete(lonely)
    session.flush()
    session.expire_all()
    (made,) = seed_demonstration(session, DEMO, NOW, CHEAP)
    account = session.scalars(select(Account).where(Account.handle == handle)).one()
    assert made.handle == handle
    assert is_passphrase(made.passphrase, account.passphrase_hash)


def lonely_handle(session: Session) -> str:
    """Somebody who has written nothing: the administrator."""
    found = select(Account.handle).join(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR)
    return session.scalars(found.order_by(Account.handle)).first() or ""


class TestCommand:
    """Through the command line, on a database that holds only the tables."""

    @pytest.fixture
    def filled(self) -> str:
        return "empty"

    def test_the_accounts_are_written_once_for_the_operator_alone(
        self, app: Flask, config: Config, database: Database
    ) -> None:
        run = app.test_cli_runner().invoke
        first = run(args=["seed", "--demo"])
        path = Path(config.DEMO_ACCOUNTS_FILE)
        assert first.exit_code == 0, first.output
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        written = json.loads(path.read_text(encoding="utf-8"))
        assert {account["handle"] for account in written} == {row["handle"] for row in rows("people")}
        assert f"{len(written)} accounts made" in first.output
        with database.reading() as session:
            assert session.get(Setting, DEMONSTRATION) is not None
            account = session.scalars(select(Account).where(Account.handle == written[0]["handle"])).one()
            assert is_passphrase(written[0]["passphrase"], account.passphrase_hash)
        kept = path.read_bytes()
        second = run(args=["seed", "--demo"])
        assert (second.exit_code, "0 accounts made" in second.output) == (0, True)
        assert path.read_bytes() == kept

    def test_accounts_of_a_database_that_was_thrown_away_go(self, app: Flask, config: Config) -> None:
        path = Path(config.DEMO_ACCOUNTS_FILE)
        old = {"handle": rows("people")[0]["handle"], "passphrase": "of the old database"}
        other = {"handle": "somebody else's", "passphrase": "of another database"}
        path.write_text(json.dumps([old, other]), encoding="utf-8")
        assert app.test_cli_runner().invoke(args=["seed", "--demo"]).exit_code == 0
        written = json.loads(path.read_text(encoding="utf-8"))
        assert old not in written
        assert other in written
        assert len({account["handle"] for account in written}) == len(written)

    def test_production_refuses(self, config: Config, database: Database) -> None:
        strict = replace(config, TRACKER_ENV="production", BASE_URL="https://tracker.example.org")
        app = create_app(strict)
        done = app.test_cli_runner().invoke(args=["seed", "--demo"])
        app.extensions["database"].dispose()
        assert done.exit_code == 2
        assert "production" in done.output
        assert not Path(config.DEMO_ACCOUNTS_FILE).exists()
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Account)) == 0
