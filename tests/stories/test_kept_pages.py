"""Pages are kept until something in the review changes: never a minute longer, and for nobody else's eyes."""

import pytest
from flask import Flask

from config import Config
from tests.cast import GOOD_ASSESSMENT, Cast, make_assessment, make_update
from tests.strict_client import SignIn, StrictClient, text_of
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.models.updates import UpdateState
from tracker.services.assessments import withdraw_assessment

PAGES = ("/", "/recommendations", "/recommendations/KGZ-3/A12")


def test_a_publication_shows_at_once_on_pages_that_were_kept(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    assert "0 of 134" in text_of(client.get("/"))
    assert "1 of 5 points assessed" not in text_of(client.get("/recommendations"))
    assert "eleven officers were trained" not in text_of(client.get("/recommendations/KGZ-3/A12"))
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, now=clock.now())
    assert "1 of 134" in text_of(client.get("/"))
    assert "1 of 5 points assessed" in text_of(client.get("/recommendations"))
    assert "eleven officers were trained" in text_of(client.get("/recommendations/KGZ-3/A12"))


def test_a_withdrawal_reaches_what_was_kept_and_its_memory(
    client: StrictClient, app: Flask, database: Database, cast: Cast
) -> None:
    # Given a published assessment that visitors have read
    with database.transaction() as session:
        made = make_assessment(session, cast, now=clock.now()).id
    assert GOOD_ASSESSMENT.narrative in text_of(client.get("/recommendations/KGZ-3/A12"))
    # When it is withdrawn and anybody opens any page of the review that is kept the same way
    with database.transaction() as session:
        assessment = session.get_one(Assessment, made)
        withdraw_assessment(session, cast["lead"], assessment, clock.now().date(), clock.now())
    assert GOOD_ASSESSMENT.narrative not in text_of(client.get("/recommendations/KGZ-3/A24"))
    # Then the text is neither on its page nor in what the application keeps
    assert GOOD_ASSESSMENT.narrative not in str(app.extensions["kept_pages"]._kept)
    assert GOOD_ASSESSMENT.narrative not in text_of(client.get("/recommendations/KGZ-3/A12"))


def test_nothing_of_a_signed_in_reader_is_kept_for_visitors(
    client: StrictClient, signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.DRAFT, now=clock.now())
    reader = signed_in("focal_point")
    for page in PAGES:
        assert "focal_point" in text_of(reader.get(page))
    theirs = text_of(reader.get("/recommendations/KGZ-3/A12"))
    assert "Write an update on A12.1" in theirs
    assert "Open update on A12.1: Draft" in theirs
    for page in PAGES:
        seen = text_of(client.get(page))
        for words in ("focal_point", "Write an update", "Open update", "Sign out"):
            assert words not in seen


@pytest.mark.parametrize("page", PAGES)
def test_two_applications_on_one_database_agree_after_a_change(
    client: StrictClient, config: Config, database: Database, cast: Cast, page: str
) -> None:
    """Two processes serve one instance: what one keeps is no older than what the other wrote."""
    other = create_app(config)
    try:
        before = client.get(page).data
        assert other.test_client().get(page).data == before
        with database.transaction() as session:
            make_update(session, cast, UpdateState.PUBLISHED, now=clock.now())
        after = client.get(page).data
        assert other.test_client().get(page).data == after != before
    finally:
        other.extensions["database"].dispose()
