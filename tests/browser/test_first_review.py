"""A State begins with nothing: its coordinator brings in the fourth review, and a ministry writes the first update."""

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.places import follow, follow_ref, heading, press
from tests.browser.served import BrowsedSite
from tests.exchange.imports.matrices import FOURTH, Row, quick_matrix
from tracker import clock
from tracker.identity.second_factors import code_of

REVIEW = "KGZ-4"
OPEN, IMPORT, CREATE = (
    "Open the review",
    "Import the recommendations",
    "Create the organisations of the State",
)
ASSIGN, INVITE, PUBLISH = "Assign the recommendations", "Invite the people", "Publish the review"
DATES = "Enter the dates of the review"
STEPS = (OPEN, DATES, IMPORT, CREATE, ASSIGN, INVITE, PUBLISH)
"""What a coordinator does next, in the order of the pages."""
COORDINATOR, FOCAL_POINT = "tall-pine", "grey-heron"
HEALTH, EDUCATION, JUSTICE = "Ministry of Health", "Ministry of Education", "Ministry of Justice"
MINISTRIES = (HEALTH, EDUCATION, JUSTICE)
WATER = "Bring clean water to every village school before the winter"
DONE = "Wells were dug at forty village schools, and their water is tested each month."
REASON = "Forty of the ninety village schools have clean water."
ROWS: tuple[Row, ...] = (
    "Theme: Right to health",
    (
        f"140.1 {WATER} (Chile) (Gabon);\nSource of Position: A/HRC/99/15",
        "Supported",
        "- Right to health",
        "",
    ),
    (
        "140.10 Train two nurses for each mountain district (Mongolia);\nSource of Position: A/HRC/99/15",
        "Supported",
        "- Right to health\nGroups of Persons: \n- Children",
        "- 3 - GOOD HEALTH AND WELL-BEING",
    ),
    "Theme: Right to education",
    (
        "140.2 Print schoolbooks in every language that pupils speak at home (France);\n"
        "Source of Position: A/HRC/99/15",
        "Supported",
        "- Right to education",
        "- 4 - QUALITY EDUCATION",
    ),
    "Theme: Death penalty",
    (
        "140.3 Publish each judgment within a month (Portugal) (Uruguay);\nSource of Position: A/HRC/99/15",
        "Noted",
        "- Death penalty",
        "",
    ),
)
TABLE = (
    "Number\tLead\tSupporting\n"
    f"140.1\t{HEALTH}\t{EDUCATION}\n"
    f"140.10\t{HEALTH}\t\n"
    f"140.2\t{EDUCATION}\t{HEALTH}; {JUSTICE}\n"
    f"140.3\t{JUSTICE}\t\n"
)


@pytest.fixture
def filled() -> str:
    """Tables without a row."""
    return "empty"


@pytest.fixture
def passphrase(site: BrowsedSite) -> str:
    """Who runs the site starts it as `make run DEMO=0` does, types what it says for the first coordinator, and hands
    over the passphrase."""
    _type(site, "seed")
    _type(site, "create-organisation", "Cabinet Secretariat", "--kind", "government", "--key", "secretariat")
    said = _type(
        site, "create-account", COORDINATOR, "--role", "coordinator", "--organisation", "secretariat"
    )
    return said.strip().rpartition(" ")[2]


def _type(site: BrowsedSite, *words: str) -> str:
    """What a flask command says."""
    done = site.app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_from_an_empty_instance_to_the_first_update_that_everybody_reads(
    site: BrowsedSite, passphrase: str, new_page: NewPage, scripts: bool
) -> None:
    # Given a coordinator who signs in for the first time, and is told what to do
    office = new_page(site, scripts=scripts)
    sign_in_first(site, office, passphrase)
    expect_steps(office)
    # When the review is prepared, step by step
    open_the_review(office)
    import_the_matrix(office)
    create_ministries(office)
    assign_by_a_table(office)
    visitor = new_page(site, scripts=scripts)
    assert site.open(visitor, f"/recommendations/{REVIEW}/140.1") == 404
    publish_the_review(office)
    link = invite_a_focal_point(office)
    # Then somebody of the ministry comes in by the link, and writes
    ministry = new_page(site, scripts=scripts)
    ministry.goto(link)
    accept_the_invitation(ministry)
    submit_an_update(ministry)
    expect_on_the_public_page(site, visitor, says_it=False)
    # And the coordinator, who validates for a ministry without an officer, publishes it for everybody
    let_it_through(site, office)
    expect_on_the_public_page(site, visitor, says_it=True)


