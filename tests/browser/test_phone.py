"""A phone 360 pixels wide shows tables as labelled lines, and buttons as wide as the page."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.served import PHONE, BrowsedSite
from tests.demonstration import VISITOR, find_update, read_people
from tracker.models.updates import UpdateState

UNDER_LABELS = """() => [...document.querySelectorAll(".stacking-table tbody [data-label] > *")]
    .filter((part) => part.getBoundingClientRect().width > 1)
    .map((part) => [part.textContent.trim().slice(0, 40), part.getBoundingClientRect().left,
                    part.closest("tr").getBoundingClientRect().left + 112])"""
"""Each part of a cell with its left edge, and where the labels end."""


@pytest.mark.parametrize(("role", "address"), [("visitor", "/communications"), ("coordinator", "/reminders")])
def test_a_stacked_table_keeps_its_labels_apart_from_what_they_name(
    shared_site: BrowsedSite, new_page: NewPage, role: str, address: str
) -> None:
    page = new_page(shared_site, viewport=PHONE)
    if role != VISITOR:
        with shared_site.database.reading() as session:
            shared_site.sign_in(page, getattr(read_people(session), role))
    shared_site.open(page, address)
    parts = page.evaluate(UNDER_LABELS)
    assert parts
    assert not [text for text, left, labels_end in parts if left < labels_end]


def test_buttons_one_below_the_other_are_equally_wide(shared_site: BrowsedSite, new_page: NewPage) -> None:
    # Given a page with a button in a form of its own and a link that looks like a button
    page = new_page(shared_site, viewport=PHONE)
    with shared_site.database.reading() as session:
        shared_site.sign_in(page, read_people(session).coordinator)
        shared_site.open(page, find_update(session, UpdateState.VALIDATED))
    # Then each takes the whole width
    buttons = page.locator("main .govuk-button-group .govuk-button")
    widths = buttons.evaluate_all("all => all.map((each) => each.getBoundingClientRect().width)")
    whole = page.locator("main .govuk-button-group").evaluate("each => each.getBoundingClientRect().width")
    assert widths == [whole, whole]
