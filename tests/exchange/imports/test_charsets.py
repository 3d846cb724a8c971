"""Texts are read in whatever alphabet Excel saved them; what is a guess says so."""

import pytest

from tracker.exchange.imports.charsets import decode

FRENCH = "Equité; vis-à-vis; Felsöszölnök; Guaraní"
TYPED = "State’s duty – “now”; Côte d’Ivoire"
RUSSIAN = "Обеспечить права человека, №5 «Закон»"
KYRGYZ = "Кыргыз Республикасынын өкмөтү"
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
ENOUGH = "In each street of the city, trees are planted. " * 20_000


@pytest.mark.parametrize("text", [FRENCH, TYPED, RUSSIAN, KYRGYZ])
@pytest.mark.parametrize("charset", UNICODE)
def test_unicode_is_read_with_a_mark_and_without(text: str, charset: str) -> None:
    found = decode(text.encode(charset))
    assert (found.text, found.is_guess, found.broken) == (text, False, None)


@pytest.mark.parametrize(
    ("text", "charset"),
    [(FRENCH, "cp1252"), (FRENCH, "mac_roman"), (TYPED, "cp1252"), (TYPED, "mac_roman"), (RUSSIAN, "cp1251")],
)
def test_older_alphabets_are_told_apart_by_the_neighbours_of_their_letters(text: str, charset: str) -> None:
    found = decode(text.encode(charset))
    assert (found.text, found.charset, found.is_guess) == (text, charset, True)


def test_the_whole_file_is_looked_at() -> None:
    """The only letters beyond ASCII stand behind a megabyte."""
    found = decode((ENOUGH + FRENCH).encode("mac_roman"))
    assert found.text.endswith(FRENCH)


def test_of_equals_the_ends_of_lines_decide() -> None:
    """An apostrophe of Windows is an í of the Mac."""
    assert decode("State’s\r\n".encode("cp1252")).text == "State’s\r\n"
    assert decode("Guaraní\r".encode("mac_roman")).text == "Guaraní\r"


def test_a_letter_that_was_cut_is_told_and_does_not_change_the_alphabet() -> None:
    found = decode(RUSSIAN.encode()[:-3])
    assert found.charset == "utf-8"
    assert found.broken == len(found.text) - 1
