"""flask demo-code: the code of a demonstration account, and of nothing else."""

import json
from pathlib import Path

import pytest

from config import Config
from tests.cli.conftest import Run
from tracker import clock
from tracker.identity.second_factors import code_of, make_secret


def write(config: Config, *accounts: dict[str, str]) -> None:
    Path(config.DEMO_ACCOUNTS_FILE).write_text(json.dumps(accounts), encoding="utf-8")


def test_it_shows_what_an_app_would_show_now(run: Run, config: Config) -> None:
    secret = make_secret()
    write(config, {"handle": "reed-27", "totp_secret": secret})
    before = code_of(secret, clock.now())
    shown = run("demo-code", " Reed-27 ").stdout.strip()
    assert shown in (before, code_of(secret, clock.now()))


@pytest.mark.parametrize(
    ("handle", "said"),
    [("nobody", "names no account nobody"), ("lantern-1", "has no second factor: the passphrase is enough")],
)
def test_a_handle_without_a_code_is_refused_with_the_reason(
    run: Run, config: Config, handle: str, said: str
) -> None:
    write(config, {"handle": "lantern-1"})
    result = run("demo-code", handle)
    assert result.exit_code == 2
    assert said in result.stderr


def test_where_no_demonstration_was_seeded_there_is_nothing_to_show(run: Run) -> None:
    result = run("demo-code", "reed-27")
    assert result.exit_code == 2
    assert "names no account reed-27" in result.stderr
