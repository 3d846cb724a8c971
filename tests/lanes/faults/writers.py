"""Four people who write over HTTP without pause, and what each of them was told is saved."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from bench.client import Client, Unexpected, fields_of
from tests.lanes.faults.sites import CUT_OFF, RestartedSite, browser, cookies_of
from tests.stories import assessments, updates
from tracker.database import Database

DRAFTS = "/updates/new/KGZ-3/A24.1"
UNAVAILABLE, REFUSED = 503, 422
OPEN_ALREADY = DONE_BEFORE = 409
MOST_SAVES = 1_000
"""Of one draft; then another is begun."""
STEPS = ("submitted", "validated", "published")


@dataclass
class Journal:
    """What the site has acknowledged, by person; `broken_off` are the requests that nobody answered."""

    drafts: list[tuple[str, int]] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    broken_off: int = 0
    turned_away: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def saves(self) -> int:
        lists = (self.drafts, self.steps, self.published, self.replaced, self.withdrawn)
        return sum(len(each) for each in lists)


class TooOften(Exception):
    """The organisation has published as much as it may for now."""


class Writers:
    """At work inside of the `with`. Whoever is cut off goes on with the next action, as if it had not been done."""

    def __init__(self, site: RestartedSite, database: Database) -> None:
        self.journal, self._site, self._end = Journal(), site, threading.Event()
        handles = (
            "other_focal_point",
            "focal_point",
            "validating_officer",
            "coordinator",
            "lead",
            "other_lead",
        )
        self._cookies = {handle: cookies_of(database, handle) for handle in handles}
        self._tokens: dict[str, dict[str, str]] = {}
        work = (self._draft, self._publish_updates, self._publish_assessments, self._withdraw_assessments)
        self._threads = [threading.Thread(target=self._repeat, args=(each,)) for each in work]

    def __enter__(self) -> "Writers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for each in self._threads:
            each.join()

    def _repeat(self, action: Callable[[], None]) -> None:
        while not self._end.is_set():
            try:
                action()
            except ConnectionRefusedError:  # nothing was asked
                self._end.wait(0.01)
            except CUT_OFF:
                self.journal.broken_off += 1
            except TooOften:
                self._end.wait(1)
            except Unexpected as error:
                if error.status != UNAVAILABLE:
                    self.journal.wrong.append(str(error))
                    return
                self.journal.turned_away += 1
                self._end.wait(0.05)

    def _draft(self) -> None:
        """One draft that is saved again and again, through its form."""
        update, is_saved = self._begin("other_focal_point", DRAFTS, done="save 0", keep="1")
        if is_saved:
            self.journal.drafts.append((update, 0))
        page = f"/updates/{update}/change"
        with self._as("other_focal_point") as (client, _):
            for number in range(1, MOST_SAVES):
                if self._end.is_set():
                    return
                hidden = fields_of(client.get(page), page)
                client.post(page, {**hidden, **updates.TEXT, "done": f"save {number}", "keep": "1"})
                self.journal.drafts.append((update, number))

    def _publish_updates(self) -> None:
        """Three people take an update to its publication."""
        update, _ = self._begin("focal_point", updates.NEW, submit="1", **assessments.seen())
        self.journal.steps.append((update, STEPS[0]))
        for handle, verb, step in (
            ("validating_officer", "validate", STEPS[1]),
            ("coordinator", "publish", STEPS[2]),
        ):
            with self._as(handle) as (client, token):
                answer = client.try_post(f"/updates/{update}/{verb}", token)
                if answer.status not in (303, DONE_BEFORE):
                    raise Unexpected(f"{verb} answered {answer.status}", answer.status)
            self.journal.steps.append((update, step))

    def _publish_assessments(self) -> None:
        self.journal.published.append(self._assess("lead"))

    def _withdraw_assessments(self) -> None:
        """Publishes one, and withdraws it."""
        made = self._assess("other_lead")
        self.journal.replaced.append(made)
        with self._as("other_lead") as (client, token):
            client.post(f"/assessments/{made}/withdraw", token)
        self.journal.withdrawn.append(made)

    def _begin(self, handle: str, page: str, **more: str) -> tuple[str, bool]:
        """Sends the form of a new update; gives its identifier, and whether this text is saved in it. Where a request
        that was cut off left one open, a new one leads to it."""
        with self._as(handle) as (client, token):
            answer = client.try_post(page, {**token, **updates.TEXT, **more})
            is_saved = answer.status == 303
            if answer.status == OPEN_ALREADY:
                client.get(page, 303)
            elif not is_saved:
                raise Unexpected(f"{page} answered {answer.status}", answer.status)
            return client.location.rpartition("/")[2], is_saved

    def _assess(self, handle: str) -> str:
        """Not more than one in half a second: after thirty in ten minutes an organisation has to wait."""
        self._end.wait(0.5)
        carried = assessments.new_key()
        with self._as(handle) as (client, token):
            fields = {**token, **assessments.TEXT, **carried}
            answer = client.try_post(f"{assessments.NEW}/publish", fields)
        if answer.status == REFUSED:
            raise TooOften
        if answer.status != 303:
            raise Unexpected(f"an assessment answered {answer.status}", answer.status)
        return carried["key"]

    @contextmanager
    def _as(self, handle: str) -> Iterator[tuple[Client, dict[str, str]]]:
        """A browser of theirs, and the token of its forms, which is read off a page once."""
        with closing(browser(self._site, self._cookies[handle])) as client:
            if handle not in self._tokens:
                token = fields_of(client.get("/work"), "/sign-out")["csrf_token"]
                self._tokens[handle] = {"csrf_token": token}
                self._cookies[handle] = client.cookies
            yield client, self._tokens[handle]
