"""Which passphrases are made for people, and which of their own are refused, with a sentence that says why."""

import re

import pytest

from tracker.failures import BadInput
from tracker.identity.passphrases import check_strength, make_words
from tracker.identity.weak_passphrases import weakness_of
from tracker.identity.words import WORDS_OF, read_words

LETTERS = {"en": "[a-z]{4,8}", "ru": "[а-я]{4,8}", "ky": "[а-я]{3,9}"}
"""In one composed character each, and on every keyboard: no ё, ң, ө, ү, which a Russian one lacks or hides."""


@pytest.mark.parametrize("language", sorted(WORDS_OF))
def test_a_list_of_words_is_long_distinct_and_easy_to_type(language: str) -> None:
    words = read_words(language)
    assert len(words) == len(set(words)) >= 2048
    assert list(words) == sorted(words)
    assert not [word for word in words if not re.fullmatch(LETTERS[language], word)]


def test_no_two_kyrgyz_words_differ_by_one_letter_only() -> None:
    """So that they are told apart on the telephone."""
    words = frozenset(read_words("ky"))
    without_one: dict[str, str] = {}
    for word in words:
        for at in range(len(word)):
            assert word[:at] + word[at + 1 :] not in words
            assert without_one.setdefault(f"{word[:at]}_{word[at + 1 :]}", word) == word


@pytest.mark.parametrize("language", sorted(WORDS_OF))
def test_six_words_are_made_anew_each_time_and_are_never_refused(language: str) -> None:
    made = [make_words(language) for _ in range(300)]
    assert len(set(made)) == 300
    for each in made:
        assert len(each.split("-")) == 6
        assert set(each.split("-")) <= set(read_words(language))
        check_strength(each, "reed-27")


@pytest.mark.parametrize("language", ["de", ""])
def test_a_language_without_a_list_gets_twenty_characters_in_groups(language: str) -> None:
    assert re.fullmatch(r"([a-z2-9]{4}-){4}[a-z2-9]{4}", make_words(language))


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("quiet harbour!", "15 characters"),
        ("   short       "[:14], "15 characters"),
        ("a" * 129, "128 characters"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats"),
        ("ab-ab-ab-ab-ab-ab-ab", "repeats"),
        ("harbour harbour harbour", "repeats"),
        ("Гавань-гавань-гава", "repeats"),
        ("1234567890123456", "keyboard"),
        ("abcdefghijklmnopqr", "keyboard"),
        ("qwertyuiop[]asdfgh", "keyboard"),
        ("йцукенгшщзфывапро", "keyboard"),
        ("zyxwvutsrqponmlkj", "keyboard"),
        ("Quiet-Owl flies over 7 hills", "username"),
        ("password password 2026", "Many people"),
        ("P@ssw0rd!P@ssword2026", "Many people"),
        ("iloveyou-kyrgyzstan", "Many people"),
        ("correct horse battery staple"[:7] + "horsebatterystaple", "Many people"),
        ("КыргызстанБишкек2026", "Many people"),
        ("UPR follow-up tracker 1", "Many people"),
        ("пароль-пароль-секрет", "Many people"),
    ],
)
def test_what_others_would_try_first_is_refused(passphrase: str, said: str) -> None:
    assert said in str(weakness_of(passphrase, "quiet-owl"))
    with pytest.raises(BadInput, match=said):
        check_strength(passphrase, "quiet-owl")


@pytest.mark.parametrize(
    "passphrase",
    [
        "seven grey herons over a quiet harbour",
        "тихая гавань и семь цапель",
        "x7#kQ2!mZ9@pL4v",
        "a1s2 but the lamp is green",
        "love is a boat of paper",
        "a" * 5 + " boat crosses the lake at noon" + "!" * 90,
    ],
)
def test_what_nobody_expects_is_taken(passphrase: str) -> None:
    assert weakness_of(passphrase, "owl") is None


def test_a_text_made_to_be_slow_is_decided_at_once() -> None:
    """Words that can be cut in many ways: looked at place by place, not way by way."""
    assert weakness_of("thebestloveyouqwertyasdfghabcd" * 4 + "ж", "owl") is None
