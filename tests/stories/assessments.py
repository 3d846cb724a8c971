"""What independent organisations do in the stories: write, preview, publish and withdraw an assessment."""

from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from tests import seeds
from tests.stories.pages import link_of
from tests.strict_client import StrictClient, text_of
from tracker.services.entry_places import digest_of

NEW = "/assessments/new/KGZ-3/A12.1"
PAGE = "/recommendations/KGZ-3/A12"
TEXT: dict[str, str] = {
    "level": "not_implemented",
    "reason": "None of the complaints led to a charge.",
    "narrative": "We followed <em>fourteen</em> complaints.\nEvery one was closed within “ten” days.",
    "source_link": "https://example.net/fourteen?a=1&b=2",
    "language": "en",
}


def new_key(ref: str = "A12.1") -> dict[str, str]:
    """What each form on a point carries: for forms that were forged."""
    return {"key": str(uuid4()), **seen(ref)}


def seen(ref: str = "A12.1") -> dict[str, str]:
    """What a form carries of the text of the point above it."""
    [text] = [
        point["text"]
        for row in seeds.reference("recommendations")
        for point in row["action_points"]
        if point["ref"] == ref
    ]
    return {"seen": digest_of(text)}


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
