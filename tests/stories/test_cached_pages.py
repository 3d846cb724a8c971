"""Pages are cached until something in the review changes: never a minute longer, and for nobody else's eyes."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from tests.cast import GOOD_ASSESSMENT, Cast, make_assessment, make_update
from tests.neighbours import UNPUBLISHED, add_neighbours
from tests.strict_client import SignIn, StrictClient, text_of
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.models.reviews import Review
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.services.assessments import withdraw_assessment
from tracker.services.reviews import publish_review

PAGES = ("/", "/recommendations", "/recommendations/KGZ-3/A12")


def test_a_publication_shows_at_once_on_pages_that_were_cached(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    assert "on any of the 137 points" in text_of(client.get("/"))
    assert "1 partially, 4 no entry" not in text_of(client.get("/recommendations"))
    assert "eleven officers were trained" not in text_of(client.get("/recommendations/KGZ-3/A12"))
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, now=clock.now())
    assert "a level on 1 of 137 points" in text_of(client.get("/"))
    assert "1 partially, 4 no entry" in text_of(client.get("/recommendations"))
    assert "eleven officers were trained" in text_of(client.get("/recommendations/KGZ-3/A12"))


@pytest.mark.parametrize("page", ["/", "/recommendations", "/recommendations/KGZ-3/A24"])
def test_a_withdrawal_reaches_what_was_cached_and_its_memory(
    client: StrictClient, app: Flask, database: Database, cast: Cast, page: str
) -> None:
    # Given a published assessment that visitors have read
    with database.transaction() as session:
        made = make_assessment(session, cast, now=clock.now()).id
    assert GOOD_ASSESSMENT.narrative in text_of(client.get("/recommendations/KGZ-3/A12"))
    # When it is withdrawn and anybody opens a page of the review
    with database.transaction() as session:
        assessment = session.get_one(Assessment, made)
        withdraw_assessment(session, cast["lead"], assessment, clock.now().date())
    assert GOOD_ASSESSMENT.narrative not in text_of(client.get(page))
    # Then the text is neither on its page nor in what the application keeps
    assert GOOD_ASSESSMENT.narrative not in str(app.extensions["cache"]._entries)
    assert GOOD_ASSESSMENT.narrative not in text_of(client.get("/recommendations/KGZ-3/A12"))


def test_the_list_of_all_reviews_follows_every_review(
    client: StrictClient, signed_in: SignIn, database: Database, cast: Cast
) -> None:
    """Of whoever sees a review that is not published nothing is cached, and a published one is there at once."""
    everything = "/recommendations?review=all"

    def refs(reader: StrictClient) -> str:
        return text_of(reader.get(everything))

    assert "V1" not in refs(client)
    with database.transaction() as session:
        add_neighbours(session)
        make_update(session, cast, UpdateState.PUBLISHED, now=clock.now())
    assert "U1" in refs(client)
    assert "V1" in refs(signed_in("foreign_coordinator"))
    assert "V1" not in refs(client)
    with database.transaction() as session:
        hidden = session.scalars(select(Review).where(Review.code == UNPUBLISHED)).one()
        publish_review(session, SYSTEM, hidden, clock.now())
    assert "V1" in refs(client)


def test_nothing_of_a_signed_in_reader_is_cached_for_visitors(
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


@pytest.mark.parametrize("page", PAGES)
def test_no_reader_puts_addresses_into_the_pages_of_others(client: StrictClient, page: str) -> None:
    """The web server takes SCRIPT_NAME from a header where the connection comes from the same machine."""
    theirs = client.get(page, environ_overrides={"SCRIPT_NAME": "//evil.example"})
    assert "evil.example" not in theirs.text
    assert client.get(page).text == theirs.text


def test_tomorrow_the_home_page_shows_what_comes_next_then(client: StrictClient) -> None:
    def due() -> str:
        return text_of(client.get("/")).partition("What is due")[2].partition("By heading")[0]

    today = due()
    clock.shift_by_days(400)
    try:
        later = due()
    finally:
        clock.shift_by_days(0)
    assert today
    assert later
    assert today != later
    assert due() == today


def test_what_was_cached_before_it_became_a_demonstration_is_written_anew(
    client: StrictClient, app: Flask, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, language="ru"))
    unchecked = "text not checked by a native speaker"
    assert unchecked not in text_of(client.get("/recommendations/KGZ-3/A12"))
    with database.transaction() as session:
        session.add(Setting(name=DEMONSTRATION, value="yes"))
    app.extensions["demonstration"]["asked_at"] = None  # a minute later
    assert unchecked in text_of(client.get("/recommendations/KGZ-3/A12"))
