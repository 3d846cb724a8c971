"""Whoever is lost is led on by links, which are plain paths of this site."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.stories.pages import by_id
from tests.strict_client import HTML, SignIn, StrictClient, text_of

OVERVIEW = ("Start at the overview", "/")
SIGN_IN = ("Sign in", "/sign-in")


def links_of(answer: TestResponse) -> Iterator[tuple[str, str]]:
    """Words and address of each link in the page's own part."""
    for node in by_id(answer, "main").iter(f"{HTML}a"):
        yield "".join(node.itertext()), node.get("href", "")


def test_a_page_that_is_not_there_leads_to_the_overview_and_to_signing_in(client: StrictClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert set(links_of(answer)) == {OVERVIEW, SIGN_IN}
    assert "or you may need to sign in to see it." in text_of(answer)


def test_whoever_is_signed_in_is_not_asked_to_sign_in(signed_in: SignIn) -> None:
    answer = signed_in("focal_point").get("/nowhere")
    assert set(links_of(answer)) == {OVERVIEW}
    assert "or your account may not see it." in text_of(answer)


@pytest.mark.parametrize(
    ("address", "first_page"),
    [
        ("/recommendations?level=x", "/recommendations"),
        ("/recommendations?topic=women&page=x", "/recommendations"),
        ("/recommendations.xlsx?level=x", "/recommendations"),
        ("/history?page=x", "/history"),
    ],
)
def test_a_damaged_address_leads_to_the_first_page(
    client: StrictClient, address: str, first_page: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert list(links_of(answer)) == [("Start again at the first page, without a filter", first_page)]
    assert client.get(first_page).status_code == 200


def test_what_a_page_cannot_read_leads_to_the_overview(client: StrictClient) -> None:
    answer = client.get("/static/app.css", headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 400
    assert list(links_of(answer)) == [OVERVIEW]
