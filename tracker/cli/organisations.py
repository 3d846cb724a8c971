"""flask create-organisation."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.models.organisations import OrganisationKind
from tracker.policy.actors import SYSTEM
from tracker.services.organisations import creation as organisations


@click.command("create-organisation")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option("--key", help="Short name in addresses; made from the name if left out.")
@click.option(
    "--state",
    help="ISO 3166-1 alpha-3 code. Left out: that of the setting STATE; of the UN: none.",
)
@with_appcontext
@says_what_to_do
def create_organisation(name: str, kind: str, key: str | None, state: str | None) -> None:
    """Makes an organisation."""
    name = " ".join(name.split())
    slug = key or "-".join(
        part for part in "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    )
    of_kind = OrganisationKind(kind)
    with database().transaction() as session:
        organisations.create_organisation(
            session,
            SYSTEM,
            slug,
            of_kind,
            {"en": name},
            state or of_kind.usual_state(settings().STATE),
            clock.now(),
        )
    click.echo(f"Organisation {slug} created.")
