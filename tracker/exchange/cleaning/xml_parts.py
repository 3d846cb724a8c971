"""XML of office files: rules change or refuse elements, every other byte stays as it was.

A document type is refused: it can declare entities that grow without end, or hide a word from whoever looks for it.
Only the usual one of drawings is left out. Most elements concern no rule; that is found out once for each combination
of names, so that a sheet with a million cells is read in seconds.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from tracker.exchange.cleaning.refusals import DAMAGED, HIDDEN, Refusal

_SEPARATOR = "\x1f"
"""Between namespace, name and prefix in what the parser tells. XML cannot hold it."""
_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_IN_TEXT = {"\r": "&#13;"}
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_DECLARATION = re.compile(r"\s{0,99}<\?xml\s[^>]{0,999}?\?>")
_USUAL_TYPE = re.compile(
    rb"""((?:\s|<\?[^>]{0,999}>|<!--(?:[^-]|-[^-]){0,999}-->){0,99})"""
    rb"""<!DOCTYPE\s+svg\s+PUBLIC\s+"-//W3C//DTD SVG [^"<>\[\]]{1,60}"\s+"http://www\.w3\.org/[^"<>\[\]]{1,200}"\s*>"""
)
"""As programs write it before a drawing: it declares nothing itself."""
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")


class Name(NamedTuple):
    """The name of an element or attribute; namespace and prefix are empty where it has none."""

    namespace: str
    local: str
    prefix: str = ""

    @property
    def written(self) -> str:
        return f"{self.prefix}:{self.local}" if self.prefix else self.local


Attributes = dict[Name, str]


@dataclass
class Rules:
    """What happens to one part. A format adds its own rules in subclasses."""

    where: str
    """The name of the part, for sentences."""

    def concerns(self, _name: Name, _attributes: Collection[Name]) -> bool:
        """Whether `start` has something to say to an element of this name with attributes of these names."""
        return True

    def start(self, _name: Name, _attributes: Attributes) -> bool:
        """May change the attributes, or raise `Refusal`. False drops the element with all that it holds."""
        return True

    def reads_text(self, _name: Name) -> bool:
        """Whether `text` wants the text of this element, which must hold no others."""
        return False

    def text(self, _name: Name, text: str) -> str:
        """The text that is written in place of this one."""
        return text


def rewrite(content: bytes, rules: Rules) -> bytes:
    """The part after the rules, in UTF-8. Comments and processing instructions are left out."""
    return _Rewriter(_without_usual_type(_in_utf8(content)), rules).run()


