"""Pages that somebody sees after a few steps, and what hands do on a page."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.served import BrowsedSite
from tests.cast import PASSPHRASE
from tests.demonstration import REVIEW, People, find_organisation, find_person, find_update
from tracker import clock
from tracker.identity.second_factors import code_of
from tracker.models.updates import UpdateState

Steps = Callable[[BrowsedSite, Page, People], None]


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()


def follow_ref(page: Page, ref: str) -> None:
    """The first link that begins with this ref and no longer one: A5 is not A5.1."""
    begins = re.compile(rf"^{re.escape(ref)}\s")
    page.locator("main").get_by_role("link", name=begins).first.click()


def open_more(page: Page) -> None:
    """Obstacles, support needed and files, which the form of an update closes as long as they are empty."""
    page.get_by_text("Add obstacles, support needed or a file").click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def _problem(page: Page) -> None:
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def refused_sign_in(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, "/sign-in")
    page.get_by_label("Username").fill(who.lead)
    press(page, "Sign in")
    _problem(page)


def wrong_code(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, "/sign-in")
    page.get_by_label("Username").fill(who.coordinator)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(page, "Sign in")
    heading(page, "Enter your code")
    page.get_by_label("Code").fill("000000")
    press(page, "Continue")
    _problem(page)


def second_factor(site: BrowsedSite, page: Page, who: People) -> None:
    """Somebody independent sets one up; the recovery codes are shown."""
    site.sign_in(page, who.silent_contributor)
    site.open(page, "/account/second-factor")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("Code").fill(code_of(secret, clock.now()))
    press(page, "Confirm the second factor")
    heading(page, "Your recovery codes")


def weak_passphrase(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.lead)
    site.open(page, "/account/passphrase")
    page.get_by_label("New passphrase", exact=True).fill("password2026")
    press(page, "Change the passphrase")
    _problem(page)


def write_draft(site: BrowsedSite, page: Page, who: People) -> str:
    """A draft of the focal point, saved; gives its address. The page says so in a banner."""
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
    page.get_by_label("What was done?").fill("Two towns opened a telephone line for complaints.")
    press(page, "Save draft")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    return page.url.removeprefix(site.address)


def saved_draft(site: BrowsedSite, page: Page, who: People) -> None:
    write_draft(site, page, who)


def discarding(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, write_draft(site, page, who) + "/discard")


def wrong_update(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
    page.get_by_label("Fully implemented").check()
    page.get_by_label("Situation on").fill("last spring")
    page.get_by_label("Link to a public source").fill("our website")
    press(page, "Submit for validation")
    _problem(page)


def incomplete_update(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
    press(page, "Submit for validation")
    _problem(page)


def empty_return(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.coordinator)
    with site.database.reading() as session:
        address = find_update(session, UpdateState.VALIDATED)
    site.open(page, f"{address}/return")
    press(page, "Return the update")
    _problem(page)


def conflict(site: BrowsedSite, page: Page, who: People) -> None:
    """A colleague's words were saved between opening the form and sending it: 409 with both texts."""
    address = write_draft(site, page, who)
    site.open(page, f"{address}/change")
    late, draft = page, page.context.new_page()
    site.open(draft, f"{address}/change")
    open_more(draft)
    draft.get_by_label("Obstacles").fill("The second town lacks staff.")
    press(draft, "Save draft")
    expect(draft.get_by_text("Draft saved.")).to_be_visible()
    draft.close()
    open_more(late)
    late.get_by_label("Obstacles").fill("The line is often engaged.")
    press(late, "Save draft")
    expect(late.get_by_text("This draft was saved while you were writing")).to_be_visible()


def too_late(site: BrowsedSite, page: Page, who: People) -> None:
    """The step was taken in another window: the plain 409."""
    site.sign_in(page, who.coordinator)
    with site.database.reading() as session:
        address = find_update(session, UpdateState.VALIDATED)
    site.open(page, f"{address}/publish")
    other = page.context.new_page()
    site.open(other, f"{address}/publish")
    press(other, "Publish")
    expect(other.get_by_text("Update published.")).to_be_visible()
    other.close()
    press(page, "Publish")
    heading(page, "This update is published already")


def not_saved(site: BrowsedSite, page: Page, who: People) -> None:
    """The draft was submitted in another window."""
    address = write_draft(site, page, who)
    site.open(page, f"{address}/change")
    _in_another_window(site, page, address, _submit_whole)
    page.get_by_label("What was done?").fill("Three towns opened a telephone line.")
    press(page, "Save draft")
    heading(page, "Your text was not saved")


def discarded(site: BrowsedSite, page: Page, who: People) -> None:
    """The draft was discarded in another window."""
    address = write_draft(site, page, who)
    site.open(page, f"{address}/change")
    _in_another_window(site, page, f"{address}/discard", lambda other: press(other, "Discard the draft"))
    page.get_by_label("What was done?").fill("Three towns opened a telephone line.")
    press(page, "Save draft")
    heading(page, "This draft was discarded")


def _in_another_window(site: BrowsedSite, page: Page, address: str, act: Callable[[Page], None]) -> None:
    other = page.context.new_page()
    site.open(other, address)
    act(other)
    expect(other.locator(".govuk-notification-banner--success")).to_be_visible()
    other.close()


def _submit_whole(draft: Page) -> None:
    """Fills in what is missing, and submits."""
    follow(draft, "Change")
    draft.get_by_label("Planned").check()
    draft.locator("textarea[name=reason]").fill("The budget of the line is decided.")
    draft.get_by_label("Situation on").fill("20 November 2026")
    press(draft, "Submit for validation")


def wrong_assessment(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.lead)
    site.open(page, f"/assessments/new/{REVIEW}/{who.point}")
    page.get_by_label("Link to a public source").fill("ask us")
    press(page, "Preview")
    _problem(page)


