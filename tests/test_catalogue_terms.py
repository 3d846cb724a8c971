"""One word for one term: wherever an English message holds a term, its translation holds one of the stems that
`catalogue_terms_ru.json` (or of another language) allows for it. The terms are those of the glossary.

A term stands as a whole word, also in the plural; one with a capital letter is looked for as it is written. What a
longer term covers is not looked at again: “focal point” asks for no word of “point”. A stem begins a word. Under
"except" stand messages where the English word means something else, each with its context if it has one:
"of a mail: State".
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tracker.language import LANGUAGES, read_catalogue

Forms = list[tuple[str, str]]
HERE = Path(__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
LISTS = {code: HERE / f"catalogue_terms_{code}.json" for code in LANGUAGES}
CODES = [code for code, file in LISTS.items() if file.exists()]


@cache
def terms(code: str) -> dict[str, list[str]]:
    found = json.loads(LISTS[code].read_text(encoding="utf-8"))
    return {term: stems for term, stems in found.items() if term != "except"}


@cache
def excepted(code: str) -> dict[str, list[str]]:
    return dict(json.loads(LISTS[code].read_text(encoding="utf-8")).get("except", {}))


@cache
def english(term: str) -> re.Pattern[str]:
    word = re.escape(term[:-1]) + "(?:y|ies)" if term.endswith("y") else re.escape(term) + "(?:e?s)?"
    return re.compile(rf"(?<![\w-]){word}(?![\w-])", re.IGNORECASE if term.islower() else 0)


@cache
def one_of(stems: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, stems)) + ")", re.IGNORECASE)


def forms(message: Message) -> Forms:
    """The English of each form beside it: the singular beside the first, the plural beside all others."""
    if not isinstance(message.id, tuple):
        return [(str(message.id), str(message.string))]
    one, many = message.id
    first, *others = list(message.string or [""])
    return [(one, first), *((many, each) for each in others)]


def name(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return f"{message.context}: {text}" if message.context else str(text)


def lacking(code: str) -> dict[tuple[str, str], str]:
    """(term, name of the message) → the translation in which no stem of the term stands"""
    longest_first = sorted(terms(code), key=len, reverse=True)
    found = {}
    for message in read_catalogue(code):
        for source, translation in forms(message) if message.id else []:
            rest, bare = PLACEHOLDER.sub("·", source), PLACEHOLDER.sub("·", translation)
            for term in longest_first:
                rest, times = english(term).subn("·", rest)
                if times and not one_of(tuple(terms(code)[term])).search(bare):
                    found[term, name(message)] = translation
    return found


@pytest.mark.parametrize("code", CODES)
def test_a_term_is_translated_in_one_way(code: str) -> None:
    allowed = {(term, each) for term, messages in excepted(code).items() for each in messages}
    faults = [
        f"“{term}” is {' / '.join(terms(code)[term])}: {message!r} → {translation!r}"
        for (term, message), translation in lacking(code).items()
        if (term, message) not in allowed
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("code", CODES)
def test_every_term_occurs_and_every_exception_is_one(code: str) -> None:
    sources = [source for message in read_catalogue(code) if message.id for source, _ in forms(message)]
    assert not [term for term in terms(code) if not any(english(term).search(source) for source in sources)]
    real = lacking(code)
    assert not [
        (term, each) for term, every in excepted(code).items() for each in every if (term, each) not in real
    ]
