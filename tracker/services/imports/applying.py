"""Applies an import as a whole, and undoes it as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnExpressionArgument, and_, select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed, Refused
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.imports import Import, ImportItem, ImportState
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.imports import can_import
from tracker.queries.imports import list_present
from tracker.services.imports.drafts import DraftWriter, is_draft, list_untouched
from tracker.services.imports.locking import lock_row
from tracker.services.imports.rows import RowWriter, short_title_of
from tracker.services.imports.values import fingerprint, fingerprint_of_all
from tracker.services.imports.vocabularies import forget_unused
from tracker.services.imports.written_on import list_used, list_worked_on
from tracker.services.levels import bump_version
from tracker.services.recommendations.wordings import moment_after_entries
from tracker.services.reviews import refuse_closed

AT_ONCE = 500
"""Items that are written together."""
MOST_NAMED = 10
"""Recommendations that a sentence names."""


class PreviewIsOld(BadInput):
    """The review is no longer as the preview shows it."""


def apply_import(session: Session, actor: Actor, applied: Import, now: datetime) -> None:
    """Adds and changes the recommendations of the items that are taken, in the order of the file. `PreviewIsOld` where
    anything of the review is not any more as it was when the preview was made."""
    review = lock_import(session, actor, applied)
    if applied.state != ImportState.READ:
        raise BadInput(gettext("This import was applied or discarded already. Upload the file again."))
    if applied.compared_with != fingerprint_of_all(list_present(session, review.id)):
        raise PreviewIsOld(
            gettext(
                "Somebody changed this review after the file was read, so nothing was imported. Read the file"
                " again and look at the preview once more."
            )
        )
    now = moment_after_entries(session, now, Recommendation.review_id == review.id)
    applied.state, applied.applied_at = ImportState.APPLIED, now
    applied.content, applied.samples = None, []  # cells of columns that were left out may name people
    session.flush()
    rows, drafts = RowWriter(session, review, applied, now), DraftWriter(session, actor, now)
    for items in _taken(session, applied):
        rows.write([item for item in items if not is_draft(item)])
        drafts.write([item for item in items if is_draft(item)])
        _note_what_stands(session, review, items)
    drafts.forget_words(applied)
    counts = {"added": rows.added, "changed": rows.changed}
    if drafts.made:
        counts["drafts"] = drafts.made
    _write_line(session, actor, "apply_import", applied, review, now, counts)


def undo_import(session: Session, actor: Actor, undone: Import, now: datetime) -> None:
    """Everything is as it was before. Refused where somebody wrote on one of its recommendations meanwhile, or changed
    one: the import has become part of what people work on then."""
    _lock_drafts(session, undone)
    review = lock_import(session, actor, undone)
    if undone.state != ImportState.APPLIED or undone.applied_at is None:
        raise BadInput(gettext("Only an import that was applied can be undone."))
    if refs := list_what_keeps(session, undone):
        raise Refused(
            gettext(
                "This import cannot be undone any more: somebody wrote on %(refs)s, or changed it. Correct or retire"
                " single recommendations on their pages.",
                refs=", ".join(refs[:MOST_NAMED]) + (" …" if len(refs) > MOST_NAMED else ""),
            )
        )
    rows, drafts = RowWriter(session, review, undone, undone.applied_at), DraftWriter(session, actor, now)
    every = [item for items in _written(session, undone) for item in items]
    drafts.restore([item for item in every if is_draft(item)])
    written = [item for item in reversed(every) if not is_draft(item)]
    for at in range(0, len(written), AT_ONCE):
        rows.restore(written[at : at + AT_ONCE])
    forget_unused(session, every)
    undone.state, undone.undone_at = ImportState.UNDONE, now
    session.flush()
    _write_line(session, actor, "undo_import", undone, review, now, {"removed": rows.removed})


def _lock_drafts(session: Session, found: Import) -> None:
    """Those that the import made, before the review, as everybody does who works on one."""
    made = select(ImportItem.before["draft"].as_string()).where(ImportItem.import_id == found.id)
    ids = sorted(UUID(each) for each in session.scalars(made) if each)
    drafts = select(ProgressUpdate.id).order_by(ProgressUpdate.id).with_for_update()
    for at in range(0, len(ids), AT_ONCE):
        session.execute(drafts.where(ProgressUpdate.id.in_(ids[at : at + AT_ONCE]))).all()


def lock_import(session: Session, actor: Actor, found: Import) -> Review:
    """The review's row is locked before the import's, as every writer does. Raises `ReviewClosed` and `NotAllowed`."""
    session.flush()
    bump_version(session, found.review_id)
    review = session.get_one(Review, found.review_id, populate_existing=True)
    lock_row(session, found)
    refuse_closed(review.closed_at)
    if not can_import(actor, review):
        raise NotAllowed
    return review


def _taken(session: Session, found: Import) -> Iterator[list[ImportItem]]:
    """What is to be written."""
    return _by_many(session, found, ImportItem.is_taken)


def _written(session: Session, found: Import) -> Iterator[list[ImportItem]]:
    return _by_many(session, found, ImportItem.before.is_not(None))


def _by_many(
    session: Session, found: Import, which: ColumnExpressionArgument[bool]
) -> Iterator[list[ImportItem]]:
    """In the order of the file, many at a time."""
    query = select(ImportItem).where(ImportItem.import_id == found.id, which)
    last = 0
    while items := session.scalars(
        query.where(ImportItem.number > last).order_by(ImportItem.number).limit(AT_ONCE)
    ).all():
        last = items[-1].number
        yield list(items)


def _note_what_stands(session: Session, review: Review, items: list[ImportItem]) -> None:
    """So that an undo sees whether somebody changed it since."""
    ids = [item.recommendation_id for item in items if item.recommendation_id is not None]
    stands = {each.id: fingerprint(each.values) for each in list_present(session, review.id, ids)}
    for item in items:
        if item.recommendation_id in stands and item.before is not None:
            item.before = {**item.before, "after": stands[item.recommendation_id]}
    session.flush()


def list_what_keeps(session: Session, found: Import) -> list[str]:
    """The refs of the recommendations that are not any more as the import left them, or on which somebody wrote since:
    it can no longer be undone. In the order in which they were added; not many more than `MOST_NAMED`, because a page
    asks this of an import of many thousands."""
    left = _list_left(session, found)
    refs: list[str] = []
    for at in range(0, len(left), AT_ONCE):
        refs += _list_kept(session, found, left[at : at + AT_ONCE])
        if len(refs) > MOST_NAMED:
            break
    return refs


@dataclass(frozen=True)
class _Left:
    """A recommendation as the import left it: a digest, whether the import added it, and the drafts that it made."""

    id: int
    digest: str
    is_added: bool
    drafts: tuple[UUID, ...]


def _list_left(session: Session, found: Import) -> list[_Left]:
    """By id. What an item holds besides is not read."""
    before = ImportItem.before
    digest, draft = before["after"].as_string(), before["draft"].as_string()
    is_added = and_(before["values"].as_string().is_(None), draft.is_(None))
    query = select(ImportItem.recommendation_id, digest, is_added, draft).where(
        ImportItem.import_id == found.id, before.is_not(None), ImportItem.recommendation_id.is_not(None)
    )
    left: dict[int, _Left] = {}
    for id_, after, added, draft_id in session.execute(query.order_by(ImportItem.number)):
        known = left.get(id_, _Left(id_, after, is_added=False, drafts=()))
        drafts = (*known.drafts, UUID(draft_id)) if draft_id else known.drafts
        left[id_] = _Left(id_, after, is_added=known.is_added or bool(added), drafts=drafts)
    return [left[id_] for id_ in sorted(left)]


def _list_kept(session: Session, found: Import, left: Sequence[_Left]) -> list[str]:
    added = {each.id for each in left if each.is_added}
    changed = [each.id for each in left if not each.is_added]
    own = list_untouched(session, [draft for each in left for draft in each.drafts])
    worked = {
        *list_used(session, sorted(added), own),
        *list_worked_on(session, changed, found.applied_at, own),
    }
    present = {each.id: each for each in list_present(session, found.review_id, [each.id for each in left])}
    kept: list[str] = []
    for each in left:
        stands = present[each.id]
        is_own_title = not each.is_added or stands.short_title == short_title_of(stands.values["text"])
        was_renumbered = each.is_added and stands.former_refs
        is_as_left = fingerprint(stands.values) == each.digest and is_own_title and not was_renumbered
        if each.id in worked or not is_as_left:
            kept.append(stands.values["ref"])
    return kept


def _write_line(
    session: Session,
    actor: Actor,
    verb: str,
    found: Import,
    review: Review,
    now: datetime,
    counts: dict[str, int],
) -> None:
    write_line(
        session,
        actor,
        verb,
        f"import {found.id}",
        at=now,
        state_code=review.state_code,
        facts={"review": review.code, **counts},
        may_be_public=False,
    )
