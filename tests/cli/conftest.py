"""Runs a flask command of the application under test."""

import pytest
from flask import Flask

from tests.cli.refusals import Run


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(args=list(arguments))
