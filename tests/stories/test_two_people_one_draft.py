"""Two people edit one draft: the second is shown both texts and loses nothing."""

import pytest

from tests.evidence_files import PDF
from tests.stories.evidence import sent
from tests.stories.pages import buttons_of, by_class, contents, given_back, id_of, link_of, tell
from tests.stories.updates import NEW, TEXT, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database

pytestmark = pytest.mark.database


def test_the_second_to_save_sees_both_texts_and_saves_again(signed_in: SignIn) -> None:
    # Given two colleagues with the same draft open
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    change = f"/updates/{update}/change"
    opened = second.get(change)
    # When the first saves, and then the second
    assert first.send(change, action="/change", button="keep", done="Of the first.").status_code == 303
    answer = second.send_from(
        opened, "/change", "keep", done="Of the second.", next_step_on="2027-05-01", level="planned"
    )
    # Then the second sees both, and the form holds the own text
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Nothing is lost" in page
    for words in ("Of the first.", "Of the second.", "2027-03-31", "2027-05-01", "Partially implemented"):
        assert words in page
    typed = values_of(find_form(answer, "/change"))
    assert typed["done"] == "Of the second."
    assert typed["next_step_on"] == "2027-05-01"
    assert typed["level"] == "planned"
    assert typed["reason"] == TEXT["reason"]
    assert "Of the first." in text_of(first.get(f"/updates/{update}"))
    # When the second saves again
    assert second.send_from(answer, "/change", "keep").status_code == 303
    # Then it is kept
    assert "Of the second." in text_of(first.get(f"/updates/{update}"))


def test_what_the_second_left_alone_stays_as_the_first_saved_it(signed_in: SignIn) -> None:
    # Given two colleagues with the same draft open
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    change = f"/updates/{update}/change"
    opened = second.get(change)
    # When the first changes three fields, and the second another one
    changed = {"obstacles": "No money until May.", "as_of_on": "2026-08-31", "level": "planned"}
    assert first.send(change, "/change", "keep", **changed).status_code == 303
    answer = second.send_from(opened, "/change", "keep", done="Of the second.")
    # Then the form holds what either of them wrote, and what differs is shown
    assert answer.status_code == 409
    typed = values_of(find_form(answer, "/change"))
    assert {name: typed[name] for name in changed} == changed
    assert typed["done"] == "Of the second."
    for words in ("Of the second.", TEXT["done"]):
        assert words in text_of(answer)
    # When the second saves again
    assert second.send_from(answer, "/change", "keep").status_code == 303
    # Then nothing of either is lost
    page = text_of(first.get(f"/updates/{update}"))
    for words in ("Of the second.", "No money until May.", "Planned"):
        assert words in page


@pytest.mark.parametrize("read", ["", "x", "0 " * 10])
def test_a_form_that_does_not_say_what_was_read_keeps_what_was_typed(signed_in: SignIn, read: str) -> None:
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    change = f"/updates/{update}/change"
    opened = second.get(change)
    assert first.send(change, "/change", "keep", obstacles="No money until May.").status_code == 303
    answer = second.send_from(opened, "/change", "keep", done="Of the second.", read=read)
    assert answer.status_code == 409
    assert "No money until May." in text_of(answer)
    typed = values_of(find_form(answer, "/change"))
    assert (typed["obstacles"], typed["done"]) == (TEXT.get("obstacles", ""), "Of the second.")


def test_who_saves_after_a_colleague_submitted_keeps_the_own_text_on_the_page(
    signed_in: SignIn, database: Database
) -> None:
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    change = f"/updates/{update}/change"
    opened = second.get(change)
    assert step(first, update, "submit") == 303
    answer = second.send_from(opened, "/change", "keep", done="Of the second.")
    # Then nothing can be saved, so nothing is asked: each field is there to be copied, and the update is one click away
    assert answer.status_code == 409
    assert by_class(answer, "govuk-error-summary") == []
    assert "The update on A12.1 was submitted while you were writing" in text_of(answer)
    assert "recall it on its page" in text_of(answer)
    assert given_back(answer)["What was done?"] == "Of the second."
    assert given_back(answer)["Level of implementation"] == "Partially implemented"
    assert link_of(answer, "See the update on A12.1") == f"/updates/{update}"
    assert not {"Save draft", "Submit for validation"} & set(buttons_of(answer))
    assert TEXT["done"] in text_of(first.get(f"/updates/{update}"))


