"""An organisation has one open update on a point: a second one leads to the first, with the typed text kept."""

from functools import partial
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.cast import Cast, make_update
from tests.evidence_files import PDF, pdf_with
from tests.stories.at_once import ROUNDS, at_once, statuses
from tests.stories.evidence import sent
from tests.stories.pages import buttons_of, by_class, contents, given_back, id_of, link_of
from tests.stories.updates import NEW, TEXT, published, row, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of
from tracker.database import Database
from tracker.failures import OpenUpdateExists
from tracker.models.updates import UpdateState
from tracker.services.updates import workflow as services

pytestmark = pytest.mark.database

OTHER = {**TEXT, "done": "Fourteen officers were trained.", "obstacles": ""}


def send(writer: StrictClient, loaded: TestResponse, button: str, **text: object) -> TestResponse:
    return writer.send_from(loaded, None, button, **{**TEXT, **text})


@pytest.mark.parametrize("button", ["keep", "submit"])
def test_back_and_sent_again_leads_to_the_first_and_changes_nothing(
    signed_in: SignIn, database: Database, button: str
) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(NEW)
    first = send(writer, loaded, button)
    before = contents(database)
    again = send(writer, loaded, button)
    assert (again.status_code, id_of(again)) == (303, id_of(first))
    assert "has an open update of your organisation: this one" in text_of(
        writer.get(again.headers["Location"])
    )
    assert contents(database) == before


def test_the_second_of_two_tabs_gets_both_texts_and_saves_into_the_first(
    signed_in: SignIn, database: Database
) -> None:
    # Given two tabs with an empty form, and the first of them saved
    writer = signed_in("focal_point")
    one, two = writer.get(NEW), writer.get(NEW)
    first = id_of(send(writer, one, "keep"))
    before = contents(database)
    # When the second is saved with another text
    refused = send(writer, two, "keep", **OTHER)
    # Then nothing is stored; the page shows both texts, and its form is that of the first update
    assert refused.status_code == 409
    assert contents(database) == before
    said = text_of(refused)
    assert "already has an open update on this point" in said
    assert "Saved before" in said
    assert OTHER["done"] in said
    assert " ".join(TEXT["done"].split()) in said
    form = find_form(refused, f"/updates/{first}/change")
    # And what was left empty holds what was saved
    assert values_of(form)["obstacles"] == TEXT["obstacles"]
    assert {name: values_of(form)[name] for name in ("done", "reason")} == {
        "done": OTHER["done"],
        "reason": TEXT["reason"],
    }
    saved = writer.send_from(refused, "/change", "keep")
    assert (saved.status_code, id_of(saved)) == (303, first)
    assert row(database, first).done == OTHER["done"]
    assert len(contents(database)["progress_updates"]) == 1


