"""Themes of recommendations: working topics, and headings of their source."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.recommendations import RecommendationTheme
from tracker.models.themes import Scheme, Theme

T = TypeVar("T")


def list_themes(session: Session, recommendation_ids: Sequence[int]) -> dict[int, list[tuple[Scheme, str]]]:
    """The labels by recommendation, in the order of their vocabularies: one statement for all."""
    labels: dict[int, list[tuple[Scheme, str]]] = defaultdict(list)
    query = (
        select(RecommendationTheme.recommendation_id, Theme.scheme, Theme.label)
        .join(Theme, Theme.id == RecommendationTheme.theme_id)
        .where(RecommendationTheme.recommendation_id.in_(recommendation_ids))
        .order_by(RecommendationTheme.recommendation_id, Theme.order, Theme.id)
    )
    for recommendation_id, scheme, label in session.execute(query):
        labels[recommendation_id].append((scheme, label))
    return labels


def topics(tagged: Sequence[tuple[Scheme, T]]) -> list[T]:
    return _of(Scheme.TOPIC, tagged)


def ohchr_themes(tagged: Sequence[tuple[Scheme, T]]) -> list[T]:
    return _of(Scheme.OHCHR, tagged)


def headings(tagged: Sequence[tuple[Scheme, T]]) -> list[T]:
    """The headings of the letter; where it gave none, OHCHR's themes."""
    return _of(Scheme.LETTER, tagged) or ohchr_themes(tagged)


def _of(scheme: Scheme, tagged: Sequence[tuple[Scheme, T]]) -> list[T]:
    return [theme for its_scheme, theme in tagged if its_scheme == scheme]
