"""What the State and the others have written in the synthetic corpus.

Figures are not invented: which entries count and how far they are apart follows from the entries by the rules of
`services/levels.py`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bench import words
from bench.rows import RowBuffer, make_uuid
from tracker.models import levels
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LEVELS, WEIGHTS = list(Level), [12, 30, 20, 22, 5, 4, 7]
FULL_UPDATES, FULL_ASSESSMENTS = 2, 3
"""On each point of the recommendation that is measured."""
WAITING_PER_POINT = 20


@dataclass(frozen=True)
class Country:
    """A State under review, whose first ministry's focal point writes all updates."""

    code: str
    ministries: list[int]
    others: list[tuple[int, Voice]]
    author: UUID


class Entries:
    """What waits for the coordinator: `to_publish` is validated, `to_validate` has no officer who could."""

    def __init__(self, rows: RowBuffer, pick: Random) -> None:
        self.rows, self.random = rows, pick
        self.to_publish: list[UUID] = []
        self.to_validate: list[UUID] = []

    def add_published(
        self, country: Country, recommendation_id: int, point: int, leader: int, *, is_full: bool
    ) -> None:
        """What was published on a point, and the level and the disagreement that follow from it."""
        pick, row = self.random, self.rows.newest(ActionPoint)
        current: dict[tuple[Voice, int | None], dict[str, Any]] = {}
        updates = FULL_UPDATES if is_full else pick.choices((0, 1, 2), (45, 40, 15))[0]
        for _ in range(updates):
            self._update(point, leader, country.author, UpdateState.PUBLISHED)
            current[Voice.STATE, None] = self.rows.newest(ProgressUpdate)
        others = FULL_ASSESSMENTS if is_full else pick.choices((0, 1, 2), (70, 22, 8))[0]
        for organisation, voice in pick.sample(country.others, others):
            self._assessment(recommendation_id, point, organisation, voice)
            current[voice, organisation] = self.rows.newest(Assessment)
        state, of = current.get((Voice.STATE, None)), self.rows.newest(Recommendation)
        for (voice, _), entry in current.items():
            is_compared = state is not None and voice != Voice.STATE
            steps = levels.steps_apart(state["level"], entry["level"]) if state and is_compared else None
            if steps is not None:
                for apart in (row, of):
                    apart["steps_apart"] = max(steps, apart["steps_apart"] or 0)
            self.rows.add(
                CurrentEntry, entry_id=entry["id"], recommendation_id=recommendation_id, action_point_id=point,
                organisation_id=entry["organisation_id"], voice=voice, level=entry["level"], steps_apart=steps,
                published_at=entry["published_at"],
            )  # fmt: skip
            of["newest_entry_at"] = max(entry["published_at"], of["newest_entry_at"] or entry["published_at"])

    def add_waiting(self, country: Country, point: int) -> None:
        for _ in range(WAITING_PER_POINT):
            is_validated = len(self.to_publish) < 4 * (len(self.to_validate) + 1)
            state = UpdateState.VALIDATED if is_validated else UpdateState.SUBMITTED
            self._update(point, country.ministries[0], country.author, state)
            waiting = self.to_publish if is_validated else self.to_validate
            waiting.append(self.rows.newest(ProgressUpdate)["id"])

    def _update(self, point: int, organisation: int, author: UUID, state: UpdateState) -> None:
        """Of one point each is later than the one before, so that the last one makes the level."""
        pick, level = self.random, self.random.choices(LEVELS, WEIGHTS)[0]
        at = NOW - timedelta(days=700) + timedelta(minutes=self.rows.count(ProgressUpdate))
        is_published = state == UpdateState.PUBLISHED
        self.rows.add(
            ProgressUpdate, id=make_uuid(pick), action_point_id=point, organisation_id=organisation,
            author_id=author, state=state, level=level, reason=words.title(pick),
            done=words.sentence(pick), obstacles=words.title(pick), support_needed=words.title(pick),
            next_step=words.title(pick), next_step_on=date(2027, 3, 31), as_of_on=at.date(),
            source_link="https://example.org/decision", language="en", led=True if is_published else None,
            comment="", recorded_at=at, submitted_at=at, validated_at=at if state != UpdateState.SUBMITTED else None,
            published_at=at if is_published else None, version=1,
        )  # fmt: skip

    def _assessment(self, recommendation_id: int, point: int, organisation: int, voice: Voice) -> None:
        pick, level = self.random, self.random.choices(LEVELS, WEIGHTS)[0]
        at = NOW - timedelta(days=600) + timedelta(minutes=self.rows.count(Assessment))
        self.rows.add(
            Assessment, id=make_uuid(pick), recommendation_id=recommendation_id, action_point_id=point,
            organisation_id=organisation, voice=voice, level=level, reason=words.title(pick),
            narrative=words.sentence(pick), source_link="https://example.net/report", language="en",
            published_at=at, withdrawn_on=None,
        )  # fmt: skip
