"""The labels of the filters' values, in the order of their vocabularies."""

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

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
    inside = visible_recommendations(actor)
    if review_id is not None:
        inside = and_(Recommendation.review_id == review_id, inside)
    themes = session.scalars(select(Theme).order_by(Theme.order, Theme.id)).all()
    groups = session.scalars(select(Group).order_by(Group.order))
    goals = session.scalars(select(SdgGoal).order_by(SdgGoal.order))
    return {
        "topic": [(theme.code, theme.label) for theme in themes if theme.scheme == Scheme.TOPIC],
        "theme": [(theme.code, theme.label) for theme in themes if theme.scheme == Scheme.LETTER]
        + [(OHCHR_PREFIX + theme.code, theme.label) for theme in themes if theme.scheme == Scheme.OHCHR],
        "group": [(group.code, group.label) for group in groups],
        "sdg": [(goal.code, f"{goal.code}. {goal.label}") for goal in goals],
        "organisation": _organisations(session, inside),
        "state": _states(session, inside),
    }


# EXISTS stops at the first row of each organisation and State; IN (SELECT …) would read the whole table of
# assignments or of recommending States.


def _organisations(session: Session, inside: ColumnElement[bool]) -> list[tuple[str, str]]:
    is_assigned = (
        exists()
        .where(Assignment.organisation_id == Organisation.id, Assignment.to_on.is_(None))
        .where(Recommendation.id == Assignment.recommendation_id, inside)
    )
    query = select(Organisation).where(is_assigned).order_by(Organisation.name_en)
    return [(organisation.key, organisation.name_en) for organisation in session.scalars(query)]


def _states(session: Session, inside: ColumnElement[bool]) -> list[tuple[str, str]]:
    has_recommended = (
        exists()
        .where(RecommendingState.state_code == State.code)
        .where(Recommendation.id == RecommendingState.recommendation_id, inside)
    )
    query = select(State).where(has_recommended).order_by(State.name_en)
    return [(state.code, state.name_en) for state in session.scalars(query)]
