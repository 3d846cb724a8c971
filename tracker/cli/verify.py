"""flask verify: checks that history, published updates and evidence are still as they were written."""

from collections.abc import Collection

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput, EvidenceBroken, HistoryBroken, PublicationBroken
from tracker.history.verify_chain import Fault, verify_chain
from tracker.models.history_chain import SHORT
from tracker.services.evidence.stored_bytes import all_files_stay
from tracker.storage import Storage, place_of
from tracker.upkeep.verify_evidence import count_unnamed, verify_evidence
from tracker.upkeep.verify_publications import verify_publications

HASH_LENGTH = 64
WHAT = {
    Fault.CHANGED: "was changed after it was written",
    Fault.MISSING: "is missing",
    Fault.INSERTED: "was inserted later",
    Fault.REORDERED: "is not in its place: lines were reordered",
}
WHAT_OF_FILES = {Fault.CHANGED: "was changed after it was stored", Fault.MISSING: "is missing"}
WHAT_OF_UPDATES = {
    Fault.CHANGED: "does not say any more what was published",
    Fault.MISSING: "was published and is not there any more",
    Fault.INSERTED: "stands there as published, but nobody published it",
}


@click.command("verify")
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="HASH",
    help="A hash that was noted earlier, whole or its first 16 letters: its line must still be there.",
)
@with_appcontext
@says_what_to_do
def verify(expected: tuple[str, ...]) -> None:
    """Proves that no line of the history was changed, removed, inserted or moved, no published update changed, and that
    every file of evidence is there as it was stored."""
    _check_typed(expected)
    with database().snapshot() as session, all_files_stay(session) as storage:
        paragraphs = [_history(session, expected), _publications(session), _evidence(session, storage)]
    click.echo("\n".join(paragraphs))


def _history(session: Session, expected: Collection[str]) -> str:
    try:
        verified = verify_chain(session, expected)
    except HistoryBroken as broken:
        raise BadInput(_sentence_of(broken)) from broken
    if verified.newest_at is None:
        return "History: no line was written yet."
    day = clock.day_in(settings().TIMEZONE, verified.newest_at)
    purged = (
        f" Of these, {verified.purged} without texts: the drafts were discarded." if verified.purged else ""
    )
    return (
        f"History: {verified.lines} lines, all as they were written.{purged}\n"
        f"Newest line: {day}, hash {verified.newest_hash}\n"
        "Keep this hash outside this computer: “flask verify --expect HASH” proves later that no line up to it "
        "was lost or replaced."
    )


def _publications(session: Session) -> str:
    try:
        verified = verify_publications(session)
    except PublicationBroken as broken:
        raise BadInput(
            f"Published updates: {broken.subject} {WHAT_OF_UPDATES[Fault(broken.fault)]}: compare it with a backup."
        ) from broken
    count = verified.published - verified.proven
    older = f" {count} of them are older than the hashes of texts and files: not compared whole."
    return f"Published updates: {verified.published}, none changed, added or removed.{older if count else ''}"


def _evidence(session: Session, storage: Storage) -> str:
    try:
        proven = verify_evidence(session, storage)
    except EvidenceBroken as broken:
        raise BadInput(
            f"Evidence files: {place_of(broken.name)} in STORAGE_DIR {WHAT_OF_FILES[Fault(broken.fault)]}: restore a "
            "backup elsewhere and copy this file back."
        ) from broken
    unnamed, example = count_unnamed(session, storage)
    sentences = f"Evidence files: {proven}, all there and as they were stored."
    if unnamed:
        sentences += (
            f"\nNote: {unnamed} files in STORAGE_DIR belong to no entry, for example {place_of(example)}. "
            "Nobody sees them: remove them unless another instance uses this folder."
        )
    return sentences


def _sentence_of(broken: HistoryBroken) -> str:
    if broken.number is None:
        return (
            f"History: no line has the hash {broken.expected}. Lines were cut off or all written anew since it was "
            "noted, or this is another database: compare with a backup."
        )
    return (
        f"History: line {broken.number} {WHAT[Fault(broken.fault)]}. The lines before it are as they were written; "
        "do not trust the others until you compared them with a backup."
    )


def _check_typed(expected: Collection[str]) -> None:
    for typed in expected:
        is_hash = SHORT <= len(typed) <= HASH_LENGTH and not set(typed.casefold()) - set("0123456789abcdef")
        if not is_hash:
            raise BadInput(f"“{typed}” is no hash: give at least its first {SHORT} letters and digits.")
