"""What the parts of DOCX and XLSX may hold, and what of them tells of the author."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tracker.exchange.cleaning.fields import CutFields, find_in_field, find_shown, without_folders
from tracker.exchange.cleaning.formulas import find_in_formula
from tracker.exchange.cleaning.links import NOWHERE, is_followed, is_on_own_disk, tells_a_folder
from tracker.exchange.cleaning.refusals import FORMULA, LINKED, MACROS, NAMED, Refusal
from tracker.exchange.cleaning.xml_parts import Attributes, Name, Rules

_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_CLICKED = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver", "picAttrSrcUrl"})
"""Elements that may have the id of a link."""
_RUNS = frozenset(
    {"OLEObject", "oleObject", "altChunk", "subDoc", "ddeLink", "oleLink", "macrosheet", "webVideoPr"}
)
_DROPPED = frozenset(
    {"attachedTemplate", "mailMerge", "docVars", "rsids", "docId", "fileSharing", "absPath", "revisionPtr"}
    | {"customProperties", "writeProtection", "metadata", "customWorkbookViews", "customSheetViews"}
    | {"webPublishObjects", "webPublishItems"}
)
"""Elements with names, paths, and numbers of revisions. `metadata` is that of a drawing (SVG)."""
_NAMES = frozenset({"author", "initials", "userId", "displayName", "refreshedBy", "userName", "user"})
_PERMITTED = frozenset({"securityDescriptor", "ed"})
"""Who may change a place that is protected."""
_THREAD = "tc={"
"""Begins the author of an old comment that stands for a thread of new ones: a number, no name."""
_DESCRIPTIONS = frozenset({"descr", "title", "alt", "display", "tooltip"})
_SHOWN = frozenset({"imagedata", "fill", "stroke"})
"""Of VML: a link here says where a picture comes from that is in the file."""
_PICTURES = frozenset({"cNvPr", "docPr"})
"""Elements whose name can be that of a file."""
_EDITORS = ("inkscape", "sodipodi")
"""In the namespaces of programs that draw: what they write there is for themselves."""
_FORMULAS = frozenset(
    {"f", "definedName", "formula", "formula1", "formula2", "instrText", "delInstrText", "author"}
)
_MATHS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
"""Here `f` is a fraction, which holds elements."""
_SHEETS_OF_2009 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
"""Here `formula1` holds an element of its own with the formula."""
_ESCAPED = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.IGNORECASE)
_INSIDE = re.compile(r"""url\(["']?#""")
_FETCHING = ("url(", "@import", "image-set(")
"""In styles, where letters can be written as their numbers."""
_SVG = "http://www.w3.org/2000/svg"


@dataclass
class OoxmlRules(Rules):
    """`gone`: ids of relationships of this part that are taken out. An element that needs one goes with it.
    `links`: ids of links that a person follows, with where to. Programs look for an id only, and would fetch a picture
    from there."""

    gone: frozenset[str] = frozenset()
    links: Mapping[str, str] = field(default_factory=dict)
    _fields: CutFields = field(default_factory=CutFields)
    _is_field_new: bool = False
    _authors: list[str] = field(default_factory=list)
    """Of the notes of a sheet. Their list comes first."""

    def concerns(self, name: Name, attributes: Collection[Name]) -> bool:
        is_named = name.local in _RUNS or name.local in _DROPPED or name.local in _PICTURES
        is_named = is_named or name.local == "fldChar"
        return is_named or name.namespace == _SVG or any(_is_looked_at(key) for key in attributes)

    def start(self, name: Name, attributes: Attributes) -> bool:
        local = name.local
        if local in _RUNS or (name.namespace == _SVG and local in ("script", "foreignObject")):
            raise Refusal(MACROS, where=f"{self.where}: {local}")
        if local in _DROPPED and not (local == "metadata" and name.namespace != _SVG):
            return False
        if local == "fldChar":
            self._is_field_new = "begin" in attributes.values()
        return all(self._keep_attribute(name, key, attributes) for key in [*attributes])

    def _keep_attribute(self, name: Name, key: Name, attributes: Attributes) -> bool:
        """False where the element goes, because what it needs is gone."""
        value = attributes[key]
        if key.namespace in _RELATIONSHIPS and value in self.gone:
            if name.local != "pageSetup":
                return False
            del attributes[key]
        elif _is_of_relationship(key) and value in self.links and name.local not in _CLICKED:
            raise Refusal(LINKED, what=self.links[value][:100], where=self.where)
        elif _is_of_revision(key) or key.local in _PERMITTED or _is_of_editor(name, key):
            del attributes[key]
        elif _tells(name, key, value):
            attributes[key] = ""
        elif key.local == "instr":
            self._refuse_found(find_in_field(value))
            self._refuse_shown(value)
            attributes[key] = without_folders(value)
        elif key.local in ("src", "href"):
            attributes[key] = _kept_source(name, key, value, self.where)
        elif name.namespace == _SVG:
            self._refuse_fetched(value)
        return True

    def reads_text(self, name: Name) -> bool:
        if name.namespace in _MATHS or name.namespace == _SHEETS_OF_2009:
            return False
        is_note = name.local == "t" and bool(self._authors)
        return is_note or name.local in _FORMULAS or (name.namespace == _SVG and name.local == "style")

    def text(self, name: Name, text: str) -> str:
        if name.local == "author":
            self._authors += [text] if text.strip() else []
            return text if text.startswith(_THREAD) else ""
        if name.local == "t":
            return self._without_author(text)
        if name.local in ("instrText", "delInstrText"):
            self._refuse_found(self._fields.find(text))
            if self._is_field_new and text.strip():
                self._is_field_new = False
                self._refuse_shown(text)
            return without_folders(text)
        if name.namespace == _SVG:
            self._refuse_fetched(text)
        elif found := find_in_formula(text):
            raise Refusal(FORMULA, what=found, where=self.where)
        return text

    def _without_author(self, note: str) -> str:
        """Excel begins a note with the name of who writes it."""
        begun = next((f"{each}:" for each in self._authors if note.startswith(f"{each}:")), "")
        return note.removeprefix(begun).lstrip() if begun else note

    def _refuse_fetched(self, style: str) -> None:
        read = "".join(_ESCAPED.sub(_unescaped, style).lower().split())
        if any(word in _INSIDE.sub("", read) for word in _FETCHING):
            raise Refusal(LINKED, what=style.strip()[:60], where=self.where)

    def _refuse_found(self, kind: str) -> None:
        if kind:
            raise Refusal(FORMULA, what=kind, where=self.where)

    def _refuse_shown(self, instruction: str) -> None:
        if shown := find_shown(instruction):
            raise Refusal(NAMED, what=shown, where=self.where)


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else 0
    return chr(number) if 0 < number < 0x110000 else found[2] or ""


def _is_looked_at(key: Name) -> bool:
    named = key.local in _NAMES or key.local in _DESCRIPTIONS or key.local in ("instr", "src", "href")
    named = named or key.local in _PERMITTED
    return named or _is_of_relationship(key) or _is_of_revision(key)


def _is_of_relationship(key: Name) -> bool:
    """VML names them without the namespace of relationships, too."""
    return key.namespace in _RELATIONSHIPS or key.local == "relid"


def _is_of_revision(key: Name) -> bool:
    return key.local.startswith("rsid") or (key.local == "uid" and "revision" in key.namespace)


def _is_of_editor(name: Name, key: Name) -> bool:
    return name.namespace == _SVG and any(each in key.namespace for each in _EDITORS)


def _tells(name: Name, key: Name, value: str) -> bool:
    """Whether the attribute is the name of a person, or a path on somebody's disk."""
    if key.local in _NAMES or (name.local, key.local) == ("scenario", "comment"):
        return True
    is_text = key.local in _DESCRIPTIONS or (key.local == "name" and name.local in _PICTURES)
    return is_text and tells_a_folder(value)


def _kept_source(name: Name, key: Name, value: str, where: str) -> str:
    """Drawings name what they show in an attribute. A link that is only followed is no source."""
    is_link = key.local == "href" and name.namespace != _SVG
    if not value or value.startswith(("#", "data:image/")):
        return value
    if is_link and is_followed(value):
        return NOWHERE if name.local in _SHOWN else value
    if is_link and is_on_own_disk(value):
        return NOWHERE
    raise Refusal(LINKED, what=value[:60], where=where)
