"""Entries keep the language that they were written in: their words say so to browsers, and to readers of another
language. Nothing translates them."""

from typing import Any

import pytest

from tests.cast import PASSPHRASE
from tests.stories import assessments, updates
from tests.stories.assessments import PAGE, publish
from tests.stories.pages import by_class, id_of, tell, words_of
from tests.stories.updates import step, write
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, values_of
from tracker.database import Database
from tracker.language import in_which_language, speaking

RUSSIAN = {
    "reason": "Приказ действует, юг страны остался.",
    "done": "Приказ от 3 марта обязателен для всех отделений.",
    "obstacles": "В двух районах не хватает людей.",
    "support_needed": "Тренер для юга страны.",
    "next_step": "Обучить сотрудников двух районов.",
    "language": "ru",
}
KYRGYZ = {
    "level": "planned",
    "reason": "Мыйзам долбоору даяр, кабыл алына элек.",
    "done": "Мыйзам долбоору Жогорку Кеңешке өткөрүлдү.",
    "next_step": "Долбоорду экинчи окууда кароо.",
    "as_of_on": "2026-01-20",
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


def page_language(answer: Any) -> str | None:
    return next(iter(parse(answer).iter(f"{HTML}html"))).get("lang")


def test_a_focal_point_works_in_kyrgyz_from_the_sign_in_to_the_submitted_update(
    client: StrictClient, database: Database
) -> None:
    # Given a focal point whose account is Kyrgyz
    tell(database, "UPDATE accounts SET language = 'ky' WHERE handle = 'focal_point'")
    # When they sign in on the Kyrgyz pages and follow the links to the form of an update
    answer = client.sign_in("focal_point", PASSPHRASE, "/ky/sign-in")
    assert answer.headers["Location"] == "/ky/work"
    work = client.get("/ky/work")
    start = next(link for link in map(str, hrefs(work)) if "/updates/new/" in link)
    assert start == "/ky/updates/new/KGZ-3/A12.1"
    form = client.get(start)
    assert {page_language(work), page_language(form)} == {"ky"}
    # Then the form proposes Kyrgyz, and says so beside its buttons
    assert values_of(find_form(form, start))["language"] == "ky"
    assert shown_sentence(form) == "ky"
    # When they write and submit
    answer = client.send_from(form, start, "submit", **KYRGYZ)
    # Then nothing is asked, and the update is stored in Kyrgyz and stands on a Kyrgyz page, without a mark
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/ky/updates/")
    row = updates.row(database, id_of(answer))
    assert (row.language, row.state, row.done) == ("ky", "submitted", KYRGYZ["done"])
    page = client.get(answer.headers["Location"])
    assert page_language(page) == "ky"
    assert marks(page) == []
    assert language_of(page, KYRGYZ["done"]) == "ky"


def hrefs(answer: Any) -> list[str | None]:
    return [link.get("href") for link in parse(answer).iter(f"{HTML}a")]


def shown_sentence(answer: Any) -> str:
    """The language of the one sentence that is not hidden."""
    [shown] = [
        node.get("data-language")
        for each in by_class(answer, "in-language")
        for node in each.iter(f"{HTML}span")
        if "hidden" not in node.attrib
    ]
    return str(shown)


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/ru", "ru"), ("/ky", "ky")])
def test_a_new_entry_is_proposed_in_the_language_of_its_page(
    signed_in: SignIn, prefix: str, language: str
) -> None:
    for who, page in (("focal_point", updates.NEW), ("lead", assessments.NEW)):
        form = signed_in(who).get(prefix + page)
        assert values_of(find_form(form, page))["language"] == language
        assert shown_sentence(form) == language


def test_the_next_update_keeps_the_language_of_the_last_one(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    update = write(writer, "submit", **RUSSIAN)
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303
    form = writer.get("/ky/updates/new/KGZ-3/A12.1?from=last")
    assert values_of(find_form(form, updates.NEW))["language"] == "ru"
