"""LibreOffice opens the workbooks as they are and finds in them what was written."""

import re
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.exchange.rows import (
    list_bytes,
    matrix_row,
    midterm_bytes,
    parts,
    recommendation,
    report,
    three_rows,
)
from tests.programs import needs

pytestmark = [pytest.mark.office, pytest.mark.uncounted, needs("soffice", "libreoffice-calc")]
SECONDS = 180


def convert(file: Path, kind: str, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind]
    done = subprocess.run(
        [*command, "--outdir", str(folder / kind), str(file)], capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr
    return folder / kind / f"{file.stem}.{kind}"


def texts(file: Path) -> dict[str, list[list[object]]]:
    """Cells of each sheet, without the empty rows and columns at the end."""
    workbook = load_workbook(file)
    return {
        sheet.title: [
            [value for value in row if value is not None]
            for row in sheet.iter_rows(values_only=True)
            if any(row)
        ]
        for sheet in workbook
    }


@pytest.mark.parametrize("kind", ["midterm", "recommendations"])
def test_libreoffice_opens_a_workbook(tmp_path: Path, kind: str) -> None:
    hostile = matrix_row("A11", "A11.1", state_done="=1+1", obstacles="@x", next_step="ң" * 20_000)
    given = {
        "midterm": lambda: midterm_bytes(report([*three_rows(), hostile], is_demonstration=True)),
        "recommendations": lambda: list_bytes([recommendation(), recommendation("28.10", text="=1+1")]),
    }
    file = tmp_path / f"{kind}.xlsx"
    file.write_bytes(given[kind]())
    assert convert(file, "pdf", tmp_path).read_bytes().startswith(b"%PDF")
    assert texts(convert(file, "xlsx", tmp_path)) == texts(file)


FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "＝1+1",
    "'=1+1",
    "#N/A",
)


def test_codes_of_the_format_are_read_as_they_were_typed(tmp_path: Path) -> None:
    typed = "Unsafe_x000A_Other organisation, 2026-11-29: _x0001_ _x005F_"
    file = tmp_path / "coded.xlsx"
    file.write_bytes(midterm_bytes(report([matrix_row("A11", "A11.1", state_reason=typed)])))
    pages = convert(file, "html", tmp_path).read_text(encoding="utf-8")
    assert typed in pages


def test_no_text_of_a_workbook_is_a_formula_also_after_libreoffice_wrote_it_anew(tmp_path: Path) -> None:
    """Every field of the matrix that holds words of people, and every field of the list."""
    words = (
        "state_reason",
        "state_done",
        "obstacles",
        "support_needed",
        "next_step",
        "point_text",
        "heading",
    )
    words += ("recommendation_text", "lead_organisation", "source_title", "source_symbol")
    rows = [
        matrix_row("A11", f"A11.{i}", **dict.fromkeys(words, said), evidence_links=(said,), groups=(said,))
        for i, said in enumerate(FORMULAS)
    ]
    of_list = ("short_title", "text", "heading", "lead_organisation")
    listed = [recommendation(f"28.{i}", **dict.fromkeys(of_list, said)) for i, said in enumerate(FORMULAS)]
    for name, data in (("midterm", midterm_bytes(report(rows))), ("list", list_bytes(listed))):
        file = tmp_path / f"{name}.xlsx"
        file.write_bytes(data)
        written_anew = convert(file, "xlsx", tmp_path)
        for each in (file, written_anew):
            assert not re.search(r"<f[ >/]", parts(each.read_bytes(), "worksheets/"))
            values = [cell for sheet in texts(each).values() for row in sheet for cell in row]
            for said in FORMULAS:
                assert values.count(said) >= 4, (name, said)
