"""The revision that erases the addresses of people to whom no mail is sent."""

from alembic import command
from sqlalchemy import Text, type_coerce, update

from tests.cast import PEOPLE, Cast
from tests.stories.pages import ask
from tests.upkeep.test_erasing import files_of
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.models.accounts import Account
from tracker.policy.mails import may_get_mail
from tracker.upkeep.erasing import empty_log, rewrite_tables

BEFORE = "0018"
SEALED = "a-sealed-address-of-"


def test_only_who_gets_mail_keeps_an_address_and_the_bytes_of_the_others_go(
    database: Database, url: str, cast: Cast
) -> None:
    # Given an older database, in which everybody has an address
    config = alembic_config(url)
    database.dispose()
    command.downgrade(config, BEFORE)
    with database.engine.begin() as connection:
        for handle in PEOPLE:
            stored = {"email": type_coerce(f"{SEALED}{handle}-", Text)}
            connection.execute(update(Account).where(Account.handle == handle).values(stored))
    # When it is upgraded, and what was deleted is let go
    database.dispose()
    command.upgrade(config, "head")
    assert empty_log(database)
    assert rewrite_tables(database) == []
    # Then those to whom mail is sent have theirs, and the others' stand in no file
    wanted = {handle for handle in PEOPLE if may_get_mail(cast[handle])}
    assert {"validating_officer", "administrator", "lead"} <= PEOPLE.keys() - wanted
    found = ask(database, "SELECT handle FROM accounts WHERE email IS NOT NULL")
    assert {row.handle for row in found} == wanted
    content = b"".join(path.read_bytes() for path in files_of(database))
    assert {handle for handle in PEOPLE if f"{SEALED}{handle}-".encode() in content} == wanted
