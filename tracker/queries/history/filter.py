"""What a reader looks for in the history: kinds of deeds, an organisation, a period. Narrows what may be seen, and
never widens it: the options are the same whatever happened unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, not_, or_, select, true
from sqlalchemy.orm import Session

from tracker.models.accounts import Account
from tracker.models.assignments import Assignment
from tracker.models.history import DeedKind, HistoryLine
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.history import may_follow_history
from tracker.policy.organisations import visible_organisations

PUBLIC_KINDS = (DeedKind.PUBLISHED, DeedKind.RESPONSIBILITY)
_ABOUT_UPDATES = HistoryLine.subject.startswith("update ")
_ABOUT_PEOPLE = or_(
    *(HistoryLine.subject.startswith(name) for name in ("account ", "organisation ", "administrators"))
)
_IS: dict[DeedKind, ColumnElement[bool]] = {
    DeedKind.PUBLISHED: HistoryLine.verb == "publish_update",
    DeedKind.RESPONSIBILITY: HistoryLine.verb == "assign",
    DeedKind.WORK: and_(_ABOUT_UPDATES, HistoryLine.verb != "publish_update"),
    DeedKind.PEOPLE: _ABOUT_PEOPLE,
}


@dataclass(frozen=True)
class HistoryFilter:
    """What is None does not matter. `until` is the first instant that is too late."""

    kind: DeedKind | None = None
    organisation: Organisation | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_kinds(actor: Actor) -> tuple[DeedKind, ...]:
    return tuple(DeedKind) if may_follow_history(actor) else PUBLIC_KINDS


def list_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Whom everybody reads of: who was ever responsible, who published; and those that the coordinator keeps."""
    responsible = exists().where(Assignment.organisation_id == Organisation.id)
    published = exists().where(
        ProgressUpdate.organisation_id == Organisation.id, ProgressUpdate.state == UpdateState.PUBLISHED
    )
    seen = or_(responsible, published)
    if may_follow_history(actor):
        seen = or_(seen, visible_organisations(actor))
    organisations = session.scalars(select(Organisation).where(seen)).all()
    return sorted(organisations, key=lambda each: (each.name.casefold(), each.key))


def matches(wanted: HistoryFilter) -> ColumnElement[bool]:
    """Lines whose entry was taken away in the database belong to no organisation any more."""
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.kind == DeedKind.OTHER:
        conditions.append(not_(or_(*_IS.values())))
    elif wanted.kind:
        conditions.append(_IS[wanted.kind])
    if wanted.organisation:
        conditions.append(_is_of(wanted.organisation))
    if wanted.since:
        conditions.append(HistoryLine.at >= wanted.since)
    if wanted.until:
        conditions.append(HistoryLine.at < wanted.until)
    return and_(*conditions)


def _is_of(organisation: Organisation) -> ColumnElement[bool]:
    """Its updates, its responsibilities, its people, and itself."""
    updates = select(_plain(cast(ProgressUpdate.id, Text))).where(
        ProgressUpdate.organisation_id == organisation.id
    )
    people = select(_plain(cast(Account.id, Text))).where(Account.organisation_id == organisation.id)
    # A line of another deed may hold anything under that name.
    responsible = case((_IS[DeedKind.RESPONSIBILITY], HistoryLine.after["organisation"].as_integer()))
    return or_(
        and_(_ABOUT_UPDATES, _named("update ").in_(updates)),
        and_(HistoryLine.subject.startswith("account "), _named("account ").in_(people)),
        HistoryLine.subject == f"organisation {organisation.key}",
        responsible == organisation.id,
    )


def _named(prefix: str) -> ColumnElement[str]:
    """The identifier behind the prefix of a subject."""
    return _plain(func.substr(HistoryLine.subject, len(prefix) + 1))


def _plain(identifier: ColumnElement[str]) -> ColumnElement[str]:
    """Without dashes: SQLite keeps none."""
    return func.replace(identifier, "-", "")
