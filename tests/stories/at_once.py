"""Requests that begin at the same moment, each in a thread of its own, and what they leave behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from tests.cast import GOOD_UPDATE, REVIEW, Cast, make_update
from tests.programs import LONGEST
from tests.stories.pages import ask
from tracker.database import Database
from tracker.models.levels import Level, steps_apart
from tracker.models.updates import UpdateState

ROUNDS = 12
"""A lock that is missing shows in most rounds on PostgreSQL; SQLite lets one writer in at a time."""
Sending = Callable[[], TestResponse]


def at_once(*requests: Sending) -> list[TestResponse]:
    """The answers, in the order of the requests."""
    line = Barrier(len(requests))

    def run(send: Sending) -> TestResponse:
        line.wait(LONGEST)
        return send()

    with ThreadPoolExecutor(len(requests)) as threads:
        running = [threads.submit(run, send) for send in requests]
        return [each.result(LONGEST) for each in running]


def statuses(*answers: TestResponse) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def waiting(database: Database, cast: Cast, state: UpdateState, **text: Any) -> UUID:
    """An update of ministry A on A12.1 that waits for its next step."""
    with database.transaction() as session:
        return make_update(session, cast, state, text=replace(GOOD_UPDATE, **text)).id


def figures_version(database: Database) -> int:
    return int(ask(database, "SELECT figures_version FROM reviews WHERE code = :code", code=REVIEW)[0][0])


def verbs_on(database: Database, update: UUID) -> list[str]:
    """What the history says was done with an update, in its order."""
    found = ask(
        database, "SELECT verb FROM history_lines WHERE subject = :of ORDER BY id", of=f"update {update}"
    )
    return [each.verb for each in found]


Said = set[tuple[str, int, str | None]]


def stored_levels(database: Database) -> tuple[Said, int | None]:
    """What counts on A12.1: voice, organisation and level; and how far the voices are apart."""
    rows = ask(
        database,
        "SELECT c.voice, c.organisation_id, c.level FROM current_entries c"
        " JOIN action_points p ON p.id = c.action_point_id WHERE p.ref = 'A12.1'",
    )
    [said] = ask(database, "SELECT steps_apart FROM action_points WHERE ref = 'A12.1'")
    return {tuple(row) for row in rows}, said.steps_apart


def recounted(database: Database) -> tuple[Said, int | None]:
    """The same from the entries: of the State the newest fact that led, of each organisation its newest assessment."""
    entries = ask(
        database,
        "SELECT 'state' AS voice, organisation_id, level, as_of_on, published_at FROM progress_updates WHERE led"
        " UNION ALL SELECT voice, organisation_id, level, NULL, published_at FROM assessments"
        " WHERE published_at IS NOT NULL ORDER BY 4, 5",
    )
    newest = {row.voice if row.voice == "state" else (row.voice, row.organisation_id): row for row in entries}
    state = newest.get("state")
    steps = [
        steps_apart(Level(state.level), Level(row.level))
        for row in newest.values()
        if state is not None and row.voice != "state"
    ]
    said = {(row.voice, row.organisation_id, row.level) for row in newest.values()}
    return said, max(steps, default=None)