def test_a_file_that_was_chosen_in_vain_is_named_and_not_asked_for_again(signed_in: SignIn) -> None:
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    opened = second.get(f"/updates/{update}/change")
    assert step(first, update, "submit") == 303
    answer = second.send_from(opened, "/change", "keep", files=[sent("proof.pdf", PDF)])
    assert answer.status_code == 409
    assert "The files that you chose were not kept, either." in text_of(answer)
    assert "Choose the files again" not in text_of(answer)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("validate", "Ask the coordinator to return it"),
        ("publish", "It is published by now and never changes"),
    ],
)
def test_what_can_be_done_depends_on_how_far_the_update_went(
    signed_in: SignIn, state: str, said: str
) -> None:
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    opened = second.get(f"/updates/{update}/change")
    assert step(first, update, "submit") == 303
    assert step(signed_in("validating_officer"), update, "validate") == 303
    if state == "publish":
        assert step(signed_in("coordinator"), update, "publish") == 303
    answer = second.send_from(opened, "/change", "keep", done="Of the second.")
    assert answer.status_code == 409
    assert said in text_of(answer)
    assert given_back(answer)["What was done?"] == "Of the second."


def test_a_date_that_nobody_can_read_is_given_back_after_a_colleague_submitted_another(
    signed_in: SignIn,
) -> None:
    # Given a draft without a date, open on two screens
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first, as_of_on="")
    change = f"/updates/{update}/change"
    opened = second.get(change)
    # When the first enters one and submits, and the second types another in the way of the country
    assert first.send(change, "/change", "submit", as_of_on="2026-01-20").status_code == 303
    answer = second.send_from(opened, "/change", "keep", as_of_on="30.01.26")
    # Then what was typed is not lost
    assert answer.status_code == 409
    assert given_back(answer)["Situation on"] == "30.01.26"


@pytest.mark.parametrize("version", ["", "x", "²", "-1", "9" * 5000])
def test_a_tampered_version_never_overwrites(signed_in: SignIn, version: str) -> None:
    first = signed_in("focal_point")
    update = write(first)
    answer = first.send(
        f"/updates/{update}/change", action="/change", button="keep", done="Changed.", version=version
    )
    assert answer.status_code == 409
    assert TEXT["done"] in text_of(first.get(f"/updates/{update}"))


def test_a_form_sent_twice_makes_one_draft_and_after_it_was_discarded_another(signed_in: SignIn) -> None:
    client = signed_in("focal_point")
    opened = client.get("/updates/new/KGZ-3/A12.1")
    made = [id_of(client.send_from(opened, None, "keep", done="Twice.")) for _ in range(2)]
    assert len(set(made)) == 1
    assert client.send(f"/updates/{made[0]}/discard").status_code == 303
    assert id_of(client.send_from(opened, None, "keep", done="Twice.")) != made[0]


def test_who_saves_a_draft_that_a_colleague_discarded_gets_the_text_back_and_starts_anew(
    signed_in: SignIn, database: Database
) -> None:
    # Given two colleagues with the same draft open
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    opened = second.get(f"/updates/{update}/change")
    # When the first discards it and the second saves
    assert first.send(f"/updates/{update}/discard").status_code == 303
    answer = second.send_from(opened, "/change", "keep", done="Twelve judges were trained in two regions.")
    # Then it is said what happened, and each field is there
    assert answer.status_code == 410
    assert "Somebody of the organisation discarded the draft on A12.1 on" in text_of(answer)
    assert "mistyped" not in text_of(answer)
    assert given_back(answer)["What was done?"] == "Twelve judges were trained in two regions."
    assert given_back(answer)["Date of the next step"] == "2027-03-31"
    # When a new update is started with it
    stored = contents(database)
    form = second.send_from(answer, NEW, "start")
    # Then its form holds the same, and nothing is stored before it is saved
    assert form.status_code == 200
    assert contents(database) == stored
    typed = values_of(find_form(form, NEW))
    assert {name: typed[name] for name in TEXT} == {
        **TEXT,
        "done": "Twelve judges were trained in two regions.",
    }
    assert second.send_from(form, NEW, "keep").status_code == 303


