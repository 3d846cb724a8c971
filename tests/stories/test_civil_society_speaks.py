"""Civil society speaks: write, preview, publish, withdraw; nobody of the State can do anything about it."""

import pytest

from tests.stories.assessments import NEW, PAGE, TEXT, preview, publish, withdraw_link
from tests.stories.pages import (
    by_class,
    by_id,
    confirmed_at,
    contents,
    entries_of,
    hrefs_of,
    is_anywhere,
    link_of,
    refs_of,
    row_counts,
    words_of,
)
from tests.stories.updates import published
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker import clock
from tracker.database import Database
from tracker.language import long_date
from tracker.web.work import routes as work


@pytest.mark.parametrize("person", ["lead", "contributor"])
def test_an_assessment_goes_from_the_form_over_the_preview_to_the_public(
    signed_in: SignIn, client: StrictClient, database: Database, person: str
) -> None:
    # Given somebody who may publish for the organisation, at the page of a point
    author = signed_in(person)
    assert link_of(author.get(PAGE), "Assess A12.1") == NEW
    before = contents(database)
    # When the text is previewed, changed and previewed again
    shown = preview(author)
    changed = author.send_from(shown, NEW, "change")
    typed = values_of(find_form(changed, NEW))
    assert {name: typed[name] for name in TEXT} == TEXT
    shown = author.send_from(changed, NEW, "preview", reason="Not one complaint led to a charge.")
    # Then nothing is stored yet, by nobody seen
    assert contents(database) == before
    assert "complaint" not in words_of(by_id(client.get(PAGE), "A12.1"))
    # When it is published from the preview
    answer = author.send_from(shown, "/publish", "publish")
    assert confirmed_at(author, answer) == f"{PAGE}#A12.1"
    # Then everybody sees exactly what the preview showed
    framed = by_class(shown, "preview-frame")[0]
    wanted = words_of(next(node for node in framed.iter() if node.get("class") == "entry"))
    page = client.get(PAGE)
    assert entries_of(page, "A12.1") == [wanted]
    for words in ("Civil society", "Open Window", "Not one complaint led", "<em>fourteen</em>"):
        assert words in wanted
    assert link_of(page, "Source") == TEXT["source_link"] == link_of(shown, "Source")
    assert person not in text_of(page)
    # And the action left no line in the history and no name in the database
    assert contents(database)["history_lines"] == before["history_lines"]
    assert len(contents(database)["assessments"]) == 1


def test_only_publishing_writes_a_row(signed_in: SignIn, database: Database) -> None:
    lead, before = signed_in("lead"), row_counts(database)
    shown = preview(lead)
    lead.send(NEW, button="preview", reason="")
    assert row_counts(database) == before
    lead.send_from(shown, "/publish", "publish")
    after = row_counts(database)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        "assessments",
        "current_entries",
        "throttles",
    }  # the last counts what an organisation publishes


def test_errors_keep_everything_typed_and_name_the_fields(signed_in: SignIn, database: Database) -> None:
    lead, before = signed_in("lead"), contents(database)
    wrong = {
        "reason": "",
        "narrative": "Kept text.",
        "source_link": "javascript:alert(1)",
        "language": "ky",
    }
    answer = lead.send(NEW, button="preview", **wrong)
    assert answer.status_code == 422
    summary = by_class(answer, "govuk-error-summary")[0]
    assert [link.get("href") for link in summary.iter() if link.get("href")] == ["#source_link"]
    answer = lead.send_from(answer, NEW, "preview", source_link="", level="fully_implemented")
    assert answer.status_code == 422
    summary = by_class(answer, "govuk-error-summary")[0]
    links = [link.get("href") for link in summary.iter() if link.get("href")]
    assert links == ["#reason"]  # a file may still come on the preview, in place of the link
    typed = values_of(find_form(answer, NEW))
    assert typed["narrative"] == "Kept text."
    assert typed["level"] == "fully_implemented"
    assert typed["language"] == "ky"
    assert all(by_id(answer, link.removeprefix("#")) is not None for link in links)
    # A forged publication that skips the preview is held to the same rules
    token = {"csrf_token": typed["csrf_token"], "key": typed["key"]}
    for fields in ({}, {**TEXT, "level": "mixed"}, {**TEXT, "narrative": "x" * 20_001}):
        assert lead.post(f"{NEW}/publish", data={**token, **fields}).status_code == 422
    assert contents(database) == before


def test_a_contributor_without_the_right_is_told_whom_to_ask(signed_in: SignIn) -> None:
    silent = signed_in("silent_contributor")
    assert "ask its lead" in text_of(silent.get("/work"))
    assert link_of(silent.get(PAGE), "Assess") is None


