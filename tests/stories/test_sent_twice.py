"""The form of an assessment that is sent twice publishes once; what the person typed is never lost."""

from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.cast import TODAY, Cast, make_assessment
from tests.evidence_files import CSV, PDF
from tests.stories.assessments import NEW, PAGE, TEXT, new_key, preview, withdraw_link
from tests.stories.at_once import ROUNDS, at_once, figures_version
from tests.stories.evidence import sent
from tests.stories.pages import ask, by_class, contents, words_of
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of, visitors_token
from tracker.database import Database
from tracker.models.levels import Level
from tracker.services.assessments import AssessmentText, withdraw_assessment

pytestmark = pytest.mark.database

PUBLISH = f"{NEW}/publish"


def test_a_confirmation_that_is_sent_again_publishes_nothing_and_leads_to_the_same_place(
    signed_in: SignIn, database: Database
) -> None:
    # Given an assessment that was published from its preview
    lead = signed_in("lead")
    shown = preview(lead)
    first = lead.send_from(shown, "/publish", "publish")
    said = banner(lead)
    before = contents(database)
    assert len(before["assessments"]) == 1
    # When the same confirmation is sent again: a reload, or the back button
    second = lead.send_from(shown, "/publish", "publish")
    # Then nothing is published, and it leads to the same place with the same words
    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    assert banner(lead) == said != ""
    assert contents(database) == before


