"""Everybody reads without an account: a recommendation, calendar, communications."""

from typing import Any

import pytest

from tests.demonstration import PUBLIC
from tests.seeds import reference
from tests.stories.pages import ask, by_class, by_id, contents, entries_of, words_of
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.communications import ReplyState


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.mark.parametrize("page", PUBLIC)
def test_every_public_page_opens_and_says_that_it_is_a_demonstration(client: StrictClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "every organisation and person that speaks here, is invented" in text_of(answer)
    assert "Set-Cookie" not in answer.headers or page == "/sign-in"


def test_a_nul_byte_is_refused_with_a_sentence(client: StrictClient) -> None:
    for page in ("/recommendations?q=%00", "/recommendations?theme=%00x"):
        answer = client.get(page)
        assert answer.status_code == 400
        assert "an invisible character that cannot be stored" in text_of(answer)


def test_a_review_without_recommendations_says_so(client: StrictClient) -> None:
    said = text_of(client.get("/recommendations?review=KGZ-4"))
    assert "This review has no recommendations yet: its coordinator imports them." in said


@pytest.mark.parametrize("ref", ["A1", "A12", "A24", "A38", "B1"])
def test_a_recommendation_shows_the_text_as_printed_its_source_and_its_points(
    client: StrictClient, ref: str
) -> None:
    seeded = next(row for row in reference("recommendations") if row["ref"] == ref)
    source = next(row for row in reference("sources") if row["key"] == seeded["source"])
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
    assert "Our classification (not part of the UN text)" in own
    for institution in seeded["institutions"]:
        assert institution in own


def test_all_forty_four_recommendations_are_quoted_as_the_seed_has_them(client: StrictClient) -> None:
    seeded = reference("recommendations")
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
        page = client.get(f"/recommendations/KGZ-3/{ref.partition('.')[0]}")
        section, columns = by_id(page, ref), entries_of(page, ref)
        earlier = [node for node in section.iter() if node.get("class") == "history"]
        standing = [row for row in rows if not getattr(row, "withdrawn_on", None)]
        assert len(columns) + sum(len(list(each)) for each in earlier) == len(standing), ref
        gone = len(rows) - len(standing)
        assert words_of(section).count("This site shows nothing more of it.") == gone, ref
        led = sorted(
            (row for row in standing if getattr(row, "led", False)), key=lambda row: str(row.as_of_on)
        )
        if led:
            assert " ".join(led[-1].reason.split()) in columns[0], ref
            for older in led[:-1]:
                assert " ".join(older.reason.split()) not in columns[0], ref
                assert " ".join(older.reason.split()) in words_of(earlier[0]), ref


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


def test_communications_say_of_each_letter_whether_a_reply_is_known(client: StrictClient) -> None:
    _, *rows = by_class(client.get("/communications"), "govuk-table__row")
    letters = {row["reference"]: row for row in reference("communications")}
    assert len(rows) == len(letters) > 5
    for row in rows:
        heading, *cells = [node for node in row if isinstance(node.tag, str)]
        letter = letters.pop(heading.text)
        assert words_of(cells[3]).startswith(ReplyState(letter["reply_state"]).label)
        assert ("on 22 Nov 2013" in words_of(cells[3])) == (letter["reply_on"] == "2013-11-22")
        assert ("No deadline given" in words_of(cells[2])) == (letter["due_on"] is None)
        assert words_of(heading).endswith(f"{letter['note']}Source: {letter['source']}")
        links = [words_of(node) for node in cells[4].iter() if node.get("href")]
        assert sorted(f"KGZ-3/{link}" for link in links) == sorted(letter["recommendations"])


@pytest.mark.parametrize(
    "page", ["/recommendations/KGZ-3/A99", "/recommendations/KGZ-9/A1", "/reviews/XXX-1"]
)
def test_what_does_not_exist_is_not_found(client: StrictClient, page: str) -> None:
    assert client.get(page).status_code == 404
