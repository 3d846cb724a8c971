"""Everybody reads what an organisation of the State leads, how much of it has a level, and which of its own dates have
passed. The figures are counted anew from the tables."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.seeds import demonstration
from tests.stories.pages import ask, by_class, tell, words_of
from tests.strict_client import SignIn, StrictClient, text_of
from tracker import clock
from tracker.database import Database
from tracker.language import short_date

LED = """
SELECT r.ref, p.ref AS point, p.id, c.level, c.organisation_id = o.id AS is_own, u.next_step, u.next_step_on
FROM organisations o
JOIN assignments a ON a.organisation_id = o.id AND a.kind = 'lead' AND a.to_on IS NULL
JOIN recommendations r ON r.id = a.recommendation_id
JOIN action_points p ON p.recommendation_id = r.id AND p.retired_at IS NULL
LEFT JOIN current_entries c ON c.action_point_id = p.id AND c.voice = 'state'
LEFT JOIN progress_updates u ON u.id = c.entry_id
WHERE o.key = :key
"""
COMPARED = """
SELECT p.id, MAX(c.steps_apart) AS steps FROM action_points p
JOIN current_entries c ON c.action_point_id = p.id AND c.voice <> 'state' AND c.steps_apart IS NOT NULL
GROUP BY p.id
"""
KEYS = [
    row["key"]
    for row in demonstration("organisations")
    if row["kind"] in ("government", "parliament", "local")
]


@pytest.fixture
def filled() -> str:
    return "demo"


def led_by(database: Database, key: str) -> list[Any]:
    return ask(database, LED, key=key)


def day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@pytest.mark.parametrize("key", KEYS)
def test_the_figures_are_those_of_the_tables(client: StrictClient, database: Database, key: str) -> None:
    page, rows = client.get(f"/organisations/{key}"), led_by(database, key)
    assert page.status_code == 200
    today = clock.day_in("Asia/Bishkek", clock.now())
    levels = [row for row in rows if row.level]
    own = [row for row in levels if row.is_own]
    past = [row for row in own if row.next_step_on and day(row.next_step_on) < today]
    steps = {row.id: row.steps for row in ask(database, COMPARED)}
    compared = [steps[row.id] for row in rows if row.id in steps]
    contradicted = sum(each >= 2 for each in compared)
    expected = [(len(levels), len(rows)), (len(past), len(own)), (contradicted, len(compared))]
    numbers = [words_of(node) for node in by_class(page, "scorecard__number")]
    assert numbers == [f"{number} of {total}" for number, total in expected]
    # Each step whose own date has passed has a row, the longest past first
    found = [words_of(node) for node in by_class(page, "dates-table")]
    assert len(found) == bool(past)
    for row in past:
        assert f"{row.point} {row.next_step or 'the step is not named'}" in found[0]
        assert short_date(day(row.next_step_on)) in found[0]
    # And each point without a level is named
    lacking = {row.point for row in rows if not row.level}
    named = {words_of(node) for each in by_class(page, "owed") for node in each.iter() if node.get("href")}
    assert named == lacking


def test_no_bar_adds_voices_up_and_each_says_of_how_many(client: StrictClient, database: Database) -> None:
    rows = led_by(database, "employment")
    page = client.get("/organisations/employment")
    bars = [words_of(node) for node in by_class(page, "bars__name")]
    said = Counter(
        row.voice
        for row in ask(
            database, "SELECT DISTINCT voice, action_point_id FROM current_entries WHERE level <> ''"
        )
        if row.action_point_id in {each.id for each in rows}
    )
    names = {"state": "State", "civil_society": "Civil society", "nhri": "NHRI"}
    assert bars == [f"{names[voice]} a level on {said[voice]} of {len(rows)} points" for voice in names]


def test_it_names_what_is_led_and_what_is_supported_with_who_leads_it(
    client: StrictClient, database: Database
) -> None:
    page = client.get("/organisations/employment")
    led = sorted({row.ref for row in led_by(database, "employment")})
    rows = [words_of(node) for node in by_class(page, "levels-table__ref")]
    assert sorted(rows) == led
    assert f"Leads {len(led)} of 44 recommendations" in text_of(page)
    supports = words_of(section_of(page, "supports"))
    assert "A18 Homelessness strategy and lawful evictions" in supports
    assert "Northern City Hall" in supports
    # An organisation that only supports has the table of what it supports
    court = client.get("/organisations/high-court")
    assert "Leads none of the 44 recommendations; supports" in text_of(court)
    assert not by_class(court, "scorecard")


def section_of(page: Any, heading: str) -> Any:
    return next(each for each in by_class(page, "subject") if each.get("aria-labelledby") == heading)


def test_nothing_unpublished_and_nobody_is_on_it(
    client: StrictClient, signed_in: SignIn, database: Database
) -> None:
    """What is drafted, submitted or validated changes nothing, also for the people of the ministry."""
    [row] = ask(database, "SELECT COUNT(*) AS n FROM progress_updates WHERE state <> 'published'")
    assert row.n
    handles = [each.handle for each in ask(database, "SELECT handle FROM accounts")]
    before = {key: client.get(f"/organisations/{key}").get_data(as_text=True) for key in KEYS}
    assert not [handle for page in before.values() for handle in handles if handle in page]
    tell(
        database,
        "DELETE FROM evidence WHERE update_id IN (SELECT id FROM progress_updates WHERE state <> 'published')",
    )
    tell(database, "DELETE FROM progress_updates WHERE state <> 'published'")
    assert {key: client.get(f"/organisations/{key}").get_data(as_text=True) for key in KEYS} == before
