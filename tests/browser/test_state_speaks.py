"""The State speaks in a browser: written, submitted, validated and published, then everybody reads it."""

from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.places import follow, follow_ref, heading, press
from tests.browser.served import BrowsedSite
from tests.demonstration import REVIEW, People

DONE = "A telephone line for complaints was opened in four towns and took two hundred calls."
REASON = "The line works in four towns; the others follow."


def test_an_update_goes_from_the_first_word_to_the_public_page(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    # Given a focal point who signed in and found the point on the page of the recommendation
    focal_point = new_page(site, scripts=scripts)
    site.sign_in(focal_point, who.focal_point)
    follow_ref(focal_point, who.ref)
    focal_point.get_by_role("link", name=f"Write an update on {who.point}", exact=True).click()
    heading(focal_point, f"Write an update on {who.point}")

    # When the update is written and submitted
    focal_point.get_by_label("Partially implemented").check()
    focal_point.locator("textarea[name=reason]").fill(REASON)
    focal_point.get_by_label("What was done?").fill(DONE)
    focal_point.get_by_label("Situation on").fill("2026-11-20")
    focal_point.get_by_label("Link to a public source").fill("https://example.org/line")
    press(focal_point, "Submit for validation")

    # Then it waits for the validating officer, and visitors see nothing of it
    expect(focal_point.get_by_text("Update submitted.")).to_be_visible()
    visitor = new_page(site, scripts=scripts)
    site.open(visitor, f"/recommendations/{REVIEW}/{who.ref}")
    expect(visitor.get_by_text(DONE)).to_have_count(0)

    # When the officer validates it and the coordinator publishes it
    officer = new_page(site, scripts=scripts)
    site.sign_in(officer, who.validating_officer)
    follow_ref(officer, who.point)
    expect(officer.get_by_text(DONE)).to_be_visible()
    press(officer, "Validate")
    expect(officer.get_by_text("Update validated.")).to_be_visible()
    coordinator = new_page(site, scripts=scripts)
    site.sign_in(coordinator, who.coordinator)
    follow_ref(coordinator, who.point)
    follow(coordinator, "Publish")
    expect(coordinator.get_by_text("This cannot be changed or withdrawn afterwards.")).to_be_visible()
    press(coordinator, "Publish")
    expect(coordinator.get_by_text("Update published.")).to_be_visible()

    # Then everybody reads it in the column of the State
    site.open(visitor, f"/recommendations/{REVIEW}/{who.ref}")
    point = visitor.locator(f'[id="{who.point}"]')
    expect(point.locator(".entry").first).to_contain_text(DONE)
    expect(point.locator(".entry").first).to_contain_text(REASON)
    expect(point.locator(".entry").first).to_contain_text("Partially implemented")
    expect(point.locator(".entry").first).to_contain_text(who.ministry)


def test_a_returned_update_comes_back_with_its_comment(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    # Given an update that waits for the validating officer
    focal_point = new_page(site, scripts=scripts)
    site.sign_in(focal_point, who.focal_point)
    site.open(focal_point, f"/updates/new/{REVIEW}/{who.point}")
    focal_point.get_by_label("Planned").check()
    focal_point.locator("textarea[name=reason]").fill(REASON)
    focal_point.get_by_label("What was done?").fill(DONE)
    focal_point.get_by_label("Situation on").fill("2026-11-20")
    press(focal_point, "Submit for validation")
    expect(focal_point.get_by_text("Update submitted.")).to_be_visible()

    # When the officer returns it
    officer = new_page(site, scripts=scripts)
    site.sign_in(officer, who.validating_officer)
    follow_ref(officer, who.point)
    officer.get_by_role("link", name="Return with a comment").click()
    officer.get_by_label("What should be changed?").fill("Name the four towns.")
    press(officer, "Return the update")
    expect(officer.get_by_text("Update returned.")).to_be_visible()

    # Then the focal point finds it among the waiting, with the comment, and may change it
    site.open(focal_point, "/work")
    follow_ref(focal_point, who.point)
    expect(focal_point.get_by_text("Name the four towns.").first).to_be_visible()  # and in the history
    focal_point.get_by_role("link", name="Change", exact=True).click()
    expect(focal_point.get_by_label("What was done?")).to_have_value(DONE)
