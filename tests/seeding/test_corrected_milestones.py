"""A later seed leaves the dates that a person corrected or entered, and all that belongs together of one."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from config import ROOT
from tests.cast import NOW, Cast
from tracker.models.milestone_fields import MilestoneFields
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.reviews import Review
from tracker.seeding.reference import seed_reference
from tracker.seeding.table import Outcome
from tracker.services.review_milestones import add_milestone, correct_milestone

pytestmark = pytest.mark.database

LATER = NOW + timedelta(days=30)
CORRECTED = MilestoneFields(
    date(2025, 9, 26), date(2025, 10, 8), Certainty.DERIVED, "HRC60, second half", "By the coordinator"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "seed" / "reference", tmp_path / "reference"))


def seed(session: Session, folder: Path, edit: dict[str, Any] | None) -> Outcome:
    """With the adoption of the fourth review as the file has it now; None: the file has it no more."""
    path = folder / "milestones.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    kept = [row for row in rows if row["key"] != "upr4_adoption"]
    if edit is not None:
        kept += [{**row, **edit} for row in rows if row["key"] == "upr4_adoption"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    outcome = seed_reference(session, folder, LATER.date(), LATER)
    session.flush()
    return outcome


def adoption(session: Session) -> Milestone:
    query = select(Milestone).where(Milestone.key == "upr4_adoption").options(joinedload(Milestone.review))
    return session.scalars(query).one()


def correct(session: Session, cast: Cast) -> None:
    """The first day, its source and a note: not the last day, nor how it is known."""
    seen = MilestoneFields.of(adoption(session)).digest
    correct_milestone(session, cast["coordinator"], adoption(session), CORRECTED, NOW, seen=seen)


def test_a_corrected_date_stays_whole_where_the_file_says_something_else_later(
    session: Session, cast: Cast, folder: Path
) -> None:
    correct(session, cast)
    # The file's last day would lie before the first one that the person entered, and it names another source
    later = {"ends_on": "2025-09-10", "certainty": "sourced", "source": "Another", "label": "Adopted at last"}
    seed(session, folder, later)
    session.refresh(adoption(session))
    assert MilestoneFields.of(adoption(session)) == CORRECTED
    assert adoption(session).label == "Adopted at last"  # nobody corrected that


def test_a_date_that_nobody_corrected_follows_the_file(session: Session, cast: Cast, folder: Path) -> None:
    seed(session, folder, {"ends_on": "2025-09-10"})
    assert adoption(session).ends_on == date(2025, 9, 10)


def test_the_file_without_it_takes_a_date_away_unless_somebody_corrected_it(
    session: Session, cast: Cast, folder: Path
) -> None:
    correct(session, cast)
    assert seed(session, folder, None).left == ["milestones upr4_adoption"]
    assert MilestoneFields.of(adoption(session)) == CORRECTED


def test_what_a_person_entered_is_left(session: Session, cast: Cast, folder: Path) -> None:
    review = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
    kind = MilestoneKind.ADOPTION
    added = add_milestone(session, cast["coordinator"], review, kind, CORRECTED, NOW)
    assert seed(session, folder, {}).is_nothing
    session.refresh(added)
    assert MilestoneFields.of(added) == CORRECTED
