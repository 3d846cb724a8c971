"""The dates of a review by hand: a coordinator enters, corrects and removes milestones. When reminders of them are due:
`services/milestones.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from tracker.failures import ChangedMeanwhile, NotAllowed, NotFound, Refused, ValidationFailed
from tracker.history.lines import write_line
from tracker.language import gettext, long_date
from tracker.models.milestone_fields import (
    ENTERED_CERTAINTIES,
    ENTERED_KINDS,
    FIELD_NAMES,
    MilestoneFields,
)
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import can_prepare_review
from tracker.services.levels import lock_reviews_of_state
from tracker.services.milestones import months_after
from tracker.services.reviews import refuse_closed

MONTHS_TO_REPORT = (24, 30)
"""The window of the mid-term report, after the adoption of the outcome."""


def add_milestone(
    session: Session,
    actor: Actor,
    review: Review,
    kind: MilestoneKind,
    wanted: MilestoneFields,
    now: datetime,
) -> Milestone:
    """Entered by hand. The very same date again is the one that is there."""
    _lock(session, actor, review)
    if kind not in ENTERED_KINDS:
        raise ValidationFailed({"kind": gettext("Choose one of the kinds in the list")})
    same = select(Milestone).where(Milestone.review_id == review.id, Milestone.kind == kind)
    same = same.where(Milestone.starts_on == wanted.starts_on, Milestone.ends_on == wanted.ends_on)
    for known in session.scalars(same):
        if MilestoneFields.of(known) == wanted:
            return known
        known_already = gettext("This date is entered already: correct it on the page of the review")
        raise ValidationFailed({"starts_on": known_already})
    _refuse_wrong(wanted, ENTERED_CERTAINTIES)
    added = Milestone(
        key=f"{review.code}-{uuid4().hex}",
        is_by_hand=True,
        state_code=review.state_code,
        review=review,
        kind=kind,
        label="",
        **{name: getattr(wanted, name) for name in FIELD_NAMES},
    )
    session.add(added)
    session.flush()
    _write_line(session, actor, "enter_milestone", added, review, now, after=wanted)
    return added


def correct_milestone(
    session: Session,
    actor: Actor,
    milestone: Milestone,
    wanted: MilestoneFields,
    now: datetime,
    *,
    seen: str,
) -> bool:
    """Whether anything was different. Also of one of the seed, which leaves it from then on. The milestone is loaded
    with its review. `seen`: the digest of what the person had read; where somebody changed it since, nothing is
    done."""
    review, before = _lock_milestone(session, actor, milestone, seen)
    if wanted == before:
        return False
    _refuse_wrong(wanted, (*ENTERED_CERTAINTIES, before.certainty))
    for name in FIELD_NAMES:
        setattr(milestone, name, getattr(wanted, name))
    _write_line(session, actor, "correct_milestone", milestone, review, now, before=before, after=wanted)
    return True


def remove_milestone(
    session: Session, actor: Actor, milestone: Milestone, now: datetime, *, seen: str
) -> None:
    """One that a person entered, with the same `seen`."""
    review, before = _lock_milestone(session, actor, milestone, seen)
    refuse_seeded(milestone)
    session.delete(milestone)
    _write_line(session, actor, "remove_milestone", milestone, review, now, before=before)


def refuse_seeded(milestone: Milestone) -> None:
    """Raises `Refused`: the next seed would not bring it back."""
    if not milestone.is_by_hand:
        raise Refused(gettext("This date came with the site and cannot be removed. Correct it instead."))


@dataclass(frozen=True)
class Proposal:
    """The window of the mid-term report that follows from the adoption. `replaces`: the derived one that stands and has
    other days; None where the review has none yet."""

    fields: MilestoneFields
    replaces: Milestone | None


def propose_mid_term(milestones: Sequence[Milestone]) -> Proposal | None:
    """Of the dates of one review: from the adoption that is known most exactly. A date that a document names stays. The
    source is in the language of who asks."""
    adoptions = [each for each in milestones if each.kind == MilestoneKind.ADOPTION]
    reports = [each for each in milestones if each.kind == MilestoneKind.MID_TERM_REPORT]
    if not adoptions or len(reports) > 1:
        return None
    fields = _window_after(min(adoptions, key=lambda each: each.ends_on - each.starts_on))
    for report in reports:
        is_same = (report.starts_on, report.ends_on) == (fields.starts_on, fields.ends_on)
        if is_same or report.certainty != Certainty.DERIVED:
            return None
    return Proposal(fields, reports[0] if reports else None)


def _window_after(adoption: Milestone) -> MilestoneFields:
    if adoption.starts_on == adoption.ends_on:
        source = gettext(
            "24 to 30 months after the adoption on %(day)s; no document sets the date of this voluntary report",
            day=long_date(adoption.starts_on),
        )
    else:
        source = gettext(
            "24 to 30 months after the adoption between %(first)s and %(last)s; no document sets the date of this"
            " voluntary report",
            first=long_date(adoption.starts_on),
            last=long_date(adoption.ends_on),
        )
    first, last = MONTHS_TO_REPORT
    return MilestoneFields(
        starts_on=months_after(adoption.starts_on, first),
        ends_on=months_after(adoption.ends_on, last),
        certainty=Certainty.DERIVED,
        source=source,
        note="",
    )


def _lock(session: Session, actor: Actor, review: Review) -> None:
    """The calendar stands on the pages of every review of the State."""
    if not can_prepare_review(actor, review):
        raise NotAllowed
    lock_reviews_of_state(session, review.state_code)
    session.refresh(review, ["is_published", "closed_at"])
    refuse_closed(review.closed_at)


def _lock_milestone(
    session: Session, actor: Actor, milestone: Milestone, seen: str
) -> tuple[Review, MilestoneFields]:
    """Its review, and what stands now."""
    if milestone.review is None:
        raise NotAllowed
    _lock(session, actor, milestone.review)
    columns = [column.key for column in inspect(Milestone).column_attrs]
    query = select(Milestone.id).where(Milestone.id == milestone.id)
    if session.scalar(query) is None:
        raise NotFound
    session.refresh(milestone, columns)
    before = MilestoneFields.of(milestone)
    if seen != before.digest:
        raise ChangedMeanwhile(before)
    return milestone.review, before


def _refuse_wrong(wanted: MilestoneFields, certainties: tuple[Certainty, ...]) -> None:
    """Raises `ValidationFailed` with a sentence for each field."""
    wrong = {}
    if wanted.ends_on < wanted.starts_on:
        wrong["ends_on"] = gettext("The last day is before the first one: correct one of them")
    if wanted.certainty not in certainties:
        wrong["certainty"] = gettext("Choose how the date is known")
    if not wanted.source and wanted.certainty != Certainty.OWN:
        wrong["source"] = gettext("Name the document that says so, or from what the date was worked out")
    if wrong:
        raise ValidationFailed(wrong)


def _write_line(
    session: Session,
    actor: Actor,
    verb: str,
    milestone: Milestone,
    review: Review,
    now: datetime,
    *,
    before: MilestoneFields | None = None,
    after: MilestoneFields | None = None,
) -> None:
    facts: dict[str, Any] = {"review": review.code, "milestone": milestone.kind.value}
    if shown := after or before:
        facts["days"] = _days(shown)
    if before and after and _days(before) != _days(after):
        facts["days_before"] = _days(before)
    session.flush()
    write_line(
        session,
        actor,
        verb,
        f"milestone {milestone.key}",
        at=now,
        state_code=review.state_code,
        facts=facts,
        before=before.as_json() if before else None,
        after=after.as_json() if after else None,
        may_be_public=False,
    )


def _days(fields: MilestoneFields) -> list[str]:
    return [fields.starts_on.isoformat(), fields.ends_on.isoformat()]
