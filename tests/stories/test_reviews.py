"""A coordinator opens a review, prepares it, publishes and closes it; everybody else sees what they may."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.earlier_reviews import add_recommendation
from tests.stories.imports import import_matrix
from tests.stories.pages import ask, by_class, link_of, options_of, sentences, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, text_of, token_of
from tracker.database import Database
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import RecommendationTheme
from tracker.models.themes import Scheme, Theme
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_recommendation
from tracker.services import assignments

pytestmark = pytest.mark.database

SOURCE = {
    "symbol": "A/HRC/60/4",
    "title": "Report of the Working Group on the Universal Periodic Review: Kyrgyzstan",
    "dated_on": "1.7.2025",
    "link": "https://undocs.org/A/HRC/60/4",
}


def open_fourth(coordinator: StrictClient) -> None:
    answer = coordinator.send("/reviews/open", "/reviews/open", cycle="4", **SOURCE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/reviews/KGZ-4/prepare"


def test_a_review_is_opened_prepared_published_and_closed(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    # The seeded review is known and empty: the first page says so
    assert link_of(coordinator.get("/work"), "Open the review KGZ-4") == "/reviews/open?cycle=4"
    assert client.get("/reviews/KGZ-4").status_code == 200
    open_fourth(coordinator)
    assert client.get("/reviews/KGZ-4").status_code == 404
    page = coordinator.get("/reviews/KGZ-4/prepare")
    assert SOURCE["symbol"] in text_of(page)
    assert link_of(page, "Publish the review") is None  # there is nothing to publish
    waiting = [
        words_of(row) for row in by_class(page, "task-list__row") if "not yet possible" in words_of(row)
    ]
    assert [row.partition("as soon as")[0] for row in waiting] == [
        "Assign the recommendations",
        "Publish the review",
    ]
    assert coordinator.get("/reviews/KGZ-4/publish").status_code == 303
    # One that was opened by mistake is closed, and no page says that everybody reads it
    assert coordinator.send("/reviews/KGZ-4/close", "/close").status_code == 303
    page = text_of(coordinator.get("/reviews/KGZ-4/prepare"))
    assert "before it was published: only you" in page
    assert "everybody reads it, and" not in page
    assert client.get("/reviews/KGZ-4").status_code == 404
    assert coordinator.send("/reviews/KGZ-4/prepare", "/reopen").status_code == 303
    # Then the recommendations come in, and still nobody else reads them
    import_matrix(coordinator)
    assert client.get("/recommendations/KGZ-4/186.28").status_code == 404
    assert "KGZ-4" not in text_of(client.get("/reviews"))
    assert "not published" in text_of(coordinator.get("/reviews"))
    assert coordinator.get("/").get_data(as_text=True).count("cycle 3") > 0  # the published one comes first
    # Publishing asks once, and says what will be public
    page = coordinator.get("/reviews/KGZ-4/publish")
    assert "3 recommendations of the Working Group" in text_of(page)
    assert coordinator.send("/reviews/KGZ-4/publish", "/publish").status_code == 303
    assert client.get("/recommendations/KGZ-4/186.28").status_code == 200
    home = text_of(client.get("/"))
    assert "cycle 4" in home
    assert "Acceptance of international norms (2)" in home
    assert "3 recommendations of the Working Group as a list" in home
    reviews = text_of(client.get("/reviews"))
    assert "Supported 2" in reviews
    assert "Noted 1" in reviews
    # Closing too; and it can be opened again
    assert coordinator.send("/reviews/KGZ-4/close", "/close").status_code == 303
    assert "takes no entries" in text_of(client.get("/reviews"))
    assert coordinator.get("/imports/new/KGZ-4").status_code == 409
    assert coordinator.send("/reviews/KGZ-4/prepare", "/reopen").status_code == 303
    assert coordinator.get("/imports/new/KGZ-4").status_code == 200
    verbs = [row.verb for row in ask(database, "SELECT verb FROM history_lines ORDER BY id")][-4:]
    assert verbs == ["apply_import", "publish_review", "close_review", "reopen_review"]
    assert sentences(database, "publish_review") == ["coordinator published the review KGZ-4"]


def test_the_list_offers_the_filters_that_the_review_has(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    open_fourth(coordinator)
    import_matrix(coordinator)
    page = coordinator.get("/recommendations?review=KGZ-4")
    search, *labels = [words_of(node) for node in parse(page).iter(f"{HTML}label")]
    assert search == "Search by words, or by a reference such as 186.28"
    # All are of one kind, and nobody has said anything: these filters would change nothing
    assert labels == [
        "Heading as printed",
        "OHCHR theme",
        "Group of persons",
        "Development goal",
        "Position",
        "Recommending State",
    ]
    assert f"More filters: {' · '.join(labels)}" in text_of(page)
    [theme, *_] = options_of(page, "theme")
    assert "OHCHR theme: " in text_of(coordinator.get(f"/recommendations?review=KGZ-4&theme={theme}"))
    # The letter has other ones
    said = text_of(coordinator.get("/recommendations?review=KGZ-3"))
    assert "such as A1 Search" in said
    assert "More filters: Working topic · Heading or OHCHR theme · Organisation · Group" in said
    assert "such as" not in text_of(coordinator.get("/recommendations?review=all"))


def test_headings_stand_in_the_order_of_the_source_and_beyond_twenty_they_are_folded(
    client: StrictClient, database: Database
) -> None:
    with database.transaction() as session:
        backwards = select(Theme).where(Theme.scheme == Scheme.OHCHR).order_by(Theme.order.desc(), Theme.id)
        themes = session.scalars(backwards.limit(22)).all()
        expected = [f"{theme.label} (1)" for theme in themes]
        for number, theme in enumerate(themes, 1):
            added = add_recommendation(session, "KGZ-4", f"140.{number}", "Plant more trees")
            tag = {"recommendation_id": added.id, "theme_id": theme.id}
            session.add(RecommendationTheme(**tag, is_heading=True, is_own_reading=False))
    page = client.get("/reviews/KGZ-4")
    assert [words_of(each) for each in by_class(page, "headings-table__name")] == expected
    [folded] = [each for each in parse(page).iter(f"{HTML}details") if "more headings" in words_of(each)]
    assert words_of(folded).startswith("2 more headings")
    rows = [words_of(each) for each in folded.iter(f"{HTML}th") if each.get("scope") == "row"]
    assert rows == expected[20:]


def test_people_who_are_assigned_see_what_is_prepared_and_nobody_else(
    signed_in: SignIn, database: Database
) -> None:
    coordinator, focal_point, other = (
        signed_in(name) for name in ("coordinator", "focal_point", "other_focal_point")
    )
    open_fourth(coordinator)
    import_matrix(coordinator)
    assert focal_point.get("/reviews/KGZ-4").status_code == 404
    with database.transaction() as session:
        _assign(session, "ministry-a")
    assert focal_point.get("/reviews/KGZ-4").status_code == 200
    assert "This review is not published yet" in text_of(focal_point.get("/reviews/KGZ-4"))
    page = focal_point.get("/recommendations/KGZ-4/186.28")
    assert page.status_code == 200
    assert link_of(page, "Write an update") is None
    assert "Go on preparing" not in text_of(focal_point.get("/reviews"))
    assert other.get("/reviews/KGZ-4").status_code == 404
    assert focal_point.get("/reviews/KGZ-4/prepare").status_code == 403


def _assign(session: Session, key: str) -> None:
    ministry = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    recommendation = get_recommendation(session, SYSTEM, "KGZ-4", "186.28")
    assignments.assign(
        session, SYSTEM, recommendation, ministry, AssignmentKind.LEAD, people.TODAY, people.NOW
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"cycle": ""}, "Enter the cycle as a number"),
        ({"cycle": "four"}, "Enter the cycle as a number"),
        ({"cycle": "0"}, "Enter the cycle as a number"),
        ({"cycle": "99"}, "Enter the cycle as a number"),
        ({"cycle": "4", "title": ""}, "Give the title of the document"),
        ({"cycle": "4", "dated_on": ""}, "Give the date of the document"),
        ({"cycle": "4", "dated_on": "soon"}, "with day, month and year"),
        ({"cycle": "4", "symbol": "no symbol"}, "is no document symbol"),
        ({"cycle": "4", "link": "undocs"}, "Enter a link that begins with https://"),
    ],
)
def test_a_form_that_is_wrong_says_where_and_loses_nothing(
    signed_in: SignIn, database: Database, sent: dict[str, str], said: str
) -> None:
    coordinator = signed_in("coordinator")
    answer = coordinator.send("/reviews/open", "/reviews/open", **{**SOURCE, **sent})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert {**SOURCE, **sent}["link"] in answer.get_data(as_text=True)
    assert ask(database, "SELECT id FROM history_lines WHERE verb = 'open_review'") == []


def test_a_review_without_recommendations_says_so_and_what_to_do(
    signed_in: SignIn, client: StrictClient
) -> None:
    page = client.get("/reviews/KGZ-2")
    assert "No recommendations of this review are here yet." in text_of(page)
    assert "196 recommendations" in text_of(page)
    assert link_of(page, "KGZ-3") == "/reviews/KGZ-3"
    assert link_of(page, "Prepare KGZ-2") is None
    assert link_of(signed_in("coordinator").get("/reviews/KGZ-2"), "Prepare") == "/reviews/KGZ-2/prepare"


def test_the_first_pages_of_the_coordinator_say_what_to_do_until_it_is_done(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    for address in ("/", "/work"):
        assert "What to do next" in text_of(coordinator.get(address))
    assert "flask" not in text_of(coordinator.get("/"))
    for others in (client, signed_in("focal_point"), signed_in("lead")):
        assert "What to do next" not in text_of(others.get("/"))
    # Of a State that knows no review
    for table in ("review_figures", "import_items", "milestones"):
        tell(database, f"DELETE FROM {table}")
    tell(database, "UPDATE reviews SET state_code = 'UZB'")
    assert link_of(coordinator.get("/"), "Open a review") == "/reviews/open"
    assert "Nothing to follow up yet" in text_of(client.get("/"))
    assert "flask" not in text_of(client.get("/"))


def test_inviting_leads_to_the_leading_organisations_that_have_no_focal_point(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    open_fourth(coordinator)
    import_matrix(coordinator)
    with database.transaction() as session:
        _assign(session, "ministry-a")
    assert link_of(coordinator.get("/reviews/KGZ-4/prepare"), "Invite the people") == "/organisations"
    with database.transaction() as session:
        _assign(session, "secretariat")
    invite = link_of(coordinator.get("/reviews/KGZ-4/prepare"), "Invite the people")
    assert invite == "/assignments/KGZ-4#no-focal-point"
    page = coordinator.get(invite)
    assert "no-focal-point" in page.get_data(as_text=True)
    button = link_of(page, "Invite a focal point Secretariat of the Mechanism")
    assert button == "/invitations/new/secretariat"


def test_a_coordinator_of_another_state_prepares_nothing_here(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    tell(database, "UPDATE reviews SET state_code = 'UZB' WHERE code = 'KGZ-4'")
    token = token_of(coordinator)
    for step in ("publish", "close", "reopen"):
        assert coordinator.post(f"/reviews/KGZ-4/{step}", data=token).status_code == 403