def sign_in_first(site: BrowsedSite, page: Page, passphrase: str) -> None:
    site.open(page, "/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill(COORDINATOR)
    page.get_by_label("Passphrase").fill(passphrase)
    press(page, "Sign in")
    set_up_second_factor(page)
    heading(page, "Your work")


def set_up_second_factor(page: Page) -> None:
    heading(page, "Set up a second factor")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret, clock.now()))
    press(page, "Confirm the second factor")
    heading(page, "Your recovery codes")
    follow(page, "I have kept them")


def expect_steps(page: Page, *done: str) -> None:
    """The page lists what to do next, and these are done, besides the dates: they are known from the beginning. A step
    that waits for another one says so."""
    waiting = {PUBLISH, ASSIGN} if IMPORT not in done else {ASSIGN} - {*done} if CREATE not in done else set()
    rows = page.locator("ol.task-list .task-list__row")
    expect(rows).to_have_count(len(STEPS))
    for row, words in zip(rows.all(), STEPS, strict=True):
        expect(row).to_contain_text(words)
        said = "done" if words in (DATES, *done) else "not yet possible" if words in waiting else "to do"
        expect(row.locator(".status")).to_have_text(said)


def open_the_review(page: Page) -> None:
    """Continues the fourth, which is known without recommendations."""
    follow(page, f"{OPEN} {REVIEW}")
    heading(page, "Open a review")
    expect(page.get_by_label("Cycle")).to_have_value("4")
    press(page, OPEN)
    heading(page, f"Prepare {REVIEW}")
    expect(page.get_by_text("Not published: only you")).to_be_visible()
    expect_steps(page, OPEN)


def import_the_matrix(page: Page) -> None:
    follow(page, IMPORT)
    follow(page, "Upload a file")
    heading(page, f"Upload recommendations into {REVIEW}")
    page.get_by_label("File", exact=True).set_input_files(matrix_file())
    page.get_by_label("Symbol").fill("A/HRC/60/4")
    page.get_by_label("Title").fill(
        "Report of the Working Group on the Universal Periodic Review: Kyrgyzstan"
    )
    page.get_by_label("Date of the document").fill("1 July 2025")
    press(page, "Upload and look at it")
    # The counts stand there, to be compared with the printed report
    heading(page, "Check before you import")
    expect(page.locator("main")).to_contain_text("The file holds 4 recommendations.")
    expect(page.locator("main")).to_contain_text("as UPR Info counts: 6.")
    expect(counts(page, "By position")).to_have_text(["Supported 3", "Noted 1"])
    expect(counts(page, "By heading")).to_have_text(
        ["Right to health 2", "Right to education 1", "Death penalty 1"]
    )
    expect(page.get_by_text(WATER)).to_be_visible()
    follow(page, "Import 4 recommendations")
    expect(page.get_by_text("4 recommendations are new.")).to_be_visible()
    press(page, "Import")
    expect(page.get_by_text("4 added, 0 changed.")).to_be_visible()
    follow(page, "What to do next")
    expect_steps(page, OPEN, IMPORT)


def matrix_file() -> FilePayload:
    return {
        "name": "matrix.docx",
        "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "buffer": quick_matrix(FOURTH, ROWS),
    }


def counts(page: Page, title: str) -> Locator:
    """The rows of the list below a heading."""
    with_title = page.locator("div", has=page.get_by_role("heading", name=title, exact=True))
    return with_title.last.locator("li")


def create_ministries(page: Page) -> None:
    follow(page, CREATE)
    for name in MINISTRIES:
        heading(page, "Create an organisation of the State")
        page.get_by_label("Name").first.fill(name)
        press(page, "Create")
        heading(page, name)
        expect(page.get_by_text(f"{name} is here now.")).to_be_visible()
        page.get_by_role("link", name="Organisations").first.click()
        for known in MINISTRIES[: MINISTRIES.index(name) + 1]:
            expect(page.locator("main").get_by_role("link", name=known)).to_be_visible()
        follow(page, "Create an organisation")


