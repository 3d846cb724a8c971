"""A page costs the same number of statements, however many rows it shows."""

import pytest

from tests.statements import watching
from tests.strict_client import StrictClient
from tracker.database import Database


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.mark.parametrize(
    ("few", "many", "most"),
    [
        ("/", "/", 5),  # of one size: its number alone is looked at
        ("/method", "/method", 4),
        ("/about", "/about", 7),
        (
            "/disagreement?state_says=fully_implemented&others_say=regressed",
            "/disagreement?state_says=no_entry&others_say=no_entry",
            4,
        ),
        ("/recommendations?q=torture", "/recommendations", 7),
        (
            "/recommendations?review=all&q=torture",
            "/recommendations?review=all",
            8,
        ),  # one for what is cached of all
        ("/organisations/migration", "/organisations/employment", 9),  # one for names that were corrected
        ("/organisations", "/organisations", 5),  # of each of its two lists the names come first
        ("/reports", "/reports", 4),
        ("/calendar", "/calendar", 3),
        (
            "/recommendations/KGZ-3/A3",
            "/recommendations/KGZ-3/A24",
            21,
        ),  # one for the levels over time, without texts, one for links across reviews, and one for translations
    ],
)
def test_the_number_of_statements_does_not_grow(
    client: StrictClient, database: Database, few: str, many: str, most: int
) -> None:
    counted: list[str] = []
    # What is cached of the review stands now; a page of its own, or of all reviews, is compared as it is first read.
    warm = {"/recommendations?review=all": "/recommendations"}.get(many, many)
    client.get("/recommendations/KGZ-3/A1" if "KGZ-3" in many else warm)
    client.get("/reports")  # the figures
    numbers = []
    with watching(client.application.extensions["database"], lambda said, _: counted.append(said)):
        for address in (few, many):
            counted.clear()
            assert client.get(address).status_code == 200
            numbers.append(len([line for line in counted if line.lstrip().startswith("SELECT")]))
    assert abs(numbers[0] - numbers[1]) <= (1 if "q=" in few else 0), numbers
    assert 0 < max(numbers) <= most, numbers
