"""Everybody reads without an account: home, list, a recommendation, calendar, communications."""

import pytest

from tests.strict_client import StrictClient, text_of


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/reviews/KGZ-3",
        "/recommendations",
        "/recommendations?review=all",
        "/recommendations/KGZ-3/A12",
        "/calendar",
        "/communications",
        "/reports",
        "/sign-in",
    ],
)
def test_every_public_page_opens_and_says_that_it_is_a_demonstration(client: StrictClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "every entry, ministry and person shown is invented" in text_of(answer)
    assert "Set-Cookie" not in answer.headers or page == "/sign-in"
