"""A coordinator brings in what a ministry wrote elsewhere: a draft of the ministry, with the coordinator as carrier
(docs/rules.md, "Updates"). Its people read it again and submit it, as any draft of theirs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import NotAllowed, OpenUpdateExists
from tracker.history.lines import write_line
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account, Role
from tracker.models.action_points import ActionPoint
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import updates as policy
from tracker.policy.actors import Actor
from tracker.policy.roles import holds
from tracker.queries.assignments import find_own_assignment
from tracker.queries.updates import find_open_update
from tracker.services.entry_places import lock_place
from tracker.services.updates.discarding import write_discarding
from tracker.services.updates.texts import UpdateText, as_assigned, refuse_wrong_days


def find_author(session: Session, organisation_id: int) -> Account | None:
    """The focal point in whose name a draft is brought in: of several the one who has been there longest."""
    query = select(Account).where(
        Account.organisation_id == organisation_id, Account.ended_at.is_(None), holds(Role.FOCAL_POINT)
    )
    query = query.options(joinedload(Account.organisation), selectinload(Account.roles))
    return session.scalars(query.order_by(Account.created_at, Account.id).limit(1)).first()


def carry_update(
    session: Session,
    carrier: Actor,
    organisation: Organisation,
    point: ActionPoint,
    text: UpdateText,
    now: datetime,
) -> ProgressUpdate:
    """A draft of the organisation, whose author is its focal point. `NotAllowed` where the organisation has none or is
    not assigned, `Retired` where the point takes no entries, `OpenUpdateExists` where it has an open update there."""
    review, account = point.recommendation.review, find_author(session, organisation.id)
    if account is None or not policy.can_carry_update(carrier, review):
        raise NotAllowed
    author = actor_of(account)
    assigned = find_own_assignment(session, author, point.recommendation_id)
    if not policy.can_write_update(author, review, assigned=assigned is not None):
        raise NotAllowed
    refuse_wrong_days(text, now)
    lock_place(session, review.id, point.recommendation_id, point.id)
    open_update = find_open_update(session, author, point.id)
    if open_update is not None:
        raise OpenUpdateExists(open_update)
    values = vars(as_assigned(text, assigned))
    update = ProgressUpdate(
        action_point=point,
        organisation=organisation,
        author_id=account.id,
        state=UpdateState.DRAFT,
        recorded_at=now,
        **values,
    )
    session.add(update)
    session.flush()
    facts = organisation.facts
    subject = f"update {update.id}"
    write_line(session, carrier, "carry_update", subject, at=now, state_code=review.state_code, facts=facts)
    return update


def is_untouched(update: ProgressUpdate) -> bool:
    """Nobody of the organisation has saved, submitted or added anything."""
    return update.state == UpdateState.DRAFT and update.version == 1 and not update.has_files


def take_back_update(session: Session, carrier: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Removes a draft that was brought in, while it is untouched."""
    if not is_untouched(update):
        raise NotAllowed
    write_discarding(session, carrier, update, now)
    session.delete(update)
    session.flush()