def assign_by_a_table(page: Page) -> None:
    open_steps(page)
    expect_steps(page, OPEN, IMPORT, CREATE)
    follow(page, ASSIGN)
    heading(page, f"Who leads what in {REVIEW}")
    expect(page.get_by_text("4 of 4 recommendations have no lead.")).to_be_visible()
    follow(page, "From a table")
    heading(page, "Assign from a table")
    page.get_by_label("Cells from a spreadsheet").fill(TABLE)
    press(page, "Show what changes")
    heading(page, "What the table changes")
    expect(page.get_by_text("4 new, 0 changed, 0 unchanged.")).to_be_visible()
    row = page.get_by_role("row", name="140.2 ")
    expect(row).to_contain_text(f"supports: {HEALTH}; {JUSTICE}")
    press(page, "Assign as shown")
    heading(page, f"Who leads what in {REVIEW}")
    expect(page.get_by_text("4 recommendations were assigned.")).to_be_visible()
    expect(page.get_by_text("Every recommendation has a lead.")).to_be_visible()
    expect(page.get_by_text("3 organisations that are assigned have no focal point.")).to_be_visible()


def publish_the_review(page: Page) -> None:
    open_steps(page)
    expect_steps(page, OPEN, IMPORT, CREATE, ASSIGN)
    follow(page, PUBLISH)
    heading(page, f"Publish {REVIEW}?")
    expect(
        page.get_by_text("4 recommendations of the Working Group, split into 4 action points")
    ).to_be_visible()
    press(page, PUBLISH)
    expect(page.get_by_text(f"Published: everybody reads the review {REVIEW} now.")).to_be_visible()
    expect_steps(page, OPEN, IMPORT, CREATE, ASSIGN, PUBLISH)


def invite_a_focal_point(page: Page) -> str:
    """The link, which is shown once."""
    follow(page, INVITE)
    heading(page, f"Who leads what in {REVIEW}")
    follow(page, f"Invite a focal point {HEALTH}")
    heading(page, f"Invite somebody: {HEALTH}")
    page.get_by_label("Focal point", exact=True).check()
    press(page, "Make the link")
    heading(page, "The link is made")
    link = page.get_by_label("Copy it now").input_value()
    follow(page, "I have copied it")
    heading(page, HEALTH)
    return link


def accept_the_invitation(page: Page) -> None:
    heading(page, f"You are invited to {HEALTH}")
    expect(page.get_by_label("Use the generated passphrase")).to_be_checked()
    page.get_by_label("Username").fill(FOCAL_POINT)
    page.get_by_label("E-mail").fill("office@health.example.org")
    press(page, "Make my account")
    set_up_second_factor(page)


def submit_an_update(page: Page) -> None:
    heading(page, "Your work")
    expect(page.get_by_role("row", name="140.10 ")).to_be_visible()
    follow_ref(page, "140.1")
    heading(page, "140.1")
    follow(page, "Write an update")
    heading(page, "Write an update on 140.1.1")
    page.get_by_label("Partially implemented").check()
    page.locator("textarea[name=reason]").fill(REASON)
    page.get_by_label("What was done?").fill(DONE)
    page.get_by_label("Situation on").fill("2026-11-20")
    press(page, "Submit for validation")
    expect(page.get_by_text("Update submitted.")).to_be_visible()


def let_it_through(site: BrowsedSite, page: Page) -> None:
    site.open(page, "/work")
    heading(page, "Your work")
    expect(page.get_by_text("It has no validating officer")).to_be_visible()
    follow_ref(page, "140.1.1")
    expect(page.get_by_text(DONE)).to_be_visible()
    follow(page, "Validate and publish")
    heading(page, "Publish the update on 140.1.1?")
    press(page, "Validate and publish")
    expect(page.get_by_text("Update published.")).to_be_visible()


def expect_on_the_public_page(site: BrowsedSite, visitor: Page, *, says_it: bool) -> None:
    """A visitor comes from the first page to the recommendation."""
    site.open(visitor, "/")
    heading(visitor, "Kyrgyzstan")
    follow(visitor, "Right to health")
    follow(visitor, WATER)
    point = visitor.locator('[id="140.1.1"]')
    expect(point).to_contain_text(WATER)
    if not says_it:
        expect(point).to_contain_text("no entry on this point")
        expect(visitor.get_by_text(DONE)).to_have_count(0)
        return
    entry = point.locator(".entry").first
    for words in (HEALTH, "Partially implemented", REASON, DONE):
        expect(entry).to_contain_text(words)
    expect(visitor.get_by_text(FOCAL_POINT)).to_have_count(0)


def open_steps(page: Page) -> None:
    page.get_by_role("link", name="Your work", exact=True).first.click()
    heading(page, "Your work")
