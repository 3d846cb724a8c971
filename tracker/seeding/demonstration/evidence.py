"""The evidence files of the demonstration: small ones, under `seed/demo/files/`. They are ours, so that they are
cleaned in this process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.exchange.evidence import NotTaken, take_file
from tracker.exchange.seed_files import SeedRow
from tracker.models.evidence import Visibility
from tracker.services.evidence.attachments import Limits, Upload

ENOUGH = Limits(form_bytes=1_000_000, quota_bytes=1_000_000_000)
Files = Mapping[str, Sequence["DemoFile"]]
"""The evidence of each entry, by its key."""


@dataclass(frozen=True)
class DemoFile:
    upload: Upload
    visibility: Visibility


def read_files(
    folder: Path, rows: list[SeedRow], entries: Mapping[str, Iterable[SeedRow]]
) -> dict[str, Files]:
    """Returns the evidence by file of entries. Checks every row, also where its entry is in the database already."""
    evidence: dict[str, defaultdict[str, list[DemoFile]]] = {name: defaultdict(list) for name in entries}
    keys = {name: {each.text("key") for each in entry_rows} for name, entry_rows in entries.items()}
    for row in rows:
        of, entry = row.one_of("of", entries), row.text("entry")
        if entry not in keys[of]:
            raise row.broken(f"“entry” names {entry!r}, which is not there")
        visibility = row.code("visibility", Visibility)
        if of == "assessments" and visibility != Visibility.PUBLIC:
            raise row.broken("“visibility” of a file behind an assessment must be 'public'")
        evidence[of][entry].append(DemoFile(_read(folder, row, of_state=of == "updates"), visibility))
    return {name: dict(files) for name, files in evidence.items()}


def _read(folder: Path, row: SeedRow, *, of_state: bool) -> Upload:
    name = row.text("file")
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise row.broken(f"“file” names {name!r}, which is not in the folder “{folder.name}”")
    content = path.read_bytes()
    try:
        return Upload(name, content, take_file(name, content, of_state=of_state))
    except NotTaken as error:
        raise row.broken(str(error)) from error
