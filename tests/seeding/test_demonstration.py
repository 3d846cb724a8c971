"""The demonstration: what the files say is what is stored, and twice changes nothing."""

import json
import re
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config import ROOT, Config
from tests.cast import NOW, TODAY, recommendation
from tests.seeding.test_reference import everything
from tracker.exchange.evidence import take_file
from tracker.identity.passphrases import CHEAP, is_passphrase
from tracker.identity.sign_ins import read_actor
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.evidence import Evidence
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.seeding.demonstration.demonstration import seed_demonstration
from tracker.seeding.demonstration.entries import demo_key
from tracker.services.assignments import assign
from tracker.services.updates.workflow import discard_update
from tracker.storage import Storage

DEMO = ROOT / "seed" / "demo"
WRITTEN = ("updates", "assessments")
TEXTS = ("reason", "done", "narrative", "obstacles", "support_needed", "next_step", "comment")


@pytest.fixture
def filled() -> str:
    return "demo"


def rows(name: str) -> list[dict[str, Any]]:
    return json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_every_entry_stands_where_its_file_says_and_none_is_of_tomorrow(session: Session) -> None:
    """Of every state, role and language there is something to be shown."""
    updates = {update.id: update for update in session.scalars(select(ProgressUpdate))}
    assessments = {assessment.id: assessment for assessment in session.scalars(select(Assessment))}
    assert (len(updates), len(assessments)) == (len(rows("updates")), len(rows("assessments")))
    for row in rows("updates"):
        update = updates[demo_key("update", row["key"])]
        assert (update.state, update.language, update.done) == (row["state"], row["language"], row["done"])
        steps = (update.recorded_at, update.submitted_at, update.validated_at, update.published_at)
        assert all(moment is None or moment < NOW for moment in steps), row["key"]
    for row in rows("assessments"):
        assessment = assessments[demo_key("assessment", row["key"])]
        assert (assessment.withdrawn_on is not None) == (row["state"] == "withdrawn")
        assert assessment.narrative == (row["narrative"] if row["state"] == "published" else "")
        assert assessment.published_at is None or assessment.published_at < NOW
    assert {update.state for update in updates.values()} == set(UpdateState)
    assert {"en", "ru", "ky"} == {row["language"] for name in WRITTEN for row in rows(name)}
    assert set(session.scalars(select(AccountRole.role))) == set(Role)


def test_every_file_stands_behind_its_entry_but_for_what_was_withdrawn(
    session: Session, config: Config
) -> None:
    withdrawn = {row["key"] for row in rows("assessments") if row["state"] == "withdrawn"}
    expected = Counter(
        (demo_key(row["of"].removesuffix("s"), row["entry"]), row["file"], row["visibility"])
        for row in rows("evidence")
        if row["entry"] not in withdrawn
    )
    stored = session.scalars(select(Evidence)).all()
    assert (
        Counter((row.update_id or row.assessment_id, row.name, row.visibility) for row in stored) == expected
    )
    cleaned = [
        take_file(row.name, (DEMO / "files" / row.name).read_bytes(), of_state=row.update_id is not None)
        for row in stored
    ]
    contents = {sha256(file.content).hexdigest() for file in cleaned}
    assert {row.sha256 for row in stored} == contents == set(Storage(Path(config.STORAGE_DIR)).list_names())
    assert len(stored) < len(rows("evidence"))


def test_people_write_russian_and_kyrgyz_too() -> None:
    spoken = Counter(row["language"] for name in ("updates", "assessments") for row in rows(name))
    assert spoken["ru"]
    assert spoken["ky"]


def test_no_two_texts_share_a_sentence() -> None:
    seen: dict[str, str] = {}
    for name in WRITTEN:
        for row in rows(name):
            said = " ".join(str(row.get(field) or "") for field in TEXTS)
            for sentence in re.split(r"(?<=[.!?…])\s+", said):
                plain = sentence.strip().casefold()
                if len(plain) > 3:
                    assert plain not in seen, f"{row['key']} and {seen[plain]} both say “{sentence}”"
                    seen[plain] = row["key"]
    assert seen


def test_seeding_it_twice_changes_nothing_and_makes_no_account(session: Session) -> None:
    before = everything(session)
    assert seed_demonstration(session, DEMO, NOW + timedelta(days=40), CHEAP) == []
    assert everything(session) == before


def test_a_draft_that_somebody_discarded_does_not_come_back(session: Session) -> None:
    drafts = select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.DRAFT)
    draft = session.scalars(drafts.order_by(ProgressUpdate.id).limit(1)).one()
    author = read_actor(session, draft.author_id)
    discard_update(session, author, draft, NOW)
    session.flush()
    before = everything(session)
    assert seed_demonstration(session, DEMO, NOW, CHEAP) == []
    assert everything(session) == before


def test_each_account_opens_with_the_passphrase_that_was_told_once(session: Session) -> None:
    """Given one account that is missing: it alone is made again, with a passphrase of its own."""
    # An administrator has written nothing that would need the account
    handles = select(Account.handle).join(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR)
    handle = session.scalars(handles.limit(1)).one()
    missing = select(Account.id).where(Account.handle == handle).scalar_subquery()
    session.execute(delete(AccountRole).where(AccountRole.account_id == missing))
    session.execute(delete(Account).where(Account.handle == handle))
    session.expire_all()
    (made,) = seed_demonstration(session, DEMO, NOW, CHEAP)
    account = session.scalars(select(Account).where(Account.handle == handle)).one()
    assert made.handle == handle
    assert is_passphrase(made.passphrase, account.passphrase_hash)


def test_seeding_again_gives_no_recommendation_back_to_who_lost_it(session: Session) -> None:
    another = session.scalars(select(Organisation).where(Organisation.key == "external")).one()
    assign(session, SYSTEM, recommendation(session), another, AssignmentKind.LEAD, TODAY, NOW)
    session.flush()
    current = select(Assignment.organisation_id).where(Assignment.to_on.is_(None)).order_by(Assignment.id)
    before = session.scalars(current).all()
    seed_demonstration(session, DEMO, NOW, CHEAP)
    session.flush()
    assert session.scalars(current).all() == before
