"""Many assignments at once: what they would change, for a preview, and carries them out. `assignments.py` does each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed
from tracker.language import gettext, mark, mark_in
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.assignments import can_assign
from tracker.queries.assignments import Assigned
from tracker.services.assignments import assign


class Change(StrEnum):
    """Of a recommendation by a plan. `NEW`: nobody was assigned to it before."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"

    @property
    def label(self) -> str:
        return gettext(CHANGE_LABELS[self])


CHANGE_LABELS: dict[str, str] = {
    "new": mark_in("an assignment", "new"),
    "changed": mark("changed"),
    "unchanged": mark("unchanged"),
}


@dataclass(frozen=True)
class Wish:
    """Who is to lead and support a recommendation. Without a lead the present one stays; those that support it now go
    on supporting it."""

    recommendation_id: int
    lead: Organisation | None = None
    supporting: tuple[Organisation, ...] = ()


@dataclass(frozen=True)
class Planned:
    """`now`: as it is. `lead`, `added`: what would be new."""

    now: Assigned
    lead: Organisation | None
    added: tuple[Organisation, ...]

    @property
    def change(self) -> Change:
        if self.lead is None and not self.added:
            return Change.UNCHANGED
        return Change.CHANGED if self.now.organisations else Change.NEW


def plan_assignments(now: Iterable[Assigned], wishes: Sequence[Wish]) -> list[Planned]:
    """In the order of `now`. Of several wishes for a recommendation the first lead counts; all that support do. Who
    leads does not support."""
    by_id: dict[int, list[Wish]] = {}
    for wish in wishes:
        by_id.setdefault(wish.recommendation_id, []).append(wish)
    return [_plan(each, by_id[each.id]) for each in now if each.id in by_id]


def _plan(now: Assigned, wishes: list[Wish]) -> Planned:
    wanted = next((wish.lead for wish in wishes if wish.lead), None)
    lead = wanted or now.lead
    every = dict.fromkeys(each for wish in wishes for each in wish.supporting)
    added = tuple(each for each in every if each is not lead and each not in now.supporting)
    return Planned(now, wanted if wanted is not now.lead else None, added)


def seen_of(plan: Iterable[Planned]) -> str:
    """A digest of everything that a preview of the plan shows, for its form to carry."""
    shown = [
        (
            each.now.ref,
            _name(each.now.lead),
            [_name(supporting) for supporting in each.now.supporting],
            _name(each.lead),
            [_name(supporting) for supporting in each.added],
        )
        for each in plan
    ]
    return sha256(repr(shown).encode()).hexdigest()


def _name(organisation: Organisation | None) -> str:
    """One that the plan would create has no key yet."""
    return organisation.names["en"] if organisation else ""


def lock_assignments(session: Session, actor: Actor, review: Review) -> None:
    """Until the transaction ends nobody else assigns anything of the review. Call it before you read what stands."""
    if not can_assign(actor, review):
        raise NotAllowed
    session.execute(select(Review.id).where(Review.id == review.id).with_for_update())


def apply_plan(
    session: Session, actor: Actor, review: Review, plan: Iterable[Planned], today: date, now: datetime
) -> int:
    """Says how many recommendations changed."""
    if not can_assign(actor, review):
        raise NotAllowed
    changed = [each for each in plan if each.change != Change.UNCHANGED]
    for each in changed:
        recommendation = session.get_one(Recommendation, each.now.id)
        if each.lead is not None:
            assign(session, actor, recommendation, each.lead, AssignmentKind.LEAD, today, now)
        for supporting in each.added:
            assign(session, actor, recommendation, supporting, AssignmentKind.SUPPORTING, today, now)
    return len(changed)
