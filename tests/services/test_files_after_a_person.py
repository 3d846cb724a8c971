"""What a person changed in an imported recommendation, a later file does not take back: its line is doubtful and is not
taken."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import GOOD_ASSESSMENT, NOW, Cast
from tests.exchange.imports.matrices import FOURTH, Row, matrix
from tracker.failures import BadInput
from tracker.models.action_points import PointWording
from tracker.models.imports import Import, ImportItem, ItemKind
from tracker.models.recommendations import Position, Recommendation
from tracker.models.reviews import Review, Source
from tracker.policy.actors import SYSTEM
from tracker.queries.entries import list_entries
from tracker.queries.recommendations.fields import get_fields
from tracker.queries.recommendations.recommendation import get_action_point, get_recommendation
from tracker.queries.wordings import list_earlier_wordings
from tracker.services.assessments import publish_assessment
from tracker.services.imports.applying import apply_import, undo_import
from tracker.services.imports.reading import prepare_reading, read_file, store_outcome
from tracker.services.imports.uploads import FileSent, upload_import
from tracker.services.imports.values import compare
from tracker.services.recommendations.corrections import correct_recommendation
from tracker.services.recommendations.standing import retire_recommendation
from tracker.services.reviews import SourceFacts, add_source, open_review

LATER = NOW + timedelta(days=3)


def row(text: str = "Paint the benches", position: str = "Supported") -> Row:
    themes = "- Ratification\nGroups of Persons: \n- Public officials"
    return (
        f"140.7 {text} (Chile) (France);\nSource of Position: A/HRC/99/15",
        position,
        themes,
        "- 1 - NO POVERTY",
    )


@pytest.fixture
def review(session: Session) -> Review:
    opened = open_review(session, SYSTEM, "KGZ", 4, NOW)
    add_source(session, SYSTEM, opened, SourceFacts("Report", "A/HRC/99/15", date(2025, 9, 1), "en", ""))
    return opened


def bring(session: Session, review: Review, *rows: Row) -> ImportItem:
    """Imports a matrix; gives the item of its first recommendation."""
    source = session.scalars(select(Source.id).where(Source.review_id == review.id)).first()
    sent = FileSent("matrix.docx", matrix(FOURTH, ["Theme: Ratification", *rows]))
    found = upload_import(session, SYSTEM, review, sent, source, NOW)
    store_outcome(session, found, read_file(prepare_reading(session, found, 1000)))
    items = session.scalars(
        select(ImportItem).where(ImportItem.import_id == found.id).order_by(ImportItem.number)
    )
    item = items.all()[0]
    apply_import(session, SYSTEM, found, NOW)
    return item


def asked(session: Session, item: ImportItem) -> ImportItem:
    """What the same import asks a person: a line of its own beside the rest of the row."""
    doubtful = (ImportItem.import_id == item.import_id, ImportItem.kind == ItemKind.DOUBTFUL)
    return session.scalars(select(ImportItem).where(*doubtful)).one()


def stands(session: Session, review: Review) -> Recommendation:
    found = select(Recommendation).where(Recommendation.review_id == review.id)
    return session.scalars(found, execution_options={"populate_existing": True}).one()


def correct(session: Session, cast: Cast, review: Review, **values: Any) -> None:
    own = stands(session, review)
    wanted = replace(get_fields(session, SYSTEM, own), **values)
    correct_recommendation(session, cast["coordinator"], own, wanted, LATER, is_slip=True)


def test_a_corrected_text_is_asked_for(session: Session, cast: Cast, review: Review) -> None:
    bring(session, review, row())
    correct(session, cast, review, text="Paint all benches")
    same = bring(session, review, row())
    assert (same.kind, same.is_taken) == (ItemKind.UNCHANGED, False)
    other = asked(session, bring(session, review, row("Paint some benches")))
    assert not other.is_taken
    assert "Paint all benches" in str(other.problems)
    assert stands(session, review).text == "Paint all benches"


def test_what_a_person_emptied_or_took_off_does_not_come_back(
    session: Session, cast: Cast, review: Review
) -> None:
    bring(session, review, row())
    correct(session, cast, review, position=None, state_codes=frozenset({"CHL"}))
    assert not asked(session, bring(session, review, row(position="Noted"))).is_taken
    assert stands(session, review).position is None


def test_a_list_that_a_person_shortened_is_not_filled_again_unasked() -> None:
    imported = {"states": ["CHL", "FRA"]}
    said = {"states": ["CHL", "FRA", "MLI"]}
    assert compare(said, {"states": ["CHL"]}, imported).changes == {"states": (["CHL"], ["CHL", "MLI"])}
    assert not compare(imported, {"states": ["CHL"]}, imported).changes
    assert compare(said, {"states": []}, {}).changes == {"states": ([], ["CHL", "FRA", "MLI"])}


def test_an_import_that_a_person_changed_is_not_undone(session: Session, cast: Cast, review: Review) -> None:
    first = bring(session, review, row())
    found = session.get_one(Import, first.import_id)
    correct(session, cast, review, short_title="Ours")
    with pytest.raises(BadInput, match=r"140\.7"):
        undo_import(session, cast["coordinator"], found, LATER)


def test_a_file_that_words_a_point_anew_keeps_what_it_said_for_entries(
    session: Session, cast: Cast, review: Review
) -> None:
    bring(session, review, row())
    review.is_published = True
    point = get_action_point(session, SYSTEM, review.code, "140.7.1")
    publish_assessment(session, cast["lead"], point.recommendation, point, GOOD_ASSESSMENT, NOW)
    assert bring(session, review, row("Paint some benches")).is_taken
    session.flush()
    assert session.scalars(select(PointWording.text)).all() == ["Paint the benches"]


def test_a_file_that_words_a_recommendation_anew_keeps_the_text_for_assessments_of_the_whole(
    session: Session, cast: Cast, review: Review
) -> None:
    bring(session, review, row())
    review.is_published = True
    whole = get_recommendation(session, SYSTEM, review.code, "140.7")
    made = publish_assessment(session, cast["lead"], whole, None, GOOD_ASSESSMENT, NOW)
    again = bring(session, review, row("Paint some benches"))
    said = list_entries(session, SYSTEM, [whole.id], 1)
    found = list_earlier_wordings(session, SYSTEM, [whole.id], said)
    assert {each: wording.text for each, wording in found.items()} == {made.id: "Paint the benches"}
    # Undone, the assessment is on the text that stands
    undo_import(session, SYSTEM, session.get_one(Import, again.import_id), LATER)
    assert stands(session, review).text == "Paint the benches"
    assert list_earlier_wordings(session, SYSTEM, [whole.id], said) == {}


def test_an_entry_that_was_published_while_an_import_waited_is_on_the_earlier_wording(
    session: Session, cast: Cast, review: Review
) -> None:
    bring(session, review, row())
    review.is_published = True
    point = get_action_point(session, SYSTEM, review.code, "140.7.1")
    whole, moment = point.recommendation, LATER + timedelta(days=9)
    made = publish_assessment(session, cast["lead"], whole, point, GOOD_ASSESSMENT, moment)
    bring(session, review, row("Paint some benches"))
    said = list_entries(session, SYSTEM, [whole.id], 1)
    assert list_earlier_wordings(session, SYSTEM, [whole.id], said).keys() == {made.id}


def test_a_retired_one_stays_retired(session: Session, cast: Cast, review: Review) -> None:
    bring(session, review, row())
    retire_recommendation(session, cast["coordinator"], stands(session, review), "Printed twice", LATER)
    bring(session, review, row())
    assert stands(session, review).retired_at == LATER
    assert stands(session, review).position == Position.SUPPORTED
