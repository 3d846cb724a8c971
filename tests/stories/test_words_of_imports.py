"""Themes and groups that a file brought into a review which is not published: only who sees the review reads them."""

import pytest

from tests import neighbours
from tests.cast import read_cast
from tests.services.imports.files import bring, matrix, open_empty
from tests.strict_client import SignIn, StrictClient, text_of
from tracker.database import Database

THEME, GROUP = "Trees and parks", "Gardeners"
ASKED = (
    "/recommendations?review={review}&theme={theme}",
    "/recommendations?review={review}&heading={theme}",
    "/recommendations?review={review}&group={group}",
    "/recommendations.json?review={review}&group={group}",
)
OF_FILE = {"theme": "ohchr-trees-and-parks", "group": "gardeners"}
UNKNOWN = {"theme": "ohchr-elves-and-parks", "group": "gardenias"}


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture(autouse=True)
def imported(database: Database) -> None:
    with database.transaction() as session:
        bring(session, read_cast(session)["coordinator"], open_empty(session), matrix())


def answers(client: StrictClient, review: str, named: dict[str, str]) -> list[str]:
    """What a page answers, without what was asked for."""
    found = []
    for address in ASKED:
        answer = client.get(address.format(review=review, **named))
        body = answer.get_data(as_text=True) if answer.is_json else text_of(answer)
        for value in named.values():
            body = body.replace(value, "…")
        found.append(f"{answer.status_code} {body}")
    return found


@pytest.mark.parametrize("who", ["visitor", "foreign_coordinator", "focal_point", "administrator"])
def test_they_are_unknown_to_everybody_else(client: StrictClient, signed_in: SignIn, who: str) -> None:
    reader = client if who == "visitor" else signed_in(who)
    for review in ("all", "KGZ-3"):
        assert answers(reader, review, OF_FILE) == answers(reader, review, UNKNOWN)
        assert not any(word in said for said in answers(reader, review, OF_FILE) for word in (THEME, GROUP))


def test_a_form_offers_them_to_the_coordinator_of_the_state_alone(signed_in: SignIn) -> None:
    own = text_of(signed_in("coordinator").get("/editing/new/KGZ-4"))
    other = text_of(signed_in("foreign_coordinator").get(f"/editing/new/{neighbours.UNPUBLISHED}"))
    for word in (THEME, GROUP):
        assert (word in own, word in other) == (True, False)


def test_everybody_reads_them_once_the_review_is_published(client: StrictClient, signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    assert GROUP in text_of(coordinator.get("/recommendations?review=KGZ-4&group=gardeners"))
    assert coordinator.send("/reviews/KGZ-4/publish", "/publish").status_code == 303
    for review in ("all", "KGZ-4"):
        page = text_of(client.get(f"/recommendations?review={review}&group=gardeners"))
        assert (GROUP in page, "140.1" in page) == (True, True)
    assert THEME in text_of(signed_in("foreign_coordinator").get(f"/editing/new/{neighbours.UNPUBLISHED}"))
