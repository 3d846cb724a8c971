"""The home page: figures with their "of", topics and headings, what comes next and what is new."""

from typing import Any

import pytest

from tests.seeds import reference
from tests.stories.pages import ask, by_class, words_of
from tests.strict_client import StrictClient
from tracker import clock
from tracker.database import Database

INSIDE = (
    "FROM action_points p JOIN recommendations r ON r.id = p.recommendation_id"
    " JOIN reviews v ON v.id = r.review_id WHERE v.code = 'KGZ-3' AND p.retired_at IS NULL"
)
SAID = "EXISTS (SELECT 1 FROM {table} e WHERE e.action_point_id = p.id AND e.published_at IS NOT NULL{more})"


@pytest.fixture
def filled() -> str:
    return "demo"


def _count(database: Database, more: str = "") -> int:
    return int(ask(database, f"SELECT count(*) {INSIDE}{more}")[0][0])


def _newest_levels(database: Database) -> dict[int, str]:
    """By point: the level of the newest published update whose organisation led."""
    rows = ask(
        database,
        "SELECT action_point_id, level FROM progress_updates"
        " WHERE state = 'published' AND led ORDER BY published_at",
    )
    return {row.action_point_id: row.level for row in rows}


def _contradicted(database: Database) -> int:
    """Points done in the State's words, of which an organisation's newest word says the contrary."""
    rows = ask(
        database,
        "SELECT action_point_id, organisation_id, level FROM assessments"
        " WHERE published_at IS NOT NULL AND action_point_id IS NOT NULL ORDER BY published_at",
    )
    newest = {(row.action_point_id, row.organisation_id): row.level for row in rows}
    denied = {point for (point, _), level in newest.items() if level in ("not_implemented", "regressed")}
    done = ("fully_implemented", "partially_implemented")
    return sum(1 for point, level in _newest_levels(database).items() if level in done and point in denied)


def test_the_figures_of_home_are_counts_of_the_entries_each_with_its_of(
    client: StrictClient, database: Database
) -> None:
    points = _count(database)
    levels = list(_newest_levels(database).values())
    assessed = _count(database, " AND " + SAID.format(table="assessments", more=""))
    fully, contradicted = levels.count("fully_implemented"), _contradicted(database)
    assert points == 137
    assert 0 < fully < len(levels) < points
    assert 0 < contradicted < assessed < points
    figures = [words_of(node) for node in by_class(client.get("/"), "figure")]
    assert figures == [
        f"{len(levels)} of {points} action points with an entry by the State",
        f"{assessed} of {points} action points with an independent assessment",
        f"{fully} of {len(levels)} of those with an entry, reported fully implemented by the State",
        f"{contradicted} of {points} action points on which voices contradict each other",
    ]


def test_home_lists_four_topics_and_eighteen_headings_with_the_points_of_each_voice(
    client: StrictClient, database: Database
) -> None:
    page = client.get("/")
    rows = by_class(page, "theme-row")
    names = [words_of(next(node for node in row.iter() if node.get("href"))) for row in rows]
    themes = ask(database, "SELECT label, scheme, id FROM themes WHERE scheme <> 'ohchr' ORDER BY scheme, id")
    topics = {theme.label for theme in themes if theme.scheme == "topic"}
    headings = {theme.label for theme in themes if theme.scheme == "letter"}
    assert (len(topics), len(headings), len(rows)) == (4, 18, 22)
    assert set(names[:4]) == topics
    assert set(names[4:]) == headings
    ids = {(theme.scheme, theme.label): theme.id for theme in themes}
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        theme = ids["topic" if place < 4 else "letter", name]
        tagged = (
            f" AND r.id IN (SELECT recommendation_id FROM recommendation_themes WHERE theme_id = {theme})"
        )
        points = _count(database, tagged)
        labels = [node.get("aria-label") for node in row.iter() if node.get("aria-label")]
        led = " AND " + SAID.format(table="progress_updates", more=" AND e.led")
        assert _spelled(labels[0], f"of {points} action points assessed") == (
            "State",
            _count(database, tagged + led),
        )
        voiced = " AND " + SAID.format(table="assessments", more=" AND e.voice = 'civil_society'")
        spoken = _count(database, tagged + voiced)
        assert _spelled(labels[1], f"of {points} action points assessed") == ("Civil society", spoken)


def _spelled(label: str, ending: str) -> tuple[str, int]:
    """Voice and number of a bar's words; the levels that follow must add up to it."""
    said, *levels = label.split(", ")
    assert said.endswith(ending)
    voice, _, number = said.removesuffix(ending).strip().partition(": ")
    assert sum(int(level.rpartition(" ")[2]) for level in levels) == int(number)
    return voice, int(number)


def test_home_says_what_comes_next_and_what_is_new(client: StrictClient, database: Database) -> None:
    cards = [words_of(node) for node in by_class(client.get("/"), "side-card")]
    coming = sorted(
        row["starts_on"] + row["label"]
        for row in reference("milestones")
        if row["kind"] != "context" and row["ends_on"] >= str(clock.day_in("Asia/Bishkek", clock.now()))
    )
    assert len(coming) >= 4
    for label in (row[10:] for row in coming[:4]):
        assert " ".join(label.split()) in cards[0]
    links = [words_of(node) for node in by_class(client.get("/"), "side-card")[1].iter() if node.get("href")]
    assert len(links) > 3
    assert links == [row.ref for row in _newest(database)][: len(links)]


def _newest(database: Database) -> list[Any]:
    """What was published, the newest first, with the ref of its point or else of its recommendation."""
    return ask(
        database,
        "SELECT p.ref, u.published_at AS at FROM progress_updates u JOIN action_points p"
        " ON p.id = u.action_point_id WHERE u.published_at IS NOT NULL"
        " UNION ALL SELECT COALESCE(p.ref, r.ref), a.published_at FROM assessments a"
        " JOIN recommendations r ON r.id = a.recommendation_id"
        " LEFT JOIN action_points p ON p.id = a.action_point_id WHERE a.published_at IS NOT NULL"
        " ORDER BY at DESC",
    )
