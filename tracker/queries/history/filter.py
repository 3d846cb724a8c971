"""The filter of the history: a kind of line, an organisation, a period. It narrows what the actor may see and never
widens it. Its options do not depend on lines that the actor may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, not_, or_, select, true
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.accounts import Account
from tracker.models.assignments import Assignment
from tracker.models.history import HistoryLine, LineKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.history import may_follow_history
from tracker.policy.organisations import organisations_to_invite_to
from tracker.policy.reviews import visible_recommendations

PUBLIC_KINDS = (LineKind.PUBLISHED, LineKind.RESPONSIBILITY)
_ABOUT_UPDATES = HistoryLine.subject.startswith("update ")
_ABOUT_PEOPLE = or_(
    *(HistoryLine.subject.startswith(name) for name in ("account ", "organisation ", "administrators"))
)
_IS_OF_KIND: dict[LineKind, ColumnElement[bool]] = {
    LineKind.PUBLISHED: HistoryLine.verb == "publish_update",
    LineKind.RESPONSIBILITY: HistoryLine.verb.in_(("assign", "end_assignment")),
    LineKind.WORK: and_(_ABOUT_UPDATES, HistoryLine.verb != "publish_update"),
    LineKind.PEOPLE: _ABOUT_PEOPLE,
}


@dataclass(frozen=True)
class HistoryFilter:
    """A field that is None does not filter. `until` is exclusive."""

    kind: LineKind | None = None
    organisation: Organisation | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_kinds(actor: Actor) -> tuple[LineKind, ...]:
    return tuple(LineKind) if may_follow_history(actor) else PUBLIC_KINDS


def list_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Organisations that were ever assigned in a review that the actor sees, or that published; for a coordinator also
    the others whose people they manage."""
    responsible = exists().where(
        Assignment.organisation_id == Organisation.id,
        Assignment.recommendation_id == Recommendation.id,
        visible_recommendations(actor),
    )
    published = exists().where(
        ProgressUpdate.organisation_id == Organisation.id, ProgressUpdate.state == UpdateState.PUBLISHED
    )
    seen = or_(responsible, published)
    if may_follow_history(actor):
        seen = or_(seen, organisations_to_invite_to(actor))
    organisations = session.scalars(select(Organisation).where(seen)).all()
    return sorted(organisations, key=lambda each: (sort_key(each.name), each.key))


def matches(filter_: HistoryFilter) -> ColumnElement[bool]:
    """The filter as a condition. A line whose update was deleted in the database belongs to no organisation."""
    conditions: list[ColumnElement[bool]] = [true()]
    if filter_.kind == LineKind.OTHER:
        conditions.append(not_(or_(*_IS_OF_KIND.values())))
    elif filter_.kind:
        conditions.append(_IS_OF_KIND[filter_.kind])
    if filter_.organisation:
        conditions.append(_is_of(filter_.organisation))
    if filter_.since:
        conditions.append(HistoryLine.at >= filter_.since)
    if filter_.until:
        conditions.append(HistoryLine.at < filter_.until)
    return and_(*conditions)


def _is_of(organisation: Organisation) -> ColumnElement[bool]:
    """The line is about its updates, its assignments, its people, or itself."""
    updates = select(_without_hyphens(cast(ProgressUpdate.id, Text))).where(
        ProgressUpdate.organisation_id == organisation.id
    )
    people = select(_without_hyphens(cast(Account.id, Text))).where(
        Account.organisation_id == organisation.id
    )
    # A line with another verb may hold anything under that name.
    responsible = case((_IS_OF_KIND[LineKind.RESPONSIBILITY], HistoryLine.after["organisation"].as_integer()))
    return or_(
        and_(_ABOUT_UPDATES, _identifier_after("update ").in_(updates)),
        and_(HistoryLine.subject.startswith("account "), _identifier_after("account ").in_(people)),
        HistoryLine.subject == f"organisation {organisation.key}",
        responsible == organisation.id,
    )


def _identifier_after(prefix: str) -> ColumnElement[str]:
    """The identifier that follows the prefix of a subject."""
    return _without_hyphens(func.substr(HistoryLine.subject, len(prefix) + 1))


def _without_hyphens(identifier: ColumnElement[str]) -> ColumnElement[str]:
    """Without hyphens: SQLite stores UUIDs without them."""
    return func.replace(identifier, "-", "")
