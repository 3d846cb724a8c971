"""Stories: readers see a recommendation in their language with the authentic text one click away; the coordinator
corrects a translation; the search finds words of every language; a text that changes leaves its translations behind."""

import pytest
from werkzeug.test import TestResponse

from tests.stories import figures
from tests.stories.pages import by_class, link_of, refs_of, sentences, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, text_of, values_of
from tracker.database import Database
from tracker.models.translations import digest_of

PAGE, IN_RUSSIAN = "/recommendations/KGZ-3/A12", "/ru/recommendations/KGZ-3/A12"
FORM = "/editing/KGZ-3/A12/translations/ru"
RUSSIAN_TITLE = "Гражданское общество, правозащитники и журналисты без страха"
UNCHECKED = "Неофициальный рабочий перевод, не проверен"
CHECKED = "Неофициальный рабочий перевод, проверен"
NEW = "Расследовать все сообщения о запугивании выхухоли"


@pytest.fixture
def coordinator(signed_in: SignIn) -> StrictClient:
    return signed_in("coordinator")


def texts_in(page: TestResponse, language: str) -> list[str]:
    """Paragraphs and quotations that are marked as being in a language."""
    marked = [each for each in parse(page).iter() if each.get("lang") == language]
    return [words_of(each) for each in marked if each.tag in (f"{HTML}p", f"{HTML}blockquote")]


def test_a_reader_in_russian_has_the_authentic_text_one_click_away(client: StrictClient) -> None:
    # Given the page in English, which is that of the letter
    page = client.get(PAGE)
    [authentic] = texts_in(page, "en")
    assert link_of(page, "Translations: Kyrgyz, Russian") == f"{PAGE}/translations"
    # When a reader opens it in Russian
    page = client.get(IN_RUSSIAN)
    # Then title, text and points are in Russian, and it is said what they are
    assert f"A12 · {RUSSIAN_TITLE}" in text_of(page)
    [quoted] = by_class(page, "official-text")
    assert "Расследование всех сообщений" in words_of(quoted)
    assert UNCHECKED in words_of(quoted)
    # And the authentic text of the whole and of each point stands behind them, in its own language
    shown = texts_in(page, "en")
    assert shown[0] == authentic
    assert len(shown) == 1 + len(by_class(page, "point__title"))
    # And all texts side by side on a page of their own
    beside = client.get(link_of(page, "Рядом с аутентичным текстом") or "")
    pairs = by_class(beside, "two-texts")
    assert len(pairs) == 2 + len(by_class(page, "point__title"))
    assert authentic in texts_in(beside, "en")
    assert "Расследование всех сообщений" in texts_in(beside, "ru")[1]
    assert client.get(f"{PAGE}/translations?language=ky").status_code == 200
    assert client.get(f"{PAGE}/translations?language=de").status_code == 404


def test_lists_and_figures_are_in_the_readers_language(client: StrictClient) -> None:
    assert RUSSIAN_TITLE in text_of(client.get("/ru/recommendations"))
    assert RUSSIAN_TITLE not in text_of(client.get("/recommendations"))
    assert refs_of(client.get("/ru/recommendations")) == refs_of(client.get("/recommendations"))


@pytest.mark.parametrize("address", ["/recommendations", "/ru/recommendations", "/ky/recommendations"])
def test_words_of_every_language_find_a_recommendation(client: StrictClient, address: str) -> None:
    for words in ("intimidation", "запугивания правозащитников", "запугивания defenders"):
        assert "A12" in refs_of(client.get(f"{address}?review=KGZ-3&q={words}")), words
    assert refs_of(client.get(f"{address}?review=KGZ-3&q=выхухоль")) == []


