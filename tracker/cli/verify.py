"""flask verify: is what was written still as it was written?"""

from collections.abc import Collection

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput, HistoryBroken
from tracker.models.history_chain import SHORT
from tracker.services.history_proof import Fault, prove_history

HASH_LENGTH = 64
WHAT = {
    Fault.CHANGED: "was changed after it was written",
    Fault.MISSING: "is missing",
    Fault.INSERTED: "was inserted later",
    Fault.REORDERED: "is not in its place: lines were reordered",
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
    """Proves the history: that no line was changed, removed, inserted or moved."""
    _check_typed(expected)
    with database().snapshot() as session:
        click.echo(_history(session, expected))


def _history(session: Session, expected: Collection[str]) -> str:
    try:
        proof = prove_history(session, expected)
    except HistoryBroken as broken:
        raise BadInput(_said(broken)) from broken
    if proof.newest_at is None:
        return "History: no line was written yet."
    day = clock.day_in(settings().TIMEZONE, proof.newest_at)
    purged = f" Of these, {proof.purged} without texts: the drafts were discarded." if proof.purged else ""
    return (
        f"History: {proof.lines} lines, all as they were written.{purged}\n"
        f"Newest line: {day}, hash {proof.newest_hash}\n"
        "Keep this hash outside this computer: “flask verify --expect HASH” proves later that no line up to it "
        "was lost or replaced."
    )


def _said(broken: HistoryBroken) -> str:
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
