"""Wrong or missing fields: the page again with a summary that leads to each field, everything typed kept."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.stories.pages import by_class, by_id, contents, given_back, words_of
from tests.stories.updates import NEW, TEXT, write
from tests.strict_client import SignIn, earlier_token, find_form, text_of, values_of
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
        ({"as_of_on": "31.12.25"}, ["as_of_on"]),
        ({"as_of_on": "0206-11-30"}, ["as_of_on"]),
        ({"as_of_on": "2999-01-01"}, ["as_of_on"]),
        ({"next_step_on": "31.12.1989", "as_of_on": "20.11.0206"}, ["as_of_on", "next_step_on"]),
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
    given_back = values_of(find_form(answer, None if is_new else "/change"))
    for name, value in {**TEXT, **wrong}.items():
        if name != "language" and value is not None:
            assert given_back.get(name) == value, name


@pytest.mark.parametrize(
    ("role", "page", "typed", "said"),
    [
        (
            "focal_point",
            NEW,
            {"done": "x" * 20_001},
            "Shorten “What was done?” to 20,000 characters or fewer",
        ),
        (
            "focal_point",
            NEW,
            {"obstacles": "x" * 20_001},
            "Shorten “Obstacles” to 20,000 characters or fewer",
        ),
        (
            "focal_point",
            NEW,
            {"source_link": "https://example.org/" + "x" * 2_000},
            "Shorten “Link to a public source” to 2,000 characters or fewer",
        ),
        (
            "registrar",
            "/organisations/admit",
            {"name_ky": "x" * 201},
            "Shorten “Name in Kyrgyz” to 200 characters or fewer",
        ),
        (
            "lead",
            "/invitations/new/cso-a",
            {"note": "x" * 101},
            "Shorten “Your note” to 100 characters or fewer",
        ),
    ],
)
def test_what_is_too_long_is_named_in_the_summary(
    signed_in: SignIn, role: str, page: str, typed: dict[str, str], said: str
) -> None:
    answer = signed_in(role).send(page, None, "keep" if page == NEW else None, **typed)
    assert set(typed) <= set(summary_of(answer))
    (summary,) = by_class(answer, "govuk-error-summary")
    assert said in words_of(summary)


def test_a_level_that_does_not_exist_is_refused(signed_in: SignIn, database: Database) -> None:
    client = signed_in("focal_point")
    before = contents(database)
    for level in ("mixed", "no_entry", "no_level", "x"):
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


def test_a_text_longer_than_a_form_takes_is_named(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get("/updates/new/KGZ-3/A12.1")
    answer = writer.send_from(loaded, None, "keep", done="ы" * 1_200_000)
    assert answer.status_code == 400
    assert "longer than this form can take" in text_of(answer)


def test_a_longest_text_in_cyrillic_is_taken(signed_in: SignIn) -> None:
    long = dict.fromkeys(("reason", "done", "obstacles", "support_needed", "next_step"), "ы" * 19999)
    answer = signed_in("focal_point").send("/updates/new/KGZ-3/A12.1", None, "keep", **long)
    assert answer.status_code == 303


def test_a_form_that_expired_gives_the_text_back(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get("/updates/new/KGZ-3/A12.1")
    token = earlier_token(writer)
    answer = writer.send_from(loaded, None, "keep", csrf_token=token, done="Twelve judges in two regions.")
    assert answer.status_code == 400
    assert "This form was open too long" in text_of(answer)
    assert "Twelve judges in two regions." in text_of(answer)
    assert token not in text_of(answer)
    # Only what the person wrote or chose, not what the form carries along
    assert given_back(answer) == {
        "What was done?": "Twelve judges in two regions.",
        "Language of your text": "English",
    }
    # And a short text is one, too
    again = writer.send_from(loaded, None, "keep", csrf_token=token, done="Eleven towns")
    assert "Eleven towns" in text_of(again)


@pytest.mark.parametrize(
    "typed", ["20.11.2025", "20/11/2025", "20 November 2025", "20 ноября 2025 г.", "2025-жылдын 20-ноябры"]
)
def test_a_day_is_typed_as_people_write_it_and_shown_back(
    signed_in: SignIn, database: Database, typed: str
) -> None:
    writer = signed_in("focal_point")
    # A form that comes back for another reason shows how the day was understood
    back = writer.send(NEW, None, "keep", **{**TEXT, "as_of_on": typed, "source_link": "no link"})
    assert back.status_code == 422
    assert values_of(find_form(back, None))["as_of_on"] == "2025-11-20"
    saved = writer.send_from(back, None, "keep", source_link="")
    assert [str(row.as_of_on) for row in contents(database)["progress_updates"]] == ["2025-11-20"]
    assert "20 November 2025" in text_of(writer.get(saved.headers["Location"]))


@pytest.mark.parametrize("name", ["as_of_on", "next_step_on"])
def test_a_draft_too_is_refused_with_a_day_that_can_hardly_be_meant(
    signed_in: SignIn, database: Database, name: str
) -> None:
    """0206-11-30 was published for good."""
    writer = signed_in("focal_point")
    label = {"as_of_on": "Situation on", "next_step_on": "Date of the next step"}[name]
    before = contents(database)
    for typed in ("0206-11-30", "31.12.1989", "1 January 2077"):
        refused = writer.send(NEW, None, "keep", **{**TEXT, name: typed})
        assert f"“{label}” would be" in text_of(refused)
        assert summary_of(refused) == [name]
        assert values_of(find_form(refused, None)) == {
            **values_of(find_form(refused, None)),
            **TEXT,
            name: typed,
        }
    assert contents(database) == before
    update = write(writer)
    refused = writer.send(f"/updates/{update}/change", "/change", "keep", **{name: "0206-11-30"})
    assert summary_of(refused) == [name]
