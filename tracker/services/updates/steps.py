"""May a step be taken now? Pages ask before they show its form, and `workflow.py` asks again before it takes the step.

Whose role never includes the step: `NotAllowed`. Otherwise `AlreadyPublished` or `NotInState` say how the update
stands: somebody may have read it before others went on with it.
"""

from tracker.failures import AlreadyPublished, NotAllowed, NotInState
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import updates as policy
from tracker.policy.actors import Actor
from tracker.queries.updates import WorkflowContext


def refuse_edit(actor: Actor, update: ProgressUpdate, context: WorkflowContext, step: str) -> None:
    """`step`: change or submit. Where the organisation is no longer assigned: `NotAllowed`."""
    is_open = update.state in (UpdateState.DRAFT, UpdateState.RETURNED)
    _refuse(update, step, has_role=policy.is_writer_of(actor, update), is_possible=is_open)
    if not policy.can_edit_update(actor, update, assigned=context.is_assigned):
        raise NotAllowed


def refuse_recall(actor: Actor, update: ProgressUpdate) -> None:
    is_possible = policy.can_recall_update(actor, update)
    _refuse(update, "recall", has_role=policy.is_writer_of(actor, update), is_possible=is_possible)


def refuse_discard(actor: Actor, update: ProgressUpdate) -> None:
    is_possible = policy.can_discard_update(actor, update)
    _refuse(update, "discard", has_role=policy.is_writer_of(actor, update), is_possible=is_possible)


def refuse_return(actor: Actor, update: ProgressUpdate, context: WorkflowContext) -> None:
    has_role = policy.is_returner_of(actor, update, has_officer=context.has_officer)
    is_possible = policy.can_return_update(actor, update, has_officer=context.has_officer)
    _refuse(update, "return", has_role=has_role, is_possible=is_possible)


def refuse_publication(actor: Actor, update: ProgressUpdate, context: WorkflowContext) -> None:
    is_possible = policy.can_publish_update(actor, update, has_officer=context.has_officer)
    _refuse(update, "publish", has_role=policy.is_publisher_of(actor, update), is_possible=is_possible)


def refuse_published(update: ProgressUpdate) -> None:
    if update.state == UpdateState.PUBLISHED and update.published_at is not None:
        raise AlreadyPublished(update.published_at)


def _refuse(update: ProgressUpdate, step: str, *, has_role: bool, is_possible: bool) -> None:
    if not has_role:
        raise NotAllowed
    refuse_published(update)
    if not is_possible:
        raise NotInState(step, update.state)
