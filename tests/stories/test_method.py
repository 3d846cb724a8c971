"""The method: every level, figure and legend leads to the paragraph that explains it; the example is a real one."""

import re
from dataclasses import replace

import pytest

from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, Cast, make_assessment, make_update
from tests.stories.pages import by_id, hrefs_of, link_of, tell, words_of
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.levels import DEFINITIONS, Level, ShownLevel
from tracker.models.updates import UpdateState

PARTS = (
    "points",
    "voices",
    "who",
    "entries",
    "levels",
    "silence",
    "range",
    "distribution",
    "denominators",
    "disagreement",
    "wordings",
    "not-shown",
    "example",
    "cite",
)


@pytest.fixture
def filled() -> str:
    return "demo"


def test_each_paragraph_has_an_address(client: StrictClient) -> None:
    page = client.get("/method")
    for part in PARTS:
        assert len(words_of(by_id(page, part))) > 60, part


def test_every_level_is_explained_with_its_word(client: StrictClient) -> None:
    said = words_of(by_id(client.get("/method"), "levels"))
    for level in ShownLevel:
        assert f"{level.label}{DEFINITIONS[level]}" in said


@pytest.mark.parametrize(
    "page", ["/", "/recommendations", "/recommendations/KGZ-3/A12", "/disagreement", "/about"]
)
def test_pages_with_levels_link_to_it(client: StrictClient, page: str) -> None:
    method = client.get("/method")
    links = re.findall(r'href="/method(?:#([a-z-]+))?"', client.get(page).get_data(as_text=True))
    assert len(links) > 1, "the footer, and the key or the sentence"
    for anchor in filter(None, links):
        by_id(method, anchor)


def test_the_example_is_drawn_from_a_recommendation_of_the_review(client: StrictClient) -> None:
    example = by_id(client.get("/method"), "example")
    said = words_of(example)
    address = next(node.get("href") for node in example.iter() if node.get("href"))
    page = text_of(client.get(address))
    # What it says of the State is what the page says
    words = re.search(r"State(\d.*?) ?Civil society", said)
    assert words
    assert words.group(1) in page
    assert "The widest gap is on" in said
    found = re.search(
        r"is (\d) steps? on the scale .* That is (\d) of (\d) organisations? that can be compared", said
    )
    assert found, said
    steps, disagreeing, compared = map(int, found.groups())
    assert 1 <= steps <= 4
    assert 1 <= disagreeing <= compared


@pytest.mark.parametrize("filled", ["cast"])
def test_levels_outside_the_scale_are_not_told_in_steps(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, text=replace(GOOD_UPDATE, level=Level.OVERTAKEN))
        make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, level=Level.REGRESSED))
    said = words_of(by_id(client.get("/method"), "example"))
    assert "on the scale away" not in said
    assert (
        "do not both stand on the scale, so no steps are counted between them: they contradict each other."
        " That is 1 of 1 organisation that can be compared." in said
    )


@pytest.mark.parametrize("filled", ["cast"])
def test_without_entries_the_example_is_a_general_one(client: StrictClient) -> None:
    said = words_of(by_id(client.get("/method"), "example"))
    assert "Nobody has made an entry here yet. Suppose" in said


def test_the_example_follows_a_publication(client: StrictClient, database: Database) -> None:
    before = words_of(by_id(client.get("/method"), "example"))
    tell(database, "DELETE FROM current_entries")
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
    assert words_of(by_id(client.get("/method"), "example")) != before


def test_it_leads_on_to_disagreement_and_about(client: StrictClient) -> None:
    page = client.get("/method")
    assert link_of(page, "Who disagrees, and by how much") == "/disagreement"
    assert hrefs_of(page, "/about")


def test_it_shows_which_themes_we_take_for_which(client: StrictClient) -> None:
    assert "/method/themes" in client.get("/method").get_data(as_text=True)
    page = text_of(client.get("/method/themes"))
    assert "This table is our own reading." in page
    assert "Right to effective remedy & reparations Access to justice & remedy" in page
    assert "45 themes have the same name in both" in page
