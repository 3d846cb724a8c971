"""The home page: one sentence, a bar for each voice, who disagrees, what is due, a row for each heading."""

import gzip
import re
from typing import Any

import pytest

from tests import cast as people
from tests.cast import Cast, make_assessment
from tests.seeds import reference
from tests.stories.pages import ask, by_class, hrefs_of, link_of, tell, words_of
from tests.strict_client import HTML, StrictClient, text_of
from tracker import clock
from tracker.database import Database

MOST_BYTES = 60_000
INSIDE = (
    "FROM action_points p JOIN recommendations r ON r.id = p.recommendation_id"
    " JOIN reviews v ON v.id = r.review_id WHERE v.code = 'KGZ-3' AND p.retired_at IS NULL"
)
SCALE = ("regressed", "not_implemented", "planned", "partially_implemented", "fully_implemented")


@pytest.fixture
def filled() -> str:
    return "demo"


def _count(database: Database, more: str = "") -> int:
    return int(ask(database, f"SELECT count(*) {INSIDE}{more}")[0][0])


def _state(database: Database) -> dict[int, str]:
    """By point: the level of the newest published update whose organisation led."""
    rows = ask(
        database,
        "SELECT action_point_id, level FROM progress_updates WHERE state = 'published' AND led"
        " ORDER BY COALESCE(as_of_on, date(published_at)), published_at",
    )
    return {row.action_point_id: row.level for row in rows}


def _others(database: Database) -> dict[tuple[int, int], str]:
    """By point and organisation: its newest published level, with the voice left out."""
    rows = ask(
        database,
        "SELECT action_point_id, organisation_id, level FROM assessments"
        " WHERE published_at IS NOT NULL AND action_point_id IS NOT NULL ORDER BY published_at",
    )
    return {(row.action_point_id, row.organisation_id): row.level for row in rows}


def steps_of(database: Database) -> list[int]:
    """On each point on which both give a level, how far the farthest is from the State. The demonstration has no level
    outside the scale on such a point."""
    state, farthest = _state(database), dict[int, int]()
    for (point, _), level in _others(database).items():
        if point in state:
            steps = abs(SCALE.index(state[point]) - SCALE.index(level))
            farthest[point] = max(steps, farthest.get(point, 0))
    return list(farthest.values())


def _bars(client: StrictClient, page: str = "/") -> dict[str, str]:
    """Name and note of each bar, with the words of its picture."""
    answer = client.get(page)
    pictures = [node.get("aria-label") for node in by_class(answer, "bar__picture")]
    names = [words_of(node) for node in by_class(answer, "bars__name")]
    return dict(zip(names, pictures, strict=True))


def _numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?:^|, )(\d+) ", words)]


def test_the_first_sentence_answers_how_much_was_done(client: StrictClient, database: Database) -> None:
    points, levels = _count(database), list(_state(database).values())
    fully, partially = levels.count("fully_implemented"), levels.count("partially_implemented")
    assert (points, 0 < fully < partially) == (137, True)
    done, compared = (words_of(node) for node in by_class(client.get("/"), "answer"))
    assert done == (
        f"The State reports {fully} of {points} points fully implemented and {partially} partially."
        f" On {points - len(levels)} it gives no level."
    )
    steps = steps_of(database)
    contradict = sum(1 for each in steps if each > 1)
    assert 0 < contradict < len(steps)
    assert compared == (
        f"On {len(steps)} points the State and another voice both give a level."
        f" On {contradict} they contradict each other."
    )


def test_each_voice_that_speaks_has_a_bar_of_all_points(client: StrictClient, database: Database) -> None:
    bars = _bars(client)
    names = [name.partition(" a level")[0].partition(" on ")[0] for name in bars]
    assert names == ["State", "Civil society", "National human rights institution (NHRI)"]
    for words in bars.values():
        assert sum(_numbers(words)) == 137, words
    with_level = len(_state(database))
    assert f"State a level on {with_level} of 137 points" in bars


def test_nobody_but_state_and_civil_society_is_shown_before_they_speak(
    client: StrictClient, database: Database
) -> None:
    tell(database, "DELETE FROM current_entries WHERE voice = 'nhri'")
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
    names = " ".join(_bars(client))
    assert "Civil society" in names
    assert "NHRI" not in names
    heads = [words_of(node) for node in by_class(client.get("/"), "headings-table")[0].iter(f"{HTML}th")]
    assert heads[:4] == ["Heading (points)", "State", "Civil society", "Contradict"]
    # The UN, once it does, has a row of its own
    tell(database, "UPDATE current_entries SET voice = 'un' WHERE voice = 'civil_society'")
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
    names = " ".join(_bars(client))
    assert "UN on 18 of 137 points" in names
    assert "Civil society on 0 of 137 points" in names


def test_the_squares_and_the_links_below_count_the_compared_points(
    client: StrictClient, database: Database
) -> None:
    page, steps = client.get("/"), steps_of(database)
    numbers = [sum(map(test, steps)) for test in (lambda n: n > 1, lambda n: n == 1, lambda n: n == 0)]
    kinds = [node.get("class").rpartition("--")[2] for node in by_class(page, "squares__one")]
    assert [kinds.count(kind) for kind in ("contradicts", "differs", "agrees")] == numbers
    said = words_of(by_class(page, "counts")[0])
    assert said == "{} contradict · {} differ · {} agree · of {}".format(*numbers, len(steps))
    for code in ("contradicts", "differs", "agree"):
        [address] = hrefs_of(page, f"/recommendations?review=KGZ-3&disagreement={code}")
        assert client.get(address).status_code == 200


