"""The texts of the recommendations are the letter's own words: whole items of its annex under their headings, and whole
sentences of its body, with “[…]” where something is left out.

Reads the letter where it lies beside the folder of real data: it is no part of this project.
"""

import os
from pathlib import Path

import pytest

from tests.seeds import reference

AREA = (
    "Implementation of international human rights obligations, taking into account applicable international"
    " humanitarian law"
)
"""A line of the annex above its sections, which the seed does not name."""
CUT = "[…]"
MARK = "¶"


@pytest.fixture(scope="module")
def letter() -> str:
    real = os.environ.get("TRACKER_REAL_DATA")
    if not real:
        pytest.skip("TRACKER_REAL_DATA names no folder beside which the letter lies")
    path = Path(real).parents[1] / "seeds" / "letter-2020-12-04.txt"
    if not path.exists():
        pytest.skip(f"the letter is not at {path}")
    return path.read_text(encoding="utf-8")


def plain(text: str) -> str:
    return " ".join(text.split())


def headings() -> dict[str, str]:
    """By code."""
    return {row["code"]: row["label"] for row in reference("themes") if row["scheme"] == "letter"}


def sections() -> dict[str, str | None]:
    """By code of the heading below it."""
    return {row["code"]: row["section"] for row in reference("themes") if row["scheme"] == "letter"}


def annex_of(letter: str) -> str:
    """The annex on one line, with a mark on both sides of each heading."""
    known = {*headings().values(), *filter(None, sections().values()), AREA}
    lines = [plain(line) for line in letter.splitlines()]
    after = lines[lines.index("Annex") + 1 :]
    return plain(" ".join(f"{MARK}{line}{MARK}" if line in known else line for line in after))


def fault_of_item(text: str, heading: str, annex: str) -> str | None:
    found = annex.find(f"- {plain(text)}")
    if found < 0:
        return "no item of the annex begins so"
    rest = annex[found + len(f"- {plain(text)}") :].lstrip()
    if rest and not rest.startswith(("- ", MARK)):
        return f"the item goes on: {rest[:40]}"
    above = [part for part in annex[:found].split(MARK) if part in headings().values()]
    return None if above[-1] == heading else f"stands under {above[-1]}"


def fault_of_sentences(text: str, letter: str) -> str | None:
    body, place = plain(letter), 0
    beginnings = tuple(plain(line) for line in letter.splitlines() if line.strip())
    parts = [plain(part) for part in text.split(CUT)]
    for number, part in enumerate(parts):
        found = body.find(part, place) if part else place
        if found < 0:
            return f"not in the letter, or not in this order: {part}"
        is_beginning = body[:found].rstrip().endswith((".", ":")) or any(
            line.startswith(part[:40]) for line in beginnings
        )
        if number == 0 and part and not is_beginning:
            return f"begins within a sentence: {part[:40]}"
        place = found + len(part)
    return None if text.endswith((".", CUT)) else f"ends within a sentence: {text[-40:]}"


def test_each_item_of_the_annex_is_a_whole_one_under_its_heading(letter: str) -> None:
    annex = annex_of(letter)
    rows = [row for row in reference("recommendations") if row["kind"] == "letter_annex"]
    faults = {row["ref"]: fault_of_item(row["text"], headings()[row["heading"]], annex) for row in rows}
    assert {ref: fault for ref, fault in faults.items() if fault} == {}
    assert (
        len(rows)
        == sum(part.startswith("- ") for part in annex.replace(" - ", f"{MARK}- ").split(MARK))
        == 38
    )
    for code, section in sections().items():
        assert f"{MARK}{headings()[code]}{MARK}" in annex
        assert section is None or f"{MARK}{section}{MARK}" in annex


def test_each_request_of_the_body_is_the_letters_own_sentences(letter: str) -> None:
    rows = [row for row in reference("recommendations") if row["kind"] == "letter_body"]
    assert len(rows) == 6
    faults = {row["ref"]: fault_of_sentences(row["text"], letter) for row in rows}
    assert {ref: fault for ref, fault in faults.items() if fault} == {}


def test_a_text_that_is_not_the_letters_is_found() -> None:
    """On a short letter of our own."""
    annex = f"{MARK}Women{MARK} - Doing this. - Doing that, and more. {MARK}Children{MARK} - Playing."
    assert fault_of_item("Doing this.", "Women", annex) is None
    assert fault_of_item("Playing.", "Children", annex) is None
    assert fault_of_item("Doing that,", "Women", annex) == "the item goes on: and more. ¶Children¶ - Playing."
    assert fault_of_item("Doing this.", "Children", annex) == "stands under Women"
    assert fault_of_item("Doing these.", "Women", annex) == "no item of the annex begins so"
    body = "Excellency,\n\nI welcome the plan of [name] and encourage\nit. I thank you."
    assert fault_of_sentences("I welcome the plan of […] and encourage it.", body) is None
    assert (
        fault_of_sentences("I encourage it.", body)
        == "not in the letter, or not in this order: I encourage it."
    )
    assert fault_of_sentences("and encourage it.", body) == "begins within a sentence: and encourage it."
    assert fault_of_sentences("I welcome the plan", body) == "ends within a sentence: I welcome the plan"
