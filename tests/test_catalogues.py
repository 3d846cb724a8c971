"""The catalogues: complete, nothing fuzzy, every placeholder as in English. A message that no native speaker has read
carries the comment “unchecked”, which is no fault (docs/translating.md)."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tracker import language
from tracker.language import LANGUAGES, catalogue_file, read_catalogue

TEMPLATE = Path(language.__file__).parent / "translations" / "messages.pot"
TRANSLATED = [code for code in LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
Key = tuple[str, str | None]


def texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value or ""),)


def placeholders(sentence: str) -> set[str]:
    return set(PLACEHOLDER.findall(sentence))


def messages(code: str) -> list[Message]:
    return [each for each in read_catalogue(code) if each.id]


def key(message: Message) -> tuple[str, str | None]:
    return texts(message.id)[0], message.context


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_left_over(code: str) -> None:
    with TEMPLATE.open("rb") as file:
        collected = {key(each) for each in read_po(file) if each.id}
    assert {key(each) for each in messages(code)} == collected, "run make fix"
    missing = [each.id for each in messages(code) if not all(texts(each.string))]
    assert not missing, f"{catalogue_file(code)} lacks {missing}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_fuzzy(code: str) -> None:
    assert not [each.id for each in messages(code) if each.fuzzy]


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_are_those_of_the_english_message(code: str) -> None:
    """A form of a plural may leave out the number: “one” says it in a word."""
    faults = []
    for message in messages(code):
        wanted = placeholders(texts(message.id)[-1])
        for form in texts(message.string):
            lacking = wanted - placeholders(form)
            if placeholders(form) - wanted or lacking - ({"%(num)s"} if message.pluralizable else set()):
                faults.append((message.id, form))
    assert not faults


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_letter_of_another_alphabet_hides_in_a_word(code: str) -> None:
    """A Latin c among Cyrillic letters looks right and is not found by any search."""
    mixed = re.compile(r"[А-яЁёҢңӨөҮү][A-Za-z]|[A-Za-z][А-яЁёҢңӨөҮү]")
    faults = []
    for message in messages(code):
        for form in texts(message.string):
            bare = PLACEHOLDER.sub(" ", form)
            faults += [form] if mixed.search(bare) else []
    assert not faults
