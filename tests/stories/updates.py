"""What people of the State do in the stories: the steps of an update through its pages."""

from typing import Any

from tests.stories.pages import contents, id_of
from tests.strict_client import SignIn, StrictClient, text_of
from tracker.database import Database

NEW = "/updates/new/KGZ-3/A12.1"
PAGE = "/recommendations/KGZ-3/A12"
TEXT: dict[str, str] = {
    "level": "partially_implemented",
    "reason": "An order is in force, the south is left.",
    "done": "The order of 3 March binds every station; “<b>eleven</b>” officers were trained.",
    "obstacles": "Two districts lack staff.",
    "support_needed": "A trainer for the south.",
    "next_step": "Train the two districts.",
    "next_step_on": "2027-03-31",
    "as_of_on": "2026-01-20",
    "source_link": "https://example.org/order?a=1&b=2",
    "language": "en",
}


def write(client: StrictClient, button: str = "keep", page: str = NEW, **more: Any) -> str:
    """Writes an update through its form; gives its identifier."""
    answer = client.send(page, button=button, **{**TEXT, **more})
    assert answer.status_code == 303, text_of(answer)
    return id_of(answer)


def step(client: StrictClient, update: str, verb: str) -> int:
    """Presses the button of a step: on the page of the update; to publish, on the page that asks once more."""
    page = f"/updates/{update}/publish" if verb == "publish" else f"/updates/{update}"
    return client.send(page, action=f"/{verb}").status_code


def published(signed_in: SignIn) -> str:
    update = write(signed_in("focal_point"), "submit")
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303
    return update


def row(database: Database, update: str) -> Any:
    """What the database holds of an update; None when it is gone."""
    wanted = update.replace("-", "")
    found = [each for each in contents(database)["progress_updates"] if _plain(each.id) == wanted]
    return found[0] if found else None


def version(database: Database, update: object) -> dict[str, str]:
    """What the form of a step holds beside its token, as if the page of the update had just been read."""
    return {"version": str(row(database, str(update)).version)}


def _plain(identity: object) -> str:
    """SQLite keeps an identifier without its hyphens."""
    return str(identity).replace("-", "")
