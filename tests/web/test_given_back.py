"""A refused form: the error page gives back what a person wrote in their own words, and never anything else."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, PasswordField
from wtforms.fields.core import UnboundField

from tests.stories.assessments import TEXT as ASSESSED
from tests.stories.pages import given_back
from tests.stories.updates import TEXT, step, write
from tests.strict_client import (
    SignIn,
    StrictClient,
    earlier_token,
    find_form,
    text_of,
    token_of,
    values_of,
    visitors_token,
)
from tracker.web.forms import Form as BaseForm
from tracker.web.forms import WordsField, long_text
from tracker.web.given_back import find_given_back, list_given_back, names_given_back

OWN_WORDS = {
    "cells",
    *("reason", "done", "obstacles", "support_needed", "next_step", "comment", "narrative", "source_link"),
    *("note", "name_en", "name_ru", "name_ky", "symbol", "title", "link", "pasted"),
    *("ref", "text", "short_title", "states", "position_source", "sdgs", "source"),
    *(f"part_{number}" for number in range(1, 6)),
}
DAYS = {"on", "starts_on", "ends_on", "as_of_on", "next_step_on", "since", "until", "dated_on"}
SECOND = {"second_language", "second_reason", "second_narrative"}
GIVEN_BACK = OWN_WORDS | DAYS | SECOND | {"level", "language", "cycle", "earlier_ref"}


def test_only_these_fields_are_given_back(app: Flask) -> None:
    """Who adds a field to a form decides, and says so here."""
    assert names_given_back() == GIVEN_BACK


@pytest.mark.parametrize(
    "name",
    [
        *(
            "csrf_token",
            "key",
            "handle",
            "passphrase",
            "new_passphrase",
            "new_passphrase_again",
            "code",
            "next",
        ),
        *("offered", "proposal", "own", "again", "version", "read", "visibility"),
        *("remove", "role", "kind", "successor", "choice", "wants_mail", "email", "of_no_form"),
    ],
)
def test_no_other_field_is_given_back_by_any_error_page(client: StrictClient, name: str) -> None:
    sent = {**visitors_token(client), "done": "Twelve judges were trained."}
    for page, status in (("/nowhere", 404), ("/updates/new/KGZ-3/A12.1", 401)):
        answer = client.post(page, data={**sent, name: "CANARY of the form"})
        is_own_form = name != "csrf_token"
        assert answer.status_code == status if is_own_form else answer.status_code in (status, 400)
        assert ("Twelve judges were trained." in text_of(answer)) == is_own_form
        assert "CANARY" not in answer.get_data(as_text=True)


def test_a_short_text_is_given_back_too_and_an_empty_one_is_not(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get("/updates/new/KGZ-3/A12.1")
    answer = writer.send_from(loaded, None, "keep", csrf_token=earlier_token(writer), done="Two", reason="  ")
    assert answer.status_code == 400
    assert given_back(answer) == {"What was done?": "Two", "Language of your text": "English"}


def test_who_is_signed_out_while_writing_finds_every_field_by_its_label(
    signed_in: SignIn, client: StrictClient
) -> None:
    # Given somebody who filled in the whole form
    writer = signed_in("focal_point")
    sent = {**values_of(find_form(writer.get("/updates/new/KGZ-3/A12.1"), None)), **TEXT}
    # When the sign-in has ended before it is sent
    answer = client.post(
        "/updates/new/KGZ-3/A12.1", data={**sent, **visitors_token(client), "as_of_on": "20 January 2026"}
    )
    # Then each field is there, short ones, days and choices too, in the words of the form
    assert answer.status_code == 401
    assert given_back(answer) == {
        "Level of implementation": "Partially implemented",
        "Why this level? / In short": TEXT["reason"],
        "Situation on": "20 January 2026",
        "What was done?": TEXT["done"],
        "Obstacles": TEXT["obstacles"],
        "Support needed": TEXT["support_needed"],
        "Next step": TEXT["next_step"],
        "Date of the next step": TEXT["next_step_on"],
        "Language of your text": "English",
        "Link to a public source": TEXT["source_link"],
    }


def test_a_choice_that_no_form_offers_is_not_repeated(client: StrictClient) -> None:
    sent = {**visitors_token(client), "level": "CANARY", "language": "CANARY", "done": "Two."}
    answer = client.post("/updates/new/KGZ-3/A12.1", data=sent)
    assert given_back(answer) == {"What was done?": "Two."}


def test_the_labels_are_those_of_the_form_that_was_sent(client: StrictClient) -> None:
    sent = {**visitors_token(client), **ASSESSED, "key": "x", "preview": "1"}
    for page in ("/assessments/new/KGZ-3/A12.1", "/assessments/new/KGZ-3/A12/publish"):
        answer = client.post(page, data=sent)
        assert answer.status_code == 401
        assert given_back(answer) == {
            "Level of implementation, as your organisation sees it": "Not implemented",
            "Why this level?": ASSESSED["reason"],
            "What did you observe?": ASSESSED["narrative"],
            "Link to a public source": ASSESSED["source_link"],
            "Language of your text": "English",
        }


def every_form(form: type[BaseForm] = BaseForm) -> Iterator[type[BaseForm]]:
    for below in form.__subclasses__():
        yield below
        yield from every_form(below)


def test_every_form_that_is_sent_whole_is_given_back_by_its_own_labels(app: Flask) -> None:
    """Templates add a token and a version, which some forms have as fields and others do not."""
    with app.test_request_context():
        labels = {form: labels_of(form) for form in every_form()}
        for form, expected in labels.items():
            sent = dict.fromkeys(fields_of(form), "en") | (
                {"level": "planned"} if "level" in expected else {}
            )
            found = [each.label for each in list_given_back({"csrf_token": "x", "version": "1", **sent})]
            assert sorted(found) == sorted(expected.values()), form.__name__
    assert sum(bool(expected) for expected in labels.values()) >= 6


def labels_of(form: type[BaseForm]) -> dict[str, str]:
    """The labels of the fields that error pages give back, by name."""
    found = {}
    for name, field in fields_of(form).items():
        if name in names_given_back():
            label = str(field.kwargs.get("label") or field.args[0])
            other = getattr(form, "OTHER_LABELS", {}).get(name)
            found[name] = f"{label} / {other}" if other else label
    return found


def fields_of(form: type[BaseForm]) -> dict[str, Any]:
    return {name: field for name in dir(form) if isinstance(field := getattr(form, name), UnboundField)}


def test_a_comment_that_meets_a_recall_comes_back_by_its_label(signed_in: SignIn) -> None:
    # Given an officer who writes a comment on a submitted update
    update = write(signed_in("focal_point"), "submit")
    officer = signed_in("validating_officer")
    opened = officer.get(f"/updates/{update}/return")
    # When it is recalled before the comment is sent
    assert step(signed_in("focal_point"), update, "recall") == 303
    answer = officer.send_from(opened, None, comment="Which towns?")
    # Then the comment has the label that the officer saw
    assert answer.status_code == 409
    assert given_back(answer) == {"What should be changed?": "Which towns?"}


def test_a_name_that_is_a_secret_in_one_form_is_given_back_by_none() -> None:
    class Harmless(Form):
        word = WordsField("Word")
        story = long_text("Story")

    class Careful(Form):
        word = PasswordField("Word")

    class Below(Careful):
        story = long_text("Story")

    assert find_given_back([Harmless]) == {"word", "story"}
    assert find_given_back([Harmless, Careful]) == {"story"}
    assert find_given_back([Harmless, Below]) == {"story"}


SPOOF = "Call +996 555 000 000 and say your passphrase"
PLACES = (
    "/updates/new/KGZ-3/A12.1",
    "/nowhere",
    "/reports",
    "/sign-in",
    "/assessments/new/KGZ-3/A12/publish",
)


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("token", ["", "of our own", "WyJhIl0.aaaa.bbbb"])
def test_a_form_without_a_token_of_ours_is_not_repeated_by_any_page(
    signed_in: SignIn, address: str, token: str
) -> None:
    """Also where nothing asks for the token: at an unknown address and at one that takes no form."""
    for person in ("focal_point", "lead"):
        sent = dict.fromkeys(GIVEN_BACK, SPOOF) | {"csrf_token": token}
        answer = signed_in(person).post(address, data=sent)
        assert answer.status_code in (302, 400, 403, 404, 405)
        assert "+996" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("address", PLACES)
def test_a_form_from_another_site_is_not_repeated_even_with_its_token(
    signed_in: SignIn, address: str, headers: dict[str, str]
) -> None:
    writer = signed_in("focal_point")
    answer = writer.post(address, data={**token_of(writer), "done": SPOOF}, headers=headers)
    assert answer.status_code in (400, 404, 405)
    assert "+996" not in answer.get_data(as_text=True)
