"""The list of recommendations as a workbook and as JSON."""

import json
from io import BytesIO
from typing import Any

from openpyxl.utils import get_column_letter

from tests.exchange.rows import (
    ADDRESS,
    independent,
    levels,
    link,
    list_bytes,
    parts,
    read,
    recommendation,
    rows_of,
    said,
    state,
)
from tests.golden import compare
from tracker.exchange.recommendations import COLUMNS, LICENCE_COVERS, write_recommendations_json
from tracker.language import PSEUDO, speaking
from tracker.models.levels import Level, Voice
from tracker.models.recommendations import Position
from tracker.queries.levels import PointLevels


def table(data: bytes) -> list[dict[str, object]]:
    return rows_of(data)


def three_points() -> tuple[PointLevels, ...]:
    """One on which the State and two organisations speak, one of the State, one of nobody."""
    spoken = levels(
        "A1.1",
        state(),
        independent("Open Justice", Level.REGRESSED),
        independent("Second Lamp", Level.PARTIALLY_IMPLEMENTED),
    )
    return (spoken, levels("A1.2", state(None)), levels("A1.3"))


def written_json(*rows: Any, is_demonstration: bool = False) -> dict[str, Any]:
    file = BytesIO()
    write_recommendations_json(rows, file, is_demonstration=is_demonstration, link=link)
    found: dict[str, Any] = json.loads(file.getvalue().decode("utf-8"))
    return found


def test_the_headers_are_the_golden_ones() -> None:
    headers = [cell.value for cell in read(list_bytes([])).worksheets[0][1]]
    compare("recommendations_headers.txt", "\n".join(map(str, headers)) + "\n")
    assert headers == [column.header for column in COLUMNS]


def test_rows_keep_their_order_and_refs_stay_text() -> None:
    rows = table(list_bytes(recommendation(ref) for ref in ("28.1", "28.10", "28.100", "28.2")))
    assert [row["Ref"] for row in rows] == ["28.1", "28.10", "28.100", "28.2"]


def test_levels_are_counted_with_their_denominator_and_never_rolled_up() -> None:
    (row,) = table(list_bytes([recommendation(points=three_points())]))
    assert row["State: levels of the points"] == "1 partially, 1 entry without a level, 1 no entry"
    assert row["State: points with an entry"] == 2
    assert row["Civil society: levels of the points"] == "1 range, 2 no entry"
    assert row["Civil society: points with an entry"] == 1
    assert (row["NHRI: levels of the points"], row["NHRI: points with an entry"]) == ("no entry", 0)
    assert (row["UN: levels of the points"], row["UN: points with an entry"]) == ("no entry", 0)
    assert row["Action points"] == 3
    assert row["Recommendation"] == "Ратифицировать конвенцию"
    assert row["Disagreement"] == "Contradict"
    assert (row["Points that contradict"], row["Points that differ"]) == (1, 0)
    assert row["Points on which both give a level"] == 1


def test_an_entry_that_gives_no_level_is_not_called_no_entry() -> None:
    (row,) = table(
        list_bytes([recommendation(points=[levels("A1.1", state(None))], position=Position.NOTED)])
    )
    assert row["State: levels of the points"] == "entry, no level"
    assert row["Position"] == "Noted"
    assert row["Disagreement"] is None


def test_an_assessment_of_the_whole_stands_beside_with_its_author() -> None:
    wholes = said(
        independent("Open Justice", Level.REGRESSED),
        independent("Ombudsperson", Level.PLANNED, Voice.NHRI, is_self_assessment=True),
    )
    (row,) = table(list_bytes([recommendation(points=[levels("A1.1")], wholes=wholes)]))
    assert row["On the whole"] == (
        "Civil society: Regressed, Open Justice\nNHRI: Planned, Ombudsperson (self-assessment)"
    )
    assert row["Civil society: levels of the points"] == "no entry"


def test_text_is_no_formula_and_links_lead_to_the_page() -> None:
    data = list_bytes([recommendation(text="=1+1", short_title="@x")])
    assert "<f>" not in parts(data, "worksheets/")
    assert table(data)[0]["Recommendation"] == "=1+1"
    sheet = read(data).worksheets[0]
    assert sheet.cell(2, len(COLUMNS)).hyperlink.target == f"{ADDRESS}A1"


def test_header_filter_and_page() -> None:
    sheet = read(list_bytes([recommendation(), recommendation("A2")])).worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}3"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_a_demonstration_says_so_and_a_real_one_does_not() -> None:
    workbook = read(list_bytes([], is_demonstration=True))
    assert workbook.sheetnames == ["Recommendations (demonstration)", "About"]
    assert str(workbook["About"]["A1"].value).startswith("Demonstration")
    real = read(list_bytes([]))
    assert real.sheetnames == ["Recommendations", "About"]
    assert real["About"]["A1"].value == "Recommendations of KGZ-3"


