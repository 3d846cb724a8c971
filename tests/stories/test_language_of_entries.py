"""Entries keep the language that they were written in: their words say so to browsers, and to readers of another
language. Nothing translates them."""

from typing import Any

import pytest

from tests.stories.assessments import PAGE, publish
from tests.stories.pages import by_class, words_of
from tests.stories.updates import step, write
from tests.strict_client import HTML, SignIn, StrictClient, parse
from tracker.language import in_which_language, speaking

RUSSIAN = {
    "reason": "Приказ действует, юг страны остался.",
    "done": "Приказ от 3 марта обязателен для всех отделений.",
    "obstacles": "В двух районах не хватает людей.",
    "support_needed": "Тренер для юга страны.",
    "next_step": "Обучить сотрудников двух районов.",
    "language": "ru",
}
SAID = {
    "reason": "Ни одна жалоба не дошла до суда.",
    "narrative": "Мы следили за жалобами.",
    "language": "ru",
}


@pytest.fixture
def kind() -> str:
    """What is shown is in templates: a database of the other kind has the same."""
    return "sqlite"


def language_of(page: Any, words: str) -> str | None:
    """That of the element that holds these words, or of the one around it."""
    document = parse(page)
    around = {child: node for node in document.iter() for child in node}
    found = next(node for node in document.iter() if isinstance(node.tag, str) and (node.text or "") == words)
    while found is not None and "lang" not in found.attrib:
        found = around.get(found)
    return None if found is None else found.get("lang")


def marks(page: Any) -> list[str]:
    return [words_of(node) for node in by_class(page, "language-mark")]


def test_an_update_is_marked_for_whoever_reads_in_another_language(
    signed_in: SignIn, client: StrictClient
) -> None:
    # Given an update in Russian, from its form to the public page
    writer, officer, coordinator = (
        signed_in(who) for who in ("focal_point", "validating_officer", "coordinator")
    )
    update = write(writer, "submit", **RUSSIAN)
    # Then whoever decides about it sees in which language it is, in English, and no mark in Russian
    page = officer.get(f"/updates/{update}")
    assert marks(page) == ["in Russian"]
    assert {language_of(page, RUSSIAN[name]) for name in RUSSIAN if name != "language"} == {"ru"}
    assert marks(officer.get(f"/ru/updates/{update}")) == []
    assert step(officer, update, "validate") == 303
    assert marks(coordinator.get(f"/updates/{update}/publish")) == ["in Russian"]
    assert step(coordinator, update, "publish") == 303
    # And so does everybody who reads it: on the page of the recommendation, of all entries, of the ministry, and beside
    # the form of the next one
    for address in (PAGE, f"{PAGE}/entries?point=A12.1"):
        page = client.get(address)
        assert marks(page).count("in Russian") == 1
        assert language_of(page, RUSSIAN["done"]) == language_of(page, RUSSIAN["next_step"]) == "ru"
        assert "in Russian" not in marks(client.get(f"/ru{address}"))
    page = client.get("/organisations/ministry-a")
    assert marks(page) == ["in Russian"]
    assert language_of(page, RUSSIAN["reason"]) == "ru"
    page = writer.get("/updates/new/KGZ-3/A12.1")
    assert marks(page) == ["in Russian"]
    assert language_of(page, RUSSIAN["done"]) == "ru"


def test_an_assessment_is_marked_in_its_preview_on_the_page_and_before_it_is_withdrawn(
    signed_in: SignIn, client: StrictClient
) -> None:
    lead = signed_in("lead")
    publish(lead, **SAID)
    page = client.get(PAGE)
    assert marks(page) == ["in Russian"]
    assert language_of(page, SAID["narrative"]) == "ru"
    assert marks(client.get(f"/ky{PAGE}"))[-1] == russian_in("ky")


def russian_in(language: str) -> str:
    with speaking(language):
        return in_which_language("ru")


def test_both_texts_of_two_people_at_one_draft_have_their_language(signed_in: SignIn) -> None:
    writer, colleague = signed_in("focal_point"), signed_in("alternate")
    update = write(writer)
    opened = colleague.get(f"/updates/{update}/change")
    writer.send(f"/updates/{update}/change", button="keep", **RUSSIAN)
    page = colleague.send_from(opened, "/change", "keep", done="Two towns opened a line.")
    assert page.status_code == 409
    stored = [node for node in parse(page).iter(f"{HTML}p") if node.text == RUSSIAN["done"]]
    typed = [node for node in parse(page).iter(f"{HTML}p") if node.text == "Two towns opened a line."]
    assert [node.get("lang") for node in stored] == ["ru"]
    assert [node.get("lang") for node in typed] == ["ru"]  # the colleague has not chosen another language
