"""Two people edit one draft: the second is shown both texts and loses nothing."""

import pytest

from tests.stories.pages import id_of
from tests.stories.updates import TEXT, step, write
from tests.strict_client import SignIn, find_form, text_of, values_of
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
    assert answer.status_code == 409
    assert "Of the second." in text_of(answer)
    assert TEXT["done"] in text_of(answer)
    assert TEXT["done"] in text_of(first.get(f"/updates/{update}"))


def test_a_date_that_nobody_can_read_is_shown_beside_the_one_that_a_colleague_submitted(
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
    assert "30.01.26" in text_of(answer)
    assert "2026-01-20" in text_of(answer)


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


def test_who_saves_a_draft_that_a_colleague_discarded_gets_the_text_back(signed_in: SignIn) -> None:
    # Given two colleagues with the same draft open
    first, second = signed_in("focal_point"), signed_in("alternate")
    update = write(first)
    opened = second.get(f"/updates/{update}/change")
    # When the first discards it and the second saves
    assert first.send(f"/updates/{update}/discard").status_code == 303
    answer = second.send_from(opened, "/change", "keep", done="Twelve judges were trained in two regions.")
    # Then there is nothing to save to, but the words are there to be copied
    assert answer.status_code == 404
    assert "Twelve judges were trained in two regions." in text_of(answer)


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
