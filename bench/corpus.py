"""Synthetic reviews of 250 recommendations each: seeded, so that every run measures the same rows.

A small corpus has 80 reviews (20,000 recommendations), a large one 800 (200,000). The review that is measured is the
same in both, so that a difference comes from the number of the others.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import words
from bench.entries import FULL_ASSESSMENTS, FULL_UPDATES, NOW, Country, Entries
from bench.rows import RowBuffer, make_uuid
from tracker.identity.passphrases import CHEAP, hash_passphrase
from tracker.language import fold
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.levels import Level
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.organisations import VOICE_OF, Organisation, OrganisationKind
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

SEED, SEED_OF_NEWEST = 20_261_122, 20_261_123
SMALL, LARGE = 80, 800
STATES_AND_CYCLES = {SMALL: (20, 4), LARGE: (100, 8)}
"""Of a corpus of so many reviews."""
PER_REVIEW = 250
MINISTRIES, INDEPENDENT = 9, 4
COORDINATOR, PASSPHRASE = "bench-coordinator", "quiet-harbour-lantern-seven"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FULL_REF, FULL_POINTS = "28.100", 8
FULL_ENTRIES = FULL_POINTS * (FULL_UPDATES + FULL_ASSESSMENTS)


@dataclass(frozen=True)
class Corpus:
    """What the measures need to know of the rows: the newest review, a filter that finds many of its recommendations,
    and the updates that wait for the coordinator (see `Entries`); whoever publishes one takes it off the list."""

    review: str
    theme: str
    level: str
    to_publish: list[UUID]
    to_validate: list[UUID]


@dataclass(frozen=True)
class _Review:
    """`is_newest`: the one that is measured."""

    country: Country
    code: str
    id: int
    source_id: int
    is_newest: bool


class Generator:
    """Makes the rows of one State after the other and inserts them."""

    def __init__(self, session: Session, reviews: int) -> None:
        self.states, self.cycles = STATES_AND_CYCLES[reviews]
        self.random = Random(SEED)
        self.rows = RowBuffer(session)
        self.entries = Entries(self.rows, self.random)
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

    def add_everything(self) -> str:
        """Gives the code of the newest review, whose State comes last."""
        newest = ""
        last, *others = self.random.sample(self.state_codes, STATES_AND_CYCLES[LARGE][0])
        office = self._organisation("bench-office", OrganisationKind.GOVERNMENT, last)
        self._account(COORDINATOR, Role.COORDINATOR, office)
        for state in [*others[: self.states - 1], last]:
            newest = self._add_state(state, is_last=state == last)
            self.rows.write()
        self.rows.move_counters()
        return newest

    def _add_state(self, state: str, *, is_last: bool) -> str:
        ministries = [
            self._organisation(f"{state.lower()}-ministry-{n}", OrganisationKind.GOVERNMENT, state)
            for n in range(MINISTRIES)
        ]
        others = []
        for n in range(INDEPENDENT):
            kind = OrganisationKind.CSO if n else OrganisationKind.NHRI
            others.append((self._organisation(f"{state.lower()}-voice-{n}", kind, state), VOICE_OF[kind]))
        author = self._account(f"bench-{state.lower()}", Role.FOCAL_POINT, ministries[0])
        country, review = Country(state, ministries, others, author), ""
        for cycle in range(1, self.cycles + 1):
            review = self._add_review(country, cycle, is_newest=is_last and cycle == self.cycles)
        for n in range(6):
            day = NOW.date() + timedelta(days=90 * n + 5)
            self.rows.add(
                Milestone, key=f"bench-{state}-{n}", state_code=state, review_id=None,
                kind=MilestoneKind.PREPARATION, starts_on=day, ends_on=day, label=words.title(self.random),
                note="", certainty=Certainty.ASSUMED, source="",
            )  # fmt: skip
        return review

    def _add_review(self, country: Country, cycle: int, *, is_newest: bool) -> str:
        if is_newest:
            self.random.seed(SEED_OF_NEWEST)
        code = f"{country.code}-{cycle}"
        review_id = self.rows.add(
            Review, code=code, state_code=country.code, mechanism=Mechanism.UPR, cycle=cycle, is_published=True,
            closed_at=None,
            figures_version=1,
        )  # fmt: skip
        source_id = self.rows.add(
            Source, key=f"bench-{code}", review_id=review_id, symbol=f"A/HRC/{20 + cycle}/{review_id}",
            title="Report of the Working Group", dated_on=date(2008 + 4 * cycle, 6, 1), language="en", link=None,
        )  # fmt: skip
        review = _Review(country, code, review_id, source_id, is_newest)
        for number in range(1, PER_REVIEW + 1):
            self._add_recommendation(review, number)
        return code

    def _add_recommendation(self, review: _Review, number: int) -> None:
        pick, ref, ministries = self.random, f"28.{number}", review.country.ministries
        is_full = review.is_newest and ref == FULL_REF
        body, title = words.sentence(pick), words.title(pick)
        recommendation = self.rows.add(
            Recommendation, review_id=review.id, source_id=review.source_id,
            kind=RecommendationKind.WG_RECOMMENDATION, ref=ref, order=number, short_title=title, text=body,
            position=pick.choices([Position.SUPPORTED, Position.NOTED], [74, 26])[0], context_note="",
            suggested_institutions=[], is_about_nhri=False, newest_entry_at=None,
            steps_apart=None,
            search_text=fold(f"{review.code} {ref} {title} {body}"),
        )  # fmt: skip
        self._tag(recommendation)
        leader = pick.choice(ministries) if not is_full else ministries[1]
        for organisation in {leader, *pick.sample(ministries, pick.choice((0, 1, 1, 2)))}:
            kind = AssignmentKind.LEAD if organisation == leader else AssignmentKind.SUPPORTING
            self.rows.add(
                Assignment, recommendation_id=recommendation, organisation_id=organisation, kind=kind,
                from_on=date(2024, 1, 1), to_on=None,
            )  # fmt: skip
        many = FULL_POINTS if is_full else pick.choices(range(1, 9), [16, 22, 24, 16, 10, 6, 4, 2])[0]
        for n in range(1, many + 1):
            point = self.rows.add(
                ActionPoint, recommendation_id=recommendation, ref=f"{ref}.{n}", order=n, text=words.title(pick),
                retired_at=None, steps_apart=None,
            )  # fmt: skip
            made = self.rows.newest(ActionPoint)
            made["search_text"] = fold(made["text"])
            self.entries.add_published(review.country, recommendation, point, leader, is_full=is_full)
            if review.is_newest and leader == ministries[0]:
                self.entries.add_waiting(review.country, point)

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

    def _organisation(self, key: str, kind: OrganisationKind, state: str) -> int:
        name = f"{words.title(self.random)} ({key})"
        return self.rows.add(
            Organisation, key=key, kind=kind, state_code=state, names={"en": name},
            valid_from=None, valid_to=None,
        )  # fmt: skip

    def _account(self, handle: str, role: Role, organisation: int) -> UUID:
        account_id = make_uuid(self.random)
        hashed = hash_passphrase(PASSPHRASE, CHEAP) if role == Role.COORDINATOR else "!"
        self.rows.add(
            Account, id=account_id, handle=handle, passphrase_hash=hashed, organisation_id=organisation,
            may_publish=False, email=None, language="en", created_at=NOW, ended_at=None,
            totp_secret=TOTP_SECRET if role == Role.COORDINATOR else None,
        )  # fmt: skip
        self.rows.add(AccountRole, account_id=account_id, role=role)
        return account_id


def add_corpus(session: Session, reviews: int) -> Corpus:
    """Fills a database that holds the reference data; the caller commits."""
    generator = Generator(session, reviews)
    review = generator.add_everything()
    theme = session.scalar(
        select(Theme.code)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.code == review, Theme.scheme == Scheme.OHCHR)
        .group_by(Theme.code)
        .order_by(func.count().desc(), Theme.code)
        .limit(1)
    )
    return Corpus(
        review,
        f"ohchr-{theme}",
        Level.PARTIALLY_IMPLEMENTED.value,
        generator.entries.to_publish,
        generator.entries.to_validate,
    )
