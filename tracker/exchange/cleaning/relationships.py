"""Relationships of DOCX and XLSX: which parts belong together, and what the file fetches from outside."""

import posixpath
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from tracker.exchange.cleaning.links import LINKED_WORKBOOK, NOWHERE, is_followed, is_on_own_disk
from tracker.exchange.cleaning.refusals import LINKED, MACROS, SIGNED, Refusal
from tracker.exchange.cleaning.xml_parts import list_elements

_RUNS = frozenset(
    [
        "vbaproject",
        "wordvbadata",
        "oleobject",
        "control",
        "activexcontrolbinary",
        "xlmacrosheet",
        "xlintlmacrosheet",
        "afchunk",
        "subdocument",
        "frame",
        "attachedtoolbars",
        "keymapcustomizations",
        "extensibility",
    ]
)
_FETCHES = frozenset(["connections", "querytable", "webextension", "webextensiontaskpanes"])
_GOES = frozenset(
    [
        "custom-properties",
        "thumbnail",
        "printersettings",
        "customxml",
        "people",
        "customproperty",
        "usernames",
        "revisionheaders",
        "classificationlabels",
        "recipientdata",
    ]
)
"""Types of parts that tell of the author or the machine and that the document does not need."""
_PATHS_THAT_GO = frozenset(["mailmergesource", "mailmergeheadersource", "oleobject", "package"])
_PATHS_OF_WORKBOOKS = frozenset(["externallinkpath", "xlpathmissing", "externallinklongpath"])
_LOST = "NULL"
"""Where Word says that a picture is which it lost."""
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Relationship:
    """`type` is the last word of the address that names the type, in small letters; `target` is the name of a part
    where it is inside."""

    id: str
    address: str
    target: str
    is_outside: bool

    @property
    def type(self) -> str:
        return self.address.rpartition("/")[2].lower()


def read_relationships(content: bytes, name: str, names: Collection[str]) -> list[Relationship]:
    """`name` is that of the part of relationships, such as `word/_rels/document.xml.rels`; `names` are those of all
    parts."""
    folder, present = posixpath.dirname(posixpath.dirname(name)), {each.lower() for each in names}
    found = []
    for local, attributes in list_elements(content, name):
        if local == "Relationship":
            is_outside = attributes.get("TargetMode", "").lower() == "external"
            target = attributes.get("Target", "")
            found.append(
                Relationship(
                    attributes.get("Id", ""),
                    attributes.get("Type", ""),
                    target if is_outside else _inside(folder, target, present),
                    is_outside,
                )
            )
    return found


def kept_relationship(found: Relationship, where: str) -> Relationship | None:
    """The relationship without what it tells of the author; None where it goes. Raises `Refusal`."""
    kind = found.type
    if found.is_outside:
        return _kept_external(found, where)
    if kind in _RUNS:
        raise Refusal(MACROS, where=found.target)
    if kind in _FETCHES:
        raise Refusal(LINKED, what=kind, where=found.target)
    if "digital-signature" in found.address:
        raise Refusal(SIGNED)
    return None if kind in _GOES else found


def _kept_external(found: Relationship, where: str) -> Relationship | None:
    kind, target = found.type, found.target
    if kind == "attachedtemplate":
        return None  # wherever it is: the element that asks for it goes, too
    if target == _LOST or (kind == "hyperlink" and is_followed(target)):
        return found
    if is_on_own_disk(target):
        if kind == "hyperlink":
            return Relationship(found.id, found.address, NOWHERE, is_outside=True)
        if kind in _PATHS_OF_WORKBOOKS:
            return Relationship(found.id, found.address, LINKED_WORKBOOK, is_outside=True)
        if kind in _PATHS_THAT_GO:
            return None
    raise Refusal(LINKED, what=target[:100], where=where)


def write_relationships(found: list[Relationship]) -> bytes:
    """Targets inside are written from the root."""
    lines = [
        f"<Relationship Id={quoteattr(each.id)} Type={quoteattr(each.address)}"
        f" Target={quoteattr(each.target if each.is_outside or each.target.startswith('#') else '/' + each.target)}"
        f"{' TargetMode=' + quoteattr('External') if each.is_outside else ''}/>"
        for each in found
    ]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Relationships xmlns="{_NAMESPACE}">{"".join(lines)}</Relationships>'.encode()


def _inside(folder: str, target: str, present: Collection[str]) -> str:
    """The name of the part, as it is written or with its `%20` read. Links to a place in the document begin with #."""
    written = target.replace("\\", "/")
    if written.startswith("#"):
        return written
    literal, plain = (
        posixpath.normpath(posixpath.join("/", folder, each)).lstrip("/")
        for each in (written, unquote(written))
    )
    return literal if literal.lower() in present else plain