def test_the_coordinator_corrects_a_translation_and_everybody_reads_it(
    client: StrictClient, coordinator: StrictClient, database: Database
) -> None:
    # Given the list and the page in Russian, as they are cached
    assert RUSSIAN_TITLE in text_of(client.get("/ru/recommendations"))
    assert UNCHECKED in text_of(client.get(IN_RUSSIAN))
    assert link_of(coordinator.get(PAGE), "Translations") == f"{PAGE}/translations"
    assert link_of(coordinator.get(f"{PAGE}/translations"), "Correct the translation into Russian") == FORM
    assert link_of(client.get(f"{PAGE}/translations"), "Correct the translation into Russian") is None
    # When the coordinator corrects title and text, and says that it was read beside the authentic one
    answer = coordinator.send(FORM, text=NEW, short_title="Без страха", is_checked="y")
    assert answer.headers["Location"] == f"{PAGE}/translations?language=ru"
    # Then readers see it at once
    assert "Без страха" in text_of(client.get("/ru/recommendations"))
    page = text_of(client.get(IN_RUSSIAN))
    assert NEW in page
    assert CHECKED in page
    assert UNCHECKED not in page
    assert "A12" in refs_of(client.get("/recommendations?review=KGZ-3&q=выхухоли"))
    assert "by the coordinator" in text_of(client.get(f"{PAGE}/translations?language=ru"))
    # And the history tells the coordinator, with what stood before, and nobody else
    [said] = sentences(database, "correct_translation")
    assert said == "coordinator corrected the working translation of KGZ-3 A12 into Russian: checked"
    changes = text_of(coordinator.get("/editing/KGZ-3/A12"))
    assert said in changes
    assert RUSSIAN_TITLE in changes
    assert "corrected the working" not in text_of(client.get("/history"))
    # And the same again changes nothing
    coordinator.send(FORM)
    assert len(sentences(database, "correct_translation")) == 1


def test_a_text_that_changes_leaves_its_translations_behind(
    client: StrictClient, coordinator: StrictClient
) -> None:
    behind = "Сделан по прежней формулировке"
    assert behind not in text_of(client.get(IN_RUSSIAN))
    coordinator.send("/editing/KGZ-3/A12", text="Investigating all cases")
    reworded = {"text": "Investigating all of them", "meaning": "same"}
    assert coordinator.send("/action-points/KGZ-3/A12.1/reword", **reworded).status_code == 303
    page = text_of(client.get(IN_RUSSIAN))
    assert "Расследование всех сообщений" in page
    assert behind in page
    assert "Этот перевод сделан по прежней формулировке пункта" in page
    # Whoever stores it again says that it is of the text that stands now
    assert coordinator.send(FORM).status_code == 303
    page = text_of(client.get(IN_RUSSIAN))
    assert behind not in page
    assert "по прежней формулировке пункта" not in page


def test_two_who_translate_at_once_lose_nothing(coordinator: StrictClient) -> None:
    mine = coordinator.get(FORM)
    coordinator.send(FORM, short_title="Чужое")
    answer = coordinator.send_from(mine, "/ru", short_title="Моё")
    assert answer.status_code == 409
    assert "Чужое" in text_of(answer)
    assert 'value="Моё"' in answer.get_data(as_text=True)
    assert coordinator.send_from(answer, "/ru").status_code == 303


def test_who_translates_a_text_that_changes_meanwhile_is_told(coordinator: StrictClient) -> None:
    mine = coordinator.get(FORM)
    coordinator.send("/editing/KGZ-3/A12", text="Investigating all cases")
    answer = coordinator.send_from(mine, "/ru", text=NEW)
    assert (answer.status_code, "Investigating all cases" in text_of(answer)) == (409, True)
    assert NEW in answer.get_data(as_text=True)


def test_a_text_in_another_language_is_asked_about_and_taken_where_it_is_right(
    client: StrictClient, coordinator: StrictClient
) -> None:
    asked = coordinator.send(FORM, text="Investigating all cases", short_title="Өлкөнүн мыйзамдары")
    assert asked.status_code == 422
    assert text_of(asked).count("This does not look like Russian by its letters") >= 2
    assert "Investigating all cases" in asked.get_data(as_text=True)
    assert coordinator.send_from(asked, "/ru", is_meant="y").status_code == 303
    assert "Өлкөнүн мыйзамдары" in text_of(client.get(IN_RUSSIAN))


