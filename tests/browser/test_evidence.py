"""Evidence in Chromium: files are attached, what is wrong is explained, and a file is taken off again."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.places import follow, open_more, press
from tests.browser.served import PHONE, BrowsedSite
from tests.demonstration import REVIEW, People
from tests.evidence_files import CSV, HTML, PDF

DONE = "Two towns opened a telephone line for complaints."


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def names_of(page: Page) -> list[str]:
    """Of the files on the page of an update, in the order of their names."""
    return sorted(page.locator("ul.evidence bdi").all_inner_texts())


def test_files_are_attached_explained_and_taken_off_with_and_without_scripts(
    site: BrowsedSite, new_page: NewPage, who: People, scripts: bool
) -> None:
    page = new_page(site, scripts=scripts, viewport=PHONE)
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
    page.get_by_label("What was done?").fill(DONE)
    open_more(page)
    # A page under the name of a document is not taken; the text is, and says that files were not kept
    page.get_by_label("Attach files").set_input_files([file("order.pdf", HTML), file("table.csv", CSV)])
    page.get_by_label("Public: everybody").check()
    press(page, "Save draft")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("order.pdf")
    expect(page.get_by_label("What was done?")).to_have_value(DONE)
    expect(page.get_by_label("Public: everybody")).to_be_checked()
    # The link of the summary leads to the field
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Attach files")).to_be_focused()
    page.get_by_label("Attach files").set_input_files([file("order.pdf", PDF), file("table.csv", CSV)])
    press(page, "Save draft")
    expect(page.locator("ul.evidence")).to_be_visible()
    assert names_of(page) == ["order.pdf", "table.csv"]
    # One is ticked and goes, one stays, a confidential one comes
    follow(page, "Change")
    page.get_by_label("table.csv").check()
    page.get_by_label("Attach files").set_input_files(file("notes.txt", b"For the ministry only"))
    page.get_by_label("Confidential: your organisation").check()
    press(page, "Save draft")
    expect(page.get_by_text("notes.txt")).to_be_visible()
    assert names_of(page) == ["notes.txt", "order.pdf"]
    # What is attached is handed out to be saved
    with page.expect_download() as saved:
        page.get_by_role("link", name="order.pdf").click()
    assert saved.value.suggested_filename == "order.pdf"
