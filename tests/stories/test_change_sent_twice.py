"""The form that changes an update, sent twice: a slow line, no scripts, a second click. Nobody hears of a colleague."""

from functools import partial

import pytest
from werkzeug.test import TestResponse

from tests.evidence_files import PDF
from tests.stories.at_once import ROUNDS, at_once
from tests.stories.evidence import sent
from tests.stories.pages import by_class, contents, words_of
from tests.stories.updates import TEXT, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of
from tracker.database import Database

pytestmark = pytest.mark.database

BUTTONS = ("keep", "submit", "keep_and_go", "submit_and_go")
OTHER = "Fourteen officers were trained."


def said_on(person: StrictClient, answer: TestResponse) -> set[str]:
    page = person.get(answer.headers["Location"])
    return {words_of(each) for each in by_class(page, "govuk-notification-banner__content")}


@pytest.mark.parametrize("button", BUTTONS)
def test_it_is_stored_once_and_leads_where_the_first_led(
    signed_in: SignIn, database: Database, button: str
) -> None:
    # Given a draft of a colleague, which is changed
    writer = signed_in("alternate")
    update = write(signed_in("focal_point"))
    opened = writer.get(f"/updates/{update}/change")
    first = writer.send_from(opened, "/change", button, done=OTHER)
    said, before = said_on(writer, first), contents(database)
    assert len(said) == 1
    # When the same form arrives again
    again = writer.send_from(opened, "/change", button, done=OTHER)
    # Then nothing is stored, and it leads to the same place with the same words
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert said_on(writer, again) == said
    assert contents(database) == before


def test_also_after_the_officer_has_validated_it(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    update = write(writer)
    opened = writer.get(f"/updates/{update}/change")
    assert writer.send_from(opened, "/change", "submit", done=OTHER).status_code == 303
    assert step(signed_in("validating_officer"), update, "validate") == 303
    again = writer.send_from(opened, "/change", "submit", done=OTHER)
    assert (again.status_code, again.headers["Location"]) == (303, f"/updates/{update}")


@pytest.mark.parametrize("button", ["keep", "submit"])
def test_another_text_is_given_back_and_no_colleague_is_blamed(
    signed_in: SignIn, database: Database, button: str
) -> None:
    writer = signed_in("focal_point")
    update = write(writer)
    opened = writer.get(f"/updates/{update}/change")
    assert writer.send_from(opened, "/change", button, done=OTHER).status_code == 303
    before = contents(database)
    again = writer.send_from(opened, "/change", button, done="Another thing.")
    assert again.status_code == 409
    assert "Another thing." in text_of(again)
    said = "saved while you were writing" if button == "keep" else "was submitted while you were writing"
    assert said in text_of(again)
    assert "your colleague" not in text_of(again)
    assert contents(database) == before


def test_a_colleagues_submission_of_the_same_words_is_not_ones_own(signed_in: SignIn) -> None:
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    opened = second.get(f"/updates/{update}/change")
    assert step(first, update, "submit") == 303
    answer = second.send_from(opened, "/change", "submit")
    assert answer.status_code == 409
    assert "was submitted while you were writing" in text_of(answer)


def test_a_form_that_would_submit_what_was_only_saved_asks_again(signed_in: SignIn) -> None:
    """Back, and the other button: nobody may believe that it was submitted."""
    writer = signed_in("focal_point")
    update = write(writer)
    opened = writer.get(f"/updates/{update}/change")
    assert writer.send_from(opened, "/change", "keep", done=OTHER).status_code == 303
    again = writer.send_from(opened, "/change", "submit", done=OTHER)
    assert again.status_code == 409
    assert "Both texts are the same." in text_of(again)
    assert writer.send_from(again, "/change", "submit").status_code == 303


def test_a_file_is_the_same_only_with_the_same_readers(signed_in: SignIn, database: Database) -> None:
    writer = signed_in("focal_point")
    update = write(writer)

    def press(loaded: TestResponse, name: str, readers: str) -> int:
        files = [sent(name, PDF)]
        return writer.send_from(loaded, "/change", "keep", files=files, visibility=readers).status_code

    opened = writer.get(f"/updates/{update}/change")
    assert press(opened, "proof.pdf", "public") == 303
    assert press(opened, "proof.pdf", "public") == 303
    assert press(opened, "proof.pdf", "confidential") == 409
    assert len(contents(database)["evidence"]) == 1
    # A file that is to be removed is removed once
    opened = writer.get(f"/updates/{update}/change")
    [file] = [str(each.id) for each in contents(database)["evidence"]]
    for _ in range(2):
        assert writer.send_from(opened, "/change", "keep", remove=file).status_code == 303
    assert contents(database)["evidence"] == []


def test_of_two_at_the_same_moment_both_lead_on(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database
) -> None:
    people = signed_in("focal_point"), signed_in_elsewhere("focal_point")
    tokens = [token_of(person) for person in people]
    for number in range(ROUNDS):
        update = write(people[0])
        form = values_of(find_form(people[0].get(f"/updates/{update}/change"), "/change"))
        typed = {**form, **TEXT, "done": f"Round {number}", "keep_and_go": "1"}
        answers = at_once(
            *(
                partial(person.post, f"/updates/{update}/change", data={**typed, **token})
                for person, token in zip(people, tokens, strict=True)
            )
        )
        assert [answer.headers.get("Location") for answer in answers] == ["/updates/new/KGZ-3/A12.2"] * 2
        people[0].send(f"/updates/{update}/discard")
