"""A second server beside the application of `tests/conftest.py`, for stories of two people at once; and the job that
queues reminders, run by hand."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask

from config import Config
from tests.cast import PASSPHRASE
from tests.strict_client import SignIn, StrictClient
from tracker.app import create_app


@pytest.fixture
def signed_in_elsewhere(config: Config) -> Iterator[SignIn]:
    """As `signed_in`, on another server of the same database."""
    other = create_app(config)
    other.test_client_class = StrictClient

    def sign_in(handle: str) -> StrictClient:
        client: StrictClient = other.test_client()  # type: ignore[assignment]
        assert client.sign_in(handle, PASSPHRASE).status_code == 303
        return client

    yield sign_in
    other.extensions["database"].dispose()


@pytest.fixture
def remind(app: Flask) -> Callable[[date], str]:
    """Runs the job by hand for a day, as the operator would; gives what it said."""

    def run(day: date) -> str:
        done = app.test_cli_runner().invoke(args=["job", "remind_of_milestones", "--today", f"{day}"])
        assert done.exit_code == 0, done.output
        return str(done.output).strip()

    return run
