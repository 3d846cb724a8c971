"""flask create-organisation and assign."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.models.organisations import AssignmentKind, OrganisationKind
from tracker.policy.actors import SYSTEM
from tracker.queries import reviews
from tracker.queries.organisations import get_organisation
from tracker.queries.recommendations import get_recommendation
from tracker.services import organisations


@click.command("create-organisation")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option("--key", help="Short name in addresses; made from the name if left out.")
@click.option("--state", default="KGZ", help="ISO 3166-1 alpha-3 code.")
@with_appcontext
@says_what_to_do
def create_organisation(name: str, kind: str, key: str | None, state: str) -> None:
    """Makes an organisation."""
    name = " ".join(name.split())
    slug = key or "-".join(
        part for part in "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    )
    with database().transaction() as session:
        organisations.create_organisation(
            session, SYSTEM, slug, OrganisationKind(kind), {"en": name}, state, clock.now()
        )
    click.echo(f"Organisation {slug} created.")


@click.command("assign")
@click.argument("ref")
@click.argument("organisation")
@click.argument("kind", type=click.Choice([kind.value for kind in AssignmentKind]))
@click.option("--review", help="Code of the review; the current one if left out.")
@with_appcontext
@says_what_to_do
def assign(ref: str, organisation: str, kind: str, review: str | None) -> None:
    """Lets an organisation lead or support a recommendation from today."""
    now = clock.now()
    with database().transaction() as session:
        current = reviews.find_current_review(session)
        code = review or (current.code if current else "")
        organisations.assign(
            session,
            SYSTEM,
            get_recommendation(session, code, ref),
            get_organisation(session, organisation),
            AssignmentKind(kind),
            clock.day_in(settings().TIMEZONE, now),
            now,
        )
    click.echo(f"{organisation} is {kind} of {ref}.")
