"""Files are read by a process of their own: with the same outcome, within bounds of time and memory."""

import logging
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from config import ROOT
from tests.evidence_files import package
from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import (
    OLD_HEADER,
    TRACKER,
    TRACKER_HEADER,
    UHRI,
    UHRI_HEADER,
    UPR_INFO,
    ods,
    xlsx,
)
from tracker.exchange.imports import reading_apart, reading_process
from tracker.exchange.imports.reading import read_and_match, read_assignments
from tracker.exchange.imports.reading_apart import read_apart, read_assignments_apart
from tracker.exchange.imports.reading_process import answer
from tracker.exchange.imports.rows import Asked, Column, FileRow, NotReadable
from tracker.language import PSEUDO, speaking

C = Column
KNOWN = {
    7: (FileRow("137.197", "Plant trees here", "137.197", state_codes=("TLS",)),),
    8: (FileRow("N8", "Measure the rain", None), FileRow("N8", "Count the birds", None)),
}
TABLE = replace(asked(), columns=(C.REF, C.TEXT, C.LEVEL, C.DONE, C.AS_OF_ON, C.ORGANISATION))


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (xlsx(OLD_HEADER, UPR_INFO), asked(cycle=1)),
        (xlsx(UHRI_HEADER, UHRI), asked(cycle=3)),
        (xlsx(TRACKER_HEADER, TRACKER), TABLE),
        (xlsx(TRACKER_HEADER, TRACKER), asked()),
    ],
)
def test_the_outcome_is_the_same(content: bytes, given: Asked) -> None:
    for known in ({}, KNOWN):
        assert read_apart("a.xlsx", content, given, known) == read_and_match("a.xlsx", content, given, known)


def test_so_are_assignments() -> None:
    content = xlsx(["Ref", "Lead", "Supporting"], [["1.1", "A", "B; C"], ["x", "", ""]])
    assert read_assignments_apart("a", content) == read_assignments("a", content)
    columns = (C.REF, C.SUPPORTING, C.LEAD)
    assert read_assignments_apart("a", content, columns) == read_assignments("a", content, columns)


def refused(content: bytes) -> str:
    with pytest.raises(NotReadable) as refusal:
        read_apart("file", content, asked(), {})
    return str(refusal.value)


def test_a_refusal_is_in_the_language_of_the_reader() -> None:
    with speaking(PSEUDO):
        assert refused(b"").startswith("⟦")


@pytest.mark.skipif(sys.platform != "linux", reason="macOS knows no limit of memory")
def test_what_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "MOST_MEMORY", 90_000_000)
    assert "more time or memory" in refused(xlsx(OLD_HEADER, UPR_INFO * 2000))


def test_a_sheet_of_more_cells_than_memory_is_refused_without_harm() -> None:
    """1 kB of OpenDocument that stands for seventeen billion cells."""
    whole = ods(["a"], [["x"]])
    with ZipFile(BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cells = b"<table:table-cell table:number-columns-repeated='16384'"
    row = b"<table:table-row table:number-rows-repeated='1048576'"
    parts["content.xml"] = (
        parts["content.xml"].replace(b"<table:table-cell", cells).replace(b"<table:table-row", row)
    )
    assert "file" in refused(package(parts))


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "MOST_SECONDS", 0.01)
    assert "more time or memory" in refused(xlsx(OLD_HEADER, UPR_INFO))


def test_too_little_memory_is_said_like_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reading_process, "read_assignments", fail)
    said = answer({"name": "a", "language": "en", "columns": []}, b"")
    assert "more time or memory" in said.decode()


def program(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(reading_apart, "_PROGRAM", (sys.executable, "-c", code))


def test_a_process_that_fails_is_told_to_the_operator(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program(monkeypatch, "raise SystemExit(3)")
    with caplog.at_level(logging.ERROR):
        assert "is damaged" in refused(b"secret")
    assert "ended with status 3" in caplog.text
    assert "secret" not in caplog.text


def test_one_that_is_killed_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "import os; os.kill(os.getpid(), 6)")
    assert "more time or memory" in refused(b"a")


def test_the_process_loads_no_table_of_the_database() -> None:
    """It would take longer than most files."""
    code = (
        "import sys, tracker.exchange.imports.reading_process;"
        " print([each for each in sys.modules if each.startswith(('sqlalchemy', 'tracker.models'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
