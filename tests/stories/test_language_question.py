"""A text that does not look like its language is asked about once, and never refused."""

from typing import Any

import pytest

from tests.stories import assessments, updates
from tests.stories.evidence import sent
from tests.stories.pages import by_id, contents, id_of, words_of
from tests.strict_client import SignIn, find_form, values_of
from tracker.database import Database

KYRGYZ = "Жаңы бөлүм ачылды, үч кызматкер иштейт."
ENGLISH = "A new unit was opened with three officers."
OTHER = "新しい部署が開設され、三人の職員が働いています。"


def asked(answer: Any) -> str:
    assert answer.status_code == 422
    return words_of(by_id(answer, "language-question"))


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        (
            "ru",
            KYRGYZ,
            "“What was done?” is to be published in Russian, but by its letters the text is in Kyrgyz.",
        ),
        (
            "ky",
            ENGLISH,
            "“What was done?” is to be published in Kyrgyz, but by its letters the text is in English.",
        ),
        (
            "en",
            "Открыт отдел из трёх сотрудников.",
            "published in English, but by its letters the text is in Kyrgyz or in Russian.",
        ),
        ("en", OTHER, "is to be published in English, but it is written in other letters."),
    ],
)
def test_an_update_is_asked_about_once_and_submitted_the_second_time(
    signed_in: SignIn, database: Database, language: str, text: str, sentence: str
) -> None:
    # Given an update whose letters are not those of its language
    writer, before = signed_in("focal_point"), contents(database)
    short = dict.fromkeys(("obstacles", "support_needed", "next_step"), "")
    typed = {**updates.TEXT, **short, "reason": "12 из 14", "done": text, "language": language}
    # When it is submitted, the form comes back with everything that was typed, and a question
    answer = writer.send(updates.NEW, button="submit", **typed)
    assert sentence in asked(answer)
    form = values_of(find_form(answer, updates.NEW))
    assert {name: form[name] for name in typed} == typed
    assert contents(database) == before
    # When it is sent again, as it is
    answer = writer.send_from(answer, updates.NEW, "submit")
    # Then it is submitted
    assert answer.status_code == 303
    row = updates.row(database, id_of(answer))
    assert (row.state, row.language, row.done) == ("submitted", language, text)


def test_nothing_is_asked_of_a_draft_before_it_is_submitted(signed_in: SignIn, database: Database) -> None:
    # Given a draft, saved without a question
    writer = signed_in("focal_point")
    update = updates.write(writer, "keep", done=KYRGYZ, language="ru")
    # When it is submitted from its page, it is asked about; the answer submits it
    answer = writer.send(f"/updates/{update}", action="/submit")
    assert "“What was done?” is to be published in Russian" in asked(answer)
    assert updates.row(database, update).state == "draft"
    answer = writer.send_from(answer, "/change", "submit")
    assert answer.status_code == 303
    assert updates.row(database, update).state == "submitted"


def test_a_question_keeps_the_button_that_goes_on_to_the_next_point(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    answer = writer.send(updates.NEW, button="submit_and_go", **{**updates.TEXT, "language": "ky"})
    question = by_id(answer, "language-question")
    assert [node.get("name") for node in question.iter() if node.get("type") == "submit"] == ["submit_and_go"]
    answer = writer.send_from(answer, updates.NEW, "submit_and_go")
    assert "/updates/new/" in answer.headers["Location"]


@pytest.mark.parametrize("done", ["Өткөрүлдү.", "12 из 14, 3 %", ENGLISH])
def test_short_texts_and_texts_that_fit_are_not_asked_about(signed_in: SignIn, done: str) -> None:
    assert updates.write(signed_in("focal_point"), "submit", done=done)


def test_each_text_of_an_assessment_is_asked_about_with_its_own_language(
    signed_in: SignIn, database: Database
) -> None:
    # Given a lead whose second text is in the language of the first
    lead, before = signed_in("lead"), contents(database)
    second = {"second_language": "ru", "second_reason": ENGLISH, "second_narrative": KYRGYZ}
    # When it is previewed, both fields of it are named, and nothing else
    answer = lead.send(assessments.NEW, button="preview", **{**assessments.TEXT, **second})
    question = asked(answer)
    assert "“Why this level? In the second language” is to be published in Russian" in question
    assert "“What did you observe? In the second language” is to be published in Russian" in question
    assert question.count("to be published") == 2
    # When it goes on, changes something and previews again, nothing is asked any more; then it is published
    shown = lead.send_from(answer, assessments.NEW, "preview")
    assert shown.status_code == 200
    changed = lead.send_from(shown, assessments.NEW, "change")
    shown = lead.send_from(changed, assessments.NEW, "preview", reason="Не так.")
    assert shown.status_code == 200
    assert contents(database) == before
    assert lead.send_from(shown, "/publish", "publish").status_code == 303
    [row] = contents(database)["assessments"]
    assert (row.second_language, row.second_narrative) == ("ru", KYRGYZ)


def test_a_question_asks_for_the_files_again(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(updates.NEW)
    values = {**values_of(find_form(loaded, updates.NEW)), **updates.TEXT, "language": "ky", "submit": "1"}
    answer = writer.post(updates.NEW, data={**values, "files": sent("table.csv", b"a,b\n1,2\n")})
    assert asked(answer)
    assert "Choose the files again" in answer.get_data(as_text=True)
