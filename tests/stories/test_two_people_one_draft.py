"""Two people edit one draft: the second is shown both texts and loses nothing."""

import pytest

from tests.stories.pages import id_of
from tests.stories.updates import TEXT, step, write
from tests.strict_client import SignIn, find_form, text_of, values_of
from tracker.database import Database


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


@pytest.mark.parametrize("version", ["", "x", "²", "-1", "9" * 5000])
def test_a_tampered_version_never_overwrites(signed_in: SignIn, version: str) -> None:
    first = signed_in("focal_point")
    update = write(first)
    answer = first.send(
        f"/updates/{update}/change", action="/change", button="keep", done="Changed.", version=version
    )
    assert answer.status_code == 409
    assert TEXT["done"] in text_of(first.get(f"/updates/{update}"))


def test_a_form_sent_twice_makes_two_drafts_that_both_can_be_discarded(signed_in: SignIn) -> None:
    client = signed_in("focal_point")
    opened = client.get("/updates/new/KGZ-3/A12.1")
    made = [id_of(client.send_from(opened, None, "keep", done="Twice.")) for _ in range(2)]
    assert len(set(made)) == 2
    for update in made:
        assert client.send(f"/updates/{update}/discard").status_code == 303
