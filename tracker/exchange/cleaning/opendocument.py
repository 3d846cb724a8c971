"""ODT and ODS: links and pictures from elsewhere are refused, names, paths and printers are taken out."""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import escape

from tracker.exchange.cleaning.drawings import begins_like_xml, is_drawing
from tracker.exchange.cleaning.formulas import find_in_formula, without_own_paths
from tracker.exchange.cleaning.links import (
    NOWHERE,
    is_followed,
    is_on_own_disk,
    names_a_scheme,
    tells_a_folder,
)
from tracker.exchange.cleaning.packages import Package, Parts, open_package, write_package
from tracker.exchange.cleaning.pictures import clean_picture, is_picture
from tracker.exchange.cleaning.refusals import FORMULA, HIDDEN, LINKED, LOCKED, MACROS, SIGNED, Refusal
from tracker.exchange.cleaning.xml_parts import Attributes, Name, Rules, list_elements, read_texts, rewrite

MIMETYPE, MANIFEST = "mimetype", "META-INF/manifest.xml"
_KINDS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_RUNS = ("basic/", "scripts/", "database/")
_GOES = ("thumbnails/", "configurations2/", "versions/", "layout-cache", "manifest.rdf", "meta-inf/")
_RUNNING = frozenset({"script", "event-listener", "applet", "plugin", "floating-frame", "object-ole"})
_FETCHING = frozenset(
    {"dde-source", "dde-connection", "dde-connection-decl", "dde-link", "database-source-sql"}
)
_NAMES = frozenset(
    {
        "creator",
        "creator-initials",
        "initial-creator",
        "printed-by",
        "author-name",
        "author-initials",
    }
)
_SENDER = "sender-"
"""Begins the names of elements with name, address and telephone of who writes."""
_FILES = frozenset({"file-name", "template-name"})
_DESCRIPTIONS = frozenset({"title", "desc"})
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_HIDING = frozenset({"script-data", "binary-data"})
"""Elements with a program or a picture as text, which nothing else here looks at."""
_LINKS = frozenset({"href", "src", "image-data"})
_SENDS, _XFORMS = frozenset({"action", "resource"}), "http://www.w3.org/2002/xforms"
_FORMULAS = frozenset({"formula", "condition", "expression"})
_ADDRESSES = frozenset({"cell-range-address", "base-cell-address", "target-range-address"})
_LOOKED_AT = frozenset({"name"}) | _LINKS | _SENDS | _FORMULAS | _ADDRESSES
_SETTINGS = ("Printer", "Rsid", "CurrentDatabase", "EmbeddedDatabase", "ModifyPassword", "RedlineProtection")
_XML = (".xml", ".rdf")
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_PURL = "http://purl.org/dc/elements/1.1/"
KEPT_META = ("title", "subject", "language")


def kind_of_opendocument(content: bytes) -> str | None:
    """`odt`, `ods`, or None for any other package."""
    with open_package(content) as package:
        if package.names[:1] != [MIMETYPE]:
            return None
        return _KINDS.get(package.read(MIMETYPE).decode("ascii", "replace").strip())


def clean_opendocument(content: bytes, *, of_state: bool) -> bytes:
    """The document without what tells of its author. `of_state`: its title stays."""
    with open_package(content) as package:
        if b"encryption-data" in package.read(MANIFEST):
            raise Refusal(LOCKED)
        _refuse_listed(package)
        return write_package(_written(package, of_state=of_state), plain={MIMETYPE})


def _written(package: Package, *, of_state: bool) -> Parts:
    for name in package.names:
        if name == MIMETYPE:
            yield name, package.read(name)
        elif name == MANIFEST:
            yield name, rewrite(package.read(name), _ManifestRules(name))
        elif not name.lower().startswith(_GOES):
            yield name, _clean(package, name, of_state=of_state)


def _refuse_listed(package: Package) -> None:
    """What the list of parts says is a program, and parts in places from which programs are run."""
    for name in package.names:
        if name.lower().startswith(_RUNS):
            raise Refusal(MACROS, where=name)
        if ":" in name:
            raise Refusal(HIDDEN, where=name)
        if name.lower().startswith("meta-inf/") and "signatures" in name.lower():
            raise Refusal(SIGNED)
    for local, attributes in list_elements(package.read(MANIFEST), MANIFEST):
        said = attributes.get("media-type", "").lower()
        if local == "file-entry" and any(
            word in said for word in ("script", "oleobject", "msdownload", "java")
        ):
            raise Refusal(MACROS, where=attributes.get("full-path", ""))


