"""What the State and the others have written in the synthetic corpus.

Figures are not invented: levels and disagreement of each point follow from its entries by the rules of
`tracker.models.levels`, as `services/levels.py` would store them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from bench import words
from bench.rows import RowBuffer, make_uuid
from tracker.models import levels
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice
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
        given: dict[Voice, list[Level]] = {}
        updates = FULL_UPDATES if is_full else pick.choices((0, 1, 2), (45, 40, 15))[0]
        for _ in range(updates):
            given[Voice.STATE] = [self._update(point, leader, country.author, UpdateState.PUBLISHED)]
        others = FULL_ASSESSMENTS if is_full else pick.choices((0, 1, 2), (70, 22, 8))[0]
        for organisation, voice in pick.sample(country.others, others):
            level = self._assessment(recommendation_id, point, organisation, voice)
            given.setdefault(voice, []).append(level)
        by_voice = {voice: levels.of_voice(each) for voice, each in given.items()}
        voices = {voice: shown for voice, shown in by_voice.items() if shown}
        row["disagreement"] = levels.disagreement(voices)
        for voice, shown in voices.items():
            self.rows.add(
                PointLevel, action_point_id=point, voice=voice, level=shown.level, index=shown.index,
                changed_at=NOW,
            )  # fmt: skip

    def add_waiting(self, country: Country, point: int) -> None:
        for _ in range(WAITING_PER_POINT):
            is_validated = len(self.to_publish) < 4 * (len(self.to_validate) + 1)
            state = UpdateState.VALIDATED if is_validated else UpdateState.SUBMITTED
            self._update(point, country.ministries[0], country.author, state)
            waiting = self.to_publish if is_validated else self.to_validate
            waiting.append(self.rows.newest(ProgressUpdate)["id"])

    def _update(self, point: int, organisation: int, author: UUID, state: UpdateState) -> Level:
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
        return level

    def _assessment(self, recommendation_id: int, point: int, organisation: int, voice: Voice) -> Level:
        pick, level = self.random, self.random.choices(LEVELS, WEIGHTS)[0]
        at = NOW - timedelta(days=600) + timedelta(minutes=self.rows.count(Assessment))
        self.rows.add(
            Assessment, id=make_uuid(pick), recommendation_id=recommendation_id, action_point_id=point,
            organisation_id=organisation, voice=voice, level=level, reason=words.title(pick),
            narrative=words.sentence(pick), source_link="https://example.net/report", language="en",
            published_at=at, withdrawn_on=None,
        )  # fmt: skip
        return level
