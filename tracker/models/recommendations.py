"""Items to follow up, with what they are tagged with."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.codes import KIND_LABELS as KIND_LABELS
from tracker.codes import POSITION_LABELS as POSITION_LABELS
from tracker.codes import Position as Position
from tracker.codes import RecommendationKind as RecommendationKind
from tracker.language import fold, gettext, ngettext
from tracker.models.base import Base, one_of
from tracker.models.levels import Voice, is_self_assessment
from tracker.models.reviews import Review, Source


def words_of_kinds(kinds: Mapping[RecommendationKind, int]) -> str:
    """38 recommendations in the annex of the letter and 6 requests in the letter"""
    parts = [_words_of_kind(kind, number) for kind, number in kinds.items() if number]
    if len(parts) < 2:
        return "".join(parts)
    return gettext("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def _words_of_kind(kind: RecommendationKind, num: int) -> str:
    match kind:
        case RecommendationKind.LETTER_ANNEX:
            return ngettext(
                "%(num)s recommendation in the annex of the letter",
                "%(num)s recommendations in the annex of the letter",
                num,
            )
        case RecommendationKind.LETTER_BODY:
            return ngettext("%(num)s request in the letter", "%(num)s requests in the letter", num)
        case RecommendationKind.WG_RECOMMENDATION:
            return ngettext(
                "%(num)s recommendation of the Working Group",
                "%(num)s recommendations of the Working Group",
                num,
            )
        case RecommendationKind.VOLUNTARY_PLEDGE:
            return ngettext("%(num)s voluntary pledge", "%(num)s voluntary pledges", num)
        case RecommendationKind.TREATY_BODY:
            return ngettext(
                "%(num)s recommendation of a treaty body", "%(num)s recommendations of treaty bodies", num
            )
        case RecommendationKind.SPECIAL_PROCEDURE:
            return ngettext(
                "%(num)s recommendation of a special procedure",
                "%(num)s recommendations of special procedures",
                num,
            )


class Recommendation(Base):
    """`ref` is text, as printed (28.1, 28.10 and 28.100 are three); ours (A12, B3) for the letter.

    `is_about_nhri`: the human rights institution is what the recommendation is about, so that its own entry is a
    self-assessment.
    `position` and `position_source` are those of the adoption and never change. A later change of mind is
    `position_now`, since `position_now_on`, with its source. `action_category`: UPR Info's, 1 (minimal) to 5
    (specific). `external_id`: of the same recommendation in UHRI.
    `former_refs`: the refs under which it was public before, the oldest first, each with the moment `until` which it
    had it. They stay its own: no other recommendation of the review gets one.
    A retired recommendation keeps its page, entries and history; its points are retired with it, and lists and figures
    leave it out. Everybody reads `retired_reason` on its page.
    `services/levels.py` computes `newest_entry_at` and `steps_apart`, for the order of the list alone: the widest gap
    between the State and another organisation, of all open points and of the whole; None where nothing is compared.
    `short_title`, `context_note` and `suggested_institutions` are this project's own reading.
    `search_text` is what the word search reads (`queries/recommendations/facets.py`), beside that of the action
    points. Every insert and update of an object stores `make_search_text()` in it. A statement for many rows bypasses
    this, so it must set the column too.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        UniqueConstraint("review_id", "ref"),
        UniqueConstraint("review_id", "order"),
        CheckConstraint("action_category BETWEEN 1 AND 5", name="action_category"),
        CheckConstraint("(position_now IS NULL) = (position_now_on IS NULL)", name="position_now_is_dated"),
        CheckConstraint("steps_apart BETWEEN 0 AND 4", name="steps_apart"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    kind: Mapped[RecommendationKind] = mapped_column(one_of(RecommendationKind, "kind"))
    ref: Mapped[str]
    order: Mapped[int]
    short_title: Mapped[str]
    text: Mapped[str]
    position: Mapped[Position | None] = mapped_column(one_of(Position, "position"))
    position_source: Mapped[str] = mapped_column(default="")
    position_now: Mapped[Position | None] = mapped_column(one_of(Position, "position_now"))
    position_now_on: Mapped[date | None]
    position_now_source: Mapped[str] = mapped_column(default="")
    action_category: Mapped[int | None]
    external_id: Mapped[str | None]
    former_refs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    context_note: Mapped[str] = mapped_column(default="")
    suggested_institutions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    is_about_nhri: Mapped[bool] = mapped_column(default=False)
    newest_entry_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    retired_reason: Mapped[str] = mapped_column(default="")
    steps_apart: Mapped[int | None]
    search_text: Mapped[str]

    review: Mapped[Review] = relationship(lazy="raise_on_sql")
    source: Mapped[Source] = relationship(lazy="raise_on_sql")

    def is_self_assessment(self, voice: Voice | None) -> bool:
        """Of an entry of this voice, on the whole or on a point."""
        return is_self_assessment(voice, self.is_about_nhri)

    @property
    def former_numbers(self) -> list[str]:
        """Each once, without the one that it has now."""
        return [ref for ref in dict.fromkeys(each["ref"] for each in self.former_refs) if ref != self.ref]

    def make_search_text(self) -> str:
        return fold(f"{self.ref} {self.short_title} {self.text}")


def ref_at(ref: str, former_refs: Sequence[Mapping[str, str]], at: datetime) -> str:
    """Which ref a recommendation had at a moment, by the columns `ref` and `former_refs`."""
    former = (each["ref"] for each in former_refs if at < datetime.fromisoformat(each["until"]))
    return next(former, ref)


# What is followed up is counted and paged without reading the texts: 200,000 of them in 48 ms, not in 180. An index
# that begins with `retired_at` instead would keep SQLite from the two orders below.
_is_open = Recommendation.retired_at.is_(None)
Index(
    "ix_recommendations_open",
    Recommendation.review_id,
    Recommendation.order,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
# The orders of the list (`queries/recommendations/rows.py`). SQLite sorts NULL last here by itself and knows no NULLS
# LAST in an index: revision 0018 leaves it out there. When Alembic copies this table on SQLite it forgets DESC, so a
# revision that does so makes these indexes anew. `retired_at` stands behind, so that a page reads the index alone.
for _key in (Recommendation.newest_entry_at, Recommendation.steps_apart):
    _place = (
        _key.desc().nulls_last(),
        Recommendation.review_id.desc(),
        Recommendation.order,
        Recommendation.retired_at,
    )
    Index(f"ix_recommendations_{_key.key}", *_place)


@event.listens_for(Recommendation, "before_insert")
@event.listens_for(Recommendation, "before_update")
def _store_search_text(_mapper: object, _connection: object, row: Recommendation) -> None:
    row.search_text = row.make_search_text()


class RecommendationWording(Base):
    """The text that a recommendation had until a moment: assessments of the whole were made on it."""

    __tablename__ = "recommendation_wordings"
    __table_args__ = (UniqueConstraint("recommendation_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    text: Mapped[str]
    until: Mapped[datetime]


class RecommendationTheme(Base):
    """A tag; `is_own_reading` marks what this project suggests rather than the source, `is_heading` the theme under
    which the source prints the recommendation."""

    __tablename__ = "recommendation_themes"
    __table_args__ = (Index(None, "theme_id", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True)
    is_own_reading: Mapped[bool]
    is_heading: Mapped[bool] = mapped_column(default=False)


class RecommendationGroup(Base):
    __tablename__ = "recommendation_groups"
    __table_args__ = (Index(None, "group_id", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    is_own_reading: Mapped[bool]


class RecommendationSdgTarget(Base):
    __tablename__ = "recommendation_sdg_targets"
    __table_args__ = (Index(None, "sdg_target_code", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    sdg_target_code: Mapped[str] = mapped_column(ForeignKey("sdg_targets.code"), primary_key=True)
    is_own_reading: Mapped[bool]


class RecommendationSdgGoal(Base):
    """A goal that the source names without a target."""

    __tablename__ = "recommendation_sdg_goals"
    __table_args__ = (Index(None, "sdg_goal_code", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    sdg_goal_code: Mapped[str] = mapped_column(ForeignKey("sdg_goals.code"), primary_key=True)
    is_own_reading: Mapped[bool]


class RecommendingState(Base):
    """A State that made the recommendation; one made by five States counts once in totals."""

    __tablename__ = "recommending_states"
    __table_args__ = (Index(None, "state_code", "recommendation_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"), primary_key=True)
