"""An instance with an operator's pair of keys, and the programs of its database on PATH."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from tests.cli.backup.places import MakePlace, add_evidence, empty_places, run_with, with_programs
from tests.databases import Templates


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", with_programs())


@pytest.fixture
def private(config: Config, tmp_path: Path) -> Path:
    return tmp_path / "operator" / "private.key"


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """The instance with its public key."""
    (tmp_path / "operator").mkdir()
    made = run_with(config, "make-backup-keys", tmp_path / "operator" / "private.key")
    assert made.exit_code == 0, made.output
    [line] = made.stdout.splitlines()
    found = replace(config, BACKUP_PUBLIC_KEY=line.removeprefix("BACKUP_PUBLIC_KEY="))
    assert found.reasons() == []
    return found


@pytest.fixture
def places(config: Config, kind: str, templates: Templates, tmp_path: Path) -> Iterator[MakePlace]:
    with empty_places(config, kind, templates, tmp_path) as found:
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "tonight.backup"


@pytest.fixture
def made(config: Config, file: Path) -> Path:
    """A backup of the instance with its evidence."""
    add_evidence(config)
    result = run_with(config, "backup", file)
    assert result.exit_code == 0, result.output
    return file
