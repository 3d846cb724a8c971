"""What the human rights institution says of itself is marked as a self-assessment wherever it is read."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, NOW, Cast, make_assessment
from tests.stories.pages import by_class, by_id, words_of
from tests.strict_client import HTML, StrictClient
from tracker.database import Database
from tracker.policy.actors import Actor
from tracker.services.assessments import publish_assessment

HOUR = timedelta(hours=1)
PAGE = "/recommendations/KGZ-3/A4"


def assess_whole(session: Session, speaker: Actor, at: datetime) -> None:
    publish_assessment(session, speaker, people.recommendation(session, "A4"), None, GOOD_ASSESSMENT, at)


@pytest.fixture(autouse=True)
def said(database: Database, cast: Cast) -> None:
    """Twice on a point and on the whole of A4, which is about the institution, and once each by somebody else."""
    with database.transaction() as session:
        for number in range(2):
            at = NOW + number * HOUR
            make_assessment(session, cast, "ombudsperson", "A4.1", now=at)
            assess_whole(session, cast["ombudsperson"], at)
        make_assessment(session, cast, "lead", "A4.1")
        assess_whole(session, cast["lead"], NOW)


@pytest.mark.parametrize("place", ["A4.1", "whole"])
def test_the_entry_that_counts_and_the_earlier_one_are_marked(client: StrictClient, place: str) -> None:
    section = by_id(client.get(PAGE), place)
    signed = [words_of(node) for node in section.iter() if node.get("class") == "entry__by"]
    assert len(signed) == 3
    for words in signed:
        assert ("· self-assessment" in words) == ("Office of the Ombudsperson" in words), words


@pytest.mark.parametrize("address", [f"{PAGE}/entries?point=A4.1", f"{PAGE}/entries"])
def test_so_is_each_in_the_list_of_all(client: StrictClient, address: str) -> None:
    signed = [words_of(node) for node in by_class(client.get(address), "entry__by")]
    assert len(signed) == 3
    for words in signed:
        assert ("· self-assessment" in words) == ("Office of the Ombudsperson" in words), words


def test_so_is_each_among_the_newest_of_the_review(client: StrictClient) -> None:
    sections = by_class(client.get("/"), "subject")
    [section] = [node for node in sections if node.get("aria-labelledby") == "newest"]
    newest = [words_of(node) for node in section.iter(f"{HTML}li")]
    assert len(newest) > 4
    for words in newest:
        assert ("(self-assessment)" in words) == ("Office of the Ombudsperson" in words), words
