"""Updates: write, change, submit, recall, validate, return, publish, discard (docs/rules.md, "Updates").

`read` is the version that the person had on the screen.
"""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import (
    ChangedMeanwhile,
    NotAllowed,
    NotInState,
    OpenUpdateExists,
    ValidationFailed,
)
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.evidence import Evidence
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import updates as policy
from tracker.policy.actors import Actor
from tracker.queries.assignments import find_own_assignment
from tracker.queries.updates import (
    find_open_update,
    find_return_comment,
    get_workflow_context,
)
from tracker.services.entry_places import lock_place
from tracker.services.evidence.attachments import purge_evidence
from tracker.services.levels import recompute_levels
from tracker.services.updates.discarding import write_discarding
from tracker.services.updates.publication_hashes import proof_of_files, proof_of_update
from tracker.services.updates.steps import (
    refuse_discard,
    refuse_edit,
    refuse_publication,
    refuse_published,
    refuse_recall,
    refuse_return,
)
from tracker.services.updates.stored_rows import refuse_lost_update, store
from tracker.services.updates.texts import (
    UpdateText,
    as_assigned,
    incomplete,
    refuse_wrong_days,
    stored_values,
    text_of,
)


def write_update(
    session: Session,
    actor: Actor,
    point: ActionPoint,
    text: UpdateText,
    now: datetime,
    key: UUID | None = None,
) -> ProgressUpdate:
    """A new draft; `OpenUpdateExists` where the organisation has an open update on the point. `key` lets the seed find
    its own rows again."""
    assigned = find_own_assignment(session, actor, point.recommendation_id)
    if not policy.can_write_update(actor, point.recommendation.review, assigned=assigned is not None):
        raise NotAllowed
    if actor.organisation_id is None or actor.account_id is None:
        raise NotAllowed
    refuse_wrong_days(text, now)
    lock_place(session, point.recommendation.review_id, point.recommendation_id, point.id)
    if find_own_assignment(session, actor, point.recommendation_id) != assigned:
        raise NotAllowed  # its organisation was renamed or merged while it waited
    open_update = find_open_update(session, actor, point.id)  # under the lock: another one waits for it
    if open_update is not None:
        raise OpenUpdateExists(open_update)
    update = ProgressUpdate(
        action_point=point,
        organisation=session.get_one(Organisation, actor.organisation_id),
        author_id=actor.account_id,
        state=UpdateState.DRAFT,
        recorded_at=now,
        **asdict(as_assigned(text, assigned)),
    )
    if key is not None:
        update.id = key
    session.add(update)
    session.flush()
    write_line(session, actor, "write_update", f"update {update.id}", at=now)
    return update


def change_update(
    session: Session, actor: Actor, update: ProgressUpdate, version: int, text: UpdateText, now: datetime
) -> None:
    """Saves a draft that was read at `version`; refuses when somebody saved or submitted it since.

    An organisation that is no longer assigned may only discard it.
    """
    if policy.is_writer_of(actor, update) and update.version != version:
        raise ChangedMeanwhile(text_of(update))
    context = get_workflow_context(session, update)
    refuse_edit(actor, update, context, "change")
    refuse_wrong_days(text, now)
    lock_place(session, context.review_id, context.recommendation_id, update.action_point_id)
    before, after = asdict(text_of(update)), asdict(as_assigned(text, context.kind))
    store(session, update, **after)
    if before != after:
        write_line(
            session,
            actor,
            "change_update",
            f"update {update.id}",
            at=now,
            before=stored_values(before),
            after=stored_values(after),
        )


def submit_update(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    now: datetime,
    *,
    read: int | None = None,
    seen: str | None = None,
) -> None:
    """Draft or returned → submitted, while the organisation is assigned. The rules of a complete entry are
    checked here, for everybody. `seen`: the digest of the text of the point that the person has read
    (`services/entry_places.py`)."""
    context = get_workflow_context(session, update)
    refuse_edit(actor, update, context, "submit")
    lock_place(session, context.review_id, context.recommendation_id, update.action_point_id, seen)
    _refuse_unread(update, read)
    text = as_assigned(text_of(update), context.kind)  # it may have led when the draft was written
    problems = incomplete(text, needs_level=context.leads, has_files=update.has_files, now=now)
    if problems:
        raise ValidationFailed(problems)
    before = _step(update.state)
    store(session, update, state=UpdateState.SUBMITTED, level=text.level, submitted_at=now, comment="")
    _write_step(session, actor, "submit_update", update, before, _step(update.state), now)