def test_the_key_goes_from_the_form_over_preview_and_change_into_the_assessment(
    signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    opened = lead.get(NEW)
    key = key_of(opened)
    assert key != key_of(lead.get(NEW))
    changed = lead.send_from(lead.send_from(opened, NEW, "preview", **TEXT), NEW, "change")
    wrong = lead.send_from(changed, NEW, "preview", reason="")
    shown = lead.send_from(wrong, NEW, "preview", reason="Said again.")
    assert lead.send_from(shown, "/publish", "publish").status_code == 303
    assert [UUID(str(row.id)) for row in ask(database, "SELECT id FROM assessments")] == [key]


def test_of_two_confirmations_at_the_same_moment_one_publishes(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database
) -> None:
    people = signed_in("lead"), signed_in_elsewhere("lead")
    tokens = [token_of(person) for person in people]
    for number in range(ROUNDS):
        # Given one form with its key
        key, before = new_key(), figures_version(database)
        # When it is sent twice at once
        answers = at_once(
            *(
                partial(person.post, PUBLISH, data={**token, **TEXT, **key})
                for person, token in zip(people, tokens, strict=True)
            )
        )
        # Then both lead to the entry, and there is one
        assert [answer.headers.get("Location") for answer in answers] == [PAGE] * 2
        assert len(ask(database, "SELECT id FROM assessments")) == number + 1
        assert figures_version(database) == before + 1


def test_what_was_withdrawn_is_not_published_again_by_a_reload(signed_in: SignIn, database: Database) -> None:
    lead = signed_in("lead")
    shown = preview(lead)
    first = lead.send_from(shown, "/publish", "publish")
    lead.send(withdraw_link(lead))
    lead.get(PAGE)
    before = contents(database)
    again = lead.send_from(shown, "/publish", "publish")
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert "is withdrawn. Nothing was published now" in banner(lead)
    assert contents(database) == before


def test_another_text_in_a_form_that_was_published_is_kept_and_can_be_published(
    signed_in: SignIn, database: Database
) -> None:
    """Back, back and on: the person means a correction, and must not believe that it was published."""
    # Given a published assessment, and its form in the history of the browser
    lead = signed_in("lead")
    shown = preview(lead)
    lead.send_from(shown, "/publish", "publish")
    before = contents(database)
    # When the form is changed and sent once more
    changed = lead.send_from(shown, NEW, "change")
    again = lead.send_from(changed, NEW, "preview", reason="One complaint led to a charge.")
    refused = lead.send_from(again, "/publish", "publish")
    # Then nothing is published or lost
    assert_kept(refused, "Another text was published with this form", "One complaint led to a charge.")
    assert contents(database) == before
    # And the form that comes back can be published
    shown = lead.send_from(refused, NEW, "preview")
    assert lead.send_from(shown, "/publish", "publish").status_code == 303
    assert len(contents(database)["assessments"]) == 2


@pytest.mark.parametrize(("first", "then"), [((), (PDF,)), ((PDF,), ()), ((PDF,), (CSV,))])
def test_other_files_in_a_form_that_was_published_are_refused_and_can_be_published(
    signed_in: SignIn, database: Database, first: tuple[bytes, ...], then: tuple[bytes, ...]
) -> None:
    """Back, a file chosen, and on: the person must not believe that it was published."""
    lead = signed_in("lead")
    shown = preview(lead)
    assert lead.send_from(shown, "/publish", "publish", files=named(first)).status_code == 303
    before = contents(database)
    refused = lead.send_from(shown, "/publish", "publish", files=named(then))
    assert_kept(refused, "with other files or none, so nothing was published now", TEXT["reason"])
    assert contents(database) == before
    again = lead.send_from(refused, NEW, "preview")
    assert lead.send_from(again, "/publish", "publish", files=named(then)).status_code == 303
    assert len(contents(database)["assessments"]) == 2
    assert len(contents(database)["evidence"]) == len(first) + len(then)


def named(files: tuple[bytes, ...]) -> list[object]:
    return [sent("proof.pdf" if each == PDF else "proof.csv", each) for each in files]


def test_the_key_of_others_or_of_another_point_publishes_nothing(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    # Given the same words of another organisation, of another point, and a tombstone of another point
    words = replace(AssessmentText(), **{**TEXT, "level": Level(TEXT["level"])})
    with database.transaction() as session:
        theirs = make_assessment(session, cast, by="other_lead", text=words)
        elsewhere = make_assessment(session, cast, ref="A24.1", text=words)
        gone = make_assessment(session, cast, ref="A24.2", text=words)
        withdraw_assessment(session, cast["lead"], gone, TODAY)
        keys = [each.id for each in (theirs, elsewhere, gone)]
    # When a form takes the key of one of them, then it is refused and can be sent anew
    lead, before = signed_in("lead"), contents(database)
    shown = preview(lead)
    for key in keys:
        refused = lead.send_from(shown, "/publish", "publish", key=str(key))
        assert_kept(refused, "Another text was published with this form", TEXT["reason"])
        assert key_of(refused) != key
        assert contents(database) == before


@pytest.mark.parametrize("key", [None, "", "twelve", "0" * 5000])
@pytest.mark.parametrize("step", [NEW, PUBLISH])
def test_a_form_without_a_key_publishes_nothing_and_keeps_the_text(
    signed_in: SignIn, database: Database, step: str, key: str | None
) -> None:
    lead, before = signed_in("lead"), contents(database)
    sent = {**token_of(lead), **TEXT, **({} if key is None else {"key": key})}
    refused = lead.post(step, data=sent)
    assert_kept(refused, "A part of the form was missing", TEXT["reason"])
    assert contents(database) == before
    shown = lead.send_from(refused, NEW, "preview")
    assert lead.send_from(shown, "/publish", "publish").status_code == 303


def test_whoever_is_signed_out_meanwhile_gets_the_text_back_without_the_key(
    signed_in: SignIn,
) -> None:
    lead = signed_in("lead")
    shown = preview(lead)
    key = str(key_of(shown, "/publish"))
    lead.send("/work", action="/sign-out")
    refused = lead.post(PUBLISH, data={**visitors_token(lead), **TEXT, "key": key})
    assert refused.status_code == 401
    assert TEXT["reason"] in text_of(refused)
    assert key not in refused.get_data(as_text=True)


def key_of(loaded: TestResponse, action: str = NEW) -> UUID:
    return UUID(values_of(find_form(loaded, action))["key"])


def banner(client: StrictClient) -> str:
    """What the next page says about the action."""
    return " ".join(words_of(node) for node in by_class(client.get(PAGE), "govuk-notification-banner"))


def assert_kept(refused: TestResponse, sentence: str, reason: str) -> None:
    """The page says it in its summary, and the form still holds what was typed."""
    assert refused.status_code == 422
    assert sentence in words_of(by_class(refused, "govuk-error-summary")[0])
    typed = values_of(find_form(refused, NEW))
    assert {name: typed[name] for name in TEXT} == {**TEXT, "reason": reason}
