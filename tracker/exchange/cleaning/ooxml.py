"""DOCX and XLSX: what each part is stands in the content types and relationships, whatever its name ends with."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from xml.sax.saxutils import escape, quoteattr

from tracker.exchange.cleaning.drawings import begins_like_xml, is_drawing
from tracker.exchange.cleaning.ooxml_rules import OoxmlRules
from tracker.exchange.cleaning.packages import Package, Parts, open_package, write_package
from tracker.exchange.cleaning.pictures import clean_picture, is_picture
from tracker.exchange.cleaning.refusals import MACROS, Refusal
from tracker.exchange.cleaning.relationships import (
    Relationship,
    kept_relationship,
    read_relationships,
    write_relationships,
)
from tracker.exchange.cleaning.xml_parts import list_elements, read_texts, rewrite

TYPES = "[Content_Types].xml"
_ROOT = "_rels/.rels"
_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_TYPES = {
    f"{_OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
}
_EMBEDDED = {f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"}
_RUNNING_TYPES = ("macro", "vba", "activex", "oleobject", "msdownload", "javascript", "webextension")
_LINE_BREAK = re.compile(rb"<(br)>(?!\s{0,9}</br>)", re.IGNORECASE)
"""As Excel writes it into notes, where it ends by itself."""
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_PURL = "http://purl.org/dc/elements/1.1/"
KEPT_CORE = ("title", "subject", "language")
KEPT_EXTENDED = ("Company",)


class ContentTypes:
    """The type of each part, by its name or by its ending."""

    def __init__(self, content: bytes) -> None:
        self.by_ending: dict[str, str] = {}
        self.by_name: dict[str, str] = {}
        for local, attributes in list_elements(content, TYPES):
            said = attributes.get("ContentType", "").strip()
            if any(word in said.lower() for word in _RUNNING_TYPES):
                raise Refusal(MACROS, where=attributes.get("PartName") or TYPES)
            if local == "Override":
                self.by_name[attributes.get("PartName", "").lstrip("/").lower()] = said
            elif local == "Default":
                self.by_ending[attributes.get("Extension", "").lower()] = said

    def of(self, name: str) -> str:
        """In small letters; empty where the archive does not say: then no program reads the part."""
        return (self.by_name.get(name.lower()) or self.by_ending.get(_ending(name), "")).lower()

    def written(self, names: Collection[str]) -> bytes:
        """Of these parts only."""
        endings = {_ending(name) for name in names}
        lines = [
            f"<Default Extension={quoteattr(ending)} ContentType={quoteattr(said)}/>"
            for ending, said in self.by_ending.items()
            if ending in endings
        ]
        lines += [
            f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(self.by_name[name.lower()])}/>"
            for name in names
            if name.lower() in self.by_name
        ]
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns='
        namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
        return f'{head}"{namespace}">{"".join(lines)}</Types>'.encode()


def kind_of_ooxml(content: bytes) -> str | None:
    """`docx`, `xlsx`, or None for any other package."""
    with open_package(content) as package:
        if TYPES not in package.names:
            return None
        types = ContentTypes(package.read(TYPES))
        mains = [said.lower() for said in types.by_name.values()]
        if _ROOT in package.names:
            found = read_relationships(package.read(_ROOT), _ROOT, package.names)
            mains = [types.of(each.target) for each in found if each.type == "officedocument"]
    return next((MAIN_TYPES[said] for said in mains if said in MAIN_TYPES), None)


def clean_ooxml(content: bytes, *, of_state: bool, depth: int = 0) -> bytes:
    """The document without what tells of its author. `of_state`: title and name of the institution stay."""
    with open_package(content) as package:
        return _Cleaner(package, of_state=of_state, depth=depth).run()


class _Cleaner:
    def __init__(self, package: Package, *, of_state: bool, depth: int) -> None:
        self._package, self._of_state, self._depth = package, of_state, depth
        self._types = ContentTypes(package.read(TYPES))
        self._kept: dict[str, list[Relationship]] = {}
        self._gone_ids: dict[str, frozenset[str]] = {}
        self._links: dict[str, dict[str, str]] = {}
        self._kinds: dict[str, set[str]] = defaultdict(set)
        """The types of the relationships that lead to a part."""

    def run(self) -> bytes:
        lists = [name for name in self._package.names if name.lower().endswith(".rels")]
        for name in lists:
            self._read_relationships(name)
        reached = self._reached()
        parts = [name for name in self._package.names if self._stays(name, reached)]
        return write_package(self._written(parts))

    def _written(self, parts: list[str]) -> Parts:
        yield TYPES, self._types.written(parts)
        for name in parts:
            if name in self._kept:
                yield name, write_relationships(self._kept[name])
            else:
                yield name, self._clean(name)

    def _read_relationships(self, name: str) -> None:
        found = read_relationships(self._package.read(name), name, self._package.names)
        pairs = [(each, kept_relationship(each, name)) for each in found]
        self._kept[name] = [kept for _, kept in pairs if kept is not None]
        gone = [each for each, kept in pairs if kept is None]
        self._gone_ids[_owner(name)] = frozenset(each.id for each in gone)
        links = [each for each in found if each.is_outside and each.type == "hyperlink"]
        self._links[_owner(name)] = {each.id: each.target for each in links}
        for each in self._kept[name]:
            self._kinds[each.target.lower()].add(each.type)

    def _reached(self) -> set[str]:
        """The parts to which relationships lead from the root, in small letters: no program reads another one."""
        if _ROOT not in self._kept:
            return {"", *(name.lower() for name in self._package.names)}
        lists = {_owner(name): kept for name, kept in self._kept.items()}
        reached, open_ends = {""}, [""]
        while open_ends:
            inside = (each.target.lower() for each in lists.get(open_ends.pop(), ()) if not each.is_outside)
            new = [target for target in inside if target not in reached]
            reached.update(new)
            open_ends += new
        return reached

    def _stays(self, name: str, reached: set[str]) -> bool:
        if name == TYPES or (name not in self._kept and not self._types.of(name)):
            return False
        return (_owner(name) if name in self._kept else name.lower()) in reached

    def _clean(self, name: str) -> bytes:
        said, content = self._types.of(name), self._package.read(name)
        if said.endswith("core-properties+xml") or name.lower() in self._targets("core-properties"):
            return _core_properties(read_texts(content, name, KEPT_CORE) if self._of_state else {})
        if said.endswith("extended-properties+xml") or name.lower() in self._targets("extended-properties"):
            return _extended_properties(read_texts(content, name, KEPT_EXTENDED) if self._of_state else {})
        if said in _EMBEDDED:
            return self._clean_embedded(name, content)
        if is_picture(content):
            return clean_picture(content, name, turns=False)
        if is_drawing(content):
            return content
        if said.endswith("vmldrawing"):
            content = _LINE_BREAK.sub(rb"<\1/>", content)
        is_called_drawing = said.startswith("image/") or "font" in said
        if said.endswith(("xml", "vmldrawing")) or (is_called_drawing and begins_like_xml(content)):
            gone, links = self._gone_ids.get(name.lower(), frozenset()), self._links.get(name.lower(), {})
            return rewrite(content, OoxmlRules(name, gone, links))
        if "font" in said and self._kinds[name.lower()] == {"font"}:
            return content
        raise Refusal(MACROS, where=name)

    def _targets(self, kind: str) -> set[str]:
        """The parts to which relationships of this type lead from the root, in small letters."""
        return {each.target.lower() for each in self._kept.get(_ROOT, ()) if each.type == kind}

    def _clean_embedded(self, name: str, content: bytes) -> bytes:
        """The table behind a chart is a workbook of its own."""
        if self._depth or kind_of_ooxml(content) is None:
            raise Refusal(MACROS, where=name)
        return clean_ooxml(content, of_state=self._of_state, depth=1)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _owner(name: str) -> str:
    """The part whose relationships stand in the part `name`, in small letters."""
    folder, file = posixpath.split(name.lower())
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def _core_properties(texts: Mapping[str, str]) -> bytes:
    kept = "".join(f"<dc:{name}>{escape(texts[name])}</dc:{name}>" for name in KEPT_CORE if texts.get(name))
    return _properties(f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_PURL}">{kept}</cp:coreProperties>')


def _extended_properties(texts: Mapping[str, str]) -> bytes:
    kept = "".join(f"<{name}>{escape(texts[name])}</{name}>" for name in KEPT_EXTENDED if texts.get(name))
    return _properties(f'<Properties xmlns="{_EXTENDED}">{kept}</Properties>')


def _properties(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