def test_every_way_to_a_discarded_draft_says_that_it_was_discarded(
    signed_in: SignIn, client: StrictClient
) -> None:
    # Given two tabs that ask whether to discard one draft, and the page of the draft
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    address = f"/updates/{update}"
    asked, read = second.get(f"{address}/discard"), second.get(address)
    # When the first of two people presses
    assert first.send(f"{address}/discard").status_code == 303
    # Then the second reads the same sentence, whatever they press or open, and so does the coordinator
    coordinator = signed_in("coordinator")
    for answer in (
        second.send_from(asked),
        second.send_from(read, "/submit"),
        second.get(address),
        first.get(f"{address}/change"),
        coordinator.get(address),
    ):
        assert answer.status_code == 410
        assert "discarded the draft on A12.1" in text_of(answer)
        assert "What you sent was not saved." not in text_of(answer)
    # And everybody else reads no more than of a draft that never was
    for person in ("other_focal_point", "administrator", "lead"):
        assert signed_in(person).get(address).status_code in (403, 404)
    assert signed_in("other_focal_point").get(address).status_code == 404


def test_a_line_of_an_older_version_tells_no_point_and_the_text_is_given_back_all_the_same(
    signed_in: SignIn, database: Database
) -> None:
    writer = signed_in("focal_point")
    update = write(writer)
    opened = writer.get(f"/updates/{update}/change")
    assert writer.send(f"/updates/{update}/discard").status_code == 303
    tell(
        database,
        "UPDATE history_lines SET facts = '{\"who\": \"focal_point\"}' WHERE verb = 'discard_update'",
    )
    answer = writer.send_from(opened, "/change", "keep", done="Of the second.")
    assert answer.status_code == 410
    assert "Somebody of the organisation discarded it on" in text_of(answer)
    assert given_back(answer)["What was done?"] == "Of the second."
    assert "Start a new update with this text" not in buttons_of(answer)


def test_nobody_submits_or_discards_words_that_a_colleague_changed_meanwhile(signed_in: SignIn) -> None:
    # Given the page of a draft, as the second has read it
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    address = f"/updates/{update}"
    loaded, asked = second.get(address), second.get(f"{address}/discard")
    # When the first changes the words, and the second submits or discards what was on the screen
    assert first.send(f"{address}/change", "/change", "keep", done="Of the first.").status_code == 303
    for answer in (second.send_from(loaded, "/submit"), second.send_from(asked)):
        # Then nothing happens, and it is said why
        assert answer.status_code == 409
        assert "Somebody changed this update after you opened it" in text_of(answer)
    page = second.get(address)
    assert "Draft" in text_of(page)
    # When the second has read the new words
    assert second.send_from(page, "/submit").status_code == 303


@pytest.mark.parametrize("action", ["/validate", "/return", "/publish"])
def test_nobody_decides_on_words_that_went_round_meanwhile(signed_in: SignIn, action: str) -> None:
    # Given a submitted update, open on the screen of who decides
    author, officer, coordinator = (
        signed_in(each) for each in ("focal_point", "validating_officer", "coordinator")
    )
    update = write(author, "submit")
    address = f"/updates/{update}"
    if action == "/publish":
        assert step(officer, update, "validate") == 303
    decides = coordinator if action == "/publish" else officer
    loaded = decides.get(address if action == "/validate" else f"{address}{action}")
    # When it is returned, changed and submitted again
    assert coordinator.send(f"{address}/return", comment="Which towns?").status_code == 303
    assert author.send(f"{address}/change", "/change", "submit", done="In Osh.").status_code == 303
    if action == "/publish":
        assert step(officer, update, "validate") == 303
    # Then the decision on the old words is refused, and a comment is not lost
    typed = {"comment": "The date of the second training is missing."} if action == "/return" else {}
    answer = decides.send_from(loaded, action if action != "/return" else None, **typed)
    assert answer.status_code == 409
    assert "read it again" in text_of(answer)
    assert typed.get("comment", "") in text_of(answer)
