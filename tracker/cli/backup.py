"""flask make-backup-keys, backup and restore: everything but the keys in one encrypted file, and back."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, places_of, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.safety import find_misplaced

FILE = click.Path(path_type=Path)


@click.command("make-backup-keys")
@click.argument("private", metavar="PRIVATE_KEY_FILE", type=FILE)
@with_appcontext
@says_what_to_do
def make_backup_keys(private: Path) -> None:
    """Makes the operator's pair of keys: one for the setting, one for a file to be kept away from the server."""
    from tracker.exchange.encrypted_files import make_key_pair

    public_key, private_key = make_key_pair()
    try:
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(
                f"# created: {clock.now():%Y-%m-%dT%H:%M:%SZ}\n# public key: {public_key}\n{private_key}\n"
            )
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise BadInput(f"{private} is there already: a private key is never written over another.") from error
    except OSError as error:
        raise BadInput(f"{private} cannot be written: {error.strerror}.") from error
    click.echo(f"BACKUP_PUBLIC_KEY={public_key}")
    click.echo(
        "Put this line into the server's settings: with it backups are made, and none is opened.", err=True
    )
    click.echo(
        f"{private} opens every backup. Take two copies of it away from this server, then remove it here: whoever has "
        "it reads the backups, and without it nobody can restore them.",
        err=True,
    )


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--replace", "is_replacing", is_flag=True, help="A backup of this name is replaced at the end.")
@click.option(
    "--incomplete", "is_known", is_flag=True, help="Status 0 although evidence files are missing or damaged."
)
@with_appcontext
@says_what_to_do
def backup(file: Path, is_replacing: bool, is_known: bool) -> None:
    """Writes database and evidence, while people work, into one file that only the private key opens."""
    from tracker.exchange.encrypted_files import read_public_key
    from tracker.upkeep.backups import make_backup

    config, started = settings(), time.monotonic()
    if not config.BACKUP_PUBLIC_KEY:
        raise BadInput("BACKUP_PUBLIC_KEY is not set: “flask make-backup-keys PRIVATE_KEY_FILE” makes one.")
    if file.exists() and not is_replacing:
        raise BadInput(f"{file} is there already: choose another name, or say --replace.")
    _check_folders(file)
    with _whole_file(file) as part:
        manifest, contents = make_backup(
            database(),
            config.DATABASE_URL,
            read_public_key(config.BACKUP_PUBLIC_KEY),
            part,
            clock.now(),
        )
    megabytes, seconds = file.stat().st_size / 1e6, time.monotonic() - started
    click.echo(f"{file}: {megabytes:.1f} MB in {seconds:.1f} s. {_inside(manifest, contents)}")
    click.echo(_recovery_point(manifest))
    lost = manifest.evidence - contents.files
    if lost and not is_known:
        raise BadInput(
            f"{file} is written and holds everything but {lost} evidence files, which are missing or damaged in "
            "STORAGE_DIR: “flask verify” names the first. Is its disk there? Put them back from an older backup, or "
            "say --incomplete where they are lost for good."
        )


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--private-key", "private", required=True, type=FILE, help="File of “flask make-backup-keys”.")
@click.option(
    "--check", "is_check", is_flag=True, help="Only read the backup to its end; nothing is written."
)
@with_appcontext
@says_what_to_do
def restore(file: Path, private: Path, is_check: bool) -> None:
    """Checks a backup to its end, then restores it whole into an empty place, or not at all."""
    from tracker.upkeep.backups import check_backup, key_folder_of, restore_backup

    started, key, revisions = time.monotonic(), _read_private_key(private), _known_revisions()
    try:
        if is_check:
            manifest, contents = check_backup(file, key, revisions)
        else:
            manifest, contents = restore_backup(file, key, _place(), revisions)
    except OSError as error:
        raise BadInput(f"{error.filename or file}: {error.strerror}. Nothing was restored.") from error
    done = "Whole and readable, nothing was restored." if is_check else "Restored."
    click.echo(f"{done} {_inside(manifest, contents)} ({time.monotonic() - started:.1f} s)")
    click.echo(_recovery_point(manifest))
    if not is_check:
        is_same = manifest.key_folder == key_folder_of(database())
        click.echo(_what_next(is_same))


def _place() -> Any:
    from tracker.upkeep.backups import InstanceFiles

    config = settings()
    return InstanceFiles(config.DATABASE_URL, Path(config.STORAGE_DIR))


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    from tracker.cli.tables import alembic_config

    scripts = ScriptDirectory.from_config(alembic_config(settings().DATABASE_URL))
    return {script.revision for script in scripts.walk_revisions()}


def _read_private_key(path: Path) -> Any:
    from tracker.exchange.encrypted_files import read_private_key

    try:
        return read_private_key(path.read_text(encoding="ascii"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadInput(f"{path} is no private key file of “flask make-backup-keys”.") from error


def _check_folders(file: Path) -> None:
    """Refuses a folder of evidence that would hold the keys or the backup itself."""
    places = places_of(settings())
    for reason in find_misplaced(places):
        raise BadInput(reason)
    if file.resolve().is_relative_to(places.storage.resolve()):
        raise BadInput("The backup lies in STORAGE_DIR: choose another folder.")


@contextmanager
def _whole_file(file: Path) -> Iterator[BinaryIO]:
    """Writes FILE.part (mode 0600) and renames it to FILE at the end; after an error no part is left."""
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BadInput(f"Another backup is writing {part} just now: wait for it.") from error
            try:
                opened.truncate()  # removes what a killed backup left
                part.chmod(0o600)
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{error.filename or part}: {error.strerror}. No backup was made.") from error


def _inside(manifest: Any, contents: Any) -> str:
    rows = f"{sum(manifest.rows.values()):,} rows of {manifest.database}"
    lost = manifest.evidence - contents.files
    missing = f" {lost:,} more were missing or damaged when it was made." if lost else ""
    return f"{rows}, {contents.files:,} evidence files ({contents.evidence_bytes / 1e6:.1f} MB).{missing}"


def _recovery_point(manifest: Any) -> str:
    newest = manifest.newest_history or "there is none"
    return f"Recovery point: {manifest.made_at}. Newest line of the history: {newest}."


def _what_next(is_same: bool) -> str:
    keys = (
        "The key folder here is the one that belongs to it."
        if is_same
        else "The key folder here is another one: put the right one into KEY_DIR before you start. Without it e-mail "
        "addresses and second factors stay closed; everything else is there."
    )
    return (
        f"{keys}\nWhat was written, withdrawn or removed after the recovery point is as it was before: tell the "
        "organisations. Everybody signs in again.\nNext: “flask db upgrade”, “flask verify”, “flask doctor”, then "
        "start the server."
    )
