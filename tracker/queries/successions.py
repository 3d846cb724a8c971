"""Before and after an organisation: those that it goes on for, those that go on in its place; and what it has now that
would pass on with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.accounts import Account, Invitation
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation, OrganisationSuccession, SuccessionKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.accounts import visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.organisations import visible_organisations
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.translations import shown_title


@dataclass(frozen=True)
class Relative:
    """An organisation before or after another one, since `on`."""

    organisation: Organisation
    kind: SuccessionKind
    on: date


def list_relatives(
    session: Session, actor: Actor, organisation: Organisation
) -> tuple[list[Relative], list[Relative]]:
    """The predecessors and the successors of an organisation, each by day and name."""
    before, after = OrganisationSuccession.predecessor_id, OrganisationSuccession.successor_id
    is_before = and_(before == Organisation.id, after == organisation.id)
    is_after = and_(after == Organisation.id, before == organisation.id)
    query = select(Organisation, OrganisationSuccession.kind, OrganisationSuccession.on_date, is_before)
    query = query.join(OrganisationSuccession, or_(is_before, is_after)).where(visible_organisations(actor))
    predecessors: list[Relative] = []
    successors: list[Relative] = []
    rows = sorted(session.execute(query), key=lambda row: (row[2], sort_key(row[0].name), row[0].id))
    for other, kind, on, comes_before in rows:
        (predecessors if comes_before else successors).append(Relative(other, kind, on))
    return predecessors, successors


def list_successors(session: Session, actor: Actor, organisation: Organisation) -> list[Relative]:
    return list_relatives(session, actor, organisation)[1]


def with_predecessors(organisation_id: int | None) -> Select[int]:
    """The numbers of an organisation and of all that it goes on for: what these published on its points is what it
    answers for now."""
    family = select(literal(organisation_id, Integer).label("id")).cte("family", recursive=True)
    before = select(OrganisationSuccession.predecessor_id)
    before = before.join(family, OrganisationSuccession.successor_id == family.c.id)
    return select(family.union(before).c.id)


@dataclass(frozen=True)
class Belongings:
    """What an organisation has now and has not published. `led`, `supported`: its current assignments."""

    led: list[Any]
    supported: list[Any]
    people: int
    updates: int
    links: int

    @property
    def assignments(self) -> list[Any]:
        return [*self.led, *self.supported]


def get_belongings(session: Session, actor: Actor, organisation: Organisation) -> Belongings:
    held = list_current_assignments(session, actor, organisation)
    people = select(func.count()).select_from(Account)
    people = people.where(
        Account.organisation_id == organisation.id, Account.ended_at.is_(None), visible_accounts(actor)
    )
    updates = select(func.count()).select_from(ProgressUpdate)
    updates = updates.where(
        ProgressUpdate.organisation_id == organisation.id,
        ProgressUpdate.published_at.is_(None),
        visible_updates(actor),
    )
    links = select(func.count()).where(Invitation.organisation_id == organisation.id)
    return Belongings(
        [row for row in held if row.kind == AssignmentKind.LEAD],
        [row for row in held if row.kind != AssignmentKind.LEAD],
        session.scalar(people) or 0,
        session.scalar(updates) or 0,
        session.scalar(links) or 0,
    )


def list_current_assignments(session: Session, actor: Actor, organisation: Organisation) -> Sequence[Any]:
    """With the review, ref and title of what it leads or supports, by review and in the order of the source."""
    query = select(
        Assignment.id,
        Assignment.kind,
        Review.code.label("review"),
        Recommendation.ref,
        shown_title(),
    )
    query = query.join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    query = query.join(Review, Review.id == Recommendation.review_id)
    query = query.where(
        Assignment.organisation_id == organisation.id,
        Assignment.to_on.is_(None),
        visible_recommendations(actor),
    )
    return session.execute(query.order_by(Review.code, Recommendation.order, Recommendation.id)).all()
