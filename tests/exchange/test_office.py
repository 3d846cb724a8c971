"""LibreOffice opens the workbooks as they are and finds in them what was written."""

import re
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.exchange.rows import (
    independent,
    item,
    levels,
    list_bytes,
    midterm_bytes,
    parts,
    point,
    recommendation,
    report,
    state,
    three_points,
)
from tests.programs import needs, needs_font
from tracker.models.levels import Level

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
    hostile = point("A11.1", state(text="=1+1", obstacles="@x", next_step="ң" * 20_000))
    items = [*three_points(), item("A11", [hostile])]
    listed = [recommendation(points=[levels("A1.1", state())]), recommendation("28.10", text="=1+1")]
    given = {
        "midterm": lambda: midterm_bytes(report(items, is_demonstration=True)),
        "recommendations": lambda: list_bytes(listed),
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
    file.write_bytes(midterm_bytes(report([item("A11", [point("A11.1", state(reason=typed))])])))
    pages = convert(file, "html", tmp_path).read_text(encoding="utf-8")
    assert typed in pages


def test_no_text_of_a_workbook_is_a_formula_also_after_libreoffice_wrote_it_anew(tmp_path: Path) -> None:
    """Every field of the matrix that holds words of people, and every field of the list."""
    of_entry = ("reason", "text", "obstacles", "support_needed", "next_step")
    words = ("heading", "short_title", "text", "lead_organisation", "source_title", "source_symbol")
    items = [
        item(
            f"A{i}",
            [point(f"A{i}.1", state(**dict.fromkeys(of_entry, said), evidence_links=(said,)), text=said)],
            groups=(said,),
            **dict.fromkeys(words, said),
        )
        for i, said in enumerate(FORMULAS)
    ]
    of_list = ("short_title", "text", "heading", "lead_organisation")
    listed = [recommendation(f"28.{i}", **dict.fromkeys(of_list, said)) for i, said in enumerate(FORMULAS)]
    for name, data in (("midterm", midterm_bytes(report(items))), ("list", list_bytes(listed))):
        file = tmp_path / f"{name}.xlsx"
        file.write_bytes(data)
        written_anew = convert(file, "xlsx", tmp_path)
        for each in (file, written_anew):
            assert not re.search(r"<f[ >/]", parts(each.read_bytes(), "worksheets/"))
            values = [cell for sheet in texts(each).values() for row in sheet for cell in row]
            for said in FORMULAS:
                assert values.count(said) >= 4, (name, said)


ORDINARY = (
    "The order of 3 March binds every station, and eleven officers were trained in two of the regions. "
)
RUSSIAN = "Приказ от 3 марта обязателен для каждого участка, обучены одиннадцать сотрудников двух областей. "
KYRGYZ = "Үчүнчү марттагы буйрук ар бир бөлүмгө милдеттүү, эки облустун он бир кызматкери окутулду. "


def of_many_lengths() -> bytes:
    """Points with texts of many lengths in three languages, under all kinds of rows."""
    items = []
    for number, words in enumerate([ORDINARY, RUSSIAN, KYRGYZ] * 8, start=1):
        text = words * number
        spoken = state(reason=text[: 30 * number], text=text, next_step=words[: 4 * number], obstacles=text)
        other = independent("Open Justice", Level.REGRESSED, reason=text[: 11 * number])
        given = [point(f"A{number}.1", spoken, other, text=words[: 9 * number]), point(f"A{number}.2")]
        items.append(item(f"A{number}", given, short_title=words[: 5 * number], text=text))
    return midterm_bytes(report(items))


@needs_font("Noto Sans", "fonts-noto-core")
@needs_font("DejaVu Sans", "fonts-dejavu")
@pytest.mark.parametrize("sheet", ["Report", "Definitions"])
def test_no_row_is_cut_and_none_is_tall_for_nothing(tmp_path: Path, sheet: str) -> None:
    """Compared with the heights that LibreOffice finds best: merged rows, which it does not fit, apart."""
    file = tmp_path / "heights.xlsx"
    file.write_bytes(of_many_lengths())
    plain = convert(file, "fods", tmp_path)
    fitted = re.sub(r'style:row-height="[^"]*"', "", plain.read_text(encoding="utf-8"))
    fitted = fitted.replace('use-optimal-row-height="false"', 'use-optimal-row-height="true"')
    (tmp_path / "fitted.fods").write_text(fitted, encoding="utf-8")
    best = load_workbook(convert(tmp_path / "fitted.fods", "xlsx", tmp_path))[sheet].row_dimensions
    ours = load_workbook(file)[sheet]
    merged = {row for cells in ours.merged_cells.ranges for row in range(cells.min_row, cells.max_row + 1)}
    heights = [
        (ours.row_dimensions[row].height, best[row].height)
        for row in range(2, ours.max_row + 1)
        if row not in merged and best[row].height and any(cell.value for cell in ours[row])
    ]
    assert len(heights) > 20
    line = 14
    assert [pair for pair in heights if pair[0] < pair[1] - line / 5] == []
    assert [pair for pair in heights if pair[0] > max(pair[1] + 1.5 * line, pair[1] * 1.2)] == []