def test_the_two_widest_are_named_with_who_says_what(client: StrictClient) -> None:
    page = client.get("/")
    first = "A24.3 Establishing shelters [for women victims of violence]State: fully."
    assert words_of(by_class(page, "rows-list")[0]).startswith(first)
    assert "High Pasture Women's Network: regressed." in text_of(page)
    assert link_of(page, "A24.3") == "/recommendations/KGZ-3/A24#A24.3"
    assert link_of(page, "All disagreements, widest first") == "/disagreement?review=KGZ-3"


def _rows(client: StrictClient) -> list[list[Any]]:
    [table] = by_class(client.get("/"), "headings-table")
    return [[*row] for row in table.iter(f"{HTML}tr")][1:]


def test_a_row_for_each_heading_adds_up_to_the_review(client: StrictClient, database: Database) -> None:
    headings = ask(database, "SELECT id, label FROM themes WHERE scheme = 'letter' ORDER BY \"order\", id")
    rows = _rows(client)
    assert len(headings) == len(rows) == 18
    in_all, contradict = 0, 0
    for theme, cells in zip(headings, rows, strict=True):
        tagged = (
            f" AND r.id IN (SELECT recommendation_id FROM recommendation_themes WHERE theme_id = {theme.id})"
        )
        points = _count(database, tagged)
        assert words_of(cells[0]) == f"{theme.label} ({points})"
        led = " AND p.id IN (SELECT action_point_id FROM progress_updates WHERE led AND state = 'published')"
        number = _count(database, tagged + led)
        assert words_of(cells[1]) == (f"{number} of {points}" if number else "")
        for cell in cells[1:-1]:
            [strip] = [node for node in cell.iter() if node.get("role") == "img"]
            words = strip.get("aria-label")
            assert points == 1 or words == "no entry" or sum(_numbers(words)) == points
        in_all += points
        contradict += int(words_of(cells[-1]) or 0)
    assert in_all == 137
    assert contradict == sum(1 for each in steps_of(database) if each > 1)


def test_rows_keep_their_roles_where_they_are_stacked(client: StrictClient) -> None:
    for cells in _rows(client):
        assert [cell.get("role") for cell in cells] == ["rowheader", *["cell"] * 4]
        assert [cell.get("data-label") for cell in cells[1:]] == [
            "State",
            "Civil society",
            "NHRI",
            "Contradict",
        ]


def test_topics_are_selections_across_the_headings(client: StrictClient, database: Database) -> None:
    page = client.get("/")
    for label, identifier in ask(database, "SELECT label, id FROM themes WHERE scheme = 'topic'"):
        tagged = f" AND r.id IN (SELECT recommendation_id FROM recommendation_themes WHERE theme_id = {identifier})"
        assert re.search(rf"all on {label} \({_count(database, tagged)}[ )]", text_of(page))
        assert "topic=" in str(link_of(page, f"all on {label}"))


def test_what_is_not_loaded_is_told_as_long_as_it_is_not(client: StrictClient, database: Database) -> None:
    words = "The 232 recommendations of the Working Group are not loaded."
    kinds = "38 recommendations in the annex of the letter and 6 requests in the letter, split into 137 action points"
    assert words in text_of(client.get("/"))
    assert kinds in text_of(client.get("/"))
    tell(database, "UPDATE recommendations SET kind = 'wg_recommendation' WHERE ref = 'A1'")
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
    assert words not in text_of(client.get("/"))
    assert "5 requests" not in text_of(client.get("/"))
    assert "1 recommendation of the Working Group" in text_of(client.get("/"))


def test_retired_points_are_told_where_there_are_any(client: StrictClient, database: Database) -> None:
    assert "no longer followed up" not in text_of(client.get("/"))
    with database.transaction() as session:
        for ref in ("A24.3", "A1.1", "A1.2"):
            people.retire_point(session, ref)
    said = text_of(client.get("/"))
    assert "3 points are no longer followed up and in no figure, 2 of them with entries." in said
    assert "of 134 points" in said


def test_home_says_what_comes_next_and_what_is_new(client: StrictClient, database: Database) -> None:
    today = str(clock.day_in("Asia/Bishkek", clock.now()))
    lists = by_class(client.get("/"), "rows-list")
    coming = sorted(
        row["starts_on"] + row["label"]
        for row in reference("milestones")
        if row["kind"] != "context" and row["ends_on"] >= today
    )
    assert len(coming) >= 3
    for label in (row[10:] for row in coming[:3]):
        assert " ".join(label.split()) in words_of(lists[1])
    links = [words_of(node) for node in lists[2].iter() if node.get("href")]
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


def test_the_page_is_light(client: StrictClient) -> None:
    assert len(gzip.compress(client.get("/").data)) < MOST_BYTES


@pytest.mark.parametrize("filled", ["cast"])
def test_before_anybody_wrote_it_says_so_and_who_can(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    said = text_of(client.get("/"))
    assert "The State gives no level yet on any of the 137 points." in said
    assert "Nobody can be compared yet" in said
    assert "Organisations of the State and independent ones sign in to write." in said
    with database.transaction() as session:
        make_assessment(session, cast, now=clock.now())
    assert "sign in to write" not in text_of(client.get("/"))


@pytest.mark.parametrize("filled", ["empty"])
def test_an_instance_without_recommendations_says_what_to_do(client: StrictClient) -> None:
    said = text_of(client.get("/"))
    assert "The coordinator of the State signs in, opens a review and imports them." in said
    assert "flask" not in said  # a command is for the operator, who does not read this page
    for page in ("/disagreement", "/method", "/about"):
        assert client.get(page).status_code == 200
