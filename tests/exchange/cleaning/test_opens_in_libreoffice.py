"""LibreOffice writes a file of each kind, and reads the same in it after it was cleaned."""

from pathlib import Path

import pytest

from tests.exchange.cleaning import taken
from tests.exchange.test_office import convert
from tests.programs import needs

pytestmark = [pytest.mark.office, pytest.mark.uncounted, needs("soffice", "libreoffice-calc")]


GIVEN = {"a.rtf": r"{\rtf1\ansi Two {\b plain} words\par and more}", "a.csv": "Osh,3\nChuy,4\n"}


@pytest.mark.parametrize(
    ("kind", "source", "plain"),
    [("docx", "a.rtf", "txt"), ("odt", "a.rtf", "txt"), ("xlsx", "a.csv", "csv"), ("ods", "a.csv", "csv")],
)
def test_a_cleaned_file_reads_as_before(tmp_path: Path, kind: str, source: str, plain: str) -> None:
    given = tmp_path / source
    given.write_text(GIVEN[source])
    before = convert(given, kind, tmp_path / "made")
    cleaned = tmp_path / f"cleaned.{kind}"
    cleaned.write_bytes(taken(f"a.{kind}", before.read_bytes()).content)
    after = convert(cleaned, plain, tmp_path / "cleaned")
    assert after.read_text() == convert(before, plain, tmp_path / "before").read_text() != ""
