"""flask assign."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.models.assignments import AssignmentKind
from tracker.policy.actors import SYSTEM
from tracker.queries import reviews
from tracker.queries.organisations import get_organisation
from tracker.queries.recommendations.recommendation import get_recommendation
from tracker.services import assignments


@click.command("assign")
@click.argument("ref")
@click.argument("organisation")
@click.argument("kind", type=click.Choice([kind.value for kind in AssignmentKind]))
@click.option("--review", help="Code of the review; the current one of the setting STATE if left out.")
@with_appcontext
@says_what_to_do
def assign(ref: str, organisation: str, kind: str, review: str | None) -> None:
    """Lets an organisation lead or support a recommendation from today."""
    now = clock.now()
    with database().transaction() as session:
        current = reviews.find_current_review(session, SYSTEM, settings().STATE)
        code = review or (current.code if current else "")
        assignments.assign(
            session,
            SYSTEM,
            get_recommendation(session, SYSTEM, code, ref),
            get_organisation(session, organisation),
            AssignmentKind(kind),
            clock.day_in(settings().TIMEZONE, now),
            now,
        )
    click.echo(f"{organisation} is {kind} of {ref}.")
