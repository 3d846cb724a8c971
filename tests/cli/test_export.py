"""flask export: the file is whole or not there, and an old one stays until then."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

from config import ROOT
from tests.cli.refusals import Run, check_refused
from tracker.cli.files import replace_file


def test_export_midterm_writes_the_workbook(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    result = run("export", "midterm", "--review", "KGZ-3", "--out", str(out))
    assert result.exit_code == 0, result.output
    rows = load_workbook(out)["Matrix"].max_row - 1
    assert result.stdout == f"{out}: {rows} action points.\n"
    assert rows > 0


def test_export_in_another_language(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    result = run("export", "midterm", "--review", "KGZ-3", "--out", str(out), "--language", "ru")
    assert result.exit_code == 0, result.output
    assert "Матрица" in load_workbook(out).sheetnames
    unknown = run("export", "midterm", "--review", "KGZ-3", "--out", str(out), "--language", "xx")
    assert unknown.exit_code == 2
    assert "'xx' is not one of 'en', 'ru', 'ky'." in unknown.stderr


def test_export_of_a_review_that_does_not_exist_writes_no_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    check_refused(run("export", "midterm", "--review", "XYZ-1", "--out", str(out)), "There is no such review")
    assert not out.exists()


def test_export_to_a_place_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "missing" / "midterm.xlsx"
    result = run("export", "midterm", "--review", "KGZ-3", "--out", str(out))
    check_refused(result, f"{out} cannot be written: No such file or directory.")


def test_whoever_reads_the_old_export_reads_it_to_its_end(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    out.write_bytes(b"the report of last month")
    with out.open("rb") as reader:
        assert run("export", "midterm", "--review", "KGZ-3", "--out", str(out)).exit_code == 0
        assert reader.read() == b"the report of last month"
    assert load_workbook(out).sheetnames
    assert list(tmp_path.glob("*midterm*")) == [out]


FULL = """
import resource, sys
from pathlib import Path
from tracker.cli.files import replace_file
from tracker.cli.files import replace_file
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
replace_file(Path(sys.argv[1]), bytes(1001))
"""
"""Where no file grows beyond 1,000 bytes, as on a disk that is nearly full."""


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    out.write_bytes(b"the report of last month")
    done = subprocess.run([sys.executable, "-c", FULL, out], cwd=ROOT, capture_output=True, text=True)
    assert "File too large" in done.stderr
    assert out.read_bytes() == b"the report of last month"
    assert list(tmp_path.iterdir()) == [out]


def test_a_new_file_has_the_mode_of_the_old_one(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "midterm.xlsx"
    for mode in (0o600, 0o664):
        out.touch()
        out.chmod(mode)
        assert run("export", "midterm", "--review", "KGZ-3", "--out", str(out)).exit_code == 0
        assert stat.S_IMODE(out.stat().st_mode) == mode
    out.unlink()
    old = os.umask(0o027)
    try:
        replace_file(out, b"the first report")
    finally:
        os.umask(old)
    assert stat.S_IMODE(out.stat().st_mode) == 0o640


def test_an_export_replaces_what_a_link_leads_to_and_never_a_device(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.xlsx").touch()
    link = tmp_path / "newest.xlsx"
    link.symlink_to(tmp_path / "old.xlsx")
    for out in (link, Path(os.devnull)):
        assert run("export", "midterm", "--review", "KGZ-3", "--out", str(out)).exit_code == 0
    assert link.is_symlink()
    assert load_workbook(tmp_path / "old.xlsx").sheetnames
    assert Path(os.devnull).is_char_device()
