"""The labels of the filters' values, in the order of their vocabularies."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation, RecommendingState
from tracker.models.sdg_targets import SdgGoal
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.recommendations.facets import OHCHR_PREFIX

Labels = dict[str, list[tuple[str, str]]]


def list_labels(session: Session, actor: Actor, review_id: int | None = None) -> Labels:
    """By facet: value and label. Organisations are listed where they are assigned to something that the actor sees,
    States where they recommended something that the actor sees: in one review, or (None) in all."""
    themes = session.scalars(select(Theme).order_by(Theme.order, Theme.id)).all()
    groups = session.scalars(select(Group).order_by(Group.order))
    goals = session.scalars(select(SdgGoal).order_by(SdgGoal.order))
    return {
        "topic": [(theme.code, theme.label) for theme in themes if theme.scheme == Scheme.TOPIC],
        "theme": [(theme.code, theme.label) for theme in themes if theme.scheme == Scheme.LETTER]
        + [(OHCHR_PREFIX + theme.code, theme.label) for theme in themes if theme.scheme == Scheme.OHCHR],
        "group": [(group.code, group.label) for group in groups],
        "sdg": [(goal.code, f"{goal.code}. {goal.label}") for goal in goals],
        "organisation": _organisations(session, actor, review_id),
        "state": _states(session, actor, review_id),
    }


def _organisations(session: Session, actor: Actor, review_id: int | None) -> list[tuple[str, str]]:
    assigned = select(Assignment.organisation_id).join(Recommendation).where(Assignment.to_on.is_(None))
    is_assigned = _occurs(assigned, Organisation.id, actor, review_id)
    query = select(Organisation).where(is_assigned).order_by(Organisation.name_en)
    return [(organisation.key, organisation.name_en) for organisation in session.scalars(query)]


def _states(session: Session, actor: Actor, review_id: int | None) -> list[tuple[str, str]]:
    recommending = select(RecommendingState.state_code).join(Recommendation)
    is_recommending = _occurs(recommending, State.code, actor, review_id)
    query = select(State).where(is_recommending).order_by(State.name_en)
    return [(state.code, state.name_en) for state in session.scalars(query)]


def _occurs(
    values: Select[Any], value: InstrumentedAttribute[Any], actor: Actor, review_id: int | None
) -> ColumnElement[bool]:
    """Is the value among those of the review, or of all? Among those of one review, IN reads its few rows. Among all,
    EXISTS stops at the first row of each value, where IN would read the whole table."""
    values = values.where(visible_recommendations(actor))
    if review_id is not None:
        return value.in_(values.where(Recommendation.review_id == review_id))
    [column] = values.selected_columns
    return values.where(column == value).exists()
