"""The words beside the values of the filters, in the order of their vocabularies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation
from tracker.models.recommendations import RecommendingState
from tracker.models.sdg_targets import SdgGoal
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.queries.recommendations.facets import OHCHR_PREFIX

Labels = dict[str, list[tuple[str, str]]]


def list_labels(session: Session) -> Labels:
    """By facet: value and label. Organisations are listed only where they are assigned to something."""
    themes = session.execute(
        select(Theme.scheme, Theme.code, Theme.label).order_by(Theme.order, Theme.id)
    ).all()
    assigned = select(Assignment.organisation_id).where(Assignment.to_on.is_(None))
    organisations = select(Organisation.key, Organisation.name_en).where(Organisation.id.in_(assigned))
    states = select(State.code, State.name_en).where(State.code.in_(select(RecommendingState.state_code)))
    goals = session.execute(select(SdgGoal.code, SdgGoal.label).order_by(SdgGoal.order))
    groups = session.execute(select(Group.code, Group.label).order_by(Group.order))
    return {
        "topic": [(code, label) for scheme, code, label in themes if scheme == Scheme.TOPIC],
        "theme": [(code, label) for scheme, code, label in themes if scheme == Scheme.LETTER]
        + [(OHCHR_PREFIX + code, label) for scheme, code, label in themes if scheme == Scheme.OHCHR],
        "group": [(code, label) for code, label in groups],
        "sdg": [(code, f"{code}. {label}") for code, label in goals],
        "organisation": [
            (key, name) for key, name in session.execute(organisations.order_by(Organisation.name_en))
        ],
        "state": [(code, name) for code, name in session.execute(states.order_by(State.name_en))],
    }
