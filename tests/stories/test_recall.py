"""A submitted update is taken back by its writers until somebody validated it."""

from tests.stories.pages import buttons_of, by_class, words_of
from tests.stories.updates import TEXT, row, step, version, write
from tests.strict_client import SignIn, text_of, token_of
from tracker.database import Database


def test_a_submitted_update_is_recalled_changed_and_submitted_again(
    signed_in: SignIn, database: Database
) -> None:
    # Given an update that was submitted too early
    writer, officer = signed_in("focal_point"), signed_in("validating_officer")
    update = write(writer, "submit")
    loaded = officer.get(f"/updates/{update}")
    # When its writer recalls it
    answer = writer.send(f"/updates/{update}", action="/recall")
    # Then it is a draft again, says so, and waits for nobody else
    assert answer.status_code == 303
    page = writer.get(answer.headers["Location"])
    assert "Update recalled. It is a draft again" in text_of(page)
    assert "Recall to change it" not in buttons_of(page)
    assert "focal_point recalled the update" in words_of(by_class(page, "history")[0])
    found = row(database, update)
    assert (found.state, found.submitted_at, found.done) == ("draft", None, TEXT["done"])
    # And the officer, who had it open, does not validate a draft
    assert officer.send_from(loaded, "/validate").status_code == 409
    # When it was changed and submitted, it is checked as before
    change = f"/updates/{update}/change"
    assert writer.send(change, "/change", "submit", done="In Osh, too.").status_code == 303
    assert step(officer, update, "validate") == 303


def test_a_colleague_may_recall_it_and_nobody_else(signed_in: SignIn, database: Database) -> None:
    update = write(signed_in("focal_point"), "submit")
    for person in ("validating_officer", "coordinator"):
        page = signed_in(person).get(f"/updates/{update}")
        assert "Recall to change it" not in buttons_of(page)
    assert step(signed_in("alternate"), update, "recall") == 303
    assert row(database, update).state == "draft"


def test_what_was_validated_is_not_recalled_and_the_page_says_what_to_do(
    signed_in: SignIn, database: Database
) -> None:
    # Given the page of a submitted update, open on the screen of its writer
    writer = signed_in("focal_point")
    update = write(writer, "submit")
    loaded = writer.get(f"/updates/{update}")
    # When the officer validates it, and the writer recalls it
    assert step(signed_in("validating_officer"), update, "validate") == 303
    answer = writer.send_from(loaded, "/recall")
    # Then nothing happens, and the writer reads what is possible now
    assert answer.status_code == 409
    assert "validated meanwhile, so it cannot be recalled any more" in text_of(answer)
    assert row(database, update).state == "validated"
    assert "Recall to change it" not in buttons_of(writer.get(f"/updates/{update}"))


def test_a_recall_brings_the_comment_back_and_nobody_discards_it(
    signed_in: SignIn, database: Database
) -> None:
    # Given an update that was returned twice, and submitted again after each time
    writer, officer = signed_in("focal_point"), signed_in("validating_officer")
    update = write(writer, "submit")
    address = f"/updates/{update}"
    for comment in ("Name the districts.", "Which towns?"):
        assert officer.send(f"{address}/return", comment=comment).status_code == 303
        assert step(writer, update, "submit") == 303
    assert "Returned with this comment" not in text_of(officer.get(address))
    # When its writer recalls it
    answer = writer.send(address, action="/recall")
    # Then it is returned as before, with the last comment, and says so
    page = writer.get(answer.headers["Location"])
    assert "Update recalled. It is returned, as before, with the comment" in text_of(page)
    found = row(database, update)
    assert (found.state, found.comment, found.submitted_at) == ("returned", "Which towns?", None)
    for shown in (page, writer.get(f"{address}/change")):
        insets = " ".join(words_of(each) for each in by_class(shown, "govuk-inset-text"))
        assert "Returned with this comment:" in insets
        assert "Which towns?" in insets
    # And it is not discarded: the history still says why it came back
    assert "Discard this draft" not in text_of(page)
    token = token_of(writer)
    assert writer.post(f"{address}/discard", data={**token, **version(database, update)}).status_code == 409
    history = words_of(by_class(officer.get(address), "history")[0])
    assert "Name the districts." in history
    assert "Which towns?" in history
    # When it was changed and submitted, it is checked as before, and the comment is no task any more
    assert writer.send(f"{address}/change", "/change", "submit", done="In Osh.").status_code == 303
    assert "Returned with this comment" not in text_of(officer.get(address))
    assert step(officer, update, "validate") == 303


def test_publishing_asks_once_and_shows_exactly_what_will_be_public(
    signed_in: SignIn, database: Database
) -> None:
    # Given a validated update
    update = write(signed_in("focal_point"), "submit", obstacles="")
    assert step(signed_in("validating_officer"), update, "validate") == 303
    coordinator = signed_in("coordinator")
    # When the coordinator presses "Publish", nothing is published yet
    page = coordinator.get(f"/updates/{update}/publish")
    assert row(database, update).state == "validated"
    # But everything that everybody will read is there, and that it stays so
    shown = words_of(by_class(page, "preview-frame")[0])
    for words in (TEXT["reason"], TEXT["done"], TEXT["next_step"], TEXT["source_link"], "Ministry of Clocks"):
        assert words in shown
    assert "Obstacles" not in shown
    assert "Partially implemented" in shown
    assert "This cannot be changed or withdrawn afterwards." in text_of(page)
    # And a form that does not come from this page publishes nothing
    bare = coordinator.send_from(page, "/publish", version="")
    assert bare.status_code == 409
    assert row(database, update).state == "validated"
    # When the button there is pressed, it is published
    assert coordinator.send_from(page, "/publish").status_code == 303
    assert row(database, update).state == "published"
