"""An organisation says the same in two languages: one entry, which each reader reads in their own."""

import pytest

from tests.stories.assessments import NEW, PAGE, TEXT, preview, publish, withdraw_link
from tests.stories.pages import by_class, by_id, contents, entries_of, is_anywhere, words_of
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker import clock
from tracker.database import Database
from tracker.exchange.midterm.entries import in_its_language
from tracker.language import speaking
from tracker.policy.actors import VISITOR
from tracker.queries.midterm import get_midterm_report

SECOND = {
    "second_language": "ru",
    "second_reason": "Ни одна из жалоб не дошла до выхухоли.",
    "second_narrative": "Мы следили за четырнадцатью жалобами.\nКаждую закрыли за десять дней.",
}
FIRST = (TEXT["reason"], "We followed <em>fourteen</em> complaints.")
OTHER = (SECOND["second_reason"], "Мы следили за четырнадцатью жалобами.")


def first_and_other(client: StrictClient, address: str) -> tuple[str, str]:
    """What stands open in the entry on A12.1, and what stands behind “The same in …”."""
    [entry] = [node for node in by_id(client.get(address), "A12.1").iter() if node.get("class") == "entry"]
    [folded] = [node for node in entry.iter() if node.get("class") == "entry__more"]
    assert "open" not in folded.attrib
    whole, behind = words_of(entry), words_of(folded)
    return whole.replace(behind, ""), behind


def test_one_assessment_is_read_in_two_languages_and_withdrawn_as_one(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a lead who previews an assessment in English and in Russian
    lead = signed_in("lead")
    shown = preview(lead, **SECOND)
    framed = words_of(by_class(shown, "preview-frame")[0])
    assert all(words in framed for words in (*FIRST, *OTHER))
    assert "It will be published in English and in Russian, as one assessment" in text_of(shown)
    # When something is changed first, both texts are still there
    form = values_of(find_form(lead.send_from(shown, NEW, "change"), NEW))
    assert {name: form[name].replace("\r\n", "\n") for name in SECOND} == SECOND
    # When it is published
    assert lead.send_from(shown, "/publish", "publish").status_code == 303
    # Then it is one row, one entry and one level
    assert len(contents(database)["assessments"]) == len(contents(database)["current_entries"]) == 1
    assert len(entries_of(client.get(PAGE), "A12.1")) == 1
    # And each reader reads their language, with the other one behind it; in Kyrgyz the first one
    for address, first, other in (
        (PAGE, FIRST, OTHER),
        (f"/ru{PAGE}", OTHER, FIRST),
        (f"/ky{PAGE}", FIRST, OTHER),
    ):
        read, behind = first_and_other(client, address)
        assert all(words in read for words in first), address
        assert all(words in behind for words in other), address
        assert not any(words in read for words in other), address
    assert "in Russian" not in [words_of(each) for each in by_class(client.get(PAGE), "language-mark")]
    # When it is withdrawn, on a page that shows both reasons
    link = withdraw_link(lead)
    asked = text_of(lead.get(link))
    assert FIRST[0] in asked
    assert OTHER[0] in asked
    assert lead.send(link).status_code == 303
    # Then both are gone: from every page and from every column of every table
    for address in (PAGE, f"/ru{PAGE}", f"/ky{PAGE}", f"{PAGE}/entries?point=A12.1"):
        page = client.get(address).get_data(as_text=True)
        assert not any(words in page for words in (*FIRST, *OTHER, "Open Window")), address
    for words in (TEXT["reason"], "четырнадцатью", "выхухоли"):
        assert is_anywhere(database, words) == [], words
    [tombstone] = contents(database)["assessments"]
    assert (tombstone.second_language, tombstone.second_reason, tombstone.second_narrative) == (None,) * 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"second_reason": ""}, "second_reason"),
        ({"second_narrative": " "}, "second_narrative"),
        ({"second_language": "en"}, "second_language"),
    ],
)
def test_half_a_second_text_is_asked_for_and_nothing_is_lost(
    signed_in: SignIn, database: Database, changed: dict[str, str], field: str
) -> None:
    lead, before = signed_in("lead"), contents(database)
    answer = lead.send(NEW, button="preview", **{**TEXT, **SECOND, **changed})
    assert answer.status_code == 422
    summary = by_class(answer, "govuk-error-summary")[0]
    assert [link.get("href") for link in summary.iter() if link.get("href")] == [f"#{field}"]
    form = values_of(find_form(answer, NEW))
    kept = {**SECOND, **changed}
    assert {name: form[name].replace("\r\n", "\n").strip() for name in SECOND} == {
        name: text.strip() for name, text in kept.items()
    }
    assert contents(database) == before


def test_a_second_language_can_come_later_as_a_new_entry(signed_in: SignIn, client: StrictClient) -> None:
    lead = signed_in("lead")
    publish(lead)
    publish(lead, **SECOND)
    assert len(entries_of(client.get(PAGE), "A12.1")) == 1
    assert OTHER[0] in first_and_other(client, f"/ru{PAGE}")[0]


def test_the_workbook_quotes_the_text_in_its_own_language(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    publish(signed_in("lead"), **SECOND)
    wanted = {"en": TEXT["reason"], "ru": SECOND["second_reason"], "ky": f"[en] {TEXT['reason']}"}
    for language, reason in wanted.items():
        with database.reading() as session, speaking(language):
            report = get_midterm_report(
                session, VISITOR, "KGZ-3", "", clock.now().date(), "http://localhost", is_demonstration=False
            )
        [entry] = [
            each for row in report.recommendations for point in row.points for each in point.independent
        ]
        with speaking(language):
            assert in_its_language(entry, entry.reason) == reason
