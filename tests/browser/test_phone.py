"""A phone 360 pixels wide shows tables as labelled lines."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.served import PHONE, BrowsedSite
from tests.demonstration import VISITOR, read_people

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
