"""Writing goes on from point to point: beside the form stands what was said last, and one button leads on."""

from tests.cast import NOW, Cast, make_assessment, make_update
from tests.stories.pages import by_class, by_id, contents, link_of, words_of
from tests.stories.updates import NEW, TEXT, row, write
from tests.strict_client import SignIn, find_form, text_of, values_of
from tracker.database import Database
from tracker.models.updates import UpdateState

LAST = f"{NEW}?from=last"


def test_a_new_update_starts_from_the_last_entry(signed_in: SignIn, database: Database, cast: Cast) -> None:
    # Given a published entry, and one of civil society
    with database.transaction() as session:
        last = make_update(session, cast, UpdateState.PUBLISHED, now=NOW)
        words = {
            name: getattr(last, name) for name in ("reason", "done", "obstacles", "next_step", "source_link")
        }
        said = make_assessment(session, cast).reason
    writer = signed_in("focal_point")
    # When the form is opened, both stand beside it, and its fields are empty
    page = writer.get(NEW)
    beside = words_of(by_id(page, "said"))
    for text in (words["reason"], words["done"], said, "Open Window"):
        assert text in beside
    assert values_of(find_form(page, None))["done"] == ""
    # When the person starts from the last entry
    assert link_of(page, "Start from the last entry") == LAST
    before = contents(database)
    page = writer.get(LAST)
    # Then its words are in the form, but the day is not, and nothing is stored
    values = values_of(find_form(page, None))
    assert {name: values[name] for name in words} == words
    assert (values["level"], values["as_of_on"]) == ("partially_implemented", "")
    assert contents(database) == before
    assert writer.send_from(page, None, "submit", as_of_on="2026-01-20").status_code == 303


def test_a_stored_draft_is_never_overwritten_by_the_last_entry(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, now=NOW)
    writer = signed_in("focal_point")
    draft = write(writer, done="Of this year.")
    answer = writer.get(LAST)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/updates/{draft}")
    assert row(database, draft).done == "Of this year."
    change = writer.get(f"/updates/{draft}/change")
    assert link_of(change, "Start from the last entry") is None
    assert values_of(find_form(change, "/change"))["done"] == "Of this year."


def test_where_nothing_was_published_the_form_starts_empty(signed_in: SignIn) -> None:
    page = signed_in("focal_point").get(LAST)
    assert values_of(find_form(page, None))["reason"] == ""
    assert "has published nothing on this point yet" in text_of(page)
    assert "Nobody else has published an entry" in text_of(page)


def test_a_supporter_starts_from_the_own_entry_and_reads_the_leads_beside(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        reason = make_update(session, cast, UpdateState.PUBLISHED, now=NOW).reason
    page = signed_in("other_focal_point").get(NEW)
    assert "has published nothing on this point yet" in text_of(page)
    assert reason in words_of(by_class(page, "beside__entry")[0])


def test_one_button_saves_or_submits_and_leads_on(signed_in: SignIn, database: Database) -> None:
    writer = signed_in("focal_point")
    page = writer.get(NEW)
    assert "Save and go to A12.2" in text_of(page)
    # When the draft is saved on the way, the next point opens
    answer = writer.send_from(page, None, "keep_and_go", done="A beginning.")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/updates/new/KGZ-3/A12.2")
    following = writer.get(answer.headers["Location"])
    assert "A12.1: Draft saved." in text_of(following)
    # And the row of points shows what each still lacks
    steps = words_of(by_class(following, "steps")[0])
    assert "A12.1 draft" in steps
    assert "A12.3 no entry yet" in steps
    # When an incomplete one is submitted, it comes back
    assert writer.send_from(following, None, "submit_and_go").status_code == 422
    # When a whole one is submitted, the next one opens; after the last the draft of the first
    for ref, then in (("A12.2", "A12.3"), ("A12.3", "A12.4"), ("A12.4", "A12.5")):
        form = writer.get(f"/updates/new/KGZ-3/{ref}")
        answer = writer.send_from(form, None, "submit_and_go", **TEXT)
        assert answer.headers["Location"] == f"/updates/new/KGZ-3/{then}"
    answer = writer.send("/updates/new/KGZ-3/A12.5", None, "submit_and_go", **TEXT)
    assert answer.headers["Location"].endswith("/change")
    # When that one, the last, is submitted too, none is left to go to
    form = writer.get(answer.headers["Location"])
    assert "go to" not in text_of(form)
    answer = writer.send_from(form, "/change", "submit_and_go", **TEXT)
    assert link_of(writer.get("/work"), "A12.1") == answer.headers["Location"]


def test_what_is_closed_at_first_is_open_where_it_is_filled(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    details = by_class(writer.get(NEW), "govuk-details")[0]
    assert "open" not in details.attrib
    draft = write(writer)
    details = by_class(writer.get(f"/updates/{draft}/change"), "govuk-details")[0]
    assert "open" in details.attrib


def test_the_limit_of_a_text_stands_beside_its_label(signed_in: SignIn) -> None:
    page = text_of(signed_in("focal_point").get(NEW))
    assert "What was done? at most 20,000 characters" in page
    assert "Link to a public source at most 2,000 characters" in page
