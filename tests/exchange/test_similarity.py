"""What the words of two recommendations say about how like they are."""

import os
import time
from pathlib import Path

import pytest

from tests.exchange.imports.states import needs_real_data
from tracker.exchange.similarity import LEAST, LIKE_ENOUGH_TO_REPEAT, Candidates, plain_text

TEXTS = [
    "76.1 Ratify the Optional Protocol to the Convention against Torture (Chile, Peru);",
    "Continue its efforts to reduce statelessness, and accede to the 1961 Convention",
    "Continue its efforts to improve the training of judges",
    "Continue its efforts to improve the training of teachers in rural areas",
    "Establish a moratorium on the death penalty",
]


def best(text: str, texts: list[str] = TEXTS) -> tuple[int, float]:
    [found] = Candidates(texts).find(text, 1, least=0)
    return found.at, found.score


def test_number_and_states_are_not_compared() -> None:
    assert plain_text("140.7 Ratify the Rome Statute (Venezuela (Bolivarian Republic of)) (Chile);") == (
        "ratify the rome statute"
    )
    at, score = best("140.12. Ratify the Optional Protocol to the Convention against Torture (Mexico)")
    assert (at, round(score)) == (0, 100)


def test_a_text_that_is_nothing_but_brackets_is_compared_as_it_is() -> None:
    assert plain_text("(Chile)") == "chile"


def test_rare_words_count_more_than_those_that_every_recommendation_has() -> None:
    at, score = best("Accede to the conventions on statelessness")
    assert at == 1
    _, of_common_words = best("Continue its efforts to improve")
    assert of_common_words < LIKE_ENOUGH_TO_REPEAT
    assert score < LIKE_ENOUGH_TO_REPEAT


def test_the_same_in_another_order_is_enough_to_repeat() -> None:
    at, score = best("On the death penalty, establish a moratorium")
    assert at == 4
    assert score >= LIKE_ENOUGH_TO_REPEAT


def test_what_shares_little_is_not_suggested() -> None:
    assert Candidates(TEXTS).find("Protect the glaciers from mining", 5) == []
    assert Candidates([]).find("Protect the glaciers", 5) == []
    assert Candidates(TEXTS).find("", 5) == []
    assert LEAST < LIKE_ENOUGH_TO_REPEAT


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    found = Candidates(TEXTS).find("Continue its efforts to improve the training of judges", 2, least=0)
    assert [each.at for each in found] == [2, 3]
    assert found[0].score > found[1].score


@pytest.mark.parametrize(
    "text", ["(a) " * 2_000 + "x", "(" * 20_000, "(a" * 9_000, " " * 50_000 + "(a)b", "a" * 90_000]
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    began = time.process_time()
    Candidates([*TEXTS, text]).find(text, 3)
    assert time.process_time() - began < 2


@needs_real_data
def test_the_first_twenty_between_two_reviews_are_nearly_all_right() -> None:
    """China 2013 and 2018, by the themes that OHCHR gave: `bench/similarity.py` has more figures."""
    from bench.similarity import china, precision

    assert Path(os.environ["TRACKER_REAL_DATA"]).is_dir()
    assert precision(*china(), first=20) >= 0.9
