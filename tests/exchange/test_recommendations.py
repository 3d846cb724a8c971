"""The list of recommendations as a workbook and as JSON."""

import json
from io import BytesIO
from typing import Any

from tests.exchange.rows import ADDRESS, link, list_bytes, parts, read, recommendation
from tests.golden import compare
from tracker.exchange.recommendations import COLUMNS, LICENCE_COVERS, write_recommendations_json
from tracker.language import PSEUDO, speaking
from tracker.models.levels import Disagreement, RollUp, Voice
from tracker.models.recommendations import Position


def table(data: bytes) -> list[dict[str, object]]:
    rows = list(read(data).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


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


def test_levels_come_with_their_denominator() -> None:
    (row,) = table(list_bytes([recommendation()]))
    assert row["State's level"] == "Partially implemented"
    assert row["State: points assessed"] == "3 of 8, with regression"
    assert row["Civil society's level"] == "Not assessed"
    assert row["Civil society: points assessed"] == "0 of 8"
    assert row["Recommendation"] == "Ратифицировать конвенцию"
    assert row["Disagreement"] == "Voices contradict each other"


def test_entries_that_give_no_level_are_not_called_not_assessed() -> None:
    no_level = {Voice.NHRI_UN: RollUp(None, 1, 8, is_regressed=False)}
    (row,) = table(
        list_bytes([recommendation(voices=no_level, position=Position.NOTED, disagreement=Disagreement.NONE)])
    )
    assert row["NHRI and UN's level"] == "No level"
    assert row["Position"] == "Noted"
    assert row["Disagreement"] is None


def test_text_is_no_formula_and_links_lead_to_the_page() -> None:
    data = list_bytes([recommendation(text="=1+1", short_title="@x")])
    assert "<f>" not in parts(data, "worksheets/")
    assert table(data)[0]["Recommendation"] == "=1+1"
    sheet = read(data).worksheets[0]
    assert sheet.cell(2, len(COLUMNS)).hyperlink.target == f"{ADDRESS}A1"


def test_header_filter_and_page() -> None:
    sheet = read(list_bytes([recommendation(), recommendation("A2")])).worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:S3"
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
        "1 recommendation, as of 8 December 2026",
    ]
    assert about(list_bytes([], review="", filters=filters))[1:5:3] == [
        "Only what this filter finds in all reviews is here:",
        "0 recommendations, as of 8 December 2026",
    ]


def test_about_says_that_nothing_is_left_out_where_no_filter_is_in_force() -> None:
    rows = [recommendation(), recommendation("A2")]
    assert about(list_bytes(rows))[1:3] == [
        "All recommendations of the review KGZ-3 are here.",
        "2 recommendations, as of 8 December 2026",
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


def test_json_holds_codes_and_its_licence() -> None:
    found = written_json(recommendation(), recommendation("A2", position=Position.SUPPORTED))
    assert found["licence"] == "CC BY 4.0"
    assert found["demonstration"] is False
    first, second = found["recommendations"]
    nothing = {"level": None, "assessed": 0, "total": 8, "regressed": False}
    assert first == {
        "ref": "A1",
        "review": "KGZ-3",
        "kind": "letter_annex",
        "position": None,
        "short_title": "Ratify",
        "text": "Ратифицировать конвенцию",
        "heading": "Women",
        "topics": ["Women"],
        "lead_organisation": "Ministry of Justice",
        "voices": {
            "state": {"level": "partially_implemented", "assessed": 3, "total": 8, "regressed": True},
            "civil_society": nothing,
            "nhri_un": nothing,
        },
        "disagreement": "contradicts",
        "contradicting_points": 2,
        "total_points": 8,
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
