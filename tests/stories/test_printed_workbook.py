"""The mid-term workbook of the demonstration on paper, as LibreOffice prints it."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.exchange.test_office import convert
from tests.programs import needs
from tests.stories import figures
from tests.strict_client import StrictClient

pytestmark = [pytest.mark.office, pytest.mark.uncounted, needs("soffice", "libreoffice-calc")]
MOST_PAGES = 30


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def pages(client: StrictClient, tmp_path: Path) -> list[str]:
    file = tmp_path / "midterm.xlsx"
    file.write_bytes(client.get(figures.MIDTERM).data)
    return [page.extract_text() for page in PdfReader(convert(file, "pdf", tmp_path)).pages]


def test_the_whole_workbook_stays_within_thirty_pages_and_its_summary_is_one(pages: list[str]) -> None:
    assert len(pages) <= MOST_PAGES
    of_summary = [page for page in pages if "The State's level, by" in page]
    (summary,) = of_summary
    assert "by heading" in summary
    assert "by lead organisation" in summary
    assert "Stateless persons" in summary
    of_report = [page for page in pages if "What is asked; level and words" in page]
    assert len(of_report) > 10
    assert all(len(page.splitlines()) > 20 for page in of_report[:-1])  # none is almost empty