def recall_update(
    session: Session, actor: Actor, update: ProgressUpdate, now: datetime, *, read: int | None = None
) -> None:
    """Submitted → draft, by its writers, until somebody validated it. What was returned before is returned again, with
    the comment: a draft could be discarded, and the comment with it."""
    refuse_recall(actor, update)
    _refuse_unread(update, read)
    before, comment = _step(update.state), find_return_comment(session, update)
    state = UpdateState.RETURNED if comment else UpdateState.DRAFT
    store(session, update, state=state, submitted_at=None, comment=comment)
    _write_step(session, actor, "recall_update", update, before, _step(update.state), now)


def validate_update(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    now: datetime,
    *,
    read: int | None = None,
) -> None:
    """Submitted → validated, by the organisation's officer; where it has none, by the coordinator."""
    refuse_published(update)
    if update.state != UpdateState.SUBMITTED:
        raise NotInState("validate", update.state)
    context = get_workflow_context(session, update)
    if not policy.can_validate_update(actor, update, has_officer=context.has_officer):
        raise NotAllowed
    lock_place(session, context.review_id, context.recommendation_id, update.action_point_id)
    _refuse_unread(update, read)
    before = _step(update.state)
    store(session, update, state=UpdateState.VALIDATED, validated_at=now)
    _write_step(session, actor, "validate_update", update, before, _step(update.state), now)


def return_update(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    comment: str,
    now: datetime,
    *,
    read: int | None = None,
) -> None:
    """Submitted or validated → returned, always with a comment that says what to change."""
    context = get_workflow_context(session, update)
    refuse_return(actor, update, context)
    _refuse_unread(update, read)
    if not comment.strip():
        raise ValidationFailed(
            {"comment": gettext("Say what should be changed before you return the update")}
        )
    before = _step(update.state)
    store(session, update, state=UpdateState.RETURNED, comment=comment.strip(), validated_at=None)
    after = {**_step(update.state), "comment": update.comment}
    _write_step(session, actor, "return_update", update, before, after, now)


def publish_update(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    now: datetime,
    *,
    read: int | None = None,
) -> None:
    """Validated → published, by the coordinator; validates in the same step where there is no officer.

    Stores whether the organisation led, and recomputes the level of the point. From now on nothing changes.
    """
    context = get_workflow_context(session, update)
    refuse_publication(actor, update, context)
    lock_place(session, context.review_id, context.recommendation_id, update.action_point_id)
    _refuse_unread(update, read)
    before, validated_at = update.state, update.validated_at
    if before == UpdateState.SUBMITTED:
        after = _step(UpdateState.VALIDATED)
        _write_step(session, actor, "validate_update", update, _step(before), after, now)
        before, validated_at = UpdateState.VALIDATED, now
    led = context.leads and update.level is not None
    store(
        session,
        update,
        state=UpdateState.PUBLISHED,
        led=led,
        # The organisation may have led only when it submitted: a level that does not count is not shown.
        level=update.level if led else None,
        validated_at=validated_at,
        published_at=now,
    )
    after = {**_step(update.state), "entry": proof_of_update(update)}
    if update.has_files:
        files = session.scalars(select(Evidence).where(Evidence.update_id == update.id)).all()
        after["files"] = proof_of_files(files)
    _write_step(session, actor, "publish_update", update, _step(before), after, now)
    recompute_levels(session, update.action_point.recommendation_id)


def discard_update(
    session: Session, actor: Actor, update: ProgressUpdate, now: datetime, *, read: int | None = None
) -> None:
    """Removes a draft that was never returned; the history still shows that there was one, and on which point,
    without its texts."""
    refuse_discard(actor, update)
    _refuse_unread(update, read)
    write_discarding(session, actor, update, now)
    purge_evidence(session, update)
    with refuse_lost_update(session, update):
        session.delete(update)


def _refuse_unread(update: ProgressUpdate, read: int | None) -> None:
    """Raises `ChangedMeanwhile` if somebody changed the update after the person read it."""
    if read is not None and read != update.version:
        raise ChangedMeanwhile(text_of(update))


def _write_step(
    session: Session,
    actor: Actor,
    verb: str,
    update: ProgressUpdate,
    before: dict[str, object],
    after: dict[str, object],
    now: datetime,
) -> None:
    write_line(session, actor, verb, f"update {update.id}", at=now, before=before, after=after)


def _step(state: UpdateState) -> dict[str, object]:
    return {"state": state.value}