def test_a_whole_recommendation_can_be_assessed_and_withdrawn(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    lead = signed_in("lead")
    assert publish(lead, "/assessments/new/KGZ-3/A12") == PAGE
    assert link_of(lead.get(PAGE), "See it at A12") == f"{PAGE}#whole"
    page = client.get(PAGE)
    assert TEXT["reason"] in words_of(by_id(page, "whole"))
    assert TEXT["reason"] not in words_of(by_id(page, "A12.1"))
    assert [each.action_point_id for each in contents(database)["current_entries"]] == [None]
    asked = lead.get(withdraw_link(lead))
    assert "on this recommendation as a whole, which this one superseded" in text_of(asked)
    assert confirmed_at(lead, lead.send_from(asked)) == f"{PAGE}#whole"
    assert "was withdrawn on" in words_of(by_id(client.get(PAGE), "whole"))


def test_a_withdrawal_leaves_the_day_and_nothing_else(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given two assessments of one organisation on a point, and one of another
    lead, other = signed_in("lead"), signed_in("other_lead")
    publish(lead, reason="First words.", narrative="First story.", source_link="https://example.net/first")
    publish(lead, reason="Second words.", narrative="Second story.", level="regressed")
    publish(other, reason="Words of the others.", level="planned")
    assert "Regressed to Planned, 2 organisations" in words_of(by_class(client.get(PAGE), "levels-table")[0])
    # When a colleague who may publish withdraws the newest
    colleague = signed_in("contributor")
    link = withdraw_link(colleague)
    asked = colleague.get(link)
    assert "Second words." in text_of(asked)
    assert "on the same point, which this one superseded" in text_of(asked)
    assert confirmed_at(colleague, colleague.send_from(asked)) == f"{PAGE}#A12.1"
    # Then both are gone, from the pages and from every column of every table
    point = words_of(by_id(client.get(PAGE), "A12.1"))
    today = clock.day_in("Asia/Bishkek", clock.now())
    day = long_date(today)
    assert (
        f"2 independent assessments were withdrawn, the last on {day}. This site shows nothing more of them."
        in point
    )
    for words in ("First words.", "First story.", "net/first", "Second words.", "Second story."):
        assert is_anywhere(database, words) == [], words
        for page in (PAGE, "/", "/recommendations", "/recommendations.json"):
            assert words not in client.get(page).get_data(as_text=True), (page, words)
    assert "Open Window" not in client.get(PAGE).get_data(as_text=True)
    rows = [row for row in contents(database)["assessments"] if row.withdrawn_on is not None]
    for row in rows:
        assert (row.organisation_id, row.voice, row.level, row.published_at) == (None, None, None, None)
    assert len(rows) == 2
    # And the others' words stand, and are the level of the voice now
    assert "Words of the others." in point
    assert refs_of(client.get("/recommendations?voice=civil_society&level=planned")) == ["A12"]
    # And a second withdrawal, sent by a double click or opened again, says that it is done, and changes nothing
    before = contents(database)
    for come_again in (lambda: colleague.send_from(asked), lambda: colleague.get(link)):
        again = come_again()
        assert (again.status_code, again.headers["Location"]) == (303, PAGE)
        page = colleague.get(PAGE)
        assert "This assessment is already withdrawn" in text_of(page)
        assert link_of(page, "See it at A12.1") == f"{PAGE}#A12.1"
    assert contents(database) == before
    assert link_of(lead.get("/work"), "Withdraw") is None


def test_also_the_oldest_of_many_is_found_and_withdrawn(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given more assessments than a page holds
    monkeypatch.setattr(work, "SHOWN", 2)
    lead = signed_in("lead")
    for point in ("A12.1", "A12.2", "A12"):
        publish(lead, f"/assessments/new/KGZ-3/{point}")
    # When the lead goes on from page to page
    first = lead.get("/work")
    seen = hrefs_of(first, "/withdraw")
    following = link_of(first, "Next page")
    assert following is not None
    second = lead.get(following)
    seen += hrefs_of(second, "/withdraw")
    # Then each is there once, and the oldest can be withdrawn
    assert len(set(seen)) == len(seen) == 3
    assert link_of(second, "Next page") is None
    assert link_of(second, "Back to the newest") == "/work#published"
    assert lead.send(seen[-1]).status_code == 303
    # And a page that is gone by now begins anew
    again = lead.get(following)
    assert len(hrefs_of(again, "/withdraw")) == 2
    assert link_of(again, "Back to the newest") is None
    assert len(hrefs_of(lead.get("/work?after=x"), "/withdraw")) == 2


def test_withdrawing_a_superseded_one_leaves_the_newest(signed_in: SignIn, client: StrictClient) -> None:
    lead = signed_in("lead")
    publish(lead, reason="First words.")
    first = withdraw_link(lead)
    publish(lead, reason="Second words.")
    assert lead.send(first).status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    assert "First words." not in page
    assert "Second words." in page


def test_the_national_institution_is_a_voice_of_its_own(signed_in: SignIn, client: StrictClient) -> None:
    publish(signed_in("ombudsperson"), level="planned", reason="We visited.")
    page = client.get(PAGE)
    [entry] = entries_of(page, "A12.1")
    assert entry.startswith("NHRI Planned We visited.")
    assert "State, civil society: no entry on this point." in words_of(by_id(page, "A12.1"))
    assert refs_of(client.get("/recommendations?voice=nhri&level=planned")) == ["A12"]
    assert refs_of(client.get("/recommendations?voice=un&level=planned")) == []
    assert refs_of(client.get("/recommendations?voice=civil_society&level=planned")) == []


def test_a_contradiction_appears_and_goes_with_the_withdrawal(
    signed_in: SignIn, client: StrictClient
) -> None:
    # Given the State's word that something was done
    published(signed_in)
    assert "Nobody can be compared yet" in text_of(client.get("/"))
    # When an organisation says that nothing was
    lead = signed_in("lead")
    publish(lead)
    # Then home, list and page say so
    home = text_of(client.get("/"))
    assert (
        "On 1 point the State and another voice both give a level. On 1 they contradict each other." in home
    )
    assert refs_of(client.get("/recommendations?disagreement=contradicts")) == ["A12"]
    said = "Contradict: the State says partially; Open Window says not implemented."
    assert said in words_of(by_id(client.get(PAGE), "A12.1"))
    # When it is withdrawn, the contradiction is gone
    assert lead.send(withdraw_link(lead)).status_code == 303
    assert "Nobody can be compared yet" in text_of(client.get("/"))
    assert refs_of(client.get("/recommendations?disagreement=contradicts")) == []
