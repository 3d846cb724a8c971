"""Zip archives of office files: read within bounds, written anew without what the old one had beside its parts.

Everything stays in memory; at most one part is unpacked at a time.
"""

import re
import zipfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

from tracker.exchange.cleaning.refusals import BROKEN, DAMAGED, HIDDEN, LOCKED, MACROS, TOO_LARGE, Refusal

MOST_PARTS, MOST_UNPACKED_BYTES = 5_000, 300_000_000
MOST_READ_BYTES = 40_000_000
"""Of all parts that are read: some eight seconds of a processor."""
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How office programs pack. The others cannot be unpacked in pieces: a part that says it is small would fill memory."""
_PROGRAMS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF", b"#!")
"""How OLE containers (macros, embedded objects), programs and scripts begin."""
_RUNS = re.compile(r"vbaproject|macrosheets/|activex/|oleobject|\.(?:exe|dll|js|vbs|ole)$", re.IGNORECASE)
"""Names of parts that run in the programs that are common. What goes under other names is found by its type."""


class Package:
    """The parts of an archive by name, without folders."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts = [part for part in archive.infolist() if not part.filename.endswith("/")]
        self.names = [part.filename for part in self.parts]
        self._left = MOST_READ_BYTES
        self._refuse_unsafe()

    def read(self, name: str) -> bytes:
        """A part, unpacked. What begins like a program is refused, whatever the part is called."""
        size = self._archive.getinfo(name).file_size
        self._left -= size
        if self._left < 0:
            raise Refusal(TOO_LARGE)
        with self._archive.open(name) as part:
            content = part.read(size + 1)  # no more than it says, whatever is behind
        if content.startswith(_PROGRAMS):
            raise Refusal(MACROS, where=name)
        return content

    def _refuse_unsafe(self) -> None:
        if any(part.flag_bits & 1 for part in self.parts):
            raise Refusal(LOCKED)
        if len(self.parts) > MOST_PARTS or sum(each.file_size for each in self.parts) > MOST_UNPACKED_BYTES:
            raise Refusal(TOO_LARGE)
        for part in self.parts:
            if part.compress_type not in _PACKED:
                raise Refusal(HIDDEN, where=part.filename)
        if len({name.lower() for name in self.names}) < len(self.names):
            raise Refusal(HIDDEN, where=_first_double(self.names))
        for name in self.names:
            is_climbing = name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)
            if is_climbing or _RUNS.search(name):
                raise Refusal(MACROS, where=name)


@contextmanager
def open_package(content: bytes) -> Iterator[Package]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield Package(archive)
    except (zipfile.BadZipFile, RuntimeError, *BROKEN) as error:
        raise Refusal(DAMAGED) from error


Parts = Iterable[tuple[str, bytes]]


def write_package(parts: Parts, plain: Container[str] = ()) -> bytes:
    """An archive that tells nothing but its parts: no times, no comments, no system. `plain`: not packed."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts:
            how = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return file.getvalue()


def _first_double(names: list[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            return name
        seen.add(name.lower())
    return ""
