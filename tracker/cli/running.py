"""What every command uses: the settings, the database, and a sentence for each failure."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app

from tracker.database import Database
from tracker.failures import DatabaseUnavailable, Failure, NotFound, ValidationFailed
from tracker.language import speaking
from tracker.safety import Places, database_file

Command = TypeVar("Command", bound=Callable[..., Any])


def says_what_to_do(run: Command) -> Command:
    """Turns a failure into one sentence on standard error and exit status 2."""

    @wraps(run)
    def guarded(*values: Any, **named: Any) -> Any:
        try:
            with speaking(settings().languages[0], settings().TIMEZONE):
                return run(*values, **named)
        except NotFound:
            sentence = "There is no such review, recommendation, organisation or account: check the spelling."
        except DatabaseUnavailable as error:
            cause = str(error).partition("\n")[0].rstrip(".")  # PostgreSQL's driver goes on with advice
            sentence = (
                f"The database cannot be used: {cause}. Is it running, does it belong to the user in DATABASE_URL, and "
                "did “flask db upgrade” run?"
            )
        except ValidationFailed as error:
            sentence = " ".join(f"{each.rstrip('.')}." for each in error.sentences.values())
        except Failure as error:
            sentence = str(error)
        click.echo(sentence, err=True)
        sys.exit(2)

    return guarded  # type: ignore[return-value]


def settings() -> Any:
    return current_app.config["TRACKER"]


def places_of(config: Any) -> Places:
    """Returns the paths of secrets and data that the settings name."""
    return Places(
        keys=Path(config.KEY_DIR),
        storage=Path(config.STORAGE_DIR),
        database=database_file(config.DATABASE_URL),
        secret=Path(config.SECRET_KEY_FILE),
        demo_accounts=Path(config.DEMO_ACCOUNTS_FILE),
    )


def database() -> Database:
    return current_app.extensions["database"]  # type: ignore[no-any-return]
