"""What a file may change: a table of what stands, what files said before, and what this file says."""

from typing import Any

import pytest

from tracker.exchange.imports.rows import FileRow
from tracker.models.imports import ASKED, UNKNOWN_STATES
from tracker.models.recommendations import Position, RecommendationKind
from tracker.services.imports.values import (
    compare,
    fields_of,
    fingerprint,
    is_same,
    is_without_number,
    values_of,
    words_of,
)

NUMBERED = {"ref": "1.1"}
# field, what stands, what this layout said before, what another layout said, what the file says → what becomes of it
CASES: dict[str, tuple[str, Any, Any, Any, Any, str]] = {
    "nothing stands": ("heading", "", None, None, "Trees", "change"),
    "the same": ("heading", "Trees", None, None, "trees ", "leave"),
    "the file corrects itself": ("heading", "Trees", "Trees", None, "Parks", "change"),
    "the same file again, and a person changed it": ("heading", "Mine", "Trees", None, "Trees", "leave"),
    "a corrected file, and a person changed it": ("heading", "Mine", "Trees", None, "Parks", "ask"),
    "a person entered it": ("heading", "Mine", None, None, "Parks", "ask"),
    "another layout said it": ("heading", "Trees", None, "Trees", "Parks", "leave"),
    "a position where none stands": ("position", None, None, None, "noted", "change"),
    "the same position": ("position", "noted", None, None, "noted", "leave"),
    "a corrected file has another position": ("position", "noted", "noted", None, "supported", "ask"),
    "another layout has another position": ("position", "noted", None, "noted", "supported", "ask"),
    "the decision after the review": ("position", "pending", None, "pending", "noted", "change"),
    "a report of before the decision": ("position", "noted", None, "noted", "pending", "leave"),
    "the number was ours": ("ref", "N7", None, None, "140.7", "change"),
    "a corrected number": ("ref", "140.1", "140.1", None, "140.10", "change"),
    "a number that may have lost its zero": ("ref", "140.10", "140.10", None, "140.1", "ask"),
    "another layout gave another number": ("ref", "140.1", None, "140.1", "140.10", "ask"),
    "a voluntary pledge": ("kind", "wg_recommendation", None, None, "voluntary_pledge", "ask"),
    "the kind of nearly all is not said": ("kind", "letter_annex", None, None, "wg_recommendation", "leave"),
    "a corrected category": ("action_category", 4, 4, None, 5, "change"),
    "more States": ("states", ["CHL"], None, None, ["PER"], "change"),
    "fewer States in another layout": ("states", ["CHL", "PER"], None, ["CHL", "PER"], ["CHL"], "leave"),
    "fewer States in a corrected file": ("states", ["CHL", "PER"], ["CHL", "PER"], None, ["CHL"], "change"),
    "States in another order": ("states", ["CHL", "PER"], None, None, ["PER", "CHL"], "leave"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field(case: str) -> None:
    field, stands, before, elsewhere, said, expected = CASES[case]
    imported = {} if before is None else {field: before}
    others = [] if elsewhere is None else [{field: elsewhere}]
    found = compare({field: said}, {field: stands}, imported, others)
    became = "ask" if found.conflicts else "change" if found.changes else "leave"
    assert became == expected
    assert found.conflicts <= found.changes.keys()


# what stands, what this layout said, what the other layout said (and whether with a number), whether the file has one
TEXTS: dict[str, tuple[str | None, str | None, bool, bool, str]] = {
    "a file without numbers beside one with them": (None, "old", True, False, "leave"),
    "a file without numbers beside what a person wrote": (None, None, False, False, "leave"),
    "a file without numbers corrects itself": ("old", None, False, False, "change"),
    "it corrects itself, and a person wrote": ("older", None, False, False, "ask"),
    "it corrects itself, and another file has the text now": ("older", "old", True, False, "leave"),
    "numbers come to a text without": (None, "old", False, True, "change"),
    "two files with numbers": (None, "old", True, True, "ask"),
    "a person wrote": (None, None, False, True, "ask"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text(case: str) -> None:
    before, elsewhere, was_numbered, is_numbered, expected = TEXTS[case]
    said = {"text": "new"} | (NUMBERED if is_numbered else {})
    others = [] if elsewhere is None else [{"text": elsewhere} | (NUMBERED if was_numbered else {})]
    found = compare(said, {"text": "old", "ref": "1.1"}, {} if before is None else {"text": before}, others)
    became = "ask" if found.conflicts else "change" if found.changes else "leave"
    assert became == expected


def joined(before: list[str], said: list[str], imported: list[str], elsewhere: list[str]) -> list[str]:
    found = compare({"themes": said}, {"themes": before}, {"themes": imported}, [{"themes": elsewhere}])
    assert not found.conflicts
    return list(found.changes["themes"][1]) if found.changes else before


def test_a_list_takes_away_only_what_its_own_layout_named() -> None:
    assert joined(["A", "B", "C", "D"], ["A", "E"], ["A", "B", "C"], ["C"]) == ["A", "E", "C", "D"]


def test_what_a_person_took_away_does_not_come_back_with_a_corrected_file() -> None:
    assert joined(["A"], ["A", "B", "C"], ["A", "B"], []) == ["A", "C"]


def test_a_person_is_asked_before_a_list_loses_what_a_person_named() -> None:
    """As where a person replaced a word of a file, and the file replaces it, too."""
    found = compare({"ref": "1", "themes": ["A"]}, {"ref": "1", "themes": ["Mine"]}, {}, [])
    assert found.changes["themes"] == (["Mine"], ["A", "Mine"])


def test_values_are_what_a_row_says_and_no_more() -> None:
    row = FileRow("Sheet1!B2", "Plant a tree", ref="1.1", state_codes=("CHL",), unknown_states=("Atlantis",))
    said = values_of(row.but(position=Position.NOTED, kind=RecommendationKind.VOLUNTARY_PLEDGE))
    assert said == {
        "ref": "1.1",
        "text": "Plant a tree",
        "kind": "voluntary_pledge",
        "position": "noted",
        "states": ["CHL"],
        UNKNOWN_STATES: ["Atlantis"],
    }
    assert fields_of({**said, ASKED: ["position"]}).keys() == {"ref", "text", "kind", "states"}


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("text", "Plant  a tree’s", "plant a tree's", True),
        ("text", "Plant a tree", "Plant two trees", False),
        ("ref", "140.1", "140.10", False),
        ("ref", "140.1.", "140.1", True),
        ("themes", ["Air", "air"], ["AIR"], True),
        ("themes", None, [], True),
        ("action_category", 4, 4, True),
    ],
)
def test_spellings_of_one_value(field: str, one: Any, other: Any, expected: bool) -> None:
    assert is_same(field, one, other) is expected


def test_numbers_of_ours() -> None:
    assert [is_without_number(ref) for ref in ("N1", "N12", "N", "N1a", "140.1", "A12")] == [
        *(True, True, False, False, False, False)
    ]


def test_a_fingerprint_knows_no_order_of_sets() -> None:
    one, other = {"ref": "1", "themes": ["A", "B"]}, {"themes": ["B", "A"], "ref": "1"}
    assert fingerprint(one) == fingerprint(other) != fingerprint({**one, "ref": "2"})


def test_words_of_values() -> None:
    said = [words_of("position", "noted"), words_of("kind", "letter_annex"), words_of("level", "planned")]
    assert said == ["Noted", "Annex of the letter", "Planned"]
    assert [words_of("themes", ["A", "B"]), words_of("themes", []), words_of("text", None)] == [
        "A, B",
        "–",
        "–",
    ]
