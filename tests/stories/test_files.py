"""Files: exactly the rows on screen, one row per action point, and nothing that is not public."""

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.seeds import demonstration
from tests.stories import figures
from tests.stories.pages import ask, by_class, refs_of, words_of
from tests.stories.walk import every_page
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.levels import Voice

pytestmark = pytest.mark.uncounted


@pytest.fixture
def filled() -> str:
    return "demo"


def _book(client: StrictClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype.startswith("application/vnd.openxmlformats")
    return load_workbook(io.BytesIO(answer.data))


def _column(sheet: Any, header: str) -> list[Any]:
    headers, *rows = sheet.iter_rows(values_only=True)
    return [row[headers.index(header)] for row in rows]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/recommendations.xlsx", "recommendations-KGZ-3.xlsx"),
        ("/recommendations.xlsx?review=all", "recommendations-all.xlsx"),
        ("/reports/KGZ-3-live/midterm.xlsx", "KGZ-3-live-midterm.xlsx"),
    ],
)
def test_a_workbook_is_saved_under_a_name_that_says_of_what(
    client: StrictClient, address: str, name: str
) -> None:
    assert client.get(address).headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?review=all",
        "?topic=women",
        "?level=partially_implemented&voice=state",
        "?level=no_entry&voice=nhri",
        "?disagreement=contradicts&q=women",
        "?kind=letter_body",
        "?q=no+text+has+these+words",
    ],
)
def test_workbook_and_json_hold_exactly_the_rows_of_the_filter_on_screen(
    client: StrictClient, query: str
) -> None:
    shown = [ref for page in every_page(client, f"/recommendations{query}") for ref in refs_of(page)]
    sheet = _book(client, f"/recommendations.xlsx{query}").worksheets[0]
    found = json.loads(client.get(f"/recommendations.json{query}").data)["recommendations"]
    assert [row["ref"] for row in found] == shown
    assert _column(sheet, "Ref") == shown
    assert bool(shown) == ("no+text" not in query)
    # And each row says what its line on the page says
    lines = figures.rows_of_list(client, f"/recommendations{query}")
    for row, cells in zip(found, figures.table(sheet), strict=True):
        line = lines[row["ref"]]
        assert row["short_title"] in line.text
        for voice in Voice:
            if voice.label in line.words or voice in (Voice.STATE, Voice.CIVIL_SOCIETY):
                assert line.words[voice.label] == cells[f"{voice.label}: levels of the points"]
            for whole in row["voices"][voice.value]["wholes"]:
                assert whole["organisation"] in line.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", ["All recommendations of the review KGZ-3 are here."]),
        ("?review=all", ["All recommendations of all reviews are here."]),
        (
            "?topic=women&level=planned&voice=civil_society&q=%3D1%2B1",
            [
                "Only what this filter finds in the review KGZ-3 is here:",
                "Level (Civil society): Planned",
                "Words: =1+1",
            ],
        ),
        (
            "?review=all&topic=women",
            ["Only what this filter finds in all reviews is here:", "Working topic: Women"],
        ),
    ],
)
def test_a_workbook_says_which_part_of_the_list_it_is(
    client: StrictClient, query: str, said: list[str]
) -> None:
    book = _book(client, f"/recommendations.xlsx{query}")
    about = [cell.value for cell in book["About"]["A"]]
    assert set(said) <= set(about)
    # And names the filter as the page does, and as many rows as there are
    chips = [
        words_of(node).partition(" ×")[0]
        for tags in by_class(client.get(f"/recommendations{query}"), "tags")
        for node in tags
        if node.tag == "li"
    ]
    assert set(chips) - {"Remove all filters"} <= set(about)
    rows = len(_column(book.worksheets[0], "Ref"))
    assert [line for line in about if line.startswith(f"{rows} recommendation")]


def test_the_links_on_the_list_lead_to_files_of_the_same_filter(client: StrictClient) -> None:
    page = client.get("/recommendations?topic=torture&level=not_implemented&voice=civil_society&q=the")
    query = "topic=torture&level=not_implemented&voice=civil_society&q=the"
    for name in ("xlsx", "json"):
        assert f'/recommendations.{name}?{query.replace("&", "&amp;")}"' in page.get_data(as_text=True)


def test_the_mid_term_workbook_has_one_row_per_action_point_and_the_totals_of_home(
    client: StrictClient, database: Database
) -> None:
    rows = figures.table(_book(client, figures.MIDTERM)["Matrix"])
    points = [row for row in rows if row["Action point ref"] != "the whole"]
    refs = [row["Action point ref"] for row in points]
    stored = ask(database, "SELECT ref FROM action_points WHERE retired_at IS NULL")
    assert len(refs) == 137
    assert sorted(refs) == sorted(point.ref for point in stored)
    levels = [row["State's level"] for row in points]
    with_entry = sum(1 for level in levels if level != "No entry")
    with_level = sum(1 for level in levels if level not in ("No entry", "Entry, no level"))
    fully = levels.count("Fully implemented")
    disagreements = [row["Disagreement"] for row in points if row["Disagreement"]]
    contradicting = sum(1 for each in disagreements if each.startswith("Contradict, "))
    assert 0 < fully < with_level < with_entry < 137
    assert 0 < contradicting < len(disagreements) < 137
    home = figures.figures_of_home(client)
    assert home.with_level[Voice.STATE] == (with_level, 137)
    assert home.fully == (fully, 137)
    assert home.contradict == (contradicting, len(disagreements))


