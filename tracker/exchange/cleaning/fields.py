"""Fields of Word that fetch something, start a program or show a name when they are computed."""

import re

from tracker.exchange.cleaning.links import NOWHERE, tells_a_folder

_KINDS = frozenset(
    {"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DATABASE"}
    | {"RD", "MACROBUTTON", "EMBED"}
)
_BEGINNINGS = frozenset(kind[:length] for kind in _KINDS for length in range(1, len(kind) + 1))
_WORD = re.compile(r"\w+")
_SHOWS = re.compile(
    r"""(AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS)\b|(FILENAME|TEMPLATE)\b.*\\p\b"""
    r"""|(DOCPROPERTY|INFO)\W+(?:AUTHOR|MANAGER|LAST ?SAVED ?BY)\b""",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r'"([^"]*)')
_BEFORE, _MOST_LETTERS = ' \t\r\n\\"', 40


def find_in_field(instruction: str) -> str:
    """The kind of a field that fetches or starts something; empty for all others."""
    word = _WORD.search(instruction)
    kind = word[0].upper() if word else ""
    return kind if kind in _KINDS else ""


def find_shown(instruction: str) -> str:
    """The kind of a field that shows who made the file or where it lies; empty for all others."""
    first = _WORD.search(instruction)
    found = _SHOWS.match(instruction, first.start()) if first else None
    return next(kind for kind in found.groups() if kind).upper() if found else ""


def without_folders(instruction: str) -> str:
    """A path on somebody's disk gives way to a link that leads nowhere. It can end in another piece."""
    return _QUOTED.sub(lambda found: f'"{NOWHERE}' if tells_a_folder(found[1]) else found[0], instruction)


class CutFields:
    """The fields of a part whose instructions are cut into pieces, as Word cuts them.

    Which pieces belong together only the program knows that opens the file: it leaves out what was deleted, what
    another program is to show, and what is of a namespace that it does not know. So any of them may be left
    out here, and a field is refused that some choice of pieces makes.
    """

    def __init__(self) -> None:
        self._begun = {""}
        """Beginnings of kinds that the pieces so far can make."""

    def find(self, piece: str) -> str:
        """The kind of a field that fetches or starts something and that can end with this piece; empty if none."""
        letters, found = piece.upper(), ""
        for begun in tuple(self._begun):
            said = begun + (letters if begun else letters.lstrip(_BEFORE))[:_MOST_LETTERS]
            if said in _BEGINNINGS:
                self._begun.add(said)
            found = find_in_field(said) or found
        return found
