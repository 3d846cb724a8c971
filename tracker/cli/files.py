"""Replaces a file: afterwards the path holds the whole new file, or the old one unchanged."""

import os
import stat
import tempfile
from pathlib import Path

NEW = 0o644


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Writes a new file beside the old one, then renames it: after an error the old file is still whole.

    `mode` None keeps the mode of the old file. Of a link, the target is replaced; a device (/dev/null) is written to.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    if mode is None:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else NEW & ~_umask()
    handle, new = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(new).chmod(mode)
        Path(new).replace(target)
    finally:
        Path(new).unlink(missing_ok=True)


def _umask() -> int:
    """Sets the umask and sets it back: there is no other way to read it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