def preview(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.lead)
    site.open(page, f"/assessments/new/{REVIEW}/{who.point}")
    page.get_by_label("Regressed").check()
    page.locator("textarea[name=reason]").fill("The office that took complaints was closed.")
    page.locator("textarea[name=narrative]").fill(
        "Since March calls have not been answered.\nNobody knows why."
    )
    page.get_by_label("Link to a public source").fill("https://example.net/" + "calls-" * 20)
    press(page, "Preview")
    expect(page.locator(".preview-frame")).to_be_visible()


def new_link(site: BrowsedSite, page: Page, who: People) -> None:
    """The page that shows a link once."""
    _make_link(site, page, who)


def _make_link(site: BrowsedSite, page: Page, who: People) -> str:
    """A link to an account of the lead's organisation; gives where it leads on this server."""
    site.sign_in(page, who.lead)
    with site.database.reading() as session:
        key = find_organisation(session, who.lead)
    site.open(page, f"/invitations/new/{key}")
    page.get_by_label("Contributor", exact=True).check()
    page.get_by_label("Your note").fill("Who keeps the archive")
    press(page, "Make the link")
    heading(page, "The link is made")
    return urlsplit(page.locator("#link").input_value()).path


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def open_links(site: BrowsedSite, page: Page, who: People) -> None:
    _make_link(site, page, who)
    follow(page, "I have copied it")
    expect(page.get_by_role("button", name="Withdraw").first).to_be_visible()


def link_while_signed_in(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, _make_link(site, page, who))
    heading(page, "Sign out first")


def invited(site: BrowsedSite, page: Page, who: People) -> None:
    link = _make_link(site, page, who)
    _sign_out(page)
    site.open(page, link)
    expect(page.get_by_label("Use the generated passphrase")).to_be_checked()


def wrong_acceptance(site: BrowsedSite, page: Page, who: People) -> None:
    invited(site, page, who)
    page.get_by_label("Username").fill(who.lead)
    page.get_by_label("Use my own").check()
    page.get_by_label("Your own passphrase", exact=True).fill("short")
    press(page, "Make my account")
    _problem(page)


def renewing_passphrase(site: BrowsedSite, page: Page, who: People) -> None:
    _open_recovery_link(site, page, who, "Make a link for a new passphrase")
    heading(page, f"A new passphrase for {who.contributor}")


def renewing_second_factor(site: BrowsedSite, page: Page, who: People) -> None:
    _open_recovery_link(site, page, who, "Make a link for a new second factor")
    heading(page, f"A new second factor for {who.contributor}")


def _open_recovery_link(site: BrowsedSite, page: Page, who: People, kind: str) -> None:
    """A link that the lead makes, up to the page that it opens."""
    site.sign_in(page, who.lead)
    with site.database.reading() as session:
        person = find_person(session, who.contributor)
    site.open(page, person)
    press(page, kind)
    link = urlsplit(page.locator("#link").input_value()).path
    _sign_out(page)
    site.open(page, link)


def renewed_passphrase(site: BrowsedSite, page: Page, who: People) -> None:
    renewing_passphrase(site, page, who)
    press(page, "Set the new passphrase")
    heading(page, "Your new passphrase works")


def empty_admission(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.registrar)
    site.open(page, "/organisations/admit")
    press(page, "Admit and make the link for its lead")
    _problem(page)


def empty_hand_over(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.coordinator)
    with site.database.reading() as session:
        person = find_person(session, who.focal_point)
    site.open(page, f"{person}/hand-over")
    press(page, "Hand over")
    _problem(page)


def signed_out_while_writing(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.focal_point)
    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
    page.get_by_label("What was done?").fill("Two towns opened a telephone line for complaints.")
    page.context.clear_cookies(name="sign-in")
    press(page, "Save draft")
    expect(page.get_by_text("Two towns opened a telephone line")).to_be_visible()


def too_many_tries(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, "/sign-in")
    for _ in range(11):
        page.get_by_label("Username").fill("nobody-of-that-name")
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        press(page, "Sign in")
    heading(page, "Too many wrong attempts")


def wrong_method(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, "/sign-out")
    heading(page, "This page cannot be opened like this")


def opened_histories(site: BrowsedSite, page: Page, who: People) -> None:
    site.open(page, f"/recommendations/{REVIEW}/A24")
    for summary in page.locator("summary").all():
        summary.click()
    expect(page.locator(".history").first).to_be_visible()


REACHED: dict[str, Steps] = {
    "assessments/preview.html": preview,
    "errors/401.html": signed_out_while_writing,
    "errors/405.html": wrong_method,
    "errors/409.html": too_late,
    "errors/410.html": discarded,
    "errors/429.html": too_many_tries,
    "invitations/accept.html": invited,
    "invitations/done.html": renewed_passphrase,
    "invitations/link.html": new_link,
    "invitations/passphrase.html": renewing_passphrase,
    "invitations/second_factor.html": renewing_second_factor,
    "invitations/signed_in.html": link_while_signed_in,
    "second_factors/shown_once.html": second_factor,
    "sign_in/code.html": wrong_code,
    "updates/change.html": conflict,
    "updates/discard.html": discarding,
    "updates/not_saved.html": not_saved,
    "updates/write.html": wrong_update,
}
"""Templates that no address shows, and a form with mistakes: the steps that end there."""
MORE: tuple[Steps, ...] = (
    refused_sign_in,
    weak_passphrase,
    saved_draft,
    incomplete_update,
    empty_return,
    wrong_assessment,
    opened_histories,
    open_links,
    wrong_acceptance,
    empty_admission,
    empty_hand_over,
)
"""Steps that end on a page of a template that something else shows, too."""
