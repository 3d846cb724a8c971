"""The demonstration: what the files say is what is laid, and twice changes nothing."""

import json
import re
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from config import ROOT, Config
from tests.cast import NOW, TODAY, recommendation
from tests.seeding.test_reference import everything
from tracker.exchange.evidence import take_file
from tracker.identity.passphrases import CHEAP, is_passphrase
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.seeding.demonstration.demonstration import seed_demonstration
from tracker.seeding.demonstration.entries import demo_key
from tracker.services.assignments import assign
from tracker.services.updates.workflow import discard_update
from tracker.storage import Storage

DEMO = ROOT / "seed" / "demo"
TWO_YEARS = timedelta(days=731)
TEXTS = ("reason", "done", "narrative", "obstacles", "support_needed", "next_step", "comment")


@pytest.fixture
def filled() -> str:
    return "demo"


def rows(name: str) -> list[dict[str, Any]]:
    return json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_every_update_stands_where_its_file_says(session: Session) -> None:
    laid = {update.id: update for update in session.scalars(select(ProgressUpdate))}
    assert len(laid) == len(rows("updates"))
    for row in rows("updates"):
        update = laid[demo_key("update", row["key"])]
        assert (update.state, update.language, update.done) == (row["state"], row["language"], row["done"])
        assert update.published_at is None or update.published_at < NOW
    assert {update.state for update in laid.values()} == set(UpdateState)


def test_every_assessment_is_published_or_withdrawn_as_its_file_says(session: Session) -> None:
    laid = {assessment.id: assessment for assessment in session.scalars(select(Assessment))}
    assert len(laid) == len(rows("assessments"))
    for row in rows("assessments"):
        assessment = laid[demo_key("assessment", row["key"])]
        assert (assessment.withdrawn_on is not None) == (row["state"] == "withdrawn")
        assert assessment.narrative == (row["narrative"] if row["state"] == "published" else "")
    assert any(assessment.withdrawn_on for assessment in laid.values())
    assert any(assessment.action_point_id is None for assessment in laid.values())


def test_every_entry_was_made_within_two_years_before_the_seeding(session: Session) -> None:
    """A demonstration that grows old or speaks of tomorrow is not believed."""
    since = NOW - TWO_YEARS
    updates, assessments = session.scalars(select(ProgressUpdate)), session.scalars(select(Assessment))
    steps = [
        (update.recorded_at, update.submitted_at, update.validated_at, update.published_at)
        for update in updates
    ]
    moments = [moment for way in steps for moment in way if moment]
    moments += [assessment.published_at for assessment in assessments if assessment.published_at]
    assert since <= min(moments) <= max(moments) < NOW
    facts = session.scalars(select(ProgressUpdate.as_of_on).where(ProgressUpdate.as_of_on.is_not(None))).all()
    assert since.date() <= min(facts) <= max(facts) <= TODAY
    # Old and new ones: the two years are filled
    assert min(moments) < NOW - TWO_YEARS / 2
    assert max(moments) > NOW - timedelta(days=60)


def test_every_file_stands_behind_its_entry_but_for_what_was_withdrawn(
    session: Session, config: Config
) -> None:
    withdrawn = {row["key"] for row in rows("assessments") if row["state"] == "withdrawn"}
    expected = Counter(
        (demo_key(row["of"].removesuffix("s"), row["entry"]), row["file"], row["visibility"])
        for row in rows("evidence")
        if row["entry"] not in withdrawn
    )
    laid = session.scalars(select(Evidence)).all()
    assert Counter((row.update_id or row.assessment_id, row.name, row.visibility) for row in laid) == expected
    cleaned = [
        take_file(row.name, (DEMO / "files" / row.name).read_bytes(), of_state=row.update_id is not None)
        for row in laid
    ]
    contents = {sha256(file.content).hexdigest() for file in cleaned}
    assert {row.sha256 for row in laid} == contents == set(Storage(Path(config.STORAGE_DIR)).list_names())
    # One of each: public and confidential, of an update that waits, of an assessment, of one that was withdrawn
    assert {row.visibility for row in laid} == set(Visibility)
    assert any(row.assessment_id for row in laid)
    states = select(ProgressUpdate.state).join(Evidence, Evidence.update_id == ProgressUpdate.id)
    assert set(session.scalars(states)) == {UpdateState.PUBLISHED, UpdateState.VALIDATED}
    assert len(laid) < len(rows("evidence"))


def test_people_write_russian_and_kyrgyz_too() -> None:
    spoken = Counter(row["language"] for name in ("updates", "assessments") for row in rows(name))
    assert spoken["ru"]
    assert spoken["ky"]


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
    assert seen


def test_everybody_of_the_domain_is_there(session: Session) -> None:
    assert set(session.scalars(select(AccountRole.role))) == set(Role)


def test_seeding_it_twice_changes_nothing_and_makes_no_account(session: Session) -> None:
    before = everything(session)
    assert seed_demonstration(session, DEMO, NOW + timedelta(days=40), CHEAP) == []
    assert everything(session) == before


def test_a_draft_that_somebody_discarded_does_not_come_back(session: Session) -> None:
    drafts = select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.DRAFT)
    draft = session.scalars(drafts.order_by(ProgressUpdate.id).limit(1)).one()
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


def test_each_account_opens_with_the_passphrase_that_was_told_once(session: Session) -> None:
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
    administrators = select(Account.handle).join(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR)
    return session.scalars(administrators.order_by(Account.handle)).first() or ""


def test_seeding_again_gives_no_recommendation_back_to_who_lost_it(session: Session) -> None:
    another = session.scalars(select(Organisation).where(Organisation.key == "external")).one()
    assign(session, SYSTEM, recommendation(session), another, AssignmentKind.LEAD, TODAY, NOW)
    session.flush()
    current = select(Assignment.organisation_id).where(Assignment.to_on.is_(None)).order_by(Assignment.id)
    before = session.scalars(current).all()
    seed_demonstration(session, DEMO, NOW, CHEAP)
    session.flush()
    assert session.scalars(current).all() == before
