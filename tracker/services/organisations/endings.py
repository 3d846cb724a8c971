"""Ends an organisation of a State that nobody succeeds, and opens one again that was ended by a slip."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed, Refused
from tracker.history.lines import write_line
from tracker.identity.accounts import refuse_ended
from tracker.language import gettext, ngettext
from tracker.models.accounts import Account, Invitation
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationSuccession
from tracker.policy.actors import Actor
from tracker.policy.organisations import can_manage_organisation
from tracker.services.organisations.belongings import current_assignments, lock_belongings
from tracker.services.organisations.names import names_of, refuse_taken_name
from tracker.services.organisations.successions import Day, refuse_wrong_day


def end_organisation(
    session: Session, actor: Actor, organisation: Organisation, day: Day, *, leaves_ownerless: bool
) -> None:
    """From that day nobody goes on in its place. Refused while somebody has an account there, and, unless the person
    says that it is meant (`leaves_ownerless`), while it leads something. Its page and entries stay readable."""
    state_code = _lock(session, actor, organisation)
    refuse_ended(organisation)
    refuse_wrong_day(organisation, day.on, day.today)
    _refuse_with_people(session, organisation)
    held = current_assignments(session, organisation)
    led = [each for each in held if each.kind == AssignmentKind.LEAD]
    if led and not leaves_ownerless:
        raise Refused(
            ngettext(
                "It leads %(num)s recommendation, which nobody would lead. Assign another organisation first, or say"
                " that this is meant.",
                "It leads %(num)s recommendations, which nobody would lead. Assign other organisations first, or say"
                " that this is meant.",
                len(led),
            )
        )
    for each in held:
        each.to_on = max(day.on, each.from_on)
    session.execute(delete(Invitation).where(Invitation.organisation_id == organisation.id))
    organisation.valid_to = day.on
    session.flush()
    write_line(
        session,
        actor,
        "end_organisation",
        f"organisation {organisation.key}",
        at=day.now,
        state_code=state_code,
        facts={**organisation.facts, "on": day.on.isoformat()},
        after={"ended": [each.id for each in held]},
    )


def reopen_organisation(session: Session, actor: Actor, organisation: Organisation, now: datetime) -> int:
    """It goes on as if it had not ended, with what it was assigned to; what another organisation leads meanwhile stays
    with that one. Says how many assignments came back. One that has a successor is not opened again: its succession is
    taken back (`take_backs.py`)."""
    state_code = _lock(session, actor, organisation)
    is_succeeded = exists().where(OrganisationSuccession.predecessor_id == organisation.id)
    if organisation.valid_to is None or session.scalar(select(is_succeeded)):
        raise Refused(gettext("There is nothing to open again here. Nothing was changed."))
    refuse_taken_name(session, state_code, names_of(organisation), own=organisation)
    back = [each for each in _ended_with(session, organisation) if not _is_taken(session, each)]
    for each in back:
        each.to_on = None
    organisation.valid_to = None
    session.flush()
    write_line(
        session,
        actor,
        "reopen_organisation",
        f"organisation {organisation.key}",
        at=now,
        state_code=state_code,
        facts=organisation.facts,
    )
    return len(back)


def _lock(session: Session, actor: Actor, organisation: Organisation) -> str:
    if not can_manage_organisation(actor, organisation) or organisation.state_code is None:
        raise NotAllowed
    lock_belongings(session, organisation.state_code, organisation)
    return organisation.state_code


def _refuse_with_people(session: Session, organisation: Organisation) -> None:
    is_open = (Account.organisation_id == organisation.id, Account.ended_at.is_(None))
    people = session.scalar(select(func.count()).select_from(Account).where(*is_open)) or 0
    if people:
        raise Refused(
            ngettext(
                "%(num)s person has an account there. End it first, or merge the organisation into the one in which"
                " this person works now.",
                "%(num)s people have accounts there. End these first, or merge the organisation into the one in which"
                " they work now.",
                people,
            )
        )


def _ended_with(session: Session, organisation: Organisation) -> list[Assignment]:
    """The assignments that ended with it, as its line tells."""
    query = select(HistoryLine.after).where(
        HistoryLine.subject == f"organisation {organisation.key}", HistoryLine.verb == "end_organisation"
    )
    after = session.scalar(query.order_by(HistoryLine.id.desc()).limit(1))
    ids = after.get("ended", []) if isinstance(after, dict) else []
    return list(session.scalars(select(Assignment).where(Assignment.id.in_(ids))))


def _is_taken(session: Session, ended: Assignment) -> bool:
    if ended.kind != AssignmentKind.LEAD:
        return False
    leads = exists().where(
        Assignment.recommendation_id == ended.recommendation_id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.to_on.is_(None),
    )
    return bool(session.scalar(select(leads)))
