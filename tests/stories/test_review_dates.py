"""A coordinator enters the dates of a review: then people are reminded of its report. What the seed knows stays public
while a review is prepared; what a person entered is seen with the review."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from tests.neighbours import STATE
from tests.stories.imports import import_matrix
from tests.stories.pages import ask, link_of, sentences, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, text_of, token_of
from tracker import clock
from tracker.database import Database
from tracker.language import long_date
from tracker.services.milestones import next_offset

pytestmark = pytest.mark.database

ADOPTED = {"starts_on": "2.7.2026", "certainty": "sourced", "source": "A/HRC/62/2, paragraph 5"}
REPORT_FROM, REPORT_TO = date(2028, 7, 2), date(2029, 1, 2)
FIRST_REMINDER = date(2027, 7, 2)
MID_TERM = date(2026, 12, 8)
"""Nine months before the window that the seed knows for KGZ-4."""
SECRET = "Told by the Mission in Geneva, not announced yet"


class TestOfAnotherState:
    @pytest.fixture
    def filled(self) -> str:
        return "two_states"

    def test_a_state_opens_its_review_enters_its_dates_and_is_reminded(
        self,
        signed_in: SignIn,
        client: StrictClient,
        database: Database,
        remind: Callable[[date], str],
    ) -> None:
        # Given a coordinator whose State opens a review that nobody knows here
        coordinator = signed_in("foreign_coordinator")
        assert coordinator.send("/reviews/open", "/reviews/open", cycle="5").status_code == 303
        prepare = f"/reviews/{STATE}-5/prepare"
        page = coordinator.get(prepare)
        assert "No date of this review is known here" in text_of(page)
        assert link_of(page, "Enter the dates of the review") == f"{prepare}#dates"
        # When the adoption is entered, with the document that says so
        add = f"/reviews/{STATE}-5/dates/add"
        assert coordinator.send(add, add, kind="adoption", **ADOPTED).status_code == 303
        page = coordinator.get(prepare)
        assert "Adoption, fifth review" in text_of(page)
        assert ADOPTED["source"] in text_of(page)
        # Then the window of the report is proposed, and entered as it is proposed
        proposed = link_of(page, "Enter this window")
        assert proposed == f"{add}?kind=mid_term_report"
        assert coordinator.send(proposed, add).status_code == 303
        rows = ask(
            database, "SELECT starts_on, ends_on, certainty FROM milestones WHERE is_by_hand ORDER BY id"
        )
        assert [str(each) for each in rows[1]] == [str(REPORT_FROM), str(REPORT_TO), "derived"]
        page = coordinator.get(prepare)
        today = clock.day_in("Asia/Bishkek", clock.now())
        next_on = next_offset(REPORT_FROM, REPORT_TO, today)
        assert next_on is not None
        assert f"The next reminder is due on {long_date(next_on)}." in text_of(page)
        assert link_of(page, "Enter this window") is None
        assert "mid-term report from 2 Jul" in text_of(page)
        # And the coordinator is reminded of it, alone: nobody else sees the review
        assert (
            remind(FIRST_REMINDER - timedelta(days=1)) == "4 mails queued"
        )  # the other State's, of its own date
        assert remind(FIRST_REMINDER) == "1 mail queued"
        body = body_of(database, "foreign_coordinator")
        assert "* Mid-term report, fifth review\n  From 2 July 2028 to 2 January 2029 (derived)" in body
        assert (
            "The recommendations of the fifth review are not published here yet. What follows is about those of the"
            " third review (UZB-3)." in body
        )
        assert "Mid-term report, fifth review" in text_of(coordinator.get("/calendar"))
        for other in (client, signed_in("foreign_focal_point"), signed_in("foreign_lead")):
            assert "Mid-term report, fifth review" not in text_of(other.get("/calendar"))
            assert ADOPTED["source"] not in text_of(other.get("/calendar/sources"))
        assert sentences(database, "enter_milestone")[0] == (
            "foreign_coordinator entered a date of UZB-5: Adoption, 2 Jul 2026"
        )


def links_of(client: StrictClient, address: str) -> set[str]:
    found = {node.get("href", "") for node in parse(client.get(address)).iter(f"{HTML}a")}
    return {urlsplit(each).path for each in found if each.startswith("/")}


def body_of(database: Database, handle: str) -> str:
    query = "SELECT body FROM outgoing_mails JOIN accounts ON accounts.id = account_id WHERE handle = :handle"
    return str(ask(database, query, handle=handle)[0].body)


def test_a_date_of_the_seed_stays_public_and_is_reminded_of_while_its_review_is_prepared(
    signed_in: SignIn, client: StrictClient, database: Database, remind: Callable[[date], str]
) -> None:
    before = text_of(client.get("/calendar"))
    coordinator = signed_in("coordinator")
    coordinator.send("/reviews/open", "/reviews/open", cycle="4")
    import_matrix(coordinator)
    assert client.get("/reviews/KGZ-4").status_code == 404
    # Everybody reads it as before, and no link leads to what they do not see
    assert text_of(client.get("/calendar")) == before
    assert "Mid-term report, fourth cycle" in before
    assert "KGZ-4" not in text_of(client.get("/calendar/sources"))
    assert "KGZ-4" in text_of(coordinator.get("/calendar/sources"))
    for address in ("/", "/calendar", "/calendar/sources", "/reviews", "/reports"):
        for link in links_of(client, address):
            assert client.get(link).status_code in (200, 302), (address, link)
    # The same people are reminded, of what they are assigned to in the review before, and of nothing else
    assert remind(MID_TERM) == "4 mails queued"
    body = body_of(database, "focal_point")
    assert (
        "The recommendations of the fourth review are not published here yet. What follows is about those of the third"
        " review (KGZ-3)." in body
    )
    assert "KGZ-4" not in body
    assert "186." not in body


def test_what_a_person_entered_is_seen_with_the_review(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator, focal_point = signed_in("coordinator"), signed_in("focal_point")
    readers = (client, focal_point, signed_in("lead"), signed_in("administrator"))
    add = "/reviews/KGZ-4/dates/add"
    pages = ("/", "/reviews/KGZ-3", "/calendar", "/calendar/sources", "/reviews", "/history")
    soon = {"kind": "preparation", "starts_on": clock.now().date().isoformat(), "ends_on": "", "note": SECRET}
    sent = {**soon, "certainty": "sourced", "source": SECRET}
    # A published review: everybody reads it at once, also on the pages that were read before
    assert "Preparation, fourth review" not in text_of(client.get("/reviews/KGZ-3"))
    assert "Everybody reads this date in the calendar" in text_of(coordinator.get(add))
    assert coordinator.send(add, add, **sent).status_code == 303
    assert "Preparation, fourth review" in text_of(client.get("/reviews/KGZ-3"))
    assert SECRET in text_of(client.get("/calendar/sources"))
    # While it is prepared nobody else does, wherever they look
    coordinator.send("/reviews/open", "/reviews/open", cycle="4")
    for reader in readers:
        for page in pages:
            said = text_of(reader.get(page))
            assert "Preparation, fourth review" not in said, page
            assert SECRET not in said, page
    assert SECRET in text_of(coordinator.get("/calendar/sources"))
    assert "Until the review is published, only you" in text_of(coordinator.get(add))
    # With the review it is public
    import_matrix(coordinator)
    assert coordinator.send("/reviews/KGZ-4/publish", "/publish").status_code == 303
    assert "Preparation, fourth review" in text_of(client.get("/reviews/KGZ-3"))


def address_of(coordinator: StrictClient, words: str) -> str:
    """Where the coordinator corrects a date of KGZ-4."""
    links = parse(coordinator.get("/reviews/KGZ-4/prepare")).iter(f"{HTML}a")
    return next(link.get("href") for link in links if words_of(link) == f"Correct {words}")


ADOPTION = "Outcome of the fourth review adopted (60th session of the Human Rights Council)"


def test_a_date_of_the_seed_is_corrected_and_what_follows_from_it_is_offered(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    prepare = "/reviews/KGZ-4/prepare"
    assert link_of(coordinator.get(prepare), "Correct the window") is None
    correct = address_of(coordinator, ADOPTION)
    page = coordinator.get(correct)
    assert "What you correct here, no update of this site changes" in text_of(page)
    known = {"starts_on": "26.9.2025", "ends_on": "", "certainty": "sourced", "source": "A/HRC/60/2"}
    assert coordinator.send_from(page, correct, **known).status_code == 303
    assert "26 Sept 2025" in text_of(client.get("/calendar"))
    # The window of the report was worked out from the former days: the new one is one click away
    proposed = link_of(coordinator.get(prepare), "Correct the window")
    assert proposed is not None
    assert coordinator.send(proposed, "/upr4_midterm").status_code == 303
    assert link_of(coordinator.get(prepare), "Correct the window") is None
    [row] = ask(database, "SELECT starts_on, ends_on, certainty FROM milestones WHERE key = 'upr4_midterm'")
    assert [str(each) for each in row] == ["2027-09-26", "2028-03-26", "derived"]
    # It is not removed, and whoever read it before overwrites nothing
    assert coordinator.get(f"{correct}/remove").status_code == 409
    answer = coordinator.send_from(page, correct, starts_on="1.9.2025")
    assert answer.status_code == 409
    assert "Below stands what is stored now" in text_of(answer)
    assert "A/HRC/60/2" in text_of(answer)
    assert 'value="2025-09-01"' in answer.get_data(as_text=True)
    assert len(sentences(database, "correct_milestone")) == 2
    # The form that came back can be sent
    assert coordinator.send_from(answer, correct).status_code == 303


def test_one_that_was_entered_is_removed_once(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    add = "/reviews/KGZ-4/dates/add"
    coordinator.send(add, add, kind="letter", **ADOPTED)
    correct = address_of(coordinator, "Letter, fourth review")
    page = coordinator.get(f"{correct}/remove")
    coordinator.send(correct, correct, note="Read again")
    stale = coordinator.send_from(page, "/remove")
    assert stale.status_code == 409
    assert "it was not removed" in text_of(stale)
    assert coordinator.send_from(stale, "/remove").status_code == 303
    assert "Letter, fourth review" not in text_of(coordinator.get("/reviews/KGZ-4/prepare"))
    for gone in (coordinator.get(correct), coordinator.post(f"{correct}/remove", data=token_of(coordinator))):
        assert gone.status_code == 404
    assert sentences(database, "remove_milestone") == [
        "coordinator removed a date of KGZ-4: Letter, 2 Jul 2026"
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"starts_on": ""}, "Enter the day"),
        ({"starts_on": "soon"}, "Enter “From, or the only day” with day, month and year"),
        ({"ends_on": "1.7.2026"}, "The last day is before the first one"),
        ({"source": ""}, "Name the document that says so"),
        ({"certainty": ""}, "Choose how the date is known"),
        ({"certainty": "projected"}, "Choose how the date is known"),
        ({"kind": "context"}, "Choose one of the kinds in the list"),
        ({"note": "n" * 1001}, "Shorten “Note”"),
    ],
)
def test_a_form_that_is_wrong_says_where_and_loses_nothing(
    signed_in: SignIn, database: Database, sent: dict[str, str], said: str
) -> None:
    coordinator = signed_in("coordinator")
    add = "/reviews/KGZ-4/dates/add"
    answer = coordinator.send(add, add, **{"kind": "adoption", "note": "By video", **ADOPTED, **sent})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert {**ADOPTED, "note": "By video", **sent}["note"] in answer.get_data(as_text=True)
    assert ask(database, "SELECT id FROM milestones WHERE is_by_hand") == []


def test_a_closed_review_keeps_its_dates(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    coordinator.send("/reviews/KGZ-4/close", "/close")
    page = coordinator.get("/reviews/KGZ-4/prepare")
    assert ADOPTION in text_of(page)
    assert link_of(page, "Add a date") is None
    for address in ("add", "upr4_adoption", "upr4_adoption/remove"):
        assert coordinator.get(f"/reviews/KGZ-4/dates/{address}").status_code == 409