def about(data: bytes) -> list[str]:
    return [str(cell.value) for cell in read(data)["About"]["A"]]


def test_about_names_each_part_of_the_filter_the_number_of_rows_and_the_day() -> None:
    filters = [("Level (State)", "Planned"), ("Words", "women")]
    assert about(list_bytes([recommendation()], filters=filters))[1:5] == [
        "Only what this filter finds in the review KGZ-3 is here:",
        "Level (State): Planned",
        "Words: women",
        "1 recommendation, on 8 December 2026",
    ]
    assert about(list_bytes([], review="", filters=filters))[1:5:3] == [
        "Only what this filter finds in all reviews is here:",
        "0 recommendations, on 8 December 2026",
    ]


def test_about_says_that_nothing_is_left_out_where_no_filter_is_in_force() -> None:
    rows = [recommendation(), recommendation("A2")]
    assert about(list_bytes(rows))[1:3] == [
        "All recommendations of the review KGZ-3 are here.",
        "2 recommendations, on 8 December 2026",
    ]
    assert about(list_bytes(rows, review=""))[1] == "All recommendations of all reviews are here."


def test_words_typed_into_the_filter_are_no_formula_and_lose_what_excel_refuses() -> None:
    data = list_bytes([], filters=[("=1+1", "=2+2"), ("Words", "a\x00b")])
    assert "<f>" not in parts(data, "worksheets/")
    assert about(data)[2:4] == ["=1+1: =2+2", "Words: ab"]


def test_the_same_list_gives_the_same_bytes() -> None:
    assert list_bytes([recommendation()]) == list_bytes([recommendation()])


def test_headers_are_translated() -> None:
    with speaking(PSEUDO):
        headers = [str(cell.value) for cell in read(list_bytes([])).worksheets[0][1]]
    assert all(header.startswith("⟦") for header in headers)


def entry(organisation: str, level: str | None, against: str | None = None) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "level": level,
        "self_assessment": False,
        "against_the_state": against,
    }


def test_json_holds_codes_and_its_licence() -> None:
    wholes = said(independent("Open Justice", Level.PLANNED))
    spoken = recommendation(points=three_points(), wholes=wholes)
    found = written_json(spoken, recommendation("A2", position=Position.SUPPORTED))
    assert found["licence"] == "CC BY 4.0"
    assert found["demonstration"] is False
    first, second = found["recommendations"]
    silent = {
        "points": [{"ref": ref, "entries": []} for ref in ("A1.1", "A1.2", "A1.3")],
        "counts": {"no_entry": 3},
        "with_entry": 0,
        "with_level": 0,
        "total": 3,
        "wholes": [],
    }
    assert first == {
        "ref": "A1",
        "review": "KGZ-3",
        "kind": "letter_annex",
        "position": None,
        "position_now": None,
        "position_now_on": None,
        "short_title": "Ratify",
        "text": "Ратифицировать конвенцию",
        "heading": "Women",
        "topics": ["Women"],
        "lead_organisation": "Ministry of Justice",
        "voices": {
            "state": {
                "points": [
                    {"ref": "A1.1", "entries": [entry("Ministry of Justice", "partially_implemented")]},
                    {"ref": "A1.2", "entries": [entry("Ministry of Justice", None)]},
                    {"ref": "A1.3", "entries": []},
                ],
                "counts": {"partially_implemented": 1, "no_level": 1, "no_entry": 1},
                "with_entry": 2,
                "with_level": 1,
                "total": 3,
                "wholes": [],
            },
            "civil_society": {
                "points": [
                    {
                        "ref": "A1.1",
                        "entries": [
                            entry("Open Justice", "regressed", "contradicts"),
                            entry("Second Lamp", "partially_implemented", "agree"),
                        ],
                    },
                    {"ref": "A1.2", "entries": []},
                    {"ref": "A1.3", "entries": []},
                ],
                "counts": {"mixed": 1, "no_entry": 2},
                "with_entry": 1,
                "with_level": 1,
                "total": 3,
                "wholes": [entry("Open Justice", "planned")],
            },
            "nhri": silent,
            "un": silent,
        },
        "disagreement": "contradicts",
        "contradicting_points": 1,
        "differing_points": 0,
        "compared_points": 1,
        "total_points": 3,
        "link": f"{ADDRESS}A1",
    }
    assert second["position"] == "supported"


def test_json_of_nothing_and_of_a_demonstration() -> None:
    assert written_json(is_demonstration=True) == {
        "licence": "CC BY 4.0",
        "licence_covers": LICENCE_COVERS,
        "demonstration": True,
        "recommendations": [],
    }


def test_json_is_utf8_with_readable_letters() -> None:
    file = BytesIO()
    write_recommendations_json([recommendation(text="өүң")], file, is_demonstration=False, link=link)
    assert "өүң".encode() in file.getvalue()
    assert b"\r" not in file.getvalue()
