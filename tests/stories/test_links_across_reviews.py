"""Links across reviews: the coordinator decides on suggestions, and everybody reads what was asked before."""

import pytest
from sqlalchemy import select

from tests.cast import make_update, read_cast
from tests.earlier_reviews import add_recommendation
from tests.stories.pages import sentences
from tests.strict_client import SignIn, StrictClient, text_of
from tracker.database import Database
from tracker.models.recommendation_links import RecommendationLink
from tracker.models.recommendations import Position
from tracker.models.updates import UpdateState

ASKED = "Investigate all cases of intimidation of human rights defenders and journalists"
PAGE = "/links/KGZ-3/A12"


@pytest.fixture(autouse=True)
def first_review(database: Database) -> None:
    with database.transaction() as session:
        add_recommendation(session, "KGZ-1", "76.12", f"{ASKED} (Norway)", position=Position.NOTED)
        add_recommendation(session, "KGZ-1", "76.13", "Plant trees along the rivers (Peru)")
        make_update(session, read_cast(session), UpdateState.PUBLISHED, "A12.1")


def links(database: Database) -> list[str]:
    with database.reading() as session:
        return [kind.value for kind in session.scalars(select(RecommendationLink.kind))]


def test_a_suggestion_is_accepted_and_everybody_reads_it_on_both_pages(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a visitor who reads nothing of other reviews yet
    assert "In other reviews" not in text_of(client.get("/recommendations/KGZ-3/A12"))
    assert "No recommendations of different reviews are linked yet" in text_of(client.get("/links/repeated"))
    # When the coordinator opens the list of suggestions, finds 76.12 under A12 and accepts it
    coordinator = signed_in("coordinator")
    listed = coordinator.get("/links?review=KGZ-3")
    assert ASKED in text_of(listed)
    sent = {"earlier_review": "KGZ-1", "earlier_ref": "76.12", "kind": "repeats", "back": "1"}
    answer = coordinator.send("/links?review=KGZ-3", PAGE, decision="link", **sent)
    # Then the list comes back and says so
    assert answer.headers["Location"] == "/links?review=KGZ-3&page=1"
    assert "Linked: KGZ-3 A12 repeats KGZ-1 76.12." in text_of(coordinator.get("/links?review=KGZ-3"))
    # And everybody reads on the page what was asked before, and what became of it
    page = text_of(client.get("/recommendations/KGZ-3/A12"))
    assert "Asked before KGZ-1 76.12 (2010)" in page
    assert "Noted · no entry by the State" in page
    page = text_of(client.get("/recommendations/KGZ-1/76.12"))
    assert "Asked again later KGZ-3 A12 (2020)" in page
    assert "the State says: 1 partially, 4 no entry" in page
    page = text_of(client.get("/links/repeated"))
    assert "1 group" in page
    assert "in 2 reviews, 2 recommendations" in page
    assert sentences(database)[-1] == "coordinator noted that KGZ-3 A12 repeats KGZ-1 76.12"


def test_a_refused_suggestion_is_not_made_again_until_it_is_taken_back(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    sent = {"earlier_review": "KGZ-1", "earlier_ref": "76.12", "kind": "similar"}
    assert coordinator.send(PAGE, PAGE, decision="refuse", **sent).status_code == 303
    page = text_of(coordinator.get(PAGE))
    assert "is not related to KGZ-1 76.12" in page
    assert "Nothing alike was found" in page
    # Nobody else reads of it
    assert "76.12" not in text_of(client.get("/recommendations/KGZ-3/A12"))
    # Taken back, it is suggested again
    coordinator.send(PAGE, "/remove")
    assert links(database) == []
    assert "Suggested, most alike first KGZ-1 76.12" in text_of(coordinator.get(PAGE))


def test_other_words_are_linked_by_hand_and_a_wrong_number_comes_back(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    form = {"earlier_review": "KGZ-1", "kind": "follows_up"}
    answer = coordinator.send(PAGE, PAGE, earlier_ref="76.99", **form)
    assert answer.status_code == 422
    assert "KGZ-1 has no recommendation with the number 76.99" in text_of(answer)
    assert 'value="76.99"' in answer.get_data(as_text=True)
    answer = coordinator.send(PAGE, PAGE, earlier_ref="", **form)
    assert "Enter the number of the earlier recommendation" in text_of(answer)
    answer = coordinator.send(PAGE, PAGE, **{**form, "earlier_review": "KGZ-3", "earlier_ref": "A24"})
    assert "KGZ-3 A24 does not come before KGZ-3 A12" in text_of(answer)
    assert links(database) == []
    # A number that is written in another way is understood
    assert coordinator.send(PAGE, PAGE, earlier_ref="76.13. ", **form).status_code == 303
    assert links(database) == ["follows_up"]


def test_a_review_without_an_earlier_one_says_what_to_do(signed_in: SignIn) -> None:
    page = text_of(signed_in("coordinator").get("/links?review=KGZ-1"))
    assert "No earlier review of this State has recommendations here. Import them" in page


def test_the_recommendation_leads_the_coordinator_there_and_nobody_else(
    signed_in: SignIn, client: StrictClient
) -> None:
    words = "Link it to earlier recommendations"
    assert words in text_of(signed_in("coordinator").get("/recommendations/KGZ-3/A24"))
    assert words not in text_of(signed_in("focal_point").get("/recommendations/KGZ-3/A24"))
    assert words not in text_of(client.get("/recommendations/KGZ-3/A24"))


@pytest.mark.parametrize(
    "address", ["/links?page=0", "/links?page=99", "/links/repeated?page=2", "/links/KGZ-3/A99"]
)
def test_what_is_not_there_is_not_found(signed_in: SignIn, address: str) -> None:
    assert signed_in("coordinator").get(address).status_code == 404
