"""Whoever publishes often makes nobody else's page long, and cannot go on for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import GOOD_ASSESSMENT, NOW, TODAY, Cast, make_assessment, make_update, recommendation
from tests.stories import assessments
from tests.stories.pages import by_class, by_id, entries_of, link_of, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.models.levels import Level
from tracker.models.updates import UpdateState
from tracker.services.assessments import publish_assessment, withdraw_assessment
from tracker.web.recommendations.points import LEVELS_OF_EACH
from tracker.web.time_pictures import HEIGHTS

MANY = 43
HOUR = timedelta(hours=1)


def text(number: int) -> object:
    return replace(GOOD_ASSESSMENT, reason=f"Reason number {number}.", narrative="Seen. " * 200)


@pytest.fixture
def many(database: Database, cast: Cast) -> Database:
    """An organisation has published on a point and on the recommendation as a whole for days, the State once."""
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
        make_assessment(session, cast, by="other_lead", now=NOW - HOUR)
        for number in range(MANY):
            at = NOW - (MANY - number) * HOUR
            make_assessment(session, cast, text=text(number), now=at)  # type: ignore[arg-type]
            publish_whole(session, cast, number)
    return database


def publish_whole(session: Session, cast: Cast, number: int) -> Assessment:
    at = NOW - (MANY - number) * HOUR
    return publish_assessment(session, cast["lead"], recommendation(session), None, text(number), at)  # type: ignore[arg-type]


def test_a_page_shows_the_newest_of_each_and_leads_to_all(many: Database, client: StrictClient) -> None:
    page = client.get(assessments.PAGE)
    assert len(page.get_data()) < 100_000
    point = words_of(by_id(page, "A12.1"))
    shown = [f"Reason number {number}." in point for number in range(MANY)]
    assert shown == [False] * (MANY - 3) + [True] * 3
    columns = entries_of(page, "A12.1")
    assert len(columns) == 3  # the State, the other organisation, and of this one the newest
    assert [f"Reason number {MANY - 1}." in column for column in columns].count(True) == 1
    # When all are asked for
    for text_of_link in (f"All {MANY + 2} entries on A12.1", f"All {MANY} entries"):
        address, reasons = link_of(page, text_of_link), []
        while address:
            one = client.get(address)
            [entries] = by_class(one, "history")
            assert len(list(entries)) <= 20
            reasons += [words_of(entry) for entry in entries]
            address = link_of(one, "Next page")
        # Then each stands there once, the newest first
        numbers = [number for number in range(MANY) for said in reasons if f"Reason number {number}." in said]
        assert numbers == list(range(MANY))
        assert f"Reason number {MANY - 1}." in " ".join(reasons[:3])


def squares_of(client: StrictClient) -> list[int]:
    """How many signs of the State each form of the picture has."""
    found = by_class(client.get(assessments.PAGE), "timeline-picture")
    return [sum(1 for node in each.iter() if node.get("class") == "sign sign--square") for each in found]


def test_the_picture_of_a_point_leaves_out_no_level_unless_it_says_so(
    database: Database, cast: Cast, client: StrictClient
) -> None:
    # Given more levels of the State than the page shows entries of an organisation
    with database.transaction() as session:
        for number in range(6):
            make_update(session, cast, UpdateState.PUBLISHED, now=NOW + number * HOUR)
    assert squares_of(client) == [6, 6]
    caption = words_of(by_class(client.get(assessments.PAGE), "point__timeline")[0])
    assert "newest" not in caption
    # When they are more than a picture can hold
    with database.transaction() as session:
        for number in range(6, LEVELS_OF_EACH + 1):
            make_update(session, cast, UpdateState.PUBLISHED, now=NOW + number * HOUR)
    # Then it says that it is cut
    assert squares_of(client) == [LEVELS_OF_EACH] * 2
    caption = words_of(by_class(client.get(assessments.PAGE), "point__timeline")[0])
    assert caption.startswith(
        f"Who said what, when. The newest {LEVELS_OF_EACH} levels of each organisation."
    )


def test_the_picture_ends_at_the_level_that_counts(
    database: Database, cast: Cast, client: StrictClient
) -> None:
    # Given an organisation that corrects itself within a day
    with database.transaction() as session:
        for level, hours in ((Level.REGRESSED, 0), (Level.PLANNED, 1)):
            corrected = replace(GOOD_ASSESSMENT, level=level)
            make_assessment(session, cast, text=corrected, now=NOW + hours * HOUR)
    page = client.get(assessments.PAGE)
    assert "Planned" in entries_of(page, "A12.1")[0]
    names = by_class(page, "timeline-picture__name")
    assert [(words_of(node), node.get("y")) for node in names] == [
        ("Open Window", str(HEIGHTS["planned"] + 5))
    ]


def test_everything_can_be_printed_also_where_closed_details_stay_closed(
    many: Database, client: StrictClient
) -> None:
    # Given a page that leads to its printed form
    page = client.get(assessments.PAGE)
    assert open_details(page) == []
    address = link_of(page, "Print everything, earlier entries included")
    assert address == f"{assessments.PAGE}?print=all"
    # Then all details are open there, with many more of the earlier entries
    printed = client.get(address)
    closed = [node for node in by_id(printed, "main").iter(f"{HTML}details") if node.get("open") is None]
    assert closed == []
    assert len(open_details(printed)) > 3
    reasons = text_of(printed)
    assert [f"Reason number {number}." in reasons for number in range(MANY - 20, MANY)] == [True] * 20
    # And it leads to the few that are left, and back
    assert link_of(printed, f"All {MANY + 2} entries on A12.1")
    assert link_of(printed, "Back to the usual page") == assessments.PAGE
    assert open_details(client.get(assessments.PAGE)) == []


def open_details(page: TestResponse) -> list[object]:
    return [node for node in by_id(page, "main").iter(f"{HTML}details") if node.get("open") is not None]


@pytest.mark.parametrize(
    "address", ["?page=9", "?page=0", "?page=x", "?page=9999999999", "?point=A24.1", "?point=nothing"]
)
def test_a_page_that_is_not_there_is_not_found(many: Database, client: StrictClient, address: str) -> None:
    assert client.get(f"{assessments.PAGE}/entries{address}").status_code == 404


def test_many_withdrawals_are_one_line_with_their_number(
    many: Database, cast: Cast, client: StrictClient
) -> None:
    with many.transaction() as session:
        newest = publish_whole(session, cast, MANY)
        assert withdraw_assessment(session, cast["lead"], newest, TODAY) == MANY + 1
    whole = words_of(by_id(client.get(assessments.PAGE), "whole"))
    said = (
        "44 independent assessments were withdrawn, the last on 22 November 2026."
        " This site shows nothing more of them."
    )
    assert whole.count(said) == whole.count("withdrawn") == 1


@pytest.mark.database
def test_an_organisation_that_publishes_too_often_is_told_so_with_its_text_kept(
    signed_in: SignIn, database: Database
) -> None:
    lead, other = signed_in("lead"), signed_in("other_lead")
    loaded = [assessments.preview(lead) for _ in range(2)]
    tell(database, "DELETE FROM throttles")
    for _ in range(30):
        assessments.publish(lead)
    answer = lead.send_from(loaded[0], "/publish", "publish")
    assert answer.status_code == 422
    assert "Your organisation has published 30 assessments within ten minutes" in text_of(answer)
    assert values_of(find_form(answer, None))["reason"] == assessments.TEXT["reason"]
    # Another one publishes, and withdrawing gives none back
    assessments.publish(other)
    lead.send(assessments.withdraw_link(lead))
    assert lead.send_from(loaded[1], "/publish", "publish").status_code == 422
    # When the ten minutes are over it goes on (`tests/identity/test_throttles.py` has the time)
    tell(database, "DELETE FROM throttles")
    assert lead.send_from(loaded[0], "/publish", "publish").status_code == 303
