"""Themes and groups of persons that a file brought: who reads them. An import adds the words of its file to the
vocabularies; while its review is not published, they would tell everybody what it is about."""

from typing import Any

from sqlalchemy import ColumnElement, String, or_, select, type_coerce

from tracker.models.recommendations import Recommendation, RecommendationGroup, RecommendationTheme
from tracker.models.settings import SeededRow
from tracker.models.themes import Group, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import occurs


def known_themes(actor: Actor, review_id: int | None = None) -> ColumnElement[bool]:
    """Those of the seed, and those of recommendations that the actor sees: in one review, or (None) in all. To whoever
    does not know one, its code is an unknown code."""
    tagged = select(RecommendationTheme.theme_id).join(Recommendation)
    key = type_coerce(Theme.scheme, String) + "|" + Theme.version + "|" + Theme.code
    return or_(_is_seeded("themes", key), occurs(tagged, Theme.id, actor, review_id))


def known_groups(actor: Actor, review_id: int | None = None) -> ColumnElement[bool]:
    """The same of groups of persons."""
    tagged = select(RecommendationGroup.group_id).join(Recommendation)
    return or_(_is_seeded("groups", Group.code), occurs(tagged, Group.id, actor, review_id))


def _is_seeded(file: str, key: Any) -> ColumnElement[bool]:
    return select(SeededRow.key).where(SeededRow.file == file, SeededRow.key == key).exists()
