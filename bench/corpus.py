"""20,000 synthetic recommendations in 80 reviews: seeded, so that every run measures the same rows.

Figures are not invented: levels and disagreement of each point follow from its entries by the rules of
`tracker.models.levels`, as `services/levels.py` would keep them.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from bench import words
from tracker.language import fold
from tracker.models import levels
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.organisations import VOICE_OF, Assignment, AssignmentKind, Organisation, OrganisationKind
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Mechanism, Review, Source
from tracker.models.sdg_targets import SdgTarget
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.passphrases import CHEAP, hash_passphrase

SEED = 20_261_122
STATES, CYCLES, PER_REVIEW = 20, 4, 250
MINISTRIES, INDEPENDENT = 9, 4
TO_PUBLISH = 1_200
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
COORDINATOR, PASSPHRASE = "bench-coordinator", "quiet-harbour-lantern-seven"
FULL_REF, FULL_POINTS, FULL_ENTRIES = "28.100", 8, 40
TABLES = (
    Organisation, Account, AccountRole, Review, Source, Milestone, Recommendation, RecommendationTheme,
    RecommendationGroup, RecommendationSdgTarget, RecommendingState, Assignment, ActionPoint, PointLevel,
    ProgressUpdate, Assessment,
)  # fmt: skip
"""In the order in which rows may refer to each other."""
LEVELS, WEIGHTS = list(Level), [12, 30, 20, 22, 5, 4, 7]


@dataclass(frozen=True)
class Corpus:
    """What the measures need to know of the rows: the newest review, its full recommendation, a filter
    that finds many, and the updates that wait for the coordinator."""

    review: str
    theme: str
    level: str
    to_publish: list[UUID]


class _Rows:
    """Rows by table, with numbers that begin after those of the seed."""

    def __init__(self, session: Session) -> None:
        self.by_table: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.last = {
            table: session.scalar(select(func.max(table.id))) or 0
            for table in TABLES
            if "id" in table.__table__.c and table.__table__.c.id.type.python_type is int
        }

    def add(self, table: Any, **values: Any) -> int:
        if table in self.last:
            self.last[table] += 1
            values["id"] = self.last[table]
        self.by_table[table].append(values)
        return values.get("id", 0)  # type: ignore[no-any-return]


class Generator:
    """Makes the rows in memory; `write` inserts them in bulk."""

    def __init__(self, session: Session) -> None:
        self.random = Random(SEED)
        self.rows = _Rows(session)
        self.to_publish: list[UUID] = []
        codes = session.scalars(select(State.code).where(State.code != "KGZ").order_by(State.code)).all()
        self.state_codes = list(codes)
        self.themes = {
            scheme: session.scalars(
                select(Theme.id).where(Theme.scheme == scheme).order_by(Theme.order)
            ).all()
            for scheme in Scheme
        }
        self.groups = session.scalars(select(Group.id).order_by(Group.order)).all()
        self.targets = session.scalars(select(SdgTarget.code).order_by(SdgTarget.order)).all()

    def lay_everything(self) -> None:
        self.office = self._organisation("bench-office", OrganisationKind.GOVERNMENT, "KGZ")
        self.coordinator = self._account(COORDINATOR, Role.COORDINATOR, self.office)
        under_review = self.random.sample(self.state_codes, STATES)
        for place, state in enumerate(under_review):
            self._lay_state(place, state)

    def _lay_state(self, place: int, state: str) -> None:
        self.ministries = [
            self._organisation(f"{state.lower()}-ministry-{n}", OrganisationKind.GOVERNMENT, state)
            for n in range(MINISTRIES)
        ]
        self.others = []
        for n in range(INDEPENDENT):
            kind = OrganisationKind.CSO if n else OrganisationKind.NHRI
            self.others.append(
                (self._organisation(f"{state.lower()}-voice-{n}", kind, state), VOICE_OF[kind])
            )
        self.author = self._account(f"bench-{state.lower()}", Role.FOCAL_POINT, self.ministries[0])
        for cycle in range(1, CYCLES + 1):
            is_newest = place == STATES - 1 and cycle == CYCLES
            self._lay_review(state, cycle, is_newest)
        for n in range(6):
            day = NOW.date() + timedelta(days=90 * n + 5)
            self.rows.add(
                Milestone, key=f"bench-{state}-{n}", state_code=state, review_id=None,
                kind=MilestoneKind.PREPARATION, starts_on=day, ends_on=day, label=words.title(self.random),
                note="", certainty=Certainty.ASSUMED, source="",
            )  # fmt: skip

    def _lay_review(self, state: str, cycle: int, is_newest: bool) -> None:
        self.review = f"{state}-{cycle}"
        review_id = self.rows.add(
            Review, code=self.review, state_code=state, mechanism=Mechanism.UPR, cycle=cycle, closed_at=None,
            figures_version=1,
        )  # fmt: skip
        source_id = self.rows.add(
            Source, key=f"bench-{self.review}", review_id=review_id, symbol=f"A/HRC/{20 + cycle}/{review_id}",
            title="Report of the Working Group", dated_on=date(2008 + 4 * cycle, 6, 1), language="en", link=None,
        )  # fmt: skip
        for number in range(1, PER_REVIEW + 1):
            self._lay_recommendation(review_id, source_id, number, is_newest)

    def _lay_recommendation(self, review_id: int, source_id: int, number: int, is_newest: bool) -> None:
        pick, ref = self.random, f"28.{number}"
        is_full = is_newest and ref == FULL_REF
        body, title = words.sentence(pick), words.title(pick)
        found = self.rows.add(
            Recommendation, review_id=review_id, source_id=source_id,
            kind=RecommendationKind.WG_RECOMMENDATION, ref=ref, order=number, short_title=title, text=body,
            position=pick.choices([Position.SUPPORTED, Position.NOTED], [74, 26])[0], context_note="",
            suggested_institutions=[], search_text=fold(f"{self.review} {ref} {title} {body}"),
        )  # fmt: skip
        self._tag(found)
        leader = pick.choice(self.ministries) if not is_full else self.ministries[1]
        for organisation in {leader, *pick.sample(self.ministries, pick.choice((0, 1, 1, 2)))}:
            kind = AssignmentKind.LEAD if organisation == leader else AssignmentKind.SUPPORTING
            self.rows.add(
                Assignment, recommendation_id=found, organisation_id=organisation, kind=kind,
                from_on=date(2024, 1, 1), to_on=None,
            )  # fmt: skip
        many = FULL_POINTS if is_full else pick.choices(range(1, 9), [16, 22, 24, 16, 10, 6, 4, 2])[0]
        for n in range(1, many + 1):
            self._lay_point(found, f"{ref}.{n}", n, leader, is_full)
            if is_newest and leader == self.ministries[0]:
                self._wait_for_publication(leader)

    def _tag(self, recommendation_id: int) -> None:
        """One theme of OHCHR's from the source; topics, groups and targets are our reading."""
        pick, tag = self.random, {"recommendation_id": recommendation_id}
        theme = self.themes[Scheme.OHCHR][
            min(int(pick.expovariate(0.08)), len(self.themes[Scheme.OHCHR]) - 1)
        ]
        self.rows.add(RecommendationTheme, **tag, theme_id=theme, is_own_reading=False)
        for topic in pick.sample(self.themes[Scheme.TOPIC], pick.choice((0, 0, 1, 2))):
            self.rows.add(RecommendationTheme, **tag, theme_id=topic, is_own_reading=True)
        for group in pick.sample(self.groups, pick.choice((0, 1, 1, 2, 3))):
            self.rows.add(RecommendationGroup, **tag, group_id=group, is_own_reading=False)
        for target in pick.sample(self.targets, pick.choice((0, 1, 2, 3))):
            self.rows.add(RecommendationSdgTarget, **tag, sdg_target_code=target, is_own_reading=False)
        for state in pick.sample(self.state_codes, pick.choice((1, 1, 1, 2, 3))):
            self.rows.add(RecommendingState, **tag, state_code=state)

    def _lay_point(self, recommendation_id: int, ref: str, order: int, leader: int, is_full: bool) -> None:
        pick = self.random
        point = self.rows.add(
            ActionPoint, recommendation_id=recommendation_id, ref=ref, order=order, text=words.title(pick),
            retired_at=None, disagreement=levels.Disagreement.NONE,
        )  # fmt: skip
        row = self.rows.by_table[ActionPoint][-1]
        self.point = point
        said: dict[Voice, list[Level]] = {}
        updates = FULL_ENTRIES // FULL_POINTS - 3 if is_full else pick.choices((0, 1, 2), (45, 40, 15))[0]
        for _ in range(updates):
            said[Voice.STATE] = [self._update(leader, UpdateState.PUBLISHED)]
        others = 3 if is_full else pick.choices((0, 1, 2), (70, 22, 8))[0]
        for organisation, voice in pick.sample(self.others, others):
            said.setdefault(voice, []).append(self._assessment(recommendation_id, organisation, voice))
        voices = {voice: found for voice, given in said.items() if (found := levels.of_voice(given))}
        row["disagreement"] = levels.disagreement(voices)
        for voice, kept in voices.items():
            self.rows.add(
                PointLevel,
                action_point_id=point,
                voice=voice,
                level=kept.level,
                index=kept.index,
                changed_at=NOW,
            )

    def _wait_for_publication(self, leader: int) -> None:
        for _ in range(8):
            if len(self.to_publish) < TO_PUBLISH:
                self._update(leader, UpdateState.SUBMITTED)
                self.to_publish.append(self.rows.by_table[ProgressUpdate][-1]["id"])

    def _update(self, organisation: int, state: UpdateState) -> Level:
        """Of one point each is later than the one before, so that the last one makes the level."""
        pick, level = self.random, self._level()
        rows = self.rows.by_table[ProgressUpdate]
        at = NOW - timedelta(days=700) + timedelta(minutes=len(rows))
        is_published = state == UpdateState.PUBLISHED
        self.rows.add(
            ProgressUpdate, id=self._uuid(), action_point_id=self.point, organisation_id=organisation,
            author_id=self.author, state=state, level=level, reason=words.title(pick),
            done=words.sentence(pick), obstacles=words.title(pick), support_needed=words.title(pick),
            next_step=words.title(pick), next_step_on=date(2027, 3, 31), as_of_on=at.date(),
            source_link="https://example.org/decision", language="en", led=True if is_published else None,
            comment="", recorded_at=at, submitted_at=at, validated_at=at if is_published else None,
            published_at=at if is_published else None, version=1,
        )  # fmt: skip
        return level

    def _assessment(self, recommendation_id: int, organisation: int, voice: Voice) -> Level:
        pick, level = self.random, self._level()
        at = NOW - timedelta(days=600) + timedelta(minutes=len(self.rows.by_table[Assessment]))
        self.rows.add(
            Assessment, id=self._uuid(), recommendation_id=recommendation_id, action_point_id=self.point,
            organisation_id=organisation, voice=voice, level=level, reason=words.title(pick),
            narrative=words.sentence(pick), source_link="https://example.net/report", language="en",
            published_at=at, withdrawn_on=None,
        )  # fmt: skip
        return level

    def _organisation(self, key: str, kind: OrganisationKind, state: str) -> int:
        name = f"{words.title(self.random)} ({key})"
        return self.rows.add(
            Organisation, key=key, kind=kind, state_code=state, name_en=name, name_ru=name, name_ky=name,
            valid_from=None, valid_to=None,
        )  # fmt: skip

    def _account(self, handle: str, role: Role, organisation: int) -> UUID:
        found = self._uuid()
        hashed = hash_passphrase(PASSPHRASE, CHEAP) if role == Role.COORDINATOR else "!"
        self.rows.add(
            Account, id=found, handle=handle, passphrase_hash=hashed, organisation_id=organisation,
            may_publish=False, email=None, language="en", created_at=NOW, ended_at=None,
        )  # fmt: skip
        self.rows.add(AccountRole, account_id=found, role=role)
        return found

    def _uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _level(self) -> Level:
        return self.random.choices(LEVELS, WEIGHTS)[0]


def lay_corpus(session: Session) -> Corpus:
    """Fills a database that holds the reference data; the caller commits."""
    made = Generator(session)
    made.lay_everything()
    for table in TABLES:
        if rows := made.rows.by_table[table]:
            session.execute(insert(table.__table__), rows)
            if table in made.rows.last and session.get_bind().dialect.name == "postgresql":
                name = table.__tablename__
                session.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
                )
    theme = session.scalar(
        select(Theme.code)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.code == made.review, Theme.scheme == Scheme.OHCHR)
        .group_by(Theme.code)
        .order_by(func.count().desc(), Theme.code)
        .limit(1)
    )
    return Corpus(made.review, f"ohchr-{theme}", Level.PARTIALLY_IMPLEMENTED.value, made.to_publish)
