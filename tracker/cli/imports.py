"""flask import."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.exchange.imports.rows import Layout
from tracker.failures import BadInput, NotFound
from tracker.language import day_of
from tracker.models.imports import Import, ImportItem, ImportState
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM
from tracker.queries.imports import count_held, list_every_item
from tracker.queries.reviews import get_review
from tracker.services.imports.applying import apply_import
from tracker.services.imports.reading import Outcome, prepare_file, read_file, store_outcome
from tracker.services.imports.uploads import FileSent, upload_import
from tracker.services.reviews import SourceFacts, add_source, open_review, refuse_unknown_state


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--review", required=True, help="Code of the review, such as KGZ-4; it is opened where it is missing."
)
@click.option("--state", help="ISO 3166 code of the State, where the review's code does not begin with it.")
@click.option(
    "--format", "layout", type=click.Choice([layout.value for layout in Layout]), help="As a rule recognised."
)
@click.option("--dry-run", is_flag=True, help="Reads and compares, and stores nothing.")
@click.option("--json", "as_json", is_flag=True, help="Prints counts and problems as JSON.")
@with_appcontext
@says_what_to_do
def import_file(
    file: Path, review: str, state: str | None, layout: str | None, dry_run: bool, as_json: bool
) -> None:
    """Brings the recommendations of FILE into a review: matrices of OHCHR, exports of UPR Info and UHRI, tables."""
    now = clock.now()
    state_code, cycle = _place(review, state)
    sent = FileSent(file.name, file.read_bytes(), Layout(layout) if layout else None)
    with database().reading() as session:  # nothing is locked while a file is read
        refuse_unknown_state(session, state_code)
        of_review = _find_review(session, state_code, cycle)
        settled = (settings().IMPORT_MAX_ROWS, sent.layout)
        to_read = prepare_file(session, of_review, sent.name, sent.content, *settled)
    outcome = read_file(to_read)
    with database().transaction() as session:
        found = _store(session, open_review(session, SYSTEM, state_code, cycle, now), sent, outcome, now)
        items = list(list_every_item(session, SYSTEM, found.id))
        said = _summary(session, found, items)
        if dry_run:
            session.rollback()
        else:
            apply_import(session, SYSTEM, found, now)
    _say({**said, "applied": not dry_run}, as_json=as_json)


_ASK_COLUMNS = "Nobody has said yet what the columns of this table hold: upload it in the browser (Imports)."


def _place(code: str, state: str | None) -> tuple[str, int]:
    """The State and the cycle."""
    head, _, cycle = code.rpartition("-")
    if not (cycle.isascii() and cycle.isdecimal() and len(cycle) < 3 and (state or head)):
        raise BadInput(f"“{code}” is no code of a review: use the State and the cycle, such as KGZ-4.")
    return (state or head).upper(), int(cycle)


def _find_review(session: Session, state_code: str, cycle: int) -> Review:
    """The one that is there, or what it will be."""
    code = f"{state_code}-{cycle}"
    try:
        return get_review(session, SYSTEM, code)
    except NotFound:
        return Review(code=code, state_code=state_code, cycle=cycle)


def _store(session: Session, review: Review, sent: FileSent, outcome: Outcome, now: datetime) -> Import:
    """With the file itself as the document that new recommendations come from."""
    if review.closed_at is not None:
        raise BadInput(f"{review.code} was closed: open it again in the browser before you import into it.")
    source = add_source(session, SYSTEM, review, SourceFacts(sent.name, "", day_of(now), "en", ""))
    found = upload_import(session, SYSTEM, review, sent, source.id, now)
    store_outcome(session, found, outcome)
    if found.state != ImportState.READ:
        raise BadInput(found.problem or _ASK_COLUMNS)
    return found


def _summary(session: Session, found: Import, items: list[ImportItem]) -> dict[str, Any]:
    """Counts of what the file holds, and what stands at each problem."""
    held = count_held(session, SYSTEM, found.id)
    kinds = Counter(item.kind.value for item in items if "draft" not in item.values)
    return {
        "recommendations": held.recommendations,
        "by_kind_of_change": dict(kinds),
        "by_position": {code or "none": number for code, number in held.positions.items()},
        "by_theme": {label or "none": number for label, number in held.headings.items()},
        "drafts": sum("draft" in item.values for item in items),
        "left_out": found.left_out,
        "problems": [
            {"place": place, "sentence": sentence} for item in items for place, sentence in item.problems
        ],
    }


def _say(said: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    kinds = ", ".join(f"{number} {kind}" for kind, number in said["by_kind_of_change"].items())
    click.echo(f"{said['recommendations']} recommendations: {kinds}.")
    if said["drafts"]:
        click.echo(f"Drafts for ministries: {said['drafts']}.")
    for problem in said["problems"]:
        click.echo(f"{problem['place']}: {problem['sentence']}", err=True)
    if not said["applied"]:
        click.echo("Nothing was stored: leave out --dry-run to import.")
