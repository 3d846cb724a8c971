"""LibreOffice opens the workbooks as they are and finds in them what was written."""

import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import needs
from tests.exchange.rows import list_bytes, matrix_row, midterm_bytes, recommendation, report, three_rows

pytestmark = [pytest.mark.office, needs("soffice", "libreoffice-calc")]
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
