"""Walks through the pages of a list as a reader does, by its links."""

from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.stories.pages import link_of
from tests.strict_client import StrictClient

MOST = 100


def every_page(client: StrictClient, address: str, by: str = "Next page") -> Iterator[TestResponse]:
    """The page at the address and all that follow it by the link with these words."""
    path = address.partition("?")[0]
    for _ in range(MOST):
        answer = client.get(address)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        yield answer
        following = link_of(answer, by)
        if following is None:
            return
        address = following if following.startswith("/") else path + following
    raise AssertionError(f"{address} has no end")
