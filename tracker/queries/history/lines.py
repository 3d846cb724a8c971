"""The history as a page shows it: newest first, paged by cursor, each line with what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from tracker.failures import BadInput
from tracker.history.sentences import sentence_of
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.history_chain import SHORT
from tracker.models.levels import Level
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation, ref_at
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.history import can_see_who_did_it, may_follow_history, visible_history_lines
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.history.filter import HistoryFilter, matches

PAGE = 25
RESPONSIBLE = ("assign", "end_assignment")


@dataclass(frozen=True)
class About:
    """What a line is about: a point with an update on it, or a recommendation with its assignment. `former` is the ref
    that the point or recommendation had when the line was written, if it has another one now."""

    review: str
    ref: str  # of the recommendation
    organisation: Organisation
    point: str | None = None
    update_id: UUID | None = None
    level: Level | None = None
    kind: AssignmentKind | None = None
    former: str | None = None

    @property
    def name(self) -> str:
        ref = self.point or self.ref
        return gettext("%(former)s, now %(ref)s", former=self.former, ref=ref) if self.former else ref


@dataclass(frozen=True)
class ShownLine:
    """`sentence` has a handle: None unless the actor may see who did it. `number`: None unless the actor sees every
    line, because gaps would tell of lines that the actor may not see. `about` None: it was removed, the actor may not
    see it, or the line is about something else."""

    at: datetime
    verb: str
    is_public: bool
    hash: str
    about: About | None
    number: int | None
    sentence: str | None


@dataclass(frozen=True)
class HistoryPage:
    lines: list[ShownLine]
    newer: str | None  # cursor of the page before
    older: str | None  # cursor of the page after


def list_lines(session: Session, actor: Actor, filter_: HistoryFilter, page: str = "") -> HistoryPage:
    """25 lines that the actor may see. A cursor is a direction and a hash, so that it shows no number."""
    query = select(HistoryLine).where(visible_history_lines(actor), matches(filter_))
    backwards = page.startswith("b")
    if page:
        place = _place(session, actor, page)
        query = query.where(HistoryLine.id > place if backwards else HistoryLine.id < place)
    order = HistoryLine.id.asc() if backwards else HistoryLine.id.desc()
    rows = list(session.scalars(query.order_by(order).limit(PAGE + 1)))
    has_more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    newer = bool(rows) and (has_more if backwards else bool(page))
    older = bool(rows) and (backwards or has_more)
    return HistoryPage(
        _shown(session, actor, rows),
        f"b{rows[0].hash}" if newer else None,
        f"a{rows[-1].hash}" if older else None,
    )


def _place(session: Session, actor: Actor, page: str) -> int:
    """The number of the line that a cursor names; an unseen one is the same as an unknown one."""
    query = select(HistoryLine.id).where(HistoryLine.hash == page[1:], visible_history_lines(actor))
    place = session.scalar(query) if page[0] in "ab" else None
    if place is None:
        raise BadInput(gettext("The address of this page is damaged. Start again at the first page."))
    return place


def _shown(session: Session, actor: Actor, rows: Sequence[HistoryLine]) -> list[ShownLine]:
    about = {**_updates(session, actor, rows), **_assignments(session, actor, rows)}
    sees_every_line = _sees_every_line(session, actor)
    return [
        ShownLine(
            at=row.at,
            verb=row.verb,
            is_public=row.is_public,
            hash=row.hash[:SHORT],
            about=about.get(row.id),
            number=row.id if sees_every_line else None,
            sentence=sentence_of(row) if can_see_who_did_it(actor, row) else None,
        )
        for row in rows
    ]


def _sees_every_line(session: Session, actor: Actor) -> bool:
    """An actor who may follow the history sees every line of an instance that serves one State."""
    if not may_follow_history(actor):
        return False
    unseen = select(HistoryLine.id).where(not_(visible_history_lines(actor)))
    return session.scalar(unseen.limit(1)) is None


def _updates(session: Session, actor: Actor, rows: Sequence[HistoryLine]) -> dict[int, About]:
    """By number of the line: the update that it is about, if the actor may see that."""
    ids = {row.id: update_id for row in rows if (update_id := _update_id(row.subject))}
    if not ids:
        return {}
    query = (
        select(ProgressUpdate.id, ProgressUpdate.level, ActionPoint.ref.label("point"), Organisation)
        .add_columns(Recommendation.ref, Recommendation.former_refs, Review.code)
        .add_columns(ActionPoint.formerly, ActionPoint.renumbered_at)
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(Organisation, Organisation.id == ProgressUpdate.organisation_id)
        .where(ProgressUpdate.id.in_(set(ids.values())), visible_updates(actor))
    )
    by_update = {row.id: row for row in session.execute(query)}
    about = {}
    for line in rows:
        if found := by_update.get(ids.get(line.id)):
            then = _point_at(found, line.at)
            about[line.id] = About(
                found.code,
                found.ref,
                found.Organisation,
                found.point,
                found.id,
                found.level,
                former=then if then != found.point else None,
            )
    return about


def _point_at(found: Any, at: datetime) -> str:
    """The ref that the point had at a moment."""
    if found.renumbered_at is not None and at < found.renumbered_at:
        return str(found.formerly)
    return f"{ref_at(found.ref, found.former_refs, at)}{found.point.removeprefix(found.ref)}"


def _update_id(subject: str) -> UUID | None:
    try:
        return UUID(subject.removeprefix("update ")) if subject.startswith("update ") else None
    except ValueError:
        return None  # somebody changed it in the database: the page still opens, and `flask verify` names it


def _assignments(session: Session, actor: Actor, rows: Sequence[HistoryLine]) -> dict[int, About]:
    """By number of the line: the recommendation, and the organisation that leads or supports it."""
    facts = {row.id: row.after for row in rows if row.verb in RESPONSIBLE and row.after}
    moments = {row.id: row.at for row in rows}
    if not facts:
        return {}
    refs = {each["recommendation"] for each in facts.values()}
    places = select(Recommendation.id, Recommendation.ref, Recommendation.former_refs, Review.code)
    places = places.join(Review, Review.id == Recommendation.review_id).where(
        Recommendation.id.in_(refs), visible_recommendations(actor)
    )
    by_id = {row.id: row for row in session.execute(places)}
    ids = {each["organisation"] for each in facts.values()}
    query = select(Organisation).where(Organisation.id.in_(ids))
    organisations = {each.id: each for each in session.scalars(query)}
    assigned = {}
    for number, each in facts.items():
        place, organisation = by_id.get(each["recommendation"]), organisations.get(each["organisation"])
        if place and organisation:
            kind = AssignmentKind(each["kind"])
            then = ref_at(place.ref, place.former_refs, moments[number])
            former = then if then != place.ref else None
            assigned[number] = About(place.code, place.ref, organisation, kind=kind, former=former)
    return assigned
