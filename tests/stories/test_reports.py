"""Reports: four figures, who still owes entries, then the download. Visitors see the same as everybody."""

from datetime import timedelta

import pytest

from tests.stories.pages import ask, by_class, by_id, link_of, tell, words_of
from tests.strict_client import HTML, StrictClient, parse, text_of
from tracker import clock
from tracker.database import Database
from tracker.language import long_date


@pytest.fixture
def filled() -> str:
    return "demo"


POINTS = """
SELECT p.id, p.recommendation_id, r.ref, o.names ->> 'en' AS lead,
  (SELECT c.level FROM current_entries c WHERE c.action_point_id = p.id AND c.voice = 'state') AS level,
  (SELECT COUNT(*) FROM current_entries c WHERE c.action_point_id = p.id AND c.voice <> 'state') AS others
FROM action_points p JOIN recommendations r ON r.id = p.recommendation_id
LEFT JOIN assignments a ON a.recommendation_id = r.id AND a.kind = 'lead' AND a.to_on IS NULL
LEFT JOIN organisations o ON o.id = a.organisation_id
WHERE p.retired_at IS NULL
"""


def numbers_of(client: StrictClient) -> list[str]:
    return [words_of(node) for node in by_class(client.get("/reports"), "scorecard__number")]


def owing_of(client: StrictClient) -> list[list[str]]:
    """The cells of each row, the picture left out."""
    [table] = by_class(client.get("/reports"), "owing-table")
    body = next(node for node in table.iter(f"{HTML}tbody"))
    rows = [[words_of(cell) for cell in row] for row in body.iter(f"{HTML}tr")]
    return [[name, levels, to_do] for name, _, levels, to_do in rows]


def test_the_figures_have_their_of_and_are_those_of_the_tables(
    client: StrictClient, database: Database
) -> None:
    points = ask(database, POINTS)
    levels = [row for row in points if row.level]
    assert numbers_of(client)[:2] == [
        f"{len(levels)} of {len(points)}",
        f"{sum(1 for row in points if row.others)} of {len(points)}",
    ]
    contradicted, old = numbers_of(client)[2:]
    assert contradicted.endswith(" of 22")
    assert old.endswith(f" of {len(levels)}")
    assert f"{len(points) - len(levels)} without" in text_of(client.get("/reports"))


def test_a_level_of_more_than_a_year_ago_is_counted_as_old(client: StrictClient, database: Database) -> None:
    tell(database, "UPDATE progress_updates SET as_of_on = :day", day=clock.now().date())
    assert numbers_of(client)[3].startswith("0 of ")
    [row] = ask(
        database, "SELECT entry_id FROM current_entries WHERE voice = 'state' AND level <> '' LIMIT 1"
    )
    long_ago = clock.now().date() - timedelta(days=367)
    tell(
        database, "UPDATE progress_updates SET as_of_on = :day WHERE id = :id", day=long_ago, id=row.entry_id
    )
    assert numbers_of(client)[3].startswith("1 of ")
    # Where the entry names no day, that of its publication stands for it
    for days, number in ((367, 1), (364, 0)):
        tell(
            database,
            "UPDATE progress_updates SET as_of_on = NULL, published_at = :at WHERE id = :id",
            at=f"{clock.now() - timedelta(days=days):%Y-%m-%d %H:%M:%S}",
            id=row.entry_id,
        )
        assert numbers_of(client)[3].startswith(f"{number} of ")


def test_who_owes_most_comes_first_and_every_point_is_counted_once(
    client: StrictClient, database: Database
) -> None:
    points, rows = ask(database, POINTS), owing_of(client)
    found = []
    for name, levels, to_do in rows:
        done, total = map(int, levels.split(" of "))
        lead = None if name.startswith("No one leads these") else name
        own = [row for row in points if row.lead == lead]
        assert (done, total) == (sum(1 for row in own if row.level), len(own)), name
        assert to_do.startswith(f"{total - done} without" if total > done else "complete")
        found.append((lead is None, -(total - done)))
        if lead is None:
            assert {row.ref for row in own} == set(name.partition(":")[2].replace(",", " ").split())
    assert found == sorted(found)
    assert sum(int(levels.split(" of ")[1]) for _, levels, _ in rows) == len(points)


def test_each_organisation_leads_to_its_page_and_to_what_it_owes(client: StrictClient) -> None:
    page = client.get("/reports")
    assert link_of(page, "Ministry of Employment and Social Care") == "/organisations/employment"
    [address, *_] = {
        node.get("href")
        for node in parse(page).iter(f"{HTML}a")
        if node.get("href", "").startswith("/organisations/employment#")
    }
    assert address == "/organisations/employment#owes"
    by_id(client.get("/organisations/employment"), "owes")


def test_the_button_leads_to_the_workbook(client: StrictClient) -> None:
    page = client.get("/reports")
    assert link_of(page, "Mid-term report, Excel") == "/reports/KGZ-3-live/midterm.xlsx"


def test_it_says_when_the_next_report_is_expected(client: StrictClient, database: Database) -> None:
    day = timedelta(days=1)
    today = clock.day_in("Asia/Bishkek", clock.now())
    for starts_on, ends_on, words in (
        (today + day, today + 9 * day, f"The next one is expected from {long_date(today + day)}."),
        (today, today + 9 * day, f"The next one is expected by {long_date(today + 9 * day)}."),
        (today - 9 * day, today - day, None),
    ):
        tell(
            database,
            "UPDATE milestones SET starts_on = :starts_on, ends_on = :ends_on WHERE kind = 'mid_term_report'",
            starts_on=starts_on,
            ends_on=ends_on,
        )
        said = text_of(client.get("/reports"))
        assert words in said if words else "The next one" not in said
