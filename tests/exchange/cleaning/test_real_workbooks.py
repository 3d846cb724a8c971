"""Workbooks of statistical offices and documents on reviews, as they are published. They are read where
they lie (TRACKER_REAL_DATA)."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.evidence_files import xlsx
from tests.exchange.cleaning import everything, taken, unpacked

PLACE = Path(os.environ.get("TRACKER_REAL_DATA", "/nowhere"))
REAL = PLACE / "evidence"
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


@pytest.mark.skipif(not REAL.is_dir(), reason="TRACKER_REAL_DATA names no folder with evidence")
def test_real_files_of_every_kind_are_taken() -> None:
    """Among them drop-down lists with values of another sheet, and a template on a share of a network."""
    files = sorted(path for kind in ("xlsx", "docx") for path in PLACE.rglob(f"*.{kind}"))
    assert {"upr_timeline_dates_sessions52-54.xlsx", "egypt-2014.docx"} <= {path.name for path in files}
    for path in files:
        found = taken(path.name, path.read_bytes()).content
        assert taken(path.name, found).content == found
        assert b"Paul.Miller" not in everything(found)


def test_a_workbook_of_openpyxl_keeps_its_cells() -> None:
    found = taken("table.xlsx", xlsx()).content
    assert cells(found) == cells(xlsx())
    assert "[Content_Types].xml" in unpacked(found)
