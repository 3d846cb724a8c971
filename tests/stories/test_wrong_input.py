"""Wrong or missing fields: the page again with a summary that leads to each field, everything typed kept."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.stories.pages import by_class, by_id, contents
from tests.stories.updates import NEW, TEXT, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of
from tracker.database import Database


def summary_of(answer: TestResponse) -> list[str]:
    """The fields that the error summary leads to; each must be there and say what is wrong."""
    assert answer.status_code == 422
    summary = by_class(answer, "govuk-error-summary")
    assert len(summary) == 1
    names = [node.get("href").removeprefix("#") for node in summary[0].iter() if node.get("href")]
    for name in names:
        assert by_id(answer, name) is not None
        assert by_id(answer, f"{name}-error") is not None
    assert "<title>Error:" in answer.get_data(as_text=True)
    return names


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"reason": "", "done": "", "as_of_on": "", "level": None}, ["level", "reason", "done", "as_of_on"]),
        ({"as_of_on": "31.12.2025"}, ["as_of_on"]),
        ({"as_of_on": "2999-01-01"}, ["as_of_on"]),
        ({"next_step_on": "soon"}, ["next_step_on"]),
        ({"source_link": "javascript:alert(1)"}, ["source_link"]),
        ({"source_link": "https://[x"}, ["source_link"]),
        ({"source_link": "", "level": "fully_implemented"}, ["source_link"]),
        ({"done": "x" * 20_001}, ["done"]),
        ({"source_link": "https://example.org/" + "x" * 2_000}, ["source_link"]),
        ({"language": "xx"}, ["language"]),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_wrong_is_named_and_everything_typed_is_kept(
    signed_in: SignIn, database: Database, wrong: dict[str, Any], named: list[str], is_new: bool
) -> None:
    # Given a new form, or that of a draft
    client = signed_in("focal_point")
    page = NEW if is_new else f"/updates/{write(client)}/change"
    before = contents(database)
    # When it is submitted with something wrong
    answer = client.send(page, None if is_new else "/change", "submit", **{**TEXT, **wrong})
    # Then each wrong field is named, in the order of the page, and nothing is stored
    # (a draft keeps the level it has: a browser cannot take back a choice)
    missing = named if is_new else [name for name in named if name != "level"]
    assert sorted(summary_of(answer)) == sorted(missing)
    assert contents(database) == before
    # And what was typed stands in the form
    kept = values_of(find_form(answer, None if is_new else "/change"))
    for name, value in {**TEXT, **wrong}.items():
        if name != "language" and value is not None:
            assert kept.get(name) == value, name


def test_a_level_that_does_not_exist_is_refused(signed_in: SignIn, database: Database) -> None:
    client = signed_in("focal_point")
    before = contents(database)
    for level in ("mixed", "not_assessed", "x"):
        assert summary_of(client.send(NEW, None, "keep", **{**TEXT, "level": level})) == ["level"]
    assert contents(database) == before


def test_an_incomplete_draft_is_kept_and_its_gaps_are_named_when_it_is_submitted(signed_in: SignIn) -> None:
    client = signed_in("focal_point")
    update = write(client, "keep", NEW, reason="", done="Half a sentence", as_of_on="")
    answer = client.send(f"/updates/{update}", action="/submit")
    assert sorted(summary_of(answer)) == ["as_of_on", "reason"]
    assert values_of(find_form(answer, "/change"))["done"] == "Half a sentence"
    answer = client.send_from(answer, "/change", "submit", reason="Because.", as_of_on="2026-01-02")
    assert answer.status_code == 303
    assert "Submitted" in text_of(client.get(f"/updates/{update}"))


PAGES = {
    # page of ministry A's update: (state it needs, who may, a colleague who may too, a reader without the right)
    "": ("draft", "focal_point", "validating_officer", "lead"),
    "/change": ("draft", "focal_point", "alternate", "coordinator"),
    "/submit": ("draft", "focal_point", "alternate", "validating_officer"),
    "/discard": ("draft", "focal_point", "alternate", "coordinator"),
    "/validate": ("submitted", "validating_officer", None, "coordinator"),
    "/return": ("submitted", "validating_officer", "coordinator", "focal_point"),
    "/publish": ("validated", "coordinator", None, "validating_officer"),
}


def _stage(signed_in: SignIn, state: str) -> str:
    update = write(signed_in("focal_point"), "keep" if state == "draft" else "submit")
    if state == "validated":
        assert step(signed_in("validating_officer"), update, "validate") == 303
    return update


def _do(client: StrictClient, update: str, page: str) -> int:
    if page == "":
        return client.get(f"/updates/{update}").status_code
    token = token_of(client)
    data = {**token, **TEXT, "version": "1", "keep": "1", "comment": "Name the region."}
    return client.post(f"/updates/{update}{page}", data=data).status_code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_update_works_for_who_may_and_a_colleague(signed_in: SignIn, page: str) -> None:
    state, person, colleague, _ = PAGES[page]
    for one in filter(None, (person, colleague)):
        assert _do(signed_in(one), _stage(signed_in, state), page) == (200 if page == "" else 303), one


@pytest.mark.parametrize("page", PAGES)
def test_strangers_find_no_unpublished_update_and_readers_without_the_right_change_nothing(
    signed_in: SignIn, client: StrictClient, database: Database, page: str
) -> None:
    state, _, _, reader = PAGES[page]
    update = _stage(signed_in, state)
    before = contents(database)
    # The other ministry's focal point may write updates, but this one does not exist there
    expected = 403 if page == "" and reader == "lead" else 404
    assert _do(signed_in("other_focal_point"), update, page) == 404
    assert _do(signed_in(reader), update, page) == 403
    for stranger in ("lead", "contributor", "ombudsperson", "administrator", "registrar"):
        assert _do(signed_in(stranger), update, page) in (403, expected), stranger
    # A visitor is asked to sign in, and learns nothing of what exists
    unknown = "00000000-0000-4000-8000-000000000000"
    for which in (update, unknown):
        assert client.get(f"/updates/{which}").status_code == 302
        assert client.post(f"/updates/{which}{page or '/submit'}").status_code == 400
    assert contents(database) == before


def test_nobody_writes_on_a_point_that_the_own_organisation_is_not_assigned_to(
    signed_in: SignIn, database: Database
) -> None:
    before = contents(database)
    client = signed_in("focal_point")
    token = token_of(client)
    for person, address in (("focal_point", "A24.1"), ("coordinator", "A12.1"), ("lead", "A12.1")):
        assert signed_in(person).get(f"/updates/new/KGZ-3/{address}").status_code == 403, person
    assert client.post("/updates/new/KGZ-3/A24.1", data={**token, **TEXT}).status_code == 403
    assert client.get("/updates/new/KGZ-3/A99.1").status_code == 404
    assert contents(database) == before
