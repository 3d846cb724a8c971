"""The list: every filter, its numbers, words, and pages that lose and repeat nothing."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests.seeds import demonstration, reference
from tests.stories.pages import ask, by_class, options_of, refs_of, tell, words_of
from tests.stories.walk import every_page
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

VOICES = ("state", "civil_society", "nhri_un")


@pytest.fixture
def filled() -> str:
    return "demo"


def shown(client: StrictClient, query: str) -> list[str]:
    return [ref for page in every_page(client, f"/recommendations?{query}") for ref in refs_of(page)]


def _tagged(name: str) -> dict[str, set[str]]:
    """By value of a filter: the refs that the data file gives it."""
    found: dict[str, set[str]] = {}
    for row in reference("recommendations"):
        values = {
            "topic": row["topics"],
            "group": row["groups"],
            "sdg": [target.partition(".")[0] for target in row["sdg_targets"]],
            "kind": [row["kind"]],
            "theme": [row["heading"] or "", *(f"ohchr-{code}" for code in row["themes"])],
        }[name]
        for value in values:
            if value:
                found.setdefault(value, set()).add(row["ref"])
    return found


@pytest.mark.parametrize("name", ["topic", "group", "sdg", "kind", "theme"])
def test_a_tag_finds_what_the_data_file_tags(client: StrictClient, name: str) -> None:
    wanted = _tagged(name)
    assert wanted
    assert options_of(client.get("/recommendations"), name) == {
        value: len(refs) for value, refs in wanted.items()
    }
    for value, refs in list(wanted.items())[:12]:
        assert set(shown(client, f"{name}={value}")) == refs, value


def test_an_organisation_finds_what_it_leads_or_supports(client: StrictClient) -> None:
    rows = demonstration("assignments")
    for key in sorted({row["organisation"] for row in rows}):
        refs = {row["ref"] for row in rows if row["organisation"] == key}
        assert set(shown(client, f"organisation={key}")) == refs, key


def _at_level(database: Database, voice: str) -> dict[str, set[str]]:
    """By level: the recommendations with an open point at it, from the entries of the voice."""
    given: dict[int, dict[Any, str]] = {}
    if voice == "state":
        query = (
            "SELECT action_point_id, 0 AS who, level FROM progress_updates WHERE led ORDER BY published_at"
        )
    else:
        query = (
            "SELECT action_point_id, organisation_id AS who, level FROM assessments WHERE published_at"
            f" IS NOT NULL AND action_point_id IS NOT NULL AND voice = '{voice}' ORDER BY published_at"
        )
    for row in ask(database, query):
        given.setdefault(row.action_point_id, {})[row.who] = row.level
    found: dict[str, set[str]] = {}
    points = ask(
        database, "SELECT p.id, r.ref FROM action_points p JOIN recommendations r ON r.id = recommendation_id"
    )
    for point in points:
        levels = set(given.get(point.id, {}).values()) or {"not_assessed"}
        level = levels.pop() if len(levels) == 1 else "mixed"
        found.setdefault(level, set()).add(point.ref)
    return found


@pytest.mark.parametrize("voice", VOICES)
def test_a_level_finds_recommendations_with_a_point_at_it_not_the_rolled_up_level(
    client: StrictClient, database: Database, voice: str
) -> None:
    wanted = _at_level(database, voice)
    assert "not_assessed" in wanted
    assert ("mixed" in wanted) == (voice == "civil_society")
    options = options_of(client.get(f"/recommendations?voice={voice}"), "level")
    assert options == {level: len(refs) for level, refs in wanted.items()}
    for level, refs in wanted.items():
        assert set(shown(client, f"level={level}&voice={voice}")) == refs, level


@pytest.mark.parametrize("filters", ["", "topic=women", "voice=civil_society&level=mixed", "q=women&sdg=5"])
def test_the_number_at_an_option_is_the_number_of_rows_after_choosing_it(
    client: StrictClient, filters: str
) -> None:
    page = client.get(f"/recommendations?{filters}")
    asked = 0
    for name in ("topic", "theme", "level", "disagreement", "organisation", "group", "sdg", "kind"):
        for value, number in list(options_of(page, name).items())[:4]:
            others = "&".join(part for part in filters.split("&") if part and not part.startswith(f"{name}="))
            found = client.get(f"/recommendations?{others}&{name}={value}".replace("?&", "?"))
            words = "1 recommendation" if number == 1 else f"{number} recommendations"
            assert words in text_of(found), (filters, name, value)
            assert len(shown(client, f"{others}&{name}={value}".strip("&"))) == number, (filters, name, value)
            asked += 1
    assert asked


@pytest.mark.parametrize("words", ["women", "WOMEN", "women violence", "  Torture ", "a12", "rights of the"])
def test_words_are_found_in_any_case_and_all_of_them(client: StrictClient, words: str) -> None:
    found = set(shown(client, f"q={words}"))
    for row in reference("recommendations"):
        text = f"{row['ref']} {row['short_title']} {row['text']}".casefold()
        text += " ".join(point["text"] for point in row["action_points"]).casefold()
        assert (row["ref"] in found) == all(word in text for word in words.casefold().split()), row["ref"]
    assert found


@pytest.mark.parametrize("words", ["%", "_", "wom_n", "wom%n", "\\", "'", '"', "100%%"])
def test_signs_of_the_database_are_plain_letters(client: StrictClient, words: str) -> None:
    found = set(shown(client, f"q={quote(words)}"))
    for row in reference("recommendations"):
        text = f"{row['ref']} {row['short_title']} {row['text']}".casefold()
        text += " ".join(point["text"] for point in row["action_points"]).casefold()
        assert (row["ref"] in found) == (words in straight(text)), (words, row["ref"])


def straight(text: str) -> str:
    """With the quotation marks of a keyboard."""
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def _add(database: Database, number: int, text: Callable[[int], str]) -> None:
    """More recommendations, as an import would add them."""
    with database.transaction() as session:
        one = session.scalars(select(Recommendation).where(Recommendation.ref == "A1")).one()
        for place in range(number):
            made = Recommendation(
                review_id=one.review_id,
                source_id=one.source_id,
                kind=RecommendationKind.WG_RECOMMENDATION,
                ref=f"140.{place + 1}",
                order=1000 + place,
                short_title=f"Number {place + 1}",
                text=text(place),
            )
            session.add(made)
            session.flush()
            session.add(
                ActionPoint(recommendation_id=made.id, ref=f"140.{place + 1}", order=1, text=text(place))
            )
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")


def test_cyrillic_words_are_found_in_any_case_and_without_special_letters(
    client: StrictClient, database: Database
) -> None:
    _add(database, 2, lambda place: ("Обеспечить учёт жалоб", "Өлкөнүн мыйзамын өзгөртүү")[place])
    assert shown(client, "q=УЧЕТ") == ["140.1"]
    assert shown(client, "q=учёт жалоб") == ["140.1"]
    assert shown(client, "q=олконун") == ["140.2"]
    assert shown(client, "q=ӨЗГӨРТҮҮ") == ["140.2"]


@pytest.mark.parametrize("query", ["", "review=all", "level=not_assessed&voice=nhri_un"])
def test_pages_forwards_and_back_lose_and_repeat_nothing(
    client: StrictClient, database: Database, query: str
) -> None:
    _add(database, 120, lambda place: f"Text {place}")
    forwards = list(every_page(client, f"/recommendations?{query}"))
    refs = [ref for page in forwards for ref in refs_of(page)]
    wanted = [row["ref"] for row in sorted(reference("recommendations"), key=lambda row: row["order"])]
    wanted += [f"140.{place + 1}" for place in range(120)]
    if query.startswith("level"):
        wanted = [ref for ref in wanted if ref in refs]
        assert wanted
    assert refs == wanted
    assert [len(refs_of(page)) for page in forwards[:-1]] == [25] * (len(forwards) - 1)
    last = forwards[-1].request
    back = list(every_page(client, f"{last.path}?{last.query_string.decode()}", "Previous page"))
    assert [refs_of(page) for page in back] == [refs_of(page) for page in reversed(forwards)]


@pytest.mark.parametrize(
    "query",
    [
        "level=x",
        "voice=x",
        "kind=x",
        "disagreement=x",
        "page=x",
        "page=YTE",
        "page=YTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE",
        "page=%00",
        "q=%00",
        "theme=%00",
    ],
)
def test_a_damaged_address_is_refused_with_a_sentence(client: StrictClient, query: str) -> None:
    answer = client.get(f"/recommendations?{query}")
    assert answer.status_code == 400
    sentences = ("Choose one from the list", "Start again at the first page", "Remove it and try again")
    assert any(sentence in text_of(answer) for sentence in sentences)


@pytest.mark.parametrize("name", ["_external", "_scheme", "_anchor", "_method", "endpoint", "unknown"])
def test_empty_fields_leave_the_address_and_strange_ones_do_nothing(client: StrictClient, name: str) -> None:
    answer = client.get(f"/recommendations?topic=women&q=&{name}=https")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/recommendations?topic=women"


@pytest.mark.parametrize(
    "query", ["theme=x", "topic=x", "group=x", "sdg=99", "organisation=x", "q=%F0%9F%90%8C"]
)
def test_what_nothing_is_tagged_with_finds_nothing_and_says_so(client: StrictClient, query: str) -> None:
    answer = client.get(f"/recommendations?{query}")
    assert refs_of(answer) == []
    assert "No recommendation matches." in text_of(answer)


def test_the_tag_of_a_level_says_whose_level_it_is(client: StrictClient) -> None:
    for review in ("", "&review=all"):
        page = client.get(f"/recommendations?level=not_assessed&voice=civil_society{review}")
        assert "Level (Civil society): Not assessed" in text_of(page)


def test_a_row_tells_the_level_it_was_found_by(client: StrictClient) -> None:
    for voice, level, said in (
        ("state", "planned", "Planned"),
        ("state", "regressed", "Regressed"),
        ("state", "no_information", "No information"),
        ("state", "overtaken", "Overtaken by events"),
        ("civil_society", "mixed", "Mixed"),
    ):
        page = client.get(f"/recommendations?voice={voice}&level={level}")
        rows = [words_of(row) for row in by_class(page, "rec-row")]
        assert rows, level
        assert all(said in row for row in rows), (level, rows)


def test_a_chosen_option_stays_offered_where_the_rest_of_the_filter_leaves_nothing_of_it(
    client: StrictClient,
) -> None:
    """Otherwise the form would show another choice than the one in force, and the next search drop it."""
    offered = options_of(client.get("/recommendations"), "group")
    left = options_of(client.get("/recommendations?topic=women"), "group")
    gone = next(value for value in offered if value not in left)
    page = client.get(f"/recommendations?topic=women&group={gone}")
    assert refs_of(page) == []
    assert options_of(page, "group") == {**left, gone: 0}
    assert f'value="{gone}" selected' in page.get_data(as_text=True)


def test_a_row_says_with_regression_where_a_voice_says_so_of_a_point(
    client: StrictClient, database: Database
) -> None:
    said = {(voice, ref) for voice in VOICES for ref in _at_level(database, voice).get("regressed", ())}
    assert {voice for voice, _ in said} >= {"state", "civil_society"}
    marked = set()
    for page in every_page(client, "/recommendations"):
        for row in by_class(page, "rec-row"):
            ref = words_of(next(node for node in row.iter() if node.get("class") == "rec-row__ref"))
            shares = [words_of(node) for node in row.iter() if node.get("class") == "rec-row__share"]
            for voice, share in zip(VOICES, shares, strict=True):
                if share.endswith("· with regression"):
                    marked.add((voice, ref))
    assert marked == said
