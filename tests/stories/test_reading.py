"""Everybody reads without an account: home, a recommendation, calendar, communications."""

import json
from typing import Any

import pytest

from config import ROOT
from tests.demonstration import PUBLIC
from tests.stories.pages import ask, by_class, by_id, contents, link_of, words_of
from tests.strict_client import StrictClient, text_of
from tracker import clock
from tracker.database import Database

REFERENCE = ROOT / "seed" / "reference"
INSIDE = (
    "FROM action_points p JOIN recommendations r ON r.id = p.recommendation_id"
    " JOIN reviews v ON v.id = r.review_id WHERE v.code = 'KGZ-3' AND p.retired_at IS NULL"
)
SAID = "EXISTS (SELECT 1 FROM {table} e WHERE e.action_point_id = p.id AND e.published_at IS NOT NULL{more})"


def _seed(name: str) -> list[dict[str, Any]]:
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))  # type: ignore[no-any-return]


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


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.mark.parametrize("page", PUBLIC)
def test_every_public_page_opens_and_says_that_it_is_a_demonstration(client: StrictClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "every entry, ministry and person shown is invented" in text_of(answer)
    assert "Set-Cookie" not in answer.headers or page == "/sign-in"


def test_a_nul_byte_is_refused_with_a_sentence(client: StrictClient) -> None:
    for page in ("/recommendations?q=%00", "/recommendations?theme=%00x"):
        answer = client.get(page)
        assert answer.status_code == 400
        assert "a character that cannot be stored" in text_of(answer)


def test_a_review_without_recommendations_says_so(client: StrictClient) -> None:
    assert "This review has no recommendations yet." in text_of(client.get("/recommendations?review=KGZ-4"))


def test_the_figures_of_home_are_counts_of_the_entries_each_with_its_of(
    client: StrictClient, database: Database
) -> None:
    points = _count(database)
    levels = list(_newest_levels(database).values())
    assessed = _count(database, " AND " + SAID.format(table="assessments", more=""))
    fully, contradicted = levels.count("fully_implemented"), _contradicted(database)
    assert points == 134
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
        for row in _seed("milestones")
        if row["kind"] != "context" and row["ends_on"] >= str(clock.day_in("Asia/Bishkek", clock.now()))
    )
    assert len(coming) >= 4
    for label in (row[10:] for row in coming[:4]):
        assert " ".join(label.split()) in cards[0]
    newest = ask(
        database,
        "SELECT p.ref FROM progress_updates u JOIN action_points p ON p.id = u.action_point_id"
        " WHERE u.state = 'published' UNION ALL SELECT p.ref FROM assessments a"
        " JOIN action_points p ON p.id = a.action_point_id WHERE a.published_at IS NOT NULL",
    )
    assert any(row.ref in cards[1] for row in newest)


@pytest.mark.parametrize("ref", ["A1", "A12", "A24", "A38", "B1"])
def test_a_recommendation_shows_the_text_as_printed_its_source_and_its_points(
    client: StrictClient, ref: str
) -> None:
    seeded = next(row for row in _seed("recommendations") if row["ref"] == ref)
    source = next(row for row in _seed("sources") if row["key"] == seeded["source"])
    page = client.get(f"/recommendations/KGZ-3/{ref}")
    quoted = by_class(page, "official-text")[0]
    assert (
        "".join(next(node for node in quoted.iter() if node.tag.endswith("blockquote")).itertext())
        == (seeded["text"])
    )
    assert source["title"] in words_of(quoted)
    for point in seeded["action_points"]:
        title = words_of(by_class(page, "point__title")[seeded["action_points"].index(point)])
        assert title == " ".join(f"{point['ref']} {point['text']}".split())
    own = words_of(by_class(page, "own-reading")[0])
    assert "None of this stands in the source" in own
    for institution in seeded["institutions"]:
        assert institution in own


def test_all_forty_four_recommendations_are_quoted_as_the_seed_has_them(client: StrictClient) -> None:
    seeded = _seed("recommendations")
    assert len(seeded) == 44
    for row in seeded:
        quoted = by_class(client.get(f"/recommendations/KGZ-3/{row['ref']}"), "official-text")[0]
        assert " ".join(row["text"].split()) in words_of(quoted), row["ref"]


def test_each_voice_shows_its_newest_entry_and_the_history_shows_all(
    client: StrictClient, database: Database
) -> None:
    refs = {row.id: row.ref for row in ask(database, "SELECT id, ref FROM action_points")}
    tables = contents(database)
    updates = [row for row in tables["progress_updates"] if row.published_at is not None]
    independent = [row for row in tables["assessments"] if row.action_point_id is not None]
    said: dict[int, list[Any]] = {}
    for row in [*updates, *independent]:
        said.setdefault(row.action_point_id, []).append(row)
    assert max(map(len, said.values())) > 2
    for point, rows in said.items():
        ref = refs[point]
        section = by_id(client.get(f"/recommendations/KGZ-3/{ref.partition('.')[0]}"), ref)
        history = next(node for node in section.iter() if node.get("class") == "history")
        assert len(list(history)) == len(rows), ref
        gone = sum(1 for row in rows if hasattr(row, "withdrawn_on") and row.withdrawn_on)
        assert words_of(history).count("Nothing of it is kept.") == gone, ref
        led = sorted(
            (row for row in rows if getattr(row, "led", False)), key=lambda row: str(row.published_at)
        )
        voices = [node for node in section.iter() if (node.get("class") or "").split()[:1] == ["voice"]]
        if led:
            assert " ".join(led[-1].reason.split()) in words_of(voices[0]), ref
            for older in led[:-1]:
                assert " ".join(older.reason.split()) not in words_of(voices[0]), ref
                assert " ".join(older.reason.split()) in words_of(history), ref


def test_texts_in_russian_and_kyrgyz_are_marked_as_unchecked(
    client: StrictClient, database: Database
) -> None:
    found = ask(
        database,
        "SELECT p.ref, u.reason FROM progress_updates u JOIN action_points p ON p.id = u.action_point_id"
        " WHERE u.state = 'published' AND u.language <> 'en'",
    )
    assert found
    for row in found:
        section = by_id(client.get(f"/recommendations/KGZ-3/{row.ref.partition('.')[0]}"), row.ref)
        assert row.reason in words_of(section)
        assert "text not checked by a native speaker" in words_of(section)


def test_calendar_and_communications_are_complete(client: StrictClient) -> None:
    calendar = text_of(client.get("/calendar"))
    milestones = [row for row in _seed("milestones") if row["state"] == "KGZ"]
    assert len(milestones) > 10
    assert len(by_class(client.get("/calendar"), "timeline__item")) == len(milestones)
    for row in milestones:
        assert " ".join(row["label"].split()) in calendar
    page = client.get("/communications")
    letters = _seed("communications")
    assert text_of(page).count("Reply") >= 1
    for row in letters:
        assert row["reference"] in text_of(page)
        for ref in row["recommendations"]:
            assert link_of(page, ref) is not None
    assert len(by_class(page, "govuk-table__row")) == len(letters) + 1


@pytest.mark.parametrize(
    "page", ["/recommendations/KGZ-3/A99", "/recommendations/KGZ-9/A1", "/reviews/XXX-1"]
)
def test_what_does_not_exist_is_not_found(client: StrictClient, page: str) -> None:
    assert client.get(page).status_code == 404
