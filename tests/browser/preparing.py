"""Pages of a coordinator who prepares the fourth review: imports, assignments, organisations that change. Each holds
recommendations of numbers of its own, so that the steps can follow one another in one instance."""

from playwright.sync_api import Page

from tests.browser.places import Steps, follow, heading, press
from tests.browser.served import BrowsedSite
from tests.demonstration import REVIEW, People, find_organisation
from tests.exchange.imports.matrices import FOURTH, quick_matrix

FOURTH_REVIEW = "KGZ-4"
TABLE = "Item\tThe wording that was printed\tAsked by\tReply\n7.1\tBuild a bridge\tChile\tSupported\n"


def _matrix(ref: str) -> bytes:
    return quick_matrix(FOURTH, ["Theme: Right to health", (f"{ref} Dig a well (Chile)", "Noted", "", "")])


def _open_the_fourth(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.coordinator)
    site.open(page, "/reviews/open?cycle=4")
    press(page, "Open the review")
    heading(page, f"Prepare {FOURTH_REVIEW}")


def _fill_in_document(page: Page) -> None:
    """Where the review has none yet."""
    if page.locator("select[name=source_id]").count() == 0:
        page.get_by_label("Title").fill("Report of the Working Group")
        page.get_by_label("Date of the document").fill("2025-07-01")


def _upload(site: BrowsedSite, page: Page, ref: str) -> None:
    site.open(page, f"/imports/new/{FOURTH_REVIEW}")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "matrix.docx", "mimeType": "application/octet-stream", "buffer": _matrix(ref)}
    )
    _fill_in_document(page)
    press(page, "Upload and look at it")
    heading(page, "Check before you import")


def preview_of_a_file(site: BrowsedSite, page: Page, who: People) -> None:
    _open_the_fourth(site, page, who)
    _upload(site, page, "140.1")


def asked_once_more(site: BrowsedSite, page: Page, who: People) -> None:
    _open_the_fourth(site, page, who)
    _upload(site, page, "140.2")
    follow(page, "Import 1 recommendation")
    heading(page, f"Import into {FOURTH_REVIEW}?")


def applied(site: BrowsedSite, page: Page, who: People) -> None:
    _import(site, page, who, "140.3")


def _import(site: BrowsedSite, page: Page, who: People, ref: str) -> None:
    _open_the_fourth(site, page, who)
    _upload(site, page, ref)
    follow(page, "Import 1 recommendation")
    press(page, "Import")
    heading(page, "matrix.docx")


def undoing(site: BrowsedSite, page: Page, who: People) -> None:
    _import(site, page, who, "140.4")
    follow(page, "Undo this import")
    heading(page, "Undo this import?")


def old_preview(site: BrowsedSite, page: Page, who: People) -> None:
    """The same file was imported in another window."""
    _open_the_fourth(site, page, who)
    _upload(site, page, "140.5")
    follow(page, "Import 1 recommendation")
    other = page.context.new_page()
    _upload(site, other, "140.5")
    follow(other, "Import 1 recommendation")
    press(other, "Import")
    heading(other, "matrix.docx")
    other.close()
    press(page, "Import")
    heading(page, "The preview is old")


def columns_of_a_table(site: BrowsedSite, page: Page, who: People) -> None:
    _open_the_fourth(site, page, who)
    site.open(page, f"/imports/new/{FOURTH_REVIEW}")
    page.get_by_label("Or paste cells").fill(TABLE)
    _fill_in_document(page)
    press(page, "Upload and look at it")
    heading(page, "What do the columns hold?")


def publishing(site: BrowsedSite, page: Page, who: People) -> None:
    _import(site, page, who, "140.6")
    site.open(page, f"/reviews/{FOURTH_REVIEW}/publish")
    heading(page, f"Publish {FOURTH_REVIEW}?")


def table_of_assignments(site: BrowsedSite, page: Page, who: People) -> None:
    """One organisation is known, one is not, and so is one number."""
    site.sign_in(page, who.coordinator)
    site.open(page, f"/assignments/{REVIEW}/table")
    page.get_by_label("Cells from a spreadsheet").fill(
        f"{who.ref}\t{who.ministry}\tHarbour Office\nZ99\t{who.ministry}\t\n"
    )
    press(page, "Show what changes")
    heading(page, "What the table changes")


def _change(site: BrowsedSite, page: Page, who: People, deed: str) -> None:
    site.sign_in(page, who.coordinator)
    with site.database.reading() as session:
        key = find_organisation(session, who.focal_point)
    site.open(page, f"/organisations/{key}/{deed}")


def what_passes(site: BrowsedSite, page: Page, who: People) -> None:
    _change(site, page, who, "merge")
    page.get_by_label("Which organisation goes on?").select_option(index=1)
    press(page, "Show what passes")
    heading(page, "Merge into")


def who_gets_what(site: BrowsedSite, page: Page, who: People) -> None:
    _change(site, page, who, "split")
    for number, name in enumerate(("Harbour Office", "Bridge Office")):
        page.get_by_label("Name in English").nth(number).fill(name)
    press(page, "Choose who gets what")
    heading(page, "Who gets what")


def removing_a_date(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.coordinator)
    site.open(page, f"/reviews/{REVIEW}/dates/add")
    page.get_by_label("From, or the only day").fill("2027-03-01")
    page.locator("input[name=certainty][value=own]").check()
    press(page, "Add the date")
    page.get_by_role("link", name="Remove").first.click()
    heading(page, f"Remove a date of {REVIEW}?")


PREPARING: dict[str, Steps] = {
    "assignments/table_preview.html": table_of_assignments,
    "imports/apply.html": asked_once_more,
    "imports/columns.html": columns_of_a_table,
    "imports/import.html": applied,
    "imports/old_preview.html": old_preview,
    "imports/preview.html": preview_of_a_file,
    "imports/undo.html": undoing,
    "milestones/remove.html": removing_a_date,
    "reviews/publish.html": publishing,
    "successions/merge_preview.html": what_passes,
    "successions/split_preview.html": who_gets_what,
}
"""Templates that no address shows: the steps that end there."""
