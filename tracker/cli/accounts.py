"""flask create-account, create-administrator and create-registrar: the first accounts of an instance."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, says_what_to_do
from tracker.failures import BadInput
from tracker.identity import accounts
from tracker.identity.invitation_acceptance import check_handle
from tracker.identity.passphrases import make_passphrase
from tracker.models.accounts import Role
from tracker.policy.actors import SYSTEM
from tracker.queries.organisations import get_organisation


@click.command("create-account")
@click.argument("handle")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--organisation", help="Key of the organisation.")
@click.option("--email", help="For focal points, alternates and coordinators only: nobody else gets mail.")
@click.option("--may-publish", is_flag=True, help="A contributor's right to publish.")
@with_appcontext
@says_what_to_do
def create_account(
    handle: str, roles: tuple[str, ...], organisation: str | None, email: str | None, may_publish: bool
) -> None:
    """Makes an account and prints its passphrase once."""
    _make(handle, [Role(role) for role in roles], organisation, email, may_publish)


@click.command("create-administrator")
@click.argument("handle")
@with_appcontext
@says_what_to_do
def create_administrator(handle: str) -> None:
    """Makes an account that keeps the accounts of the State, and prints its passphrase once."""
    _make(handle, [Role.ADMINISTRATOR], None)


@click.command("create-registrar")
@click.argument("handle")
@click.option("--organisation", help="Key of the ombudsperson's, the UN's or a civil-society organisation.")
@with_appcontext
@says_what_to_do
def create_registrar(handle: str, organisation: str | None) -> None:
    """Makes the account that admits independent organisations, and prints its passphrase once."""
    _make(handle, [Role.REGISTRAR], organisation)


def _make(
    handle: str,
    roles: list[Role],
    organisation: str | None,
    email: str | None = None,
    may_publish: bool = False,
) -> None:
    passphrase, handle = make_passphrase(), check_handle(handle)
    if may_publish and Role.CONTRIBUTOR not in roles:
        raise BadInput("The right to publish is a contributor's: leave out --may-publish.")
    with database().transaction() as session:
        owner = get_organisation(session, organisation) if organisation else None
        accounts.create_account(
            session,
            SYSTEM,
            handle,
            roles,
            owner,
            passphrase,
            clock.now(),
            email=email,
            may_publish=may_publish,
        )
    click.echo(f"Account {handle} created. Its passphrase, shown only now: {passphrase}")
