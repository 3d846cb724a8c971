"""The list: every filter, its numbers, words, and pages that lose and repeat nothing."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.seeds import demonstration, reference
from tests.stories.pages import ask, by_class, options_of, refs_of, tell, words_of
from tests.stories.walk import every_page
from tests.strict_client import HTML, StrictClient, parse, text_of
from tracker.database import Database
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

VOICES = ("state", "civil_society", "nhri")


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
    """By level, from the entries themselves: the recommendations of which an organisation of the voice gives it to an
    open point or to the whole; also ranges, entries without a level, and what the voice is silent on."""
    given: dict[tuple[str, int | None], dict[Any, str]] = {}
    if voice == "state":
        query = (
            "SELECT r.ref, u.action_point_id, 0 AS who, CASE WHEN led THEN level ELSE 'no_level' END AS level"
            " FROM progress_updates u JOIN action_points p ON p.id = u.action_point_id"
            " JOIN recommendations r ON r.id = p.recommendation_id WHERE u.published_at IS NOT NULL"
            " ORDER BY u.led, u.as_of_on, u.published_at"
        )
    else:
        query = (
            "SELECT r.ref, a.action_point_id, a.organisation_id AS who, a.level FROM assessments a"
            " JOIN recommendations r ON r.id = a.recommendation_id WHERE a.published_at IS NOT NULL"
            f" AND a.voice = '{voice}' ORDER BY a.published_at"
        )
    for row in ask(database, query):
        given.setdefault((row.ref, row.action_point_id), {})[row.who] = row.level
    found: dict[str, set[str]] = {}
    for (ref, point), levels in given.items():
        for level in levels.values():
            found.setdefault(level, set()).add(ref)
        if point is not None and len(set(levels.values())) > 1:
            found.setdefault("mixed", set()).add(ref)
    spoken = {ref for ref, _ in given}
    every = {row.ref for row in ask(database, "SELECT ref FROM recommendations")}
    found["no_entry"] = every - spoken
    return found


@pytest.mark.parametrize("voice", VOICES)
def test_a_level_finds_recommendations_of_which_somebody_gave_it_to_a_point_or_to_the_whole(
    client: StrictClient, database: Database, voice: str
) -> None:
    wanted = _at_level(database, voice)
    assert ("mixed" in wanted) == (voice == "civil_society")
    assert ("no_level" in wanted) == (voice == "state")
    options = options_of(client.get(f"/recommendations?voice={voice}"), "level")
    assert options == {level: len(refs) for level, refs in wanted.items()}
    for level, refs in wanted.items():
        assert set(shown(client, f"level={level}&voice={voice}")) == refs, level


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("voice=nhri_un&level=planned", {"voice": "nhri", "level": "planned", "formerly": "nhri_un"}),
        ("level=not_assessed", {"level": "no_entry", "formerly": "not_assessed"}),
        ("disagreement=none&topic=women", {"topic": "women", "formerly": "none"}),
    ],
)
def test_an_old_filter_leads_to_its_successor_with_a_notice(
    client: StrictClient, old: str, new: dict[str, str]
) -> None:
    for kind in ("", ".xlsx", ".json"):
        answer = client.get(f"/recommendations{kind}?{old}")
        assert answer.status_code == 302
        target = urlsplit(answer.headers["Location"])
        assert target.path == f"/recommendations{kind}"
        assert dict(parse_qsl(target.query)) == new
    page = client.get(f"/recommendations?{old}", follow_redirects=True)
    assert page.status_code == 200
    notice = {
        "nhri_un": "separate voices now",
        "not_assessed": "called “No entry” now",
        "none": "all of them",
    }
    assert notice[new["formerly"]] in text_of(page)
    assert "separate voices now" not in text_of(client.get("/recommendations?formerly=x"))


def _summary(page: TestResponse) -> str:
    """“5 recommendations, 1 request”"""
    [found] = by_class(page, "list-summary")
    return words_of(found).strip()


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
            said = re.search(r"((\d+) recommendations?)?(, )?((\d+) requests?)?", _summary(found))
            assert said is not None
            told = sum(int(each) for each in said.group(2, 5) if each)
            assert told == number, (filters, name, value)
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
    _add(database, 2, lambda place: ("Обеспечить выхухолёк жалоб", "Көгүчкөндүн уясын өзгөртпөө")[place])
    assert shown(client, "q=ВЫХУХОЛЕК") == ["140.1"]
    assert shown(client, "q=выхухолёк жалоб") == ["140.1"]
    assert shown(client, "q=когучкондун") == ["140.2"]
    assert shown(client, "q=ӨЗГӨРТПӨӨ") == ["140.2"]


@pytest.mark.parametrize(
    "query", ["", "review=all", "level=no_entry&voice=nhri", "sort=newest", "sort=disagreement"]
)
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
    assert refs == wanted if not query.startswith("sort") else sorted(refs) == sorted(wanted)
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
    sentences = (
        "Choose one from the list",
        "Start again at the first page",
        "paste your text again as plain text",
    )
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
        page = client.get(f"/recommendations?level=no_entry&voice=civil_society{review}")
        assert "Level (Civil society): No entry on any point" in text_of(page)


def test_a_row_tells_the_level_it_was_found_by(client: StrictClient) -> None:
    for voice, level, said in (
        ("state", "planned", "planned"),
        ("state", "regressed", "regressed"),
        ("state", "no_information", "no information"),
        ("state", "overtaken", "overtaken"),
        ("civil_society", "mixed", "organisations|range"),
    ):
        page = client.get(f"/recommendations?voice={voice}&level={level}")
        rows = [words_of(row) for row in parse(page).find(f".//{HTML}tbody")]
        assert rows, level
        assert all(re.search(said, row) for row in rows), (level, rows)


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


def test_a_row_shows_every_regression_that_somebody_told_of(client: StrictClient, database: Database) -> None:
    said = {(voice, ref) for voice in VOICES for ref in _at_level(database, voice).get("regressed", ())}
    assert {voice for voice, _ in said} >= {"state", "civil_society"}
    marked = set()
    for page in every_page(client, "/recommendations"):
        table = parse(page).find(f".//{HTML}tbody")
        assert table is not None
        for row in table:
            [ref] = [words_of(node) for node in row if "levels-table__ref" in node.get("class", "")]
            cells = [node for node in row if "levels-table__voice" in node.get("class", "").split()]
            for voice, cell in zip(VOICES, cells, strict=True):
                drawn = any("shape--regressed" in node.get("class", "") for node in cell.iter())
                if drawn or "On the whole: regressed" in words_of(cell):
                    marked.add((voice, ref))
    assert marked == said
