"""Tables as they are in the wild, read where they lie (TRACKER_REAL_DATA): the counts are those of
golden-counts.json, which another program counted."""

import csv
import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.exchange.imports.states import REAL, asked, known_states, needs_real_data
from tracker.exchange.imports.column_names import suggest_columns
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import Asked, FileRow, NotReadable, ReadFile
from tracker.exchange.imports.state_names import fold_name
from tracker.models.recommendations import Position

pytestmark = needs_real_data
NO_STATES = {"NA", "ILO", "2016–2020", "2011–2020", "the Paris Principles"}
"""What a researcher's program took for States in the exploded matrix."""
OF_ALL = Asked("ALL", dict.fromkeys(known_states(), "ALL"))
"""Every State under review is the one asked for, so that no row is left out."""


def golden() -> dict[str, Any]:
    return json.loads((REAL / "golden-counts.json").read_text(encoding="utf-8"))["upr_info"]  # type: ignore[no-any-return]


@cache
def read(name: str, given: str = "") -> ReadFile:
    content = (REAL / name).read_bytes()
    return read_file(name, content, asked(given, 1) if given else OF_ALL)


@pytest.mark.parametrize("name", ["6-9.csv", "10-13.csv", "14-17.csv"])
def test_every_row_of_upr_infos_exports_is_read(name: str) -> None:
    counted, found = golden()[name], read(f"upr-info/{name}")
    positions = Counter(row.position for row in found.rows)
    assert len(found.rows) == counted["rows"]
    assert positions == {
        Position.SUPPORTED: counted["response"]["Accepted"],
        Position.NOTED: counted["response"]["Noted"],
    }
    assert Counter(str(row.action_category) for row in found.rows) == counted["action"]
    assert Counter(str(row.session) for row in found.rows) == counted["session"]
    assert found.left_out == 0


def test_the_workbook_that_others_refuse_is_the_text_row_for_row() -> None:
    """As text it has ends of lines and letters of old Macs."""
    assert _without_places(read("upr-info/6-9.xls")) == _without_places(read("upr-info/6-9.csv"))
    assert read("upr-info/6-9.xls").rows[0].place.startswith("UPR Info database export!D")


def _without_places(found: ReadFile) -> list[FileRow]:
    return [row.but(place="") for row in found.rows]


@pytest.mark.parametrize("name", ["6-9.xls", "6-9.csv"])
def test_the_first_review_of_kyrgyzstan(name: str) -> None:
    found = read(f"upr-info/{name}", "KGZ")
    counted = golden()["6-9.csv"]
    assert len(found.rows) == counted["rows_Kyrgyzstan_under_review"] == 175
    assert Counter(row.position for row in found.rows) == {Position.SUPPORTED: 154, Position.NOTED: 21}
    assert found.left_out == counted["rows"] - 175
    assert all(row.state_codes and not row.unknown_states for row in found.rows)


def test_kyrgyzstan_as_a_recommending_state() -> None:
    found = read_file("6-9.csv", (REAL / "upr-info/6-9.csv").read_bytes(), Asked("ALL", _only_kyrgyzstan()))
    assert sum("KGZ" in row.state_codes for row in found.rows) == golden()["6-9.csv"]["rows_by_Kyrgyzstan"]


def _only_kyrgyzstan() -> dict[str, str]:
    """Every State is under review, but for the one that is counted."""
    return {name: "KGZ" if code == "KGZ" else "ALL" for name, code in known_states().items()}


def test_a_file_without_the_state_names_those_it_has() -> None:
    with pytest.raises(NotReadable, match=r"holds those to .*, "):
        read("upr-info/14-17.csv", "KGZ")


def test_letters_of_old_macs_are_read() -> None:
    words = " ".join(row.text for row in read("upr-info/14-17.csv").rows)
    assert "vis-à-vis" in words
    assert "\ufffd" not in words


def test_every_spelling_of_a_state_is_known() -> None:
    names = set()
    for path in sorted((REAL / "upr-info").glob("*.csv")):
        text = path.read_bytes().decode("mac_roman").replace("\r", "\n")
        names |= {cell for row in csv.DictReader(text.splitlines()) for cell in (row["To"], row["From"])}
    with (REAL / "ohchr-matrix/china-2018-exploded.csv").open(encoding="utf-8") as file:
        names |= {row["country"] for row in csv.DictReader(file)} - NO_STATES
    assert len(names) > 150
    assert {name for name in names if fold_name(name) not in known_states()} == set()


def test_the_exploded_matrix_says_that_it_lost_zeros() -> None:
    """310 numbers stand for 346 recommendations."""
    name = "ohchr-matrix/china-2018-exploded.csv"
    content = (REAL / name).read_bytes()
    before = read_file(name, content, asked("CHN"))
    columns = suggest_columns(before.headers, before.samples)
    found = read_file(name, content, replace(asked("CHN"), columns=columns))
    assert (len(found.rows), len({row.ref for row in found.rows})) == (971, 310)
    told = {problem.sentence.split()[0] for problem in found.problems if "28.1 " in problem.sentence}
    assert "28.1" in told
    assert (
        sum(
            "ends in a zero" in problem.sentence or "different texts" in problem.sentence
            for problem in found.problems
        )
        > 30
    )
    assert {name for row in found.rows for name in row.unknown_states} <= NO_STATES


def test_an_old_word_document_is_refused() -> None:
    with pytest.raises(NotReadable, match=r"older Word document"):
        read("ohchr-matrix/egypt-2014.doc")
