"""Looking for something in the history: by kind of action, organisation and days, and nothing unseen is told."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.cast import NOW, Cast, make_update, read_account
from tests.stories.pages import ask, by_class, by_id, link_of, words_of
from tests.stories.test_history import codes_of, publish, rows_of, without_token, work_unseen
from tests.strict_client import HTML, SignIn, StrictClient, text_of
from tracker.database import Database
from tracker.identity.people import end_account
from tracker.models.history import LineKind
from tracker.models.updates import UpdateState
from tracker.queries.history.lines import PAGE

UPDATED, LED, SUPPORTED = "published an update", "leads from now on", "supports from now on"


def choices_of(page: TestResponse, name: str) -> dict[str, str]:
    found = {option.get("value"): words_of(option) for option in by_id(page, name).iter(f"{HTML}option")}
    assert found.pop("") == "All"
    return found


def every_code(reader: StrictClient, address: str) -> list[str]:
    """Of all pages."""
    page = reader.get(address)
    assert page.status_code == 200, address
    further = link_of(page, "Next page")
    return codes_of(page) + (every_code(reader, further) if further else [])


def test_everybody_finds_what_was_published_and_who_became_responsible(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    publish(database, cast)
    page = client.get("/history")
    assert list(choices_of(page, "kind").values()) == ["Published updates", "Who is responsible"]
    ministries = {"ministry-a": "Ministry of Clocks", "ministry-b": "Ministry of Bridges"}
    assert choices_of(page, "organisation") == ministries
    # By kind, by organisation, by both
    assert [UPDATED in row for row in rows_of(client.get("/history?kind=published"))] == [True]
    assert len(rows_of(client.get("/history?kind=responsibility"))) == 3
    of_clocks = rows_of(client.get("/history?organisation=ministry-a"))
    assert [UPDATED in of_clocks[0], LED in of_clocks[1], len(of_clocks)] == [True, True, 2]
    of_bridges = rows_of(client.get("/history?organisation=ministry-b"))
    assert [LED in of_bridges[0], SUPPORTED in of_bridges[1], len(of_bridges)] == [True, True, 2]
    # What is in force stands above the lines and can be taken off
    both = client.get("/history?kind=published&organisation=ministry-a")
    assert len(rows_of(both)) == 1
    assert [words_of(each) for each in by_class(both, "tags")] == [
        "What was done: Published updates ×remove this filter"
        " Organisation: Ministry of Clocks ×remove this filter Remove all filters"
    ]
    assert link_of(both, "Organisation: Ministry of Clocks ×remove this filter") == "/history?kind=published"


def test_days_are_those_of_the_place_and_both_count(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    """In Bishkek the day begins at 18:00 of the day before in Greenwich."""
    evening = NOW.replace(hour=17, minute=59)
    with database.transaction() as session:
        for at in (evening, evening + timedelta(minutes=1)):
            make_update(session, cast, UpdateState.PUBLISHED, now=at)
    early, late = reversed(codes_of(client.get("/history?kind=published")))
    for days, expected in {
        "since=2026-11-22&until=2026-11-22": [early],
        "since=2026-11-23": [late],
        "until=2026-11-22": [early],
        "since=2026-11-22&until=2026-11-23": [late, early],
        "until=2026-11-21": [],
    }.items():
        assert codes_of(client.get(f"/history?kind=published&{days}")) == expected, days


def test_empty_fields_leave_the_address_and_what_was_chosen_stays_on_every_page(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    publish(database, cast, PAGE + 3)
    answer = client.get("/history?kind=published&organisation=&since=&until=")
    assert answer.headers["Location"] == "/history?kind=published"
    codes = every_code(client, "/history?kind=published&organisation=ministry-a")
    hashes = ask(database, "SELECT hash FROM history_lines WHERE verb = 'publish_update' ORDER BY id DESC")
    assert codes == [hash_[: len(codes[0])] for (hash_,) in hashes]
    older = link_of(client.get("/history?kind=published"), "Next page")
    assert older is not None
    assert link_of(client.get(older), "Previous page") is not None


def test_for_the_coordinator_every_line_is_of_exactly_one_kind(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    publish(database, cast)
    work_unseen(database, cast)
    coordinator = signed_in("coordinator")
    kinds = choices_of(coordinator.get("/history"), "kind")
    assert list(kinds) == list(LineKind)
    found = [code for kind in kinds for code in every_code(coordinator, f"/history?kind={kind}")]
    assert sorted(found) == sorted(every_code(coordinator, "/history"))
    assert len(every_code(coordinator, "/history?kind=people")) > 5
    assert len(every_code(coordinator, "/history?kind=work")) > 5


def test_the_coordinator_finds_entries_and_people_of_an_organisation_also_those_who_left(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.SUBMITTED)
        end_account(session, cast["coordinator"], read_account(session, "alternate"), NOW)
    coordinator = signed_in("coordinator")
    offered = choices_of(coordinator.get("/history"), "organisation")
    assert set(offered) == {"ministry-a", "ministry-b", "secretariat"}
    said = rows_of(coordinator.get("/history?organisation=ministry-a"))
    for words in (
        "wrote a draft",
        "submitted",
        "created focal_point",
        "alternate",
        LED,
        "Ministry of Clocks",
    ):
        assert any(words in row for row in said), words
    assert not any("other_focal_point" in row or "Ministry of Bridges" in row for row in said)


@pytest.mark.parametrize("role", [None, "focal_point", "administrator", "registrar", "lead"])
def test_what_happens_unseen_changes_no_byte_of_what_is_found(
    client: StrictClient, signed_in: SignIn, database: Database, cast: Cast, role: str | None
) -> None:
    publish(database, cast)
    reader = signed_in(role) if role else client
    addresses = [
        f"/history?{query}"
        for query in ("organisation=ministry-a", "kind=published", "since=2026-11-22", "until=2026-11-21")
    ]
    before = [without_token(reader.get(address)) for address in addresses]
    work_unseen(database, cast)
    assert [without_token(reader.get(address)) for address in addresses] == before


def test_what_a_reader_does_not_see_is_as_what_does_not_exist(
    client: StrictClient, signed_in: SignIn
) -> None:
    for reader, queries in (
        (client, ("kind=people", "kind=nothing", "organisation=secretariat", "organisation=cso-a")),
        (client, ("kind=%20", "organisation=%09", "kind=%20published")),
        (signed_in("coordinator"), ("organisation=cso-a", "organisation=ombudsperson", "kind=nothing")),
    ):
        for query in queries:
            name, _, value = query.partition("=")
            answer, unknown = reader.get(f"/history?{query}"), reader.get(f"/history?{name}=no-such")
            assert answer.status_code == 422
            page = without_token(answer).replace(f"?{query}", "?")  # links to it in other languages
            assert page == without_token(unknown).replace(f"?{name}=no-such", "?"), query
            assert value not in re.sub(r"<option.*</option>", "", page) or value == "nothing"
            assert "There is no such choice: choose one from the list" in text_of(answer)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=last+week", "Enter “From” with day, month and year"),
        ("until=31.12.26", "Enter “To” with day, month and year"),
        ("since=0001-01-01", "“From” would be 1 January 1. Check the year"),
        ("until=9999-12-31", "“To” would be 31 December 9999. Check the year"),
        ("since=2026-11-22&until=2026-11-21", "Enter a day that is not before the first one"),
    ],
)
def test_a_wrong_day_is_explained_and_kept_in_its_field(
    client: StrictClient, query: str, sentence: str
) -> None:
    answer = client.get(f"/history?{query}")
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Nothing is shown, because the filter has a problem." in text_of(answer)
    name, _, typed = query.rpartition("&")[2].partition("=")
    assert by_id(answer, name).get("value") == typed.replace("+", " ")
    assert by_id(answer, name).get("aria-invalid") == "true"


def test_what_finds_nothing_says_what_to_do(client: StrictClient) -> None:
    page = client.get("/history?kind=published&until=2026-11-01")
    assert "No change matches. Choose a longer period or remove a filter." in text_of(page)
    assert link_of(page, "Show all") == "/history"
