"""Themes of recommendations: working topics, and headings of their source."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.language import fold_label
from tracker.models.recommendations import RecommendationTheme
from tracker.models.themes import Scheme, Theme, ThemeCorrespondence

T = TypeVar("T")


class Tagged(NamedTuple, Generic[T]):
    """`is_heading`: the source prints the recommendation under this theme."""

    scheme: Scheme
    is_heading: bool
    theme: T


def list_themes(session: Session, recommendation_ids: Sequence[int]) -> dict[int, list[Tagged[str]]]:
    """The labels by recommendation, in the order of their vocabularies: one statement for all."""
    labels: dict[int, list[Tagged[str]]] = defaultdict(list)
    query = (
        select(
            RecommendationTheme.recommendation_id, Theme.scheme, RecommendationTheme.is_heading, Theme.label
        )
        .join(Theme, Theme.id == RecommendationTheme.theme_id)
        .where(RecommendationTheme.recommendation_id.in_(recommendation_ids))
        .order_by(RecommendationTheme.recommendation_id, Theme.order, Theme.id)
    )
    for recommendation_id, scheme, is_heading, label in session.execute(query):
        labels[recommendation_id].append(Tagged(scheme, is_heading, label))
    return labels


def topics(tagged: Sequence[Tagged[T]]) -> list[T]:
    return _of(Scheme.TOPIC, tagged)


def ohchr_themes(tagged: Sequence[Tagged[T]]) -> list[T]:
    return _of(Scheme.OHCHR, tagged)


def headings(tagged: Sequence[Tagged[T]]) -> list[T]:
    """The theme under which the source prints the recommendation; where it says none, the headings of the letter, else
    OHCHR's themes, else the issues of UPR Info."""
    marked = [each.theme for each in tagged if each.is_heading]
    return marked or _of(Scheme.LETTER, tagged) or ohchr_themes(tagged) or _of(Scheme.UPR_INFO, tagged)


def _of(scheme: Scheme, tagged: Sequence[Tagged[T]]) -> list[T]:
    return [each.theme for each in tagged if each.scheme == scheme]


@dataclass(frozen=True)
class Correspondence:
    """A theme of an older edition and those of the newer one that come nearest to it."""

    older: str
    newer: list[str]

    @property
    def is_by_name(self) -> bool:
        """It is called the same in both, but for “and”, case and blanks."""
        return [fold_label(self.older)] == [fold_label(each) for each in self.newer]


def list_correspondences(session: Session) -> list[Correspondence]:
    """In the order of the older edition. Vocabularies belong to nobody: everybody reads them."""
    older, newer = aliased(Theme), aliased(Theme)
    query = (
        select(older.label, newer.label)
        .join_from(ThemeCorrespondence, older, older.id == ThemeCorrespondence.older_id)
        .join(newer, newer.id == ThemeCorrespondence.newer_id)
        .order_by(older.scheme, older.version, older.order, older.id, newer.order, newer.id)
    )
    labels: dict[str, list[str]] = defaultdict(list)
    for older_label, newer_label in session.execute(query):
        labels[older_label].append(newer_label)
    return [Correspondence(label, found) for label, found in labels.items()]
