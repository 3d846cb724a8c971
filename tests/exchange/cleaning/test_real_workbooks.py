"""Workbooks of statistical offices, as they are published. They are read where they lie (TRACKER_REAL_DATA)."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.evidence_files import xlsx
from tests.exchange.cleaning import everything, taken, unpacked

REAL = Path(os.environ.get("TRACKER_REAL_DATA", "/nowhere")) / "evidence"
NAMES = ("Gozalov", "Baikhanova", "SPecialiST", "Сазбакова", "Администратор", "printerSettings", "Desktop")


def cells(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@pytest.mark.skipif(not REAL.is_dir(), reason="TRACKER_REAL_DATA names no folder with evidence")
def test_real_workbooks_are_taken_and_tell_of_nobody() -> None:
    files = sorted(REAL.glob("*.xlsx"))
    assert len(files) >= 3
    for path in files:
        content = path.read_bytes()
        found = taken(path.name, content).content
        assert cells(found) == cells(content)
        told = everything(found).decode("utf-8", "replace")
        assert [name for name in NAMES if name in told] == [], path.name


def test_a_workbook_of_openpyxl_keeps_its_cells() -> None:
    found = taken("table.xlsx", xlsx()).content
    assert cells(found) == cells(xlsx())
    assert "[Content_Types].xml" in unpacked(found)
