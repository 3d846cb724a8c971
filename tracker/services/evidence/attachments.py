"""Evidence files: attach, remove, purge. The bytes follow the rows: bytes that no row names when the transaction has
ended are removed from the disk (`services/evidence/stored_bytes.py`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from time import monotonic
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.exchange.evidence import NotTaken, TakenFile, shown_name
from tracker.exchange.evidence_process import take_file_apart
from tracker.failures import NotAllowed, StorageUnavailable, ValidationFailed
from tracker.history.lines import write_line
from tracker.language import file_size, gettext
from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate
from tracker.policy import updates as policy
from tracker.policy.actors import Actor
from tracker.queries.updates import get_workflow_context
from tracker.services.entry_places import lock_place
from tracker.services.evidence.stored_bytes import keep_bytes, release_bytes

MOST_FILES = 20
PATIENCE_SECONDS = 20.0
_one_at_a_time = Lock()
"""Of each process: a large picture takes some 370 MB while it is cleaned."""
MOST_SECONDS_OF_A_FORM = 40.0
"""Others wait meanwhile. Files of a form that are not reached by then are sent again."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. `content` is None where it was too large to be held in memory. `checked` is what is stored
    of it, or why it is not taken; None while nobody has looked."""

    name: str
    content: bytes | None
    checked: TakenFile | NotTaken | None = None


@dataclass(frozen=True)
class Limits:
    """`form_bytes`: for all files of one form; `quota_bytes`: for all files of an organisation."""

    form_bytes: int
    quota_bytes: int


NO_FILES = Limits(0, 0)
"""For callers that have none to attach."""


def check_uploads(uploads: Sequence[Upload], limits: Limits, *, of_state: bool) -> list[Upload]:
    """Checks and cleans. Call it before a transaction that writes begins: it may take seconds, in which nobody else
    could write. Attaching refuses what is not taken, so that the form comes back with all its sentences."""
    if not uploads or len(uploads) > MOST_FILES:
        return [*uploads]
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        busy = NotTaken(gettext("Many files are being checked right now. Send the form again in a minute"))
        return [replace(each, checked=each.checked or busy) for each in uploads]
    last = monotonic() + MOST_SECONDS_OF_A_FORM
    try:
        return [
            each if each.checked else replace(each, checked=_check(each, limits, last, of_state=of_state))
            for each in uploads
        ]
    finally:
        _one_at_a_time.release()


def attach_to_update(
    session: Session,
    actor: Actor,
    update: ProgressUpdate,
    uploads: Sequence[Upload],
    visibility: Visibility,
    limits: Limits,
    now: datetime,
) -> None:
    """Attaches files to a draft or returned update. Its version grows, so somebody who read it before must read it
    again."""
    if not uploads:
        return
    _refuse_other_writers(session, actor, update)
    files = taken_files(uploads, limits, of_state=True)
    ids = [uuid4() for _ in files]
    # No line holds the name of a file: more people may read lines than confidential files. The lines come before the
    # quota, because each locks something until the commit, and a new draft with files has locked the history before it
    # gets here: in another order two transactions could deadlock.
    for each in ids:
        after = {"evidence": str(each), "visibility": visibility.value}
        write_line(session, actor, "attach_evidence", f"update {update.id}", at=now, after=after)
    _refuse_beyond_quota(session, update.organisation_id, files, limits)
    for each, file in zip(ids, files, strict=True):
        row = _row(session, file, visibility, now)
        row.id, row.update_id = each, update.id
        session.add(row)
    update.has_files = True
    flag_modified(update, "has_files")
    session.flush()


def remove_from_update(
    session: Session, actor: Actor, update: ProgressUpdate, evidence_ids: Collection[UUID], now: datetime
) -> None:
    """Removes files from a draft or returned update; one that is gone already is no error."""
    if not evidence_ids:
        return
    _refuse_other_writers(session, actor, update)
    rows = session.scalars(select(Evidence).where(Evidence.update_id == update.id)).all()
    gone = [row for row in rows if row.id in evidence_ids]
    for row in gone:
        before = {"evidence": str(row.id), "visibility": row.visibility.value}
        write_line(session, actor, "remove_evidence", f"update {update.id}", at=now, before=before)
    _delete(session, gone)
    if gone:
        update.has_files = len(gone) < len(rows)
        flag_modified(update, "has_files")
        session.flush()


def attach_to_assessment(
    session: Session, assessment: Assessment, files: Sequence[TakenFile], limits: Limits, now: datetime
) -> None:
    """Called by `publish_assessment`, which has checked the actor: a file is public with its text, or not stored."""
    if not files or assessment.organisation_id is None:
        return
    _refuse_beyond_quota(session, assessment.organisation_id, files, limits)
    for file in files:
        row = _row(session, file, Visibility.PUBLIC, now)
        row.assessment_id = assessment.id
        session.add(row)
    session.flush()


def are_files_of(session: Session, entry: ProgressUpdate | Assessment, files: Sequence[TakenFile]) -> bool:
    """Are these the files of an entry, byte by byte, none more and none less?"""
    stored = session.scalars(select(Evidence.sha256).where(_is_of(entry))).all()
    return sorted(stored) == sorted(sha256(each.content).hexdigest() for each in files)


def holds_files(
    session: Session, update: ProgressUpdate, files: Sequence[TakenFile], visibility: Visibility
) -> bool:
    """Does an update hold each of these files, for the same readers?"""
    query = select(Evidence.sha256).where(_is_of(update), Evidence.visibility == visibility)
    return {sha256(each.content).hexdigest() for each in files} <= set(session.scalars(query))


def purge_evidence(session: Session, entry: ProgressUpdate | Assessment) -> None:
    """Called when an assessment is withdrawn or a draft discarded. Removes rows now, bytes after the commit."""
    _delete(session, session.scalars(select(Evidence).where(_is_of(entry))).all())


def _is_of(entry: ProgressUpdate | Assessment) -> ColumnElement[bool]:
    column = Evidence.assessment_id if isinstance(entry, Assessment) else Evidence.update_id
    return column == entry.id


def _refuse_other_writers(session: Session, actor: Actor, update: ProgressUpdate) -> None:
    context = get_workflow_context(session, update)
    if not policy.can_edit_update(actor, update, assigned=context.is_assigned):
        raise NotAllowed
    lock_place(session, context.review_id, context.recommendation_id, update.action_point_id)


def taken_files(uploads: Sequence[Upload], limits: Limits, *, of_state: bool) -> list[TakenFile]:
    """What is stored of each file. Refuses all of them with a sentence for each that is not taken."""
    if len(uploads) > MOST_FILES:
        raise ValidationFailed({"files": gettext("Choose at most %(most)s files at once", most=MOST_FILES)})
    checked = [each.checked for each in check_uploads(uploads, limits, of_state=of_state)]
    problems = [str(each) for each in checked if isinstance(each, NotTaken)]
    if problems:
        raise ValidationFailed({"files": ". ".join(dict.fromkeys(problems))})
    return [each for each in checked if isinstance(each, TakenFile)]


def _check(upload: Upload, limits: Limits, last: float, *, of_state: bool) -> TakenFile | NotTaken:
    name = shown_name(upload.name)
    if upload.content is None:
        return NotTaken(_too_large(name, limits))
    if monotonic() > last:
        return NotTaken(
            gettext(
                "“%(name)s” was not reached: the files before it took too long. Send it by itself", name=name
            )
        )
    try:
        return take_file_apart(name, upload.content, of_state=of_state)
    except NotTaken as error:
        return error


def _too_large(name: str, limits: Limits) -> str:
    return gettext(
        "“%(name)s” is too large: the files of one form may have %(most)s together. Send several files one after"
        " the other, or make this one smaller",
        name=name,
        most=file_size(limits.form_bytes),
    )


def _refuse_beyond_quota(
    session: Session, organisation_id: int, files: Sequence[TakenFile], limits: Limits
) -> None:
    """Locks the organisation's row: another one who attaches files for it waits, or both could use the same free space.
    Transactions that write other rows of the organisation do not wait (`key_share`)."""
    locked = select(Organisation.id).where(Organisation.id == organisation_id)
    session.scalar(locked.with_for_update(key_share=True))
    size_bytes = sum(len(each.content) for each in files)
    left = max(0, limits.quota_bytes - _used_bytes(session, organisation_id))
    if size_bytes > left:
        sentence = gettext(
            "Your organisation may keep %(quota)s of files and has %(left)s left, so these do not fit: %(size)s."
            " Remove files that you need no more, make these smaller, or ask whoever runs this site for more room",
            quota=file_size(limits.quota_bytes),
            left=file_size(left),
            size=file_size(size_bytes),
        )
        raise ValidationFailed({"files": sentence})


def _used_bytes(session: Session, organisation_id: int) -> int:
    query = select(func.coalesce(func.sum(Evidence.size_bytes), 0))
    query = query.outerjoin(ProgressUpdate, ProgressUpdate.id == Evidence.update_id)
    query = query.outerjoin(Assessment, Assessment.id == Evidence.assessment_id)
    own = or_(
        ProgressUpdate.organisation_id == organisation_id, Assessment.organisation_id == organisation_id
    )
    return int(session.scalar(query.where(own)) or 0)


def _row(session: Session, file: TakenFile, visibility: Visibility, now: datetime) -> Evidence:
    try:
        sha256 = keep_bytes(session, file.content)
    except StorageUnavailable as error:
        raise ValidationFailed({"files": _not_stored()}) from error
    return Evidence(
        sha256=sha256,
        size_bytes=len(file.content),
        media_type=file.media_type,
        name=file.name,
        visibility=visibility,
        added_at=now,
    )


def _not_stored() -> str:
    return gettext(
        "The file could not be stored: the place for files is full or out of order. Go on without it, and tell"
        " whoever runs this site"
    )


def _delete(session: Session, rows: Sequence[Evidence]) -> None:
    for row in rows:
        release_bytes(session, row.sha256)
        session.delete(row)
    session.flush()
