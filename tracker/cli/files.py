"""Writing a file that may be there already: the new one whole, or the old one as it was."""

import os
import stat
import tempfile
from pathlib import Path

NEW = 0o644


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Writes beside the file and then puts the new one in its place: whoever fails leaves the old one whole.

    `mode` None: as the old one had. Of a link its target is replaced; a device (/dev/null) is written to.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    if mode is None:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else NEW & ~_umask()
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    finally:
        Path(beside).unlink(missing_ok=True)


def _umask() -> int:
    """It can only be read by setting it."""
    found = os.umask(0o077)
    os.umask(found)
    return found
