"""Which organisations lead and support a recommendation now; what has no lead, who has no focal point, and which
institutions are suggested."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.language import sort_key
from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.policy.organisations import organisations_to_manage
from tracker.policy.reviews import visible_recommendations
from tracker.policy.roles import holds
from tracker.queries.translations import shown_title

PAGE = 25


def leads_now() -> ColumnElement[bool]:
    """Joins a recommendation with the assignment of the organisation that leads it now."""
    return and_(
        Assignment.recommendation_id == Recommendation.id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.to_on.is_(None),
    )


def list_assignments(session: Session, actor: Actor, recommendation_id: int) -> list[Assignment]:
    """With their organisations: the lead first, then those that support, by name."""
    query = (
        select(Assignment)
        .join(Organisation)
        .join(Recommendation)
        .where(
            Recommendation.id == recommendation_id, visible_recommendations(actor), Assignment.to_on.is_(None)
        )
        .options(joinedload(Assignment.organisation))
    )
    return sorted(session.scalars(query), key=lambda each: (each.kind, *_by_name(each.organisation)))


def find_own_assignment(session: Session, actor: Actor, recommendation_id: int) -> AssignmentKind | None:
    """How the actor's organisation is assigned to the recommendation now; None: not at all."""
    query = select(Assignment.kind).where(
        Assignment.organisation_id == actor.organisation_id,
        Assignment.recommendation_id == recommendation_id,
        Assignment.to_on.is_(None),
    )
    return session.scalar(query)


@dataclass(frozen=True)
class Assigned:
    """A recommendation with who leads and supports it now."""

    id: int
    ref: str
    short_title: str
    lead: Organisation | None = None
    supporting: tuple[Organisation, ...] = ()

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return (self.lead, *self.supporting) if self.lead else self.supporting


def count_without_lead(session: Session, actor: Actor, review_id: int) -> tuple[int, int]:
    """How many recommendations of a review are followed up, and how many of them no organisation leads."""
    query = select(func.count(), func.count().filter(~exists().where(leads_now()))).select_from(
        Recommendation
    )
    total, without = session.execute(query.where(*_followed_up(actor, review_id))).one()
    return total, without


def list_without_lead(
    session: Session, actor: Actor, review_id: int, page: int
) -> tuple[list[Assigned], bool]:
    """A page of them, in the order of the source, and whether there is another one."""
    query = select(Recommendation.id).where(*_followed_up(actor, review_id), ~exists().where(leads_now()))
    query = query.order_by(Recommendation.order, Recommendation.id)
    ids = session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return list_assigned(session, actor, review_id, ids[:PAGE]), len(ids) > PAGE


def _followed_up(actor: Actor, review_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Recommendation.review_id == review_id,
        Recommendation.retired_at.is_(None),
        visible_recommendations(actor),
    )


def list_assigned(
    session: Session, actor: Actor, review_id: int, ids: Sequence[int] | None = None
) -> list[Assigned]:
    """Those of a review that are followed up, in the order of the source; `ids`: only these."""
    of_review = select(Recommendation.id, Recommendation.ref, shown_title())
    of_review = of_review.where(*_followed_up(actor, review_id))
    if ids is not None:
        of_review = of_review.where(Recommendation.id.in_(ids))
    rows = session.execute(of_review.order_by(Recommendation.order, Recommendation.id)).all()
    held = _held(session, [row.id for row in rows])
    found = []
    for row in rows:
        of_row = held.get(row.id, [])
        lead = next((each for kind, each in of_row if kind == AssignmentKind.LEAD), None)
        supporting = tuple(each for kind, each in of_row if kind != AssignmentKind.LEAD)
        found.append(Assigned(row.id, row.ref, row.short_title, lead, supporting))
    return found


def _held(session: Session, ids: list[int]) -> dict[int, list[tuple[AssignmentKind, Organisation]]]:
    """By recommendation: those that the actor sees, the caller has checked."""
    query = select(Assignment.recommendation_id, Assignment.kind, Organisation)
    query = query.join(Organisation, Organisation.id == Assignment.organisation_id)
    query = query.where(Assignment.recommendation_id.in_(ids), Assignment.to_on.is_(None))
    found: dict[int, list[tuple[AssignmentKind, Organisation]]] = {}
    for recommendation_id, kind, organisation in sorted(
        session.execute(query), key=lambda row: _by_name(row[2])
    ):
        found.setdefault(recommendation_id, []).append((kind, organisation))
    return found


def list_suggested(session: Session, actor: Actor, review_id: int) -> list[tuple[int, list[str]]]:
    """The recommendations of a review with the names of institutions that may be responsible: our own reading."""
    query = select(Recommendation.id, Recommendation.suggested_institutions).where(
        *_followed_up(actor, review_id)
    )
    rows = session.execute(query.order_by(Recommendation.order, Recommendation.id))
    return [(row[0], [str(name) for name in row[1]]) for row in rows if row[1]]


def list_without_focal_point(session: Session, actor: Actor, state_code: str) -> list[Organisation]:
    """The organisations of the State that lead or support something now and have no focal point, by name."""
    assigned = exists().where(
        Assignment.organisation_id == Organisation.id,
        Assignment.to_on.is_(None),
        Assignment.recommendation_id == Recommendation.id,
        visible_recommendations(actor),
    )
    has_one = exists().where(
        Account.organisation_id == Organisation.id, Account.ended_at.is_(None), holds(Role.FOCAL_POINT)
    )
    query = select(Organisation).where(
        organisations_to_manage(actor), Organisation.state_code == state_code, assigned, ~has_one
    )
    return sorted(session.scalars(query), key=_by_name)


def _by_name(organisation: Organisation) -> tuple[tuple[int, ...], int]:
    return sort_key(organisation.name), organisation.id