def test_assessments_of_a_whole_recommendation_are_rows_of_their_own(
    client: StrictClient, database: Database
) -> None:
    rows = figures.table(_book(client, figures.MIDTERM)["Matrix"])
    wholes = [row for row in rows if row["Action point ref"] == "the whole"]
    stored = ask(
        database,
        "SELECT count(*) FROM current_entries WHERE action_point_id IS NULL",
    )
    assert len(wholes) == stored[0][0] > 3
    assert all(row["Independent assessments"] and row["Action point"] is None for row in wholes)


def test_what_the_demonstration_prints_is_on_the_sheet_report(client: StrictClient) -> None:
    """Every published entry that counts, in each of its languages; and the institution on itself is marked."""
    report = _book(client, figures.MIDTERM)["Report"]
    words = "\n".join(str(cell) for row in report.iter_rows(values_only=True) for cell in row if cell)
    rows = figures.table(_book(client, figures.MIDTERM)["Matrix"])
    reasons = [row["State's reason"] for row in rows if row["State's reason"]]
    assert len(reasons) > 30
    assert all(reason in words for reason in reasons)
    assert all(f"[{language}] " in words for language in ("ru", "ky"))
    assert "(self-assessment)" in words
    assert words.count("no entry") > 50


def test_an_edition_that_does_not_exist_is_not_found(client: StrictClient) -> None:
    for edition in ("KGZ-3", "KGZ-9-live", "-live", "KGZ-3-live-live"):
        assert client.get(f"/reports/{edition}/midterm.xlsx").status_code == 404, edition


def _secret() -> list[str]:
    """The texts of the demonstration that nobody outside may read: unpublished or withdrawn."""
    found = [
        row[name]
        for row in demonstration("updates")
        for name in ("reason", "done", "obstacles", "support_needed", "next_step", "comment", "source_link")
        if row["state"] != "published" or name == "comment"
    ] + [
        row[name]
        for row in demonstration("assessments")
        for name in ("reason", "narrative", "source_link")
        if row["withdrawn_days_ago"] is not None
    ]
    return [words for words in found if words]


def _everything(client: StrictClient, database: Database) -> dict[str, str]:
    """All that a visitor can read: pages, and files with their cells as text."""
    refs = [row.ref for row in ask(database, "SELECT ref FROM recommendations")]
    addresses = ["/", "/calendar", "/communications", "/reports", "/recommendations.json"]
    addresses += [f"/recommendations/KGZ-3/{ref}" for ref in refs]
    read = {page: text_of(client.get(page)) for page in addresses if not page.endswith("json")}
    read["json"] = json.loads(client.get("/recommendations.json").data).__repr__()
    read["list"] = " ".join(text_of(page) for page in every_page(client, "/recommendations"))
    for address in ("/recommendations.xlsx", "/reports/KGZ-3-live/midterm.xlsx"):
        book = _book(client, address)
        read[address] = " ".join(
            f"{cell.value} {cell.hyperlink.target if cell.hyperlink else ''}"
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        )
    return read


def test_nothing_unpublished_or_withdrawn_is_in_any_page_or_file(
    client: StrictClient, database: Database
) -> None:
    secret = _secret()
    assert secret
    everything = _everything(client, database)
    flat = {where: " ".join(words.split()) for where, words in everything.items()}
    for words in secret:
        for where, shown in flat.items():
            assert " ".join(words.split()) not in shown, f"{where} shows: {words}"
    # And what is withdrawn is in no table either
    gone = [row for row in demonstration("assessments") if row["withdrawn_days_ago"] is not None]
    with database.engine.connect() as connection:
        stored = repr(connection.execute(text("SELECT * FROM assessments")).all())
        stored += repr(connection.execute(text("SELECT * FROM seeded_rows")).all())
    assert gone
    assert all(row["narrative"] not in stored and row["reason"] not in stored for row in gone)


def test_everything_published_is_on_its_page(client: StrictClient) -> None:
    pages: dict[str, str] = {}
    shown = [row for row in demonstration("updates") if row["state"] == "published"]
    shown += [row for row in demonstration("assessments") if row["withdrawn_days_ago"] is None]
    assert shown
    for row in shown:
        ref = row["ref"].partition(".")[0]
        pages[ref] = pages.get(ref) or text_of(client.get(f"/recommendations/KGZ-3/{ref}"))
        for name in ("reason", "done", "narrative", "obstacles", "support_needed", "next_step"):
            assert " ".join(row.get(name, "").split()) in pages[ref], (row["key"], name)
