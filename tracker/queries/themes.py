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
    """The names by recommendation, in the order of their vocabularies: one statement for all."""
    names: dict[int, list[Tagged[str]]] = defaultdict(list)
    query = (
        select(RecommendationTheme.recommendation_id, RecommendationTheme.is_heading, Theme)
        .join(Theme, Theme.id == RecommendationTheme.theme_id)
        .where(RecommendationTheme.recommendation_id.in_(recommendation_ids))
        .order_by(RecommendationTheme.recommendation_id, Theme.order, Theme.id)
    )
    for recommendation_id, is_heading, theme in session.execute(query):
        names[recommendation_id].append(Tagged(theme.scheme, is_heading, theme.name))
    return names


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

    older_theme: Theme
    newer_themes: list[Theme]

    @property
    def older(self) -> str:
        return self.older_theme.name

    @property
    def newer(self) -> list[str]:
        return [theme.name for theme in self.newer_themes]

    @property
    def is_by_name(self) -> bool:
        """It is called the same in both, but for “and”, case and blanks, as the vocabulary prints it."""
        return [fold_label(self.older_theme.label)] == [fold_label(each.label) for each in self.newer_themes]


def list_correspondences(session: Session) -> list[Correspondence]:
    """In the order of the older edition. Vocabularies belong to nobody: everybody reads them."""
    older, newer = aliased(Theme), aliased(Theme)
    query = (
        select(older, newer)
        .join_from(ThemeCorrespondence, older, older.id == ThemeCorrespondence.older_id)
        .join(newer, newer.id == ThemeCorrespondence.newer_id)
        .order_by(older.scheme, older.version, older.order, older.id, newer.order, newer.id)
    )
    found: dict[Theme, list[Theme]] = defaultdict(list)
    for theme, nearest in session.execute(query):
        found[theme].append(nearest)
    return [Correspondence(theme, nearest) for theme, nearest in found.items()]
