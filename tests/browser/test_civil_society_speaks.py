"""Civil society speaks in a browser: written, previewed, published and withdrawn in one sitting."""

from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.places import heading, press
from tests.browser.served import BrowsedSite
from tests.demonstration import REVIEW, People

REASON = "Nobody in the three villages we visited was asked."
NARRATIVE = "We spoke with nineteen families in three villages. None of them had heard of the measure."


def test_an_assessment_is_previewed_published_and_withdrawn(
    site: BrowsedSite, who: People, new_page: NewPage, scripts: bool
) -> None:
    # Given the lead of an organisation on the page of a recommendation
    lead, visitor = new_page(site, scripts=scripts), new_page(site, scripts=scripts)
    site.sign_in(lead, who.lead)
    public_page = f"/recommendations/{REVIEW}/{who.ref}"
    site.open(lead, public_page)
    lead.get_by_role("link", name=f"Assess {who.other_point}", exact=True).click()

    # When the assessment is written and previewed
    lead.get_by_label("Not implemented").check()
    lead.locator("textarea[name=reason]").fill(REASON)
    lead.locator("textarea[name=narrative]").fill(NARRATIVE)
    press(lead, "Preview")

    # Then the preview shows what the public will see, and the public sees nothing yet
    heading(lead, f"Preview of your assessment of {who.other_point}")
    preview = lead.locator(".preview-frame")
    expect(preview).to_contain_text(NARRATIVE)
    expect(preview).to_contain_text(who.organisation)
    expect(preview).not_to_contain_text(who.lead)
    site.open(visitor, public_page)
    expect(visitor.get_by_text(NARRATIVE)).to_have_count(0)

    # When a word is changed first, everything typed is kept; then it is published
    press(lead, "Change")
    expect(lead.locator("textarea[name=narrative]")).to_have_value(NARRATIVE)
    expect(lead.get_by_label("Not implemented")).to_be_checked()
    press(lead, "Preview")
    press(lead, "Publish now")

    # Then everybody reads it under the organisation's name
    expect(lead.get_by_text("Assessment published.")).to_be_visible()
    site.open(visitor, public_page)
    column = visitor.locator(f'[id="{who.other_point}"] .entry').filter(has_text=who.organisation)
    expect(column).to_contain_text(NARRATIVE)
    expect(column).to_contain_text(who.organisation)

    # When the organisation withdraws it
    site.open(lead, "/work")
    row = lead.locator(".task-list__row").filter(has_text=who.other_point).filter(has_text="Withdraw")
    row.get_by_role("link", name="Withdraw").click()
    press(lead, "Withdraw now")

    # Then nothing of it is left but the day
    expect(lead.get_by_text("Assessment withdrawn.")).to_be_visible()
    site.open(visitor, public_page)
    expect(visitor.get_by_text(NARRATIVE)).to_have_count(0)
    point = visitor.locator(f'[id="{who.other_point}"]')
    expect(point.get_by_text("1 independent assessment was withdrawn on")).to_be_visible()
