"""Updates: write, change, submit, validate, return, publish, discard (domain.md §4)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import null
from sqlalchemy import update as change_rows
from sqlalchemy.orm import Session

from tracker.failures import AlreadyPublished, ChangedMeanwhile, FieldsWrong, NotAllowed, NotInState
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.history import HistoryLine
from tracker.models.levels import Level
from tracker.models.organisations import AssignmentKind
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import updates as policy
from tracker.policy.actors import Actor
from tracker.queries.updates import assignment_kind, get_standing
from tracker.services.history import write_line
from tracker.services.levels import keep_level


@dataclass(frozen=True)
class UpdateText:
    """What a focal point types. `level` is None where the organisation only supports."""

    level: Level | None = None
    reason: str = ""
    done: str = ""
    obstacles: str = ""
    support_needed: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    as_of_on: date | None = None
    source_link: str = ""
    language: str = "en"


AHEAD_OF_UTC = timedelta(hours=14)
"""Where it is already tomorrow, the fact of tomorrow is a fact of today (UTC+14 is the easternmost zone)."""
TEXT_FIELDS = tuple(field.name for field in fields(UpdateText))


def text_of(update: ProgressUpdate) -> UpdateText:
    return UpdateText(**{name: getattr(update, name) for name in TEXT_FIELDS})


def write_update(
    session: Session,
    actor: Actor,
    point: ActionPoint,
    text: UpdateText,
    now: datetime,
    key: UUID | None = None,
) -> ProgressUpdate:
    """A new draft. `key` lets the seed find its own rows again."""
    assigned = assignment_kind(session, actor.organisation_id, point.recommendation_id)
    if not policy.can_write_update(actor, assigned=assigned is not None):
        raise NotAllowed
    if actor.organisation_id is None or actor.account_id is None:
        raise NotAllowed
    update = ProgressUpdate(
        action_point=point,
        organisation_id=actor.organisation_id,
        author_id=actor.account_id,
        state=UpdateState.DRAFT,
        recorded_at=now,
        **asdict(_as_assigned(text, assigned)),
    )
    if key is not None:
        update.id = key
    session.add(update)
    session.flush()
    _line(session, actor, "write_update", update, gettext("wrote a draft"), now)
    return update


def change_update(
    session: Session, actor: Actor, update: ProgressUpdate, version: int, text: UpdateText, now: datetime
) -> None:
    """Saves a draft that was read at `version`; refuses when somebody saved or submitted it since.

    An organisation that is no longer assigned may only discard it.
    """
    if policy.is_writer_of(actor, update) and update.version != version:
        raise ChangedMeanwhile(text_of(update))
    _refuse_published(update)
    standing = get_standing(session, update)
    if not policy.can_edit_update(actor, update, assigned=standing.is_assigned):
        raise NotAllowed
    before, after = asdict(text_of(update)), asdict(_as_assigned(text, standing.kind))
    for name, value in after.items():
        setattr(update, name, value)
    changed = {name for name in after if before[name] != after[name]}
    if changed:
        _line(session, actor, "change_update", update, gettext("changed the draft"), now, before, after)


def submit_update(session: Session, actor: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Draft or returned → submitted, while the organisation is assigned. The rules of a complete entry are
    checked here, for everybody."""
    _refuse_published(update)
    if update.state not in (UpdateState.DRAFT, UpdateState.RETURNED):
        raise NotInState("submit", update.state)
    standing = get_standing(session, update)
    if not policy.can_edit_update(actor, update, assigned=standing.is_assigned):
        raise NotAllowed
    if not standing.leads:
        update.level = None  # it led when the draft was written
    problems = incomplete(text_of(update), needs_level=standing.leads, now=now)
    if problems:
        raise FieldsWrong(problems)
    _move(
        session, actor, update, UpdateState.SUBMITTED, "submit_update", gettext("submitted the update"), now
    )
    update.submitted_at = now
    update.comment = ""