def test_a_first_update_that_is_discarded_in_this_very_moment_is_in_nobodys_way(
    signed_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, write_update = signed_in("focal_point"), services.write_update
    loaded = writer.get(NEW)

    def find_one_that_is_gone_at_once(*arguments: Any) -> NoReturn:
        monkeypatch.setattr(services, "write_update", write_update)
        raise OpenUpdateExists(uuid4())

    monkeypatch.setattr(services, "write_update", find_one_that_is_gone_at_once)
    saved = send(writer, loaded, "keep")
    assert saved.status_code == 303
    assert row(database, id_of(saved)).done == TEXT["done"]


def test_the_link_to_a_new_update_leads_to_a_colleagues_draft(signed_in: SignIn) -> None:
    first = write(signed_in("focal_point"))
    opened = signed_in("alternate").get(NEW)
    assert (opened.status_code, id_of(opened)) == (303, first)


@pytest.mark.parametrize("state", [UpdateState.SUBMITTED, UpdateState.VALIDATED])
def test_beside_one_that_is_being_checked_the_text_is_shown_to_copy(
    signed_in: SignIn, database: Database, cast: Cast, state: UpdateState
) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(NEW)
    with database.transaction() as session:
        make_update(session, cast, state)
    before = contents(database)
    refused = send(writer, loaded, "submit", **OTHER)
    assert refused.status_code == 409
    assert "being checked, so nothing was stored beside it" in text_of(refused)
    assert by_class(refused, "govuk-error-summary") == []
    assert given_back(refused)["What was done?"] == OTHER["done"]
    assert link_of(refused, "See the update on A12.1") is not None
    assert "Save draft" not in buttons_of(refused)
    assert contents(database) == before


def test_a_returned_one_goes_on_and_gets_none_beside_it(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(NEW)
    with database.transaction() as session:
        returned = str(make_update(session, cast, UpdateState.RETURNED).id)
    assert id_of(writer.get(NEW)) == returned
    refused = send(writer, loaded, "submit", **OTHER)
    assert refused.status_code == 409
    assert writer.send_from(refused, "/change", "submit").status_code == 303
    [only] = contents(database)["progress_updates"]
    assert (only.state, only.done) == ("submitted", OTHER["done"])


def test_another_file_in_a_form_sent_again_is_not_left_aside_without_a_word(
    signed_in: SignIn, database: Database
) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(NEW)
    send(writer, loaded, "keep", files=[sent("proof.pdf", PDF)])
    assert send(writer, loaded, "keep", files=[sent("again.pdf", PDF)]).status_code == 303
    assert send(writer, loaded, "keep").status_code == 303, "a browser forgets the files on its way back"
    refused = send(writer, loaded, "keep", files=[sent("other.pdf", pdf_with(b"another"))])
    assert refused.status_code == 409
    assert "Choose the files again" in text_of(refused)
    assert len(contents(database)["evidence"]) == 1


def test_the_same_file_for_other_readers_is_not_left_aside_without_a_word(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get(NEW)
    files = [sent("proof.pdf", PDF)]
    assert send(writer, loaded, "keep", files=files, visibility="public").status_code == 303
    files = [sent("proof.pdf", PDF)]
    assert send(writer, loaded, "keep", files=files, visibility="confidential").status_code == 409


def test_after_the_publication_a_new_one_is_written(signed_in: SignIn, database: Database) -> None:
    published(signed_in)
    write(signed_in("focal_point"), done="Later.")
    assert len(contents(database)["progress_updates"]) == 2


def test_another_point_and_another_organisation_have_their_own(signed_in: SignIn, database: Database) -> None:
    write(signed_in("focal_point"))
    write(signed_in("focal_point"), page=NEW.replace("A12.1", "A12.2"))
    supporter = {"reason": "Our part is small.", "done": "Two bridges.", "as_of_on": "2026-01-20"}
    assert signed_in("other_focal_point").send(NEW, None, "keep", **supporter).status_code == 303
    assert len(contents(database)["progress_updates"]) == 3


def test_of_several_that_begin_at_once_one_is_made(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database
) -> None:
    people = signed_in("focal_point"), signed_in_elsewhere("alternate")
    tokens = [token_of(person) for person in people]
    for number in range(ROUNDS):
        texts = ({**TEXT, "done": f"{number} by {name}", "keep": "1"} for name in ("one", "two"))
        answers = at_once(
            *(
                partial(person.post, NEW, data={**token, **text})
                for person, token, text in zip(people, tokens, texts, strict=True)
            )
        )
        assert statuses(*answers) == [303, 409]
        [made] = {id_of(answer) for answer in answers if answer.location}
        assert [each.id for each in contents(database)["progress_updates"]] == [row(database, made).id]
        people[0].send(f"/updates/{made}/discard")


def test_two_that_an_older_version_let_stand_both_go_on(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        two = [str(make_update(session, cast, UpdateState.SUBMITTED).id) for _ in range(2)]
    for update in two:
        assert step(signed_in("validating_officer"), update, "validate") == 303
        assert step(signed_in("coordinator"), update, "publish") == 303
