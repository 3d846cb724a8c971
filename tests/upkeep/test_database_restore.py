"""An empty place takes a whole database or none: what stops halfway, and what is not as it was counted, leaves none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from tests.cli.backup.places import MakePlace, empty_places, tables_of, with_programs
from tests.databases import Templates
from tracker.database import Database
from tracker.exchange.backups import BLOCK, Manifest
from tracker.failures import BadInput
from tracker.upkeep.database_dump import count_rows, open_copy, read_revision
from tracker.upkeep.database_restore import target_of


@pytest.fixture
def places(
    config: Config, kind: str, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakePlace]:
    monkeypatch.setenv("PATH", with_programs())
    with empty_places(config, kind, templates, tmp_path) as found:
        yield found


@pytest.fixture
def copied(database: Database, url: str, places: MakePlace, tmp_path: Path) -> tuple[Manifest, list[bytes]]:
    with database.snapshot() as session:
        revision = read_revision(session)
        rows = count_rows(session.connection())
        with open_copy(session, url, tmp_path) as file:
            blocks = list(iter(lambda: file.read(BLOCK), b""))
        return Manifest("", "", revision, rows, 0, None, ""), blocks


def is_empty(place: Config) -> bool:
    """No table, and no file that a failed attempt left."""
    folder = Path(place.STORAGE_DIR).parent
    left = list(folder.iterdir()) if folder.exists() else []
    if place.DATABASE_URL.startswith("sqlite"):
        return not left
    return not left and tables_of(place.DATABASE_URL) == []


def test_whoever_stops_halfway_leaves_the_place_empty(
    copied: tuple[Manifest, list[bytes]], places: MakePlace
) -> None:
    place, (_, blocks) = places(), copied
    _, target = target_of(place.DATABASE_URL)
    whole = b"".join(blocks)
    target.write(whole[: len(whole) // 2])
    target.abort()
    assert is_empty(place)
    target.abort()
    assert is_empty(place), "twice does no harm"


def test_a_half_database_is_refused_at_the_end(
    copied: tuple[Manifest, list[bytes]], places: MakePlace
) -> None:
    place, (manifest, blocks) = places(), copied
    _, target = target_of(place.DATABASE_URL)
    whole = b"".join(blocks)
    target.write(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match=r"is not sound|pg_restore failed: "):
        target.finish(manifest)
    target.abort()
    assert is_empty(place)


def test_a_database_with_other_rows_than_were_counted_is_refused(
    copied: tuple[Manifest, list[bytes]], places: MakePlace
) -> None:
    place, (manifest, blocks) = places(), copied
    _, target = target_of(place.DATABASE_URL)
    for block in blocks:
        target.write(block)
    with pytest.raises(BadInput, match="The database in this backup is not sound"):
        target.finish(replace(manifest, rows={**manifest.rows, "states": 194}))
    target.abort()
    assert is_empty(place)


def test_a_backup_without_a_database_is_refused(
    copied: tuple[Manifest, list[bytes]], places: MakePlace
) -> None:
    place, (manifest, _) = places(), copied
    _, target = target_of(place.DATABASE_URL)
    with pytest.raises(BadInput, match="damaged"):
        target.finish(manifest)
    target.abort()
    assert is_empty(place)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_database_in_memory_is_no_place(kind: str) -> None:
    for address in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(BadInput, match="must name a file"):
            target_of(address)