def _in_utf8(content: bytes) -> bytes:
    """Other alphabets are rare: UTF-16 is seen by its first bytes, what else there is by the declaration."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if said := _ENCODING.match(content):
        encoding = said.group(1).decode()
    if encoding.lower() == "utf-8":
        return content
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise Refusal(DAMAGED) from error
    return _DECLARATION.sub("", text, count=1).encode()


def _without_usual_type(content: bytes) -> bytes:
    found = _USUAL_TYPE.match(content)
    return content[: found.end(1)] + content[found.end() :] if found else content


class _Rewriter:
    def __init__(self, content: bytes, rules: Rules) -> None:
        self._content, self._rules = content, rules
        self._names: dict[str, Name] = {}
        self._plain: dict[tuple[str, ...], bool] = {}
        self._declared: list[tuple[str, str]] = []
        self._done: list[bytes] = []
        self._at = 0
        self._depth, self._dropped_from = 0, -1
        self._reading: tuple[Name, int] | None = None
        self._texts: list[str] = []

    def run(self) -> bytes:
        self._parser = parser = ParserCreate("utf-8", _SEPARATOR)
        parser.namespace_prefixes = parser.ordered_attributes = parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._start
        parser.CommentHandler = lambda _: self._cut(b"-->")
        parser.ProcessingInstructionHandler = lambda *_: self._cut(b"?>")
        try:
            parser.Parse(self._content, True)
        except (ExpatError, UnicodeError) as error:
            raise Refusal(DAMAGED) from error
        self._done.append(self._content[self._at :])
        return b"".join(self._done)

    def _replace(self, start: int, end: int, new: bytes) -> None:
        self._done += (self._content[self._at : start], new)
        self._at = end

    def _cut(self, mark: bytes) -> None:
        if self._reading is not None:
            raise Refusal(HIDDEN, where=self._rules.where)  # it would part the text that a rule reads
        start = self._parser.CurrentByteIndex
        if self._dropped_from < 0:
            self._replace(start, self._content.index(mark, start) + len(mark), b"")

    def _refuse(self, *_: object) -> None:
        raise Refusal(HIDDEN, where=self._rules.where)

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared.append((f"xmlns:{prefix}" if prefix else "xmlns", namespace or ""))

    def _name(self, raw: str) -> Name:
        name = self._names.get(raw)
        if name is None:
            parts = raw.split(_SEPARATOR)
            name = self._names[raw] = Name(*parts) if len(parts) > 1 else Name("", raw)
        return name

    def _start(self, raw: str, flat: Sequence[str]) -> None:
        key = (raw, *flat[::2])
        is_plain = self._plain.get(key)
        if is_plain is None:
            name, names = self._name(raw), [self._name(each) for each in flat[::2]]
            is_plain = not self._rules.concerns(name, names) and not self._rules.reads_text(name)
            self._plain[key] = is_plain
        if self._reading is not None:
            raise Refusal(HIDDEN, where=self._rules.where)  # an element in a text: no rule would see it
        if self._depth:
            self._depth += 1
        elif not is_plain:
            self._look(self._name(raw), flat)
        if self._declared:
            self._declared = []

    def _look(self, name: Name, flat: Sequence[str]) -> None:
        given = {self._name(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}
        attributes = dict(given)
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self._content, start)
        if tag is None:
            raise Refusal(DAMAGED)
        is_empty, stays = tag[0].endswith(b"/>"), self._rules.start(name, attributes)
        if not stays and is_empty:
            self._replace(start, tag.end(), b"")
        elif not stays:
            self._dropped_from = start
            self._follow_depth()
        elif attributes != given:
            self._replace(start, tag.end(), self._written(name, attributes, is_empty=is_empty))
        if stays and not is_empty and self._rules.reads_text(name):
            self._reading, self._texts = (name, tag.end()), []
            self._parser.CharacterDataHandler = self._texts.append
            self._follow_depth()

    def _written(self, name: Name, attributes: Attributes, *, is_empty: bool) -> bytes:
        pairs = [*self._declared, *((key.written, value) for key, value in attributes.items())]
        said = "".join(f' {key}="{escape(value, _IN_ATTRIBUTES)}"' for key, value in pairs)
        return f"<{name.written}{said}{'/' if is_empty else ''}>".encode()

    def _follow_depth(self) -> None:
        self._depth = 1
        self._parser.EndElementHandler = self._end

    def _end(self, _raw: str) -> None:
        self._depth -= 1
        if self._depth:
            return
        self._parser.EndElementHandler = self._parser.CharacterDataHandler = None
        at = self._parser.CurrentByteIndex
        if self._reading is not None:
            (name, start), self._reading = self._reading, None
            self._write_text(name, start, at)
        else:
            tag = _TAG.match(self._content, at)
            self._replace(self._dropped_from, tag.end() if tag else at, b"")
            self._dropped_from = -1

    def _write_text(self, name: Name, start: int, end: int) -> None:
        text = "".join(self._texts)
        new = self._rules.text(name, text)
        if new != text:
            self._replace(start, end, escape(new, _IN_TEXT).encode())


@dataclass
class _Listing(Rules):
    """Collects elements with their attributes by local name, or the texts of those that hold no others."""

    def __post_init__(self) -> None:
        self.elements: list[tuple[str, dict[str, str]]] = []

    def start(self, name: Name, attributes: Attributes) -> bool:
        self.elements.append((name.local, {key.local: value for key, value in attributes.items()}))
        return True


@dataclass
class _Texts(Rules):
    names: Collection[str]

    def __post_init__(self) -> None:
        self.texts: dict[str, str] = {}

    def reads_text(self, name: Name) -> bool:
        return name.local in self.names

    def text(self, name: Name, text: str) -> str:
        self.texts.setdefault(name.local, text)
        return text


def list_elements(content: bytes, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Local name and attributes of each element of a small part, such as a list of relationships."""
    listing = _Listing(where)
    rewrite(content, listing)
    return iter(listing.elements)


def read_texts(content: bytes, where: str, names: Collection[str]) -> dict[str, str]:
    """The text of the first element of each of these local names."""
    found = _Texts(where, names)
    rewrite(content, found)
    return found.texts
