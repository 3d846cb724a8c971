"""Requests that begin at the same moment, each in a thread of its own, and what they leave behind."""

from collections import defaultdict
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
from tracker.models.levels import Level, Voice, disagreement, of_voice
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


def stored_levels(database: Database) -> tuple[dict[str, tuple[str, float | None]], str]:
    """By voice: level and index of A12.1; and its disagreement."""
    rows = ask(database, 'SELECT voice, level, "index" AS number FROM point_levels')
    said = ask(database, "SELECT disagreement FROM action_points WHERE ref = 'A12.1'")
    return {row.voice: (row.level, row.number) for row in rows}, said[0].disagreement


def recounted(database: Database) -> tuple[dict[str, tuple[str, float | None]], str]:
    """The same from the entries: the newest update that led, the newest assessment of each organisation."""
    entries = ask(
        database,
        "SELECT 'state' AS voice, 0 AS who, level, published_at FROM progress_updates WHERE led"
        " UNION ALL SELECT voice, organisation_id, level, published_at FROM assessments"
        " WHERE published_at IS NOT NULL ORDER BY published_at",
    )
    given: dict[Voice, list[Level]] = defaultdict(list)
    for (voice, _), level in {(row.voice, row.who): row.level for row in entries}.items():
        given[Voice(voice)].append(Level(level))
    said = {voice: found for voice, levels in given.items() if (found := of_voice(levels))}
    shown = {voice.value: (found.level.value, found.index) for voice, found in said.items()}
    return shown, disagreement(said).value
