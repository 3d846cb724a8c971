"""Where a link of an office file leads: to the web when somebody follows it, to another machine by itself, or to a
place on the author's own disk, which opens nothing elsewhere and tells of the author."""

import re
from urllib.parse import unquote

FOLLOWED = ("http:", "https:", "mailto:", "tel:")
"""Schemes of links that a person follows by a click."""
NOWHERE = "#"
"""Takes the place of a link that leads to the author's own disk."""
LINKED_WORKBOOK = "linked.xlsx"
"""Takes the place of the path of a workbook on the author's own disk, of which the file holds the values."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,60}:", re.IGNORECASE)
_DRIVE = re.compile(r"/{0,9}[a-z][:|]", re.IGNORECASE)
_FILE_WITHOUT_HOST = re.compile(r"file:///(?!/)")
_FOLDER = re.compile(
    r"(?:file:/*)?(?:[a-z]:[\\/]|/(?:users|home|volumes|private|tmp|media|mnt|storage|run)/|~[\\/]|\\\\)",
    re.IGNORECASE,
)


def names_a_scheme(target: str) -> bool:
    """Such as `http:`: it is no place in the file, whatever its parts are called."""
    return bool(_SCHEME.match(_plain(target)))


def is_followed(target: str) -> bool:
    """To the web or to an address of mail, or to a place in the document itself."""
    return target.startswith("#") or _plain(target).startswith(FOLLOWED)


def is_on_own_disk(target: str) -> bool:
    """A path without the name of a machine: relative, of a drive, or `file:` without a host."""
    plain = _plain(target)
    if plain.startswith("file:"):
        plain = _FILE_WITHOUT_HOST.sub("/", plain).removeprefix("file:")
    if _DRIVE.match(plain):
        return True
    return not plain.startswith("//") and not _SCHEME.match(plain)


def tells_a_folder(value: str) -> bool:
    """Whether a text, such as the description of a picture, is a path on somebody's disk."""
    return bool(_FOLDER.match(value.strip()))


def _plain(target: str) -> str:
    """Programs take `\\\\` for `/`, decode `%5c` and ignore white space around and control characters inside."""
    visible = "".join(letter for letter in unquote(target) if letter > " " and letter != "\x7f")
    return visible.replace("\\", "/").lower()
