"""The labels of the filters' values, in the order of their vocabularies."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import gettext, sort_key
from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation, RecommendingState
from tracker.models.sdg_targets import SdgGoal
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import occurs
from tracker.policy.themes import known_groups, known_themes
from tracker.queries.recommendations.theme_values import PREFIXES

Labels = dict[str, list[tuple[str, str]]]


def list_labels(session: Session, actor: Actor, review_id: int | None = None) -> Labels:
    """By facet: value and label. Organisations are listed where they are assigned to something that the actor sees,
    States where they recommended something that the actor sees: in one review, or (None) in all. So are themes and
    groups that are not seeded."""
    known = select(Theme).where(known_themes(actor, review_id))
    themes = session.scalars(known.order_by(Theme.order, Theme.id)).all()
    groups = session.scalars(
        select(Group).where(known_groups(actor, review_id)).order_by(Group.order, Group.id)
    )
    goals = session.scalars(select(SdgGoal).order_by(SdgGoal.order))
    return {
        "topic": [(theme.code, theme.name) for theme in themes if theme.scheme == Scheme.TOPIC],
        "heading": _themes(themes, Scheme.OHCHR),
        "theme": [label for scheme in PREFIXES for label in _themes(themes, scheme)],
        "group": [(group.code, group.name) for group in groups],
        "sdg": [(goal.code, f"{goal.code}. {goal.name}") for goal in goals],
        "organisation": _organisations(session, actor, review_id),
        "state": _states(session, actor, review_id),
    }


def _themes(themes: Sequence[Theme], scheme: Scheme) -> list[tuple[str, str]]:
    """A theme that several editions have under one code is listed once, as the newest calls it; what only an older one
    has comes behind and is marked."""
    prefix, own = PREFIXES[scheme], [theme for theme in themes if theme.scheme == scheme]
    newest = max((theme.version for theme in own), default="")
    labels = {prefix + theme.code: theme.name for theme in own if theme.version == newest}
    older = {prefix + theme.code: theme.name for theme in own if prefix + theme.code not in labels}
    marked = {value: gettext("%(theme)s (older edition)", theme=label) for value, label in older.items()}
    return [*labels.items(), *marked.items()]


def _organisations(session: Session, actor: Actor, review_id: int | None) -> list[tuple[str, str]]:
    assigned = select(Assignment.organisation_id).join(Recommendation).where(Assignment.to_on.is_(None))
    is_assigned = occurs(assigned, Organisation.id, actor, review_id)
    return _by_name(session.execute(select(Organisation.key, Organisation.name).where(is_assigned)))


def _states(session: Session, actor: Actor, review_id: int | None) -> list[tuple[str, str]]:
    recommending = select(RecommendingState.state_code).join(Recommendation)
    is_recommending = occurs(recommending, State.code, actor, review_id)
    return _by_name(session.execute(select(State.code, State.name).where(is_recommending)))


def _by_name(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return sorted(((code, name) for code, name in rows), key=lambda each: (sort_key(each[1]), each[0]))