def test_an_official_translation_names_its_source(client: StrictClient, coordinator: StrictClient) -> None:
    refused = coordinator.send(FORM, kind="official")
    assert (refused.status_code, "Name the document" in text_of(refused)) == (422, True)
    assert coordinator.send(FORM, kind="official", source="A/HRC/44/4, на русском языке").status_code == 303
    assert "Официальный перевод: A/HRC/44/4, на русском языке" in text_of(client.get(IN_RUSSIAN))


def test_one_that_is_removed_gives_the_authentic_text_back(
    client: StrictClient, coordinator: StrictClient, database: Database
) -> None:
    assert coordinator.send(FORM, "/remove").status_code == 303
    page = client.get(IN_RUSSIAN)
    assert RUSSIAN_TITLE not in text_of(page)
    assert texts_in(page, "en"), "the authentic text"
    assert sentences(database, "remove_translation") == [
        "coordinator removed the translation of KGZ-3 A12 into Russian"
    ]
    assert coordinator.send(FORM, text=NEW).status_code == 303
    [said] = sentences(database, "translate_recommendation")
    assert said == "coordinator added a working translation of KGZ-3 A12 into Russian, not checked"


@pytest.mark.parametrize(
    "address", ["/editing/KGZ-3/A12/translations/en", "/editing/KGZ-3/A12/translations/de"]
)
def test_there_is_no_translation_into_the_language_of_the_text(
    coordinator: StrictClient, address: str
) -> None:
    assert coordinator.get(address).status_code == 404


def test_forms_show_the_readers_text_with_the_authentic_one_at_hand(signed_in: SignIn) -> None:
    # Given a form in Russian
    page = signed_in("focal_point").get("/ru/updates/new/KGZ-3/A12.1")
    [answering] = by_class(page, "answering")
    assert "Расследование всех" in words_of(answering)
    [authentic] = [text for text in texts_in(page, "en") if text.startswith("Investigating")]
    # Then it carries the digest of the authentic text, as the English one does
    assert values_of(find_form(page, "/new/KGZ-3/A12.1"))["seen"] == digest_of(authentic)
    whole = signed_in("lead").get("/ru/assessments/new/KGZ-3/A12")
    assert "Расследование всех" in words_of(by_class(whole, "answering")[0])


def test_files_are_in_the_readers_language_and_keep_the_authentic_text(client: StrictClient) -> None:
    item, plain = (
        next(each for each in client.get(address).get_json()["recommendations"] if each["ref"] == "A12")
        for address in ("/ru/recommendations.json", "/recommendations.json")
    )
    translation = item.pop("translation")
    assert (item["text"], item["short_title"]) == (plain["text"], plain["short_title"])
    assert "translation" not in plain
    assert translation.pop("text").startswith("Расследование всех")
    assert translation == {
        "language": "ru",
        "short_title": RUSSIAN_TITLE,
        "kind": "unofficial",
        "source": None,
        "checked": False,
        "of_earlier_wording": False,
    }
    rows = figures.table(next(iter(figures.book(client, "/ru/recommendations.xlsx"))))
    [row] = [each for each in rows if "A12" in each.values()]
    assert RUSSIAN_TITLE in row.values()
    assert UNCHECKED in row.values()
    assert plain["text"] in row.values()
    english = figures.table(next(iter(figures.book(client, "/recommendations.xlsx"))))
    assert {"Translation", "Перевод", "Authentic text", "Аутентичный текст"}.isdisjoint(english[0])


def test_the_workbook_of_the_report_has_both_texts_in_the_matrix(client: StrictClient) -> None:
    sheets = figures.book(client, f"/ru{figures.MIDTERM}")
    [values] = [
        [str(cell) for cell in row]
        for sheet in sheets
        for row in sheet.iter_rows(values_only=True)
        if row[:2] == ("A12", "A12.1")
    ]
    assert sum(text.startswith("Investigating all reported cases") for text in values) == 2
    assert sum(text.startswith("Расследование всех") for text in values) == 2
    assert UNCHECKED in values
    english = figures.table(figures.book(client, figures.MIDTERM)["Matrix"])
    assert "Authentic text of the point" not in english[0]