def _clean(package: Package, name: str, *, of_state: bool) -> bytes:
    content, file = package.read(name), posixpath.basename(name)
    if file == "meta.xml":
        return _meta(read_texts(content, name, KEPT_META) if of_state else {})
    if is_picture(content):
        return clean_picture(content, name, turns=False)
    if name.lower().endswith(_XML) or begins_like_xml(content):
        return rewrite(content, _DocumentRules(name, frozenset(package.names)))
    if is_drawing(content) or not content:
        return content
    raise Refusal(MACROS, where=name)


def _meta(texts: Mapping[str, str]) -> bytes:
    kept = "".join(f"<dc:{name}>{escape(texts[name])}</dc:{name}>" for name in KEPT_META if texts.get(name))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta'
    spaces = f'xmlns:office="{_OFFICE}" xmlns:meta="{_META}" xmlns:dc="{_PURL}" office:version="1.3"'
    return f"{head} {spaces}><office:meta>{kept}</office:meta></office:document-meta>".encode()


@dataclass
class _ManifestRules(Rules):
    """Leaves out the parts that go."""

    def start(self, _name: Name, attributes: Attributes) -> bool:
        paths = [value for key, value in attributes.items() if key.local == "full-path"]
        return not any(path.lower().startswith(_GOES) for path in paths)


@dataclass
class _DocumentRules(Rules):
    """`names`: the parts of the package, to which links inside may lead."""

    names: frozenset[str]

    def concerns(self, name: Name, attributes: Collection[Name]) -> bool:
        is_named = name.local in _RUNNING or name.local in _FETCHING
        return is_named or any(key.local in _LOOKED_AT or "rsid" in key.local for key in attributes)

    def start(self, name: Name, attributes: Attributes) -> bool:
        if name.local in _RUNNING:
            raise Refusal(MACROS, where=f"{self.where}: {name.local}")
        if name.local in _FETCHING:
            raise Refusal(LINKED, what=name.local, where=self.where)
        return all(self._keep_attribute(name, key, attributes) for key in [*attributes])

    def _keep_attribute(self, name: Name, key: Name, attributes: Attributes) -> bool:
        """False where the element goes: a setting with the name of a printer, for one."""
        value = attributes[key]
        if key.local == "name" and name.local == "config-item" and value.startswith(_SETTINGS):
            return False
        if "rsid" in key.local:
            del attributes[key]
        elif key.local in _LINKS or (key.local in _SENDS and name.namespace == _XFORMS):
            attributes[key] = self._kept_link(name, value)
        elif key.local in _FORMULAS or key.local in _ADDRESSES:
            attributes[key] = self._kept_formula(value)
        elif key.local == "name" and tells_a_folder(value):
            attributes[key] = ""
        return True

    def _kept_formula(self, value: str) -> str:
        kept = without_own_paths(value)
        if found := find_in_formula(kept):
            raise Refusal(FORMULA, what=found, where=self.where)
        return kept

    def _kept_link(self, name: Name, value: str) -> str:
        if not value or self._is_inside(value):
            return value
        if name.local == "chart" and value in (".", ".."):
            return value  # the table that holds it
        if name.local == "a":
            if is_followed(value):
                return value
            if is_on_own_disk(value):
                return NOWHERE
        raise Refusal(LINKED, what=value[:100], where=self.where)

    def _is_inside(self, value: str) -> bool:
        """A place in the document, or a part or folder of the package."""
        if value.startswith("#"):
            return True
        if names_a_scheme(value):
            return False
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.where), unquote(value)))
        return path in self.names or any(each.startswith(f"{path}/") for each in self.names)

    def reads_text(self, name: Name) -> bool:
        return _is_of_person(name) or name.local in _HIDING or _may_be_path(name)

    def text(self, name: Name, text: str) -> str:
        if name.local in _HIDING:
            raise Refusal(HIDDEN, where=self.where)
        return text if _may_be_path(name) and not tells_a_folder(text) else ""


def _is_of_person(name: Name) -> bool:
    return name.local in _NAMES or name.local.startswith(_SENDER)


def _may_be_path(name: Name) -> bool:
    return name.local in _FILES or (name.local in _DESCRIPTIONS and name.namespace == _SVG)
