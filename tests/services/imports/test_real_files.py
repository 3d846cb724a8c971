"""Files as they are in the wild, brought in as an official would (TRACKER_REAL_DATA): one review from two layouts is
counted as the printed report counts it, and the same file again changes nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.exchange.imports.states import REAL, needs_real_data
from tests.services.imports.files import everything, items_of, kinds_of, read_here, recommendations
from tracker.exchange.imports.column_names import suggest_columns
from tracker.models.imports import Import
from tracker.models.recommendations import Recommendation, RecommendingState
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM
from tracker.queries.imports import count_held
from tracker.services.imports.applying import apply_import, undo_import
from tracker.services.imports.reading import prepare_reading, store_outcome
from tracker.services.imports.uploads import FileSent, upload_import
from tracker.services.reviews import SourceFacts, add_source, open_review

pytestmark = needs_real_data
GOLDEN = json.loads((REAL / "golden-counts.json").read_text(encoding="utf-8")) if REAL.is_dir() else {}
CODES = {"Supported": "supported", "Noted": "noted", "Supported/Noted": "supported_in_part"}


@pytest.fixture
def kind() -> str:
    """One database: what is counted is the same in both."""
    return "sqlite"


def review_of(session: Session, state: str, cycle: int) -> Review:
    review = open_review(session, SYSTEM, state, cycle, NOW)
    add_source(session, SYSTEM, review, SourceFacts("Report", "A/HRC/99/1", NOW.date(), "en", ""))
    return review


def read(session: Session, review: Review, name: str, *, guess: bool = False) -> Import:
    """`guess`: with the columns that are suggested for a table."""
    content = (REAL / name).read_bytes()
    found = upload_import(session, SYSTEM, review, FileSent(name, content), None, NOW)
    to_read = prepare_reading(session, found, 20_000)
    outcome = read_here(to_read)
    if guess and outcome.file:
        columns = suggest_columns(outcome.file.headers, outcome.file.samples)
        outcome = read_here(replace(to_read, asked=replace(to_read.asked, columns=columns)))
    store_outcome(session, found, outcome)
    return found


def bring(session: Session, review: Review, name: str) -> Import:
    found = read(session, review, name)
    apply_import(session, SYSTEM, found, NOW)
    session.flush()
    return found


def positions(session: Session, review: Review) -> dict[str, int]:
    query = select(Recommendation.position, func.count()).where(Recommendation.review_id == review.id)
    rows = session.execute(query.group_by(Recommendation.position))
    return {position.value: number for position, number in rows}


def pairs(session: Session, review: Review) -> int:
    """Recommendation and State."""
    of_review = select(Recommendation.id).where(Recommendation.review_id == review.id)
    query = select(func.count()).where(RecommendingState.recommendation_id.in_(of_review))
    return session.scalar(query) or 0


MATRICES = {
    "china-2013.docx": ("CHN", 2),
    "egypt-2014.docx": ("EGY", 2),
    "slovenia-2019.docx": ("SVN", 3),
    "slovenia-2025.docx": ("SVN", 4),
}


@pytest.mark.parametrize("name", MATRICES)
def test_a_matrix_has_the_counts_of_its_report_and_comes_twice(
    session: Session, cast: Cast, name: str
) -> None:
    golden: dict[str, Any] = GOLDEN["ohchr_matrix"][name]
    review = review_of(session, *MATRICES[name])
    found = bring(session, review, f"ohchr-matrix/{name}")
    wanted = {CODES[said]: number for said, number in golden["positions"].items()}
    assert positions(session, review) == wanted
    held = count_held(session, SYSTEM, found.id)
    assert (held.recommendations, held.positions) == (golden["recommendations"], wanted)
    assert None not in held.headings
    assert sum(held.headings.values()) == golden["recommendations"]
    assert len(held.headings) in (
        golden["theme_rows"],
        golden["theme_rows"] - 1,
    )  # two of Egypt have the same words
    before = everything(session)
    again = bring(session, review, f"ohchr-matrix/{name}")
    assert kinds_of(session, again) == {"unchanged": golden["recommendations"]}
    assert everything(session) == before


def test_egypt_has_300_recommendations_of_321_pairs(session: Session, cast: Cast) -> None:
    review = review_of(session, "EGY", 2)
    bring(session, review, "ohchr-matrix/egypt-2014.docx")
    assert (len(recommendations(session, review)), pairs(session, review)) == (300, 321)


def test_china_from_two_layouts_has_252(session: Session, cast: Cast) -> None:
    """284 rows of UPR Info, one for each recommending State."""
    review = review_of(session, "CHN", 2)
    bring(session, review, "ohchr-matrix/china-2013.docx")
    texts = [(each.ref, each.text, each.position) for each in recommendations(session, review)]
    matrix = everything(session)
    other = bring(session, review, "upr-info/14-17.csv")
    assert [(each.ref, each.text, each.position) for each in recommendations(session, review)] == texts
    assert len(texts) == 252
    assert all(each.action_category for each in recommendations(session, review))
    after = everything(session)
    for name in ("ohchr-matrix/china-2013.docx", "upr-info/14-17.csv"):
        again = bring(session, review, name)
        taken = [item for item in items_of(session, again) if item.is_taken]
        assert taken == []
        assert everything(session) == after
    undo_import(session, SYSTEM, other, NOW)
    assert everything(session) == matrix


def test_china_the_other_way_round_has_252_too(session: Session, cast: Cast) -> None:
    review = review_of(session, "CHN", 2)
    bring(session, review, "upr-info/14-17.csv")
    parted = len(recommendations(session, review))
    found = bring(session, review, "ohchr-matrix/china-2013.docx")
    numbered = [each for each in recommendations(session, review) if each.ref.startswith("186.")]
    assert len(numbered) == 252
    # what UPR Info had parted is told, so that a person retires the rest
    left = [each for each in recommendations(session, review) if each not in numbered]
    told = [item for item in items_of(session, found) if "parted it" in str(item.problems)]
    assert len(left) <= parted - 252 + len(told)
    assert bool(left) == bool(told)


def test_an_addendum_confirms_the_positions_and_changes_none(session: Session, cast: Cast) -> None:
    review = review_of(session, "SVN", 4)
    bring(session, review, "ohchr-matrix/slovenia-2025.docx")
    assert positions(session, review) == {"supported": 217, "noted": 37}
    found = read(session, review, "wg-reports/slovenia-2025-add1.txt")
    assert [item.changes for item in items_of(session, found) if item.changes] == []
    apply_import(session, SYSTEM, found, NOW)
    assert positions(session, review) == {"supported": 217, "noted": 37}
    assert len(recommendations(session, review)) == 254


@pytest.mark.parametrize("name", ["6-9.xls", "6-9.csv"])
def test_the_first_review_of_kyrgyzstan_beside_the_seeded_letter(
    session: Session, cast: Cast, name: str
) -> None:
    letter = len(
        recommendations(session, session.scalars(select(Review).where(Review.code == "KGZ-3")).one())
    )
    review = review_of(session, "KGZ", 1)
    found = bring(session, review, f"upr-info/{name}")
    assert found.left_out == 8343 - 175
    made = recommendations(session, review)
    assert pairs(session, review) == 175
    report = bring(session, review, "wg-reports/kyrgyzstan-2010.txt")
    numbered = [each for each in recommendations(session, review) if each.ref.startswith(("76.", "77."))]
    assert len(numbered) > 150
    assert {each.id for each in made} & {each.id for each in numbered}
    assert pairs(session, review) == 175, "of seven texts under two numbers each has its own State"
    again = bring(session, review, f"upr-info/{name}")
    changes = [item.changes for item in items_of(session, again) if item.is_taken and item.changes]
    assert (len(changes), pairs(session, review)) == (7, 175)
    assert all(change["issues"][0] == [] for change in changes), "those had no counterpart before the report"
    third = bring(session, review, f"upr-info/{name}")
    assert [item.changes for item in items_of(session, third) if item.is_taken and item.changes] == []
    assert report.state == "applied"
    kgz_3 = session.scalars(select(Review).where(Review.code == "KGZ-3")).one()
    assert len(recommendations(session, kgz_3)) == letter


def test_a_file_that_lost_its_zeros_is_told_so(session: Session, cast: Cast) -> None:
    review = review_of(session, "CHN", 3)
    found = read(session, review, "ohchr-matrix/china-2018-exploded.csv", guess=True)
    said = [sentence for item in items_of(session, found) for _, sentence in item.problems]
    assert sum("decimals" in sentence for sentence in said) > 30
    apply_import(session, SYSTEM, found, NOW)
    refs = [each.ref for each in recommendations(session, review)]
    assert len(refs) == len(set(refs)) > 310
