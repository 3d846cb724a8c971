"""What the filter shows on the screen is what the workbook holds, row by row."""

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.served import BrowsedSite


def rows_on_screen(page: Page) -> list[tuple[str, str]]:
    """Ref and short title of each row, over all pages of the list."""
    found = []
    while True:
        for row in page.locator(".levels-table tbody tr").all():
            ref, title = row.locator(".levels-table__ref"), row.locator(".levels-table__name > a")
            found.append((ref.inner_text(), title.inner_text()))
        older = page.get_by_role("link", name="Next page")
        if not older.count():
            return found
        following = older.get_attribute("href") or ""
        older.click()
        page.wait_for_url(lambda address, following=following: address.endswith(following))


def rows_of_download(page: Page) -> list[tuple[str, str]]:
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel").click()
    file = coming.value
    assert file.suggested_filename == "recommendations-KGZ-3.xlsx"
    sheet = load_workbook(BytesIO(Path(file.path()).read_bytes())).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    ref, title = header.index("Ref"), header.index("Short title")
    return [(str(row[ref]), str(row[title])) for row in rows]


def choose(page: Page, **values: str) -> None:
    if page.locator("details.filters").get_attribute("open") is None:
        page.locator("details.filters > summary").click()
    for name, value in values.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("link", name="Remove all filters")).to_be_visible()


def test_the_download_holds_exactly_the_rows_of_the_filter(
    site: BrowsedSite, new_page: NewPage, scripts: bool
) -> None:
    page = new_page(site, scripts=scripts)
    site.open(page, "/recommendations")

    # When the list is filtered by kind, which leaves more than one page of rows
    choose(page, kind="letter_annex")
    downloaded = rows_of_download(page)
    assert len(downloaded) == 38
    assert rows_on_screen(page) == downloaded

    # When it is filtered further by what civil society says
    choose(page, voice="civil_society", level="not_implemented")
    downloaded = rows_of_download(page)
    assert 0 < len(downloaded) < 38
    assert rows_on_screen(page) == downloaded
    expect(page.locator(".list-summary")).to_contain_text(f"{len(downloaded)} recommendation")
