"""What independent organisations do in the stories: write, preview, publish and withdraw an assessment."""

from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from tests.stories.pages import link_of
from tests.strict_client import StrictClient, text_of

NEW = "/assessments/new/KGZ-3/A12.1"
PAGE = "/recommendations/KGZ-3/A12"
TEXT: dict[str, str] = {
    "level": "not_implemented",
    "reason": "None of the complaints led to a charge.",
    "narrative": "We followed <em>fourteen</em> complaints.\nEvery one was closed within “ten” days.",
    "source_link": "https://example.net/fourteen?a=1&b=2",
    "language": "en",
}


def new_key() -> dict[str, str]:
    """What each form carries: for forms that were forged."""
    return {"key": str(uuid4())}


def preview(client: StrictClient, page: str = NEW, **more: Any) -> TestResponse:
    answer = client.send(page, button="preview", **{**TEXT, **more})
    assert answer.status_code == 200, text_of(answer)
    return answer


def publish(client: StrictClient, page: str = NEW, **more: Any) -> str:
    """Publishes from the preview; gives where the answer leads."""
    answer = client.send_from(preview(client, page, **more), "/publish", "publish")
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def withdraw_link(client: StrictClient) -> str:
    """Where the first “Withdraw” on the page of one's own work leads."""
    found = link_of(client.get("/work"), "Withdraw")
    assert found is not None
    return found
