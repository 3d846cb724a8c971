"""The calendar: every date with the word that says how it is known, what comes before what was, no source in a row."""

from datetime import date
from typing import Any

import pytest

from tests.seeds import reference
from tests.stories.pages import by_class, hrefs_of, link_of, tell, words_of
from tests.strict_client import HTML, StrictClient, text_of
from tracker import clock
from tracker.database import Database
from tracker.language import short_period
from tracker.models.milestones import Certainty

REPORTS = ("mid_term_report", "national_report", "treaty_body_follow_up")
MILESTONES = [row for row in reference("milestones") if row["state"] == "KGZ"]


@pytest.fixture
def filled() -> str:
    return "demo"


def today() -> date:
    return clock.day_in("Asia/Bishkek", clock.now())


def day(row: dict[str, Any], name: str) -> date:
    return date.fromisoformat(row[name])


def rows_of(table: Any) -> list[str]:
    body = next(node for node in table.iter(f"{HTML}tbody"))
    return [words_of(row) for row in body.iter(f"{HTML}tr")]


def has_ended(row: dict[str, Any]) -> bool:
    return day(row, "ends_on") < today()


def test_it_names_every_date_what_comes_first_then_the_past_newest_first(client: StrictClient) -> None:
    page = client.get("/calendar")
    said = text_of(page)
    for row in MILESTONES:
        assert " ".join(row["label"].split()) in said
    upcoming, past = (rows_of(table) for table in by_class(page, "dates-table"))
    expected = sorted(
        (row for row in MILESTONES if not has_ended(row)), key=lambda row: (row["starts_on"], row["ends_on"])
    )
    assert len(upcoming) == len(expected)
    for shown, row in zip(upcoming, expected, strict=True):
        assert row["label"] in shown
        is_open = day(row, "starts_on") <= today() and row["starts_on"] != row["ends_on"]
        period = short_period(day(row, "starts_on"), day(row, "ends_on"))
        assert shown.startswith("Now, until " if is_open else period.split()[0]), shown
        assert Certainty(row["certainty"]).label in shown
    newest = sorted(
        (row for row in MILESTONES if has_ended(row)),
        key=lambda row: (row["starts_on"], row["ends_on"]),
        reverse=True,
    )
    for shown, row in zip(past, newest, strict=False):
        assert row["label"] in shown
        assert ("No report known here" in shown) == (row["kind"] in REPORTS), shown
        assert Certainty(row["certainty"]).label in shown
    ended = [row for row in newest if row["kind"] in REPORTS]
    assert said.count("No report known here") == len(ended)
    assert "not reported" not in said
    assert "overdue" not in said


def test_a_note_leads_to_the_recommendations_that_it_names(client: StrictClient) -> None:
    page = client.get("/calendar")
    assert hrefs_of(page, "/A32") == ["/recommendations/KGZ-3/A32"]
    # A number that is no recommendation stays text
    assert not hrefs_of(page, "/KGZ")


def test_no_row_has_its_source_and_one_link_leads_to_all_of_them(client: StrictClient) -> None:
    page = client.get("/calendar")
    assert not [table for table in by_class(page, "dates-table") if "http" in words_of(table)]
    address = link_of(page, f"All {len(MILESTONES)} dates with their sources")
    assert address == "/calendar/sources"
    sources = client.get(address)
    [table] = by_class(sources, "dates-table")
    shown = rows_of(table)
    assert len(shown) == len(MILESTONES)
    for row in MILESTONES:
        certainty = Certainty(row["certainty"]).label
        assert any(
            row["label"] in each and f"{certainty}: {' '.join(row['source'].split())}" in each
            for each in shown
        ), row["key"]


def test_the_picture_draws_what_comes_and_no_context(client: StrictClient) -> None:
    names = {words_of(node) for node in by_class(client.get("/calendar"), "calendar-picture__name")}
    drawn = [row for row in MILESTONES if row["kind"] != "context" and not has_ended(row)]
    drawn = [row for row in drawn if day(row, "starts_on").year <= today().year + 4]
    for row in drawn:
        assert any(each.replace(" ", "").startswith(row["label"].replace(" ", "")) for each in names), row
    assert len({each.replace(" ", "") for each in names}) == len(drawn)


def test_an_empty_calendar_says_so(client: StrictClient, database: Database) -> None:
    tell(database, "DELETE FROM milestones")
    said = text_of(client.get("/calendar"))
    assert "Nothing is on the calendar." in said
    assert "No date of the State is on the calendar." in said
    assert "with their sources" not in said
    assert "Nothing is on the calendar." in text_of(client.get("/calendar/sources"))