def incomplete(text: UpdateText, *, needs_level: bool, now: datetime) -> dict[str, str]:
    """What keeps a text from being submitted: a sentence for each field."""
    problems = {}
    if needs_level and text.level is None:
        problems["level"] = gettext("Choose the level of implementation")
    if not text.reason.strip():
        problems["reason"] = gettext("Say why you chose this level")
    if not text.done.strip():
        problems["done"] = gettext("Describe what was done")
    if text.as_of_on is None:
        problems["as_of_on"] = gettext("Enter the date of the fact, for example 2026-11-30")
    elif text.as_of_on > (now + AHEAD_OF_UTC).date():
        problems["as_of_on"] = gettext("The date of the fact must be today or in the past")
    if text.level == Level.FULLY_IMPLEMENTED and not text.source_link.strip():
        problems["source_link"] = gettext("“Fully implemented” needs evidence: enter the link of a source")
    return problems


def validate_update(session: Session, actor: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Submitted → validated, by the organisation's officer; where it has none, by the coordinator."""
    _refuse_published(update)
    if update.state != UpdateState.SUBMITTED:
        raise NotInState("validate", update.state)
    standing = get_standing(session, update)
    if not policy.can_validate_update(actor, update, has_officer=standing.has_officer):
        raise NotAllowed
    _move(
        session, actor, update, UpdateState.VALIDATED, "validate_update", gettext("validated the update"), now
    )
    update.validated_at = now


def return_update(
    session: Session, actor: Actor, update: ProgressUpdate, comment: str, now: datetime
) -> None:
    """Submitted or validated → returned, always with a comment that says what to change."""
    _refuse_published(update)
    if update.state not in (UpdateState.SUBMITTED, UpdateState.VALIDATED):
        raise NotInState("return", update.state)
    standing = get_standing(session, update)
    if not policy.can_return_update(actor, update, has_officer=standing.has_officer):
        raise NotAllowed
    if not comment.strip():
        raise FieldsWrong({"comment": gettext("Say what should be changed before you return the update")})
    _move(session, actor, update, UpdateState.RETURNED, "return_update", gettext("returned the update"), now)
    update.comment = comment.strip()
    update.validated_at = None


def publish_update(session: Session, actor: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Validated → published, by the coordinator; validates in the same step where there is no officer.

    Stores whether the organisation led and keeps the level of the point. From now on nothing changes.
    """
    _refuse_published(update)
    if update.state not in (UpdateState.SUBMITTED, UpdateState.VALIDATED):
        raise NotInState("publish", update.state)
    standing = get_standing(session, update)
    if not policy.can_publish_update(actor, update, has_officer=standing.has_officer):
        raise NotAllowed
    if update.state == UpdateState.SUBMITTED:
        said = gettext("validated the update")
        _move(session, actor, update, UpdateState.VALIDATED, "validate_update", said, now)
        update.validated_at = now
    update.led = standing.leads and update.level is not None
    if not update.led:
        update.level = None  # it led when it was submitted; what does not count is not shown either
    update.published_at = now
    said = gettext("published the update")
    _move(session, actor, update, UpdateState.PUBLISHED, "publish_update", said, now)
    keep_level(session, update.action_point, now)


def discard_update(session: Session, actor: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Removes a draft that was never submitted; the history keeps that there was one, not its texts."""
    _refuse_published(update)
    if not policy.is_writer_of(actor, update):
        raise NotAllowed
    if not policy.can_discard_update(actor, update):
        raise NotInState("discard", update.state)
    _line(session, actor, "discard_update", update, gettext("discarded the draft"), now)
    session.flush()
    lines = change_rows(HistoryLine).where(HistoryLine.subject == f"update {update.id}")
    session.execute(lines.values(before=null(), after=null()))
    session.delete(update)


def _as_assigned(text: UpdateText, kind: AssignmentKind | None) -> UpdateText:
    """A supporting organisation's entry has no level."""
    if kind == AssignmentKind.LEAD:
        return text
    return UpdateText(**{**asdict(text), "level": None})


def _refuse_published(update: ProgressUpdate) -> None:
    if update.state == UpdateState.PUBLISHED and update.published_at is not None:
        raise AlreadyPublished(update.published_at)


def _move(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    to: UpdateState,
    verb: str,
    said: str,
    now: datetime,
) -> None:
    before = {"state": update.state.value}
    update.state = to
    _line(session, actor, verb, update, said, now, before, {"state": to.value})


def _line(
    session: Session,
    actor: Actor,
    verb: str,
    update: ProgressUpdate,
    said: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    write_line(
        session,
        actor,
        verb,
        f"update {update.id}",
        f"{actor.handle} {said}",
        at=now,
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
