"""Page, JSON, list workbook and mid-term workbook say the same of every point, cell by cell: on the demonstration, and
on reviews with entries at random."""

from typing import Any

import pytest

from tests import generated_reviews
from tests.stories import figures
from tests.stories.figures import ListedItem, Point
from tests.stories.pages import ask, entries_of
from tests.strict_client import StrictClient
from tracker.database import Database
from tracker.level_words import words_of_counts
from tracker.models.levels import Disagreement, Level, ShownLevel, Voice

SEEDS = (1, 2, 3, 4)
LEVEL_COLUMNS = {
    Voice.STATE: "State's level",
    Voice.CIVIL_SOCIETY: "Civil society's level",
    Voice.NHRI: "NHRI's level",
    Voice.UN: "UN's level",
}
pytestmark = pytest.mark.uncounted


@pytest.fixture(params=["demonstration", *SEEDS])
def given(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def filled(given: Any) -> str:
    return "demo" if given == "demonstration" else "cast"


@pytest.fixture
def items(given: Any, client: StrictClient, database: Database) -> list[ListedItem]:
    """What the JSON says, with which everything is compared."""
    if given != "demonstration":
        with database.transaction() as session:
            generated_reviews.fill(session, given)
    return figures.items_of_json(client)


def points_of(items: list[ListedItem]) -> list[Point]:
    return [point for item in items for point in item.points]


def test_every_figure_is_the_same_wherever_it_is_read(
    given: Any, client: StrictClient, database: Database, items: list[ListedItem]
) -> None:
    check_that_much_is_said(items)
    check_json(items)
    check_list(client, items)
    check_list_workbook(client, items)
    book = figures.book(client, figures.MIDTERM)
    check_matrix(figures.table(book["Matrix"]), items)
    check_summary(figures.lines_of_summary(book["Summary"]), items)
    check_sentences(book, points_of(items))
    check_home(client, points_of(items))
    if given != "demonstration":
        check_earlier_wordings(client, book)
        check_left_out(book, database)


def check_that_much_is_said(items: list[ListedItem]) -> None:
    """Otherwise silence would be compared with silence."""
    points = points_of(items)
    shown = {point.of(voice).shown for point in points for voice in Voice}
    assert {ShownLevel.MIXED, ShownLevel.NO_LEVEL, ShownLevel.NO_ENTRY} < shown
    assert {Disagreement.CONTRADICTS, None} <= {point.disagreement for point in points}
    assert any(item.wholes(voice) for item in items for voice in Voice)


def check_json(items: list[ListedItem]) -> None:
    """Its numbers are those of its own points."""
    for item in items:
        for voice in Voice:
            said = item.row["voices"][voice.value]
            assert said["counts"] == figures.count(item.points, voice)
            assert (
                sum(said["counts"].values()) == said["total"] == len(item.points) == item.row["total_points"]
            )
            assert said["with_entry"] == figures.with_entry(item.points, voice)
            assert said["with_level"] == figures.with_level(item.points, voice)
        compared = figures.compared(item.points)
        assert item.row["contradicting_points"] == compared[Disagreement.CONTRADICTS]
        assert item.row["differing_points"] == compared[Disagreement.DIFFERS]
        assert item.row["compared_points"] == sum(compared.values())
        strongest = next((each for each in reversed(figures.STRENGTH) if compared[each]), None)
        assert item.row["disagreement"] == strongest


def check_list(client: StrictClient, items: list[ListedItem]) -> None:
    rows = figures.rows_of_list(client)
    assert list(rows) == [item.ref for item in items]
    for item in items:
        for voice in Voice:
            if voice.label not in rows[item.ref].words:  # a page may leave out who is silent
                assert figures.with_entry(item.points, voice) == len(item.wholes(voice)) == 0
                continue
            assert rows[item.ref].words[voice.label] == item.words(voice)
            assert rows[item.ref].wholes[voice.label] == item.wholes(voice, in_words=True)


def check_list_workbook(client: StrictClient, items: list[ListedItem]) -> None:
    rows = figures.table(figures.book(client, "/recommendations.xlsx").worksheets[0])
    assert [row["Ref"] for row in rows] == [item.ref for item in items]
    for row, item in zip(rows, items, strict=True):
        for voice in Voice:
            assert row[f"{voice.label}: levels of the points"] == item.words(voice)
            assert row[f"{voice.label}: points with an entry"] == figures.with_entry(item.points, voice)
        wholes = [f"{voice.label}: {whole}" for voice in Voice for whole in item.wholes(voice)]
        assert (row["On the whole"] or "") == "\n".join(wholes)
        compared = figures.compared(item.points)
        assert row["Points that contradict"] == compared[Disagreement.CONTRADICTS]
        assert row["Points that differ"] == compared[Disagreement.DIFFERS]
        assert row["Points on which both give a level"] == sum(compared.values())
        disagreement = item.row["disagreement"]
        assert row["Disagreement"] == (Disagreement(disagreement).label if disagreement else None)
        assert row["Action points"] == len(item.points)


def check_matrix(rows: list[dict[str, Any]], items: list[ListedItem]) -> None:
    of_points = {row["Action point ref"]: row for row in rows if row["Action point ref"] != "the whole"}
    assert list(of_points) == [point.ref for point in points_of(items)]
    for point in points_of(items):
        row = of_points[point.ref]
        for voice, column in LEVEL_COLUMNS.items():
            assert row.get(column, ShownLevel.NO_ENTRY.label) == point.of(voice).label
        found = point.disagreement
        strongest = [each for each in point.compared if each["against_the_state"] == found]
        number = f"{len(strongest)} of {len(point.compared)} organisations"
        names = ", ".join(each["organisation"] for each in strongest)
        assert row["Disagreement"] == (f"{found.label}, {number}: {names}" if found else None)
        spoken = [each for voice in Voice if voice != Voice.STATE for each in point.entries[voice]]
        check_assessments(row["Independent assessments"], spoken)
    check_wholes([row for row in rows if row["Action point ref"] == "the whole"], items)


def check_assessments(cell: str | None, spoken: list[dict[str, Any]]) -> None:
    lines = (cell or "").split("\n") if cell else []
    for line, entry in zip(lines, spoken, strict=True):
        assert line.startswith(f"{figures.signed(entry)}, 20")
        assert f": {Level(entry['level']).label}. " in line


def check_wholes(rows: list[dict[str, Any]], items: list[ListedItem]) -> None:
    expected = [
        (item.ref, voice, whole)
        for item in items
        for voice in Voice
        for whole in item.row["voices"][voice.value]["wholes"]
    ]
    assert len(rows) == len(expected)
    for row, (ref, voice, whole) in zip(rows, expected, strict=True):
        assert row["Ref"] == ref
        assert row[LEVEL_COLUMNS[voice]] == Level(whole["level"]).label
        check_assessments(row["Independent assessments"], [whole])
        against = whole["against_the_state"]
        assert row["Disagreement"] == (Disagreement(against).label if against else None)


def check_summary(lines: dict[str, dict[str, Any]], items: list[ListedItem]) -> None:
    points = points_of(items)
    expected: dict[str, tuple[Voice, list[Point]]] = {
        voice.label: (voice, points)
        for voice in Voice
        if voice in (Voice.STATE, Voice.CIVIL_SOCIETY) or figures.with_entry(points, voice)
    }
    for title, key, nameless in (
        ("The State's level, by heading", "heading", "No heading"),
        ("The State's level, by lead organisation", "lead_organisation", "No lead organisation"),
    ):
        for item in items:
            name = f"{title}: {item.row[key] or nameless}"
            expected.setdefault(name, (Voice.STATE, []))[1].extend(item.points)
    assert sorted(lines) == sorted(expected)
    for name, (voice, inside) in expected.items():
        line, counts = lines[name], figures.count(inside, voice)
        assert {level: line.get(level.label, 0) for level in ShownLevel} == {
            level: counts.get(level, 0) for level in ShownLevel
        }, name
        assert line["Total"] == len(inside)
        if voice == Voice.STATE:
            check_comparison(line, inside)


def check_comparison(line: dict[str, Any], points: list[Point]) -> None:
    for voice in Voice:
        if voice != Voice.STATE:
            assert line.get(f"{voice.label}: entry", 0) == figures.with_entry(points, voice)
    compared = figures.compared(points)
    assert line["Both give a level"] == sum(compared.values())
    assert (line["Contradict"], line["Differ"]) == (
        compared[Disagreement.CONTRADICTS],
        compared[Disagreement.DIFFERS],
    )


def check_sentences(book: Any, points: list[Point]) -> None:
    """Of Summary and Cover."""
    summary = {row[0] for row in book["Summary"].iter_rows(values_only=True)}
    cover = [tuple(cell for cell in row if cell) for row in book["Cover"].iter_rows(values_only=True)]
    total = len(points)
    for voice in Voice:
        entries, given = figures.with_entry(points, voice), figures.with_level(points, voice)
        fully = figures.count(points, voice).get(ShownLevel.FULLY_IMPLEMENTED, 0)
        said = (
            f"{voice.label}: an entry on {entries} of {total} action points, a level on {given};"
            f" fully implemented: {fully} of these {given}."
        )
        is_shown = bool(entries) or voice in (Voice.STATE, Voice.CIVIL_SOCIETY)
        assert (said in summary) == is_shown
        assert ((voice.label, f"{entries} of {total}", f"{fully} of {given}") in cover) == is_shown
    compared = figures.compared(points)
    both = sum(compared.values())
    for disagreement, number in compared.items():
        assert (disagreement.label, f"{number} of {both}") in cover
    assert (
        f"Of the {both} points on which the State and another voice both give a level: contradict"
        f" {compared[Disagreement.CONTRADICTS]}, differ {compared[Disagreement.DIFFERS]},"
        f" agree {compared[Disagreement.AGREE]}."
    ) in summary


def check_home(client: StrictClient, points: list[Point]) -> None:
    home = figures.figures_of_home(client)
    compared = figures.compared(points)
    for voice in home.with_level:
        assert home.with_level[voice] == (figures.with_level(points, voice), len(points))
        assert home.words[voice] == words_of_counts(dict(figures.count(points, voice)))
    assert {voice for voice in Voice if figures.with_entry(points, voice)} <= {*home.with_level}
    fully = figures.count(points, Voice.STATE).get(ShownLevel.FULLY_IMPLEMENTED, 0)
    assert home.fully == (fully, len(points))
    assert home.contradict == (compared[Disagreement.CONTRADICTS], sum(compared.values()))


def check_earlier_wordings(client: StrictClient, book: Any) -> None:
    """Of the entries that count: the page of a recommendation and the Matrix mark the same ones."""
    cells = {
        row["Action point ref"]: row["Said of an earlier wording"] for row in figures.table(book["Matrix"])
    }
    in_matrix = {ref: str(cell).count("\n") + 1 for ref, cell in cells.items() if cell}
    on_pages: dict[str, int] = {}
    for ref in generated_reviews.REFS:
        page = client.get(f"/recommendations/KGZ-3/{ref}")
        for point in (each for each in cells if each.startswith(f"{ref}.")):
            marked = [entry for entry in entries_of(page, point) if "Made on an earlier wording" in entry]
            if marked:
                on_pages[point] = len(marked)
    assert in_matrix == on_pages != {}


LEFT_OUT = """
SELECT COUNT(*) AS number FROM action_points p JOIN point_wordings w ON w.action_point_id = p.id
JOIN (
  SELECT action_point_id, submitted_at AS made_at FROM progress_updates WHERE published_at IS NOT NULL
  UNION ALL SELECT action_point_id, published_at FROM assessments WHERE published_at IS NOT NULL
) e ON e.action_point_id = p.id AND e.made_at < w.until
WHERE w.was_split AND p.retired_at IS NULL
"""


def check_left_out(book: Any, database: Database) -> None:
    [[number]] = ask(database, LEFT_OUT)
    assert number > 1
    sentence = f"{number} entries were made before their points were split or merged and are left out of the figures."
    assert sentence in {row[0] for row in book["Cover"].iter_rows(values_only=True)}
