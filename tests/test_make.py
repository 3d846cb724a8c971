"""What `make` passes on to the commands, read off the environment that it gives them; nothing is started."""

import os
import subprocess

import pytest

from config import ROOT, Config
from tests.programs import needs

PLACES = ("DATABASE_URL", "STORAGE_DIR", "KEY_DIR", "MAIL_URL")
OF_MAKE = ("HOST", "PORT", "DEMO", "MAKEFLAGS")
pytestmark = needs("make")


def settings(*arguments: str, **given: str) -> dict[str, str]:
    """The settings that `make run` hands on, the defaults of the others."""
    names = Config.__dataclass_fields__
    clean = {name: value for name, value in os.environ.items() if name not in (*names, *OF_MAKE)}
    done = subprocess.run(
        ["make", "-s", "-o", ".venv/.run", "run", "FLASK=env #", *arguments],
        cwd=ROOT,
        env={**clean, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines() if "=" in line)
    return {name: told.get(name) or str(getattr(Config(), name)) for name in names}


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(PLACES, "")], ids=["not set", "empty"])
def test_the_demonstration_shares_no_place_with_a_real_instance(empty: dict[str, str]) -> None:
    """Evidence is named by its hash: what one of two databases lets go would be missing in the other."""
    demonstration, real = settings(**empty), settings("DEMO=0", **empty)
    assert [name for name in PLACES if demonstration[name] == real[name]] == []
    assert {name: real[name] for name in PLACES} == {name: getattr(Config(), name) for name in PLACES}


def test_a_real_instance_is_production() -> None:
    assert (
        settings("DEMO=0")["TRACKER_ENV"] == settings("DEMO=0", TRACKER_ENV="")["TRACKER_ENV"] == "production"
    )
    assert settings()["TRACKER_ENV"] == "development"


def test_what_is_set_is_passed_on() -> None:
    given = {name: f"given-{name}" for name in PLACES}
    assert settings(**given).items() >= given.items()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"HOST": "192.0.2.7"}, "http://192.0.2.7:8000"),
        ({"HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "BASE_URL": "http://tracker.example"}, "http://tracker.example"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(given: dict[str, str], address: str) -> None:
    assert settings(**given)["BASE_URL"] == address
