"""An evidence file as it is taken: its kind, found in its content and agreeing with its name, and its content without
what tells of its author. What each format hides is dealt with in `cleaning/`.

A page may hide in a well-formed file (HTML behind a PDF): downloads are never shown by a browser.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import filetype

from tracker.exchange.cleaning.ooxml import clean_ooxml, kind_of_ooxml
from tracker.exchange.cleaning.opendocument import clean_opendocument, kind_of_opendocument
from tracker.exchange.cleaning.pdfs import clean_pdf, find_start
from tracker.exchange.cleaning.pictures import clean_picture
from tracker.exchange.cleaning.refusals import LOCKED, Refusal
from tracker.exchange.cleaning.texts import computes, find_charset
from tracker.language import gettext

LONGEST_NAME = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class FileKind(StrEnum):
    """The kinds that are accepted, by the ending of the name."""

    PDF = "pdf"
    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    CSV = "csv"
    TXT = "txt"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.CSV: "text/csv",
    FileKind.TXT: "text/plain",
}
ENDINGS = {
    **{kind.value: kind for kind in FileKind},
    **dict.fromkeys(("jpeg", "jpe", "jfif"), FileKind.JPG),
}
_OLD_ENDINGS = {"doc": FileKind.DOCX, "xls": FileKind.XLSX}
"""Files in the new format are met under these names, too: such a one is renamed."""
_PICTURES = (FileKind.PNG, FileKind.JPG, FileKind.WEBP)
_SNIFFED = {MEDIA_TYPES[kind]: kind for kind in _PICTURES}
_TEXTS = (FileKind.CSV, FileKind.TXT)


class NotTaken(ValueError):
    """The sentence says what is wrong with the file and what to do."""


@dataclass(frozen=True)
class TakenFile:
    """What is stored. The type of a text tells its alphabet; a table of which a program would compute something is
    handed out as plain text."""

    name: str
    kind: FileKind
    media_type: str
    content: bytes


def take_file(name: str, content: bytes, *, of_state: bool) -> TakenFile:
    """`name` is a result of `shown_name`. `of_state`: what names the State's institution stays. Raises `NotTaken`."""
    try:
        named, kind = _read_kind(name, content)
        return TakenFile(named, kind, _media_type(kind, content), _clean(kind, content, of_state=of_state))
    except Refusal as refusal:
        raise NotTaken(gettext(refusal.message, name=name, **refusal.values)) from refusal


def shown_name(name: str) -> str:
    """Returns the name without path, control and direction characters: at most 120 characters with its ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    plain = " ".join(re.sub(r'[<>:"|?*%]', "_", visible).split()).rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = stem.strip(". ") or "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"  # Windows opens a device by this name
    ending = ending[:10].lower()
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}{dot}{ending}"


def _read_kind(name: str, content: bytes) -> tuple[str, FileKind]:
    """The name, with the ending of the format where it had that of the old one, and the kind."""
    if not content:
        raise NotTaken(gettext("“%(name)s” is empty. Choose the file again", name=name))
    stem, dot, ending = name.rpartition(".")
    named = ENDINGS.get(ending.lower()) if dot else None
    actual = _kind_of(name, content) if named or (dot and ending.lower() in _OLD_ENDINGS) else None
    if named is None and actual is not None and _OLD_ENDINGS[ending.lower()] == actual:
        return f"{stem}.{actual.value}", actual
    if named is None:
        raise NotTaken(
            gettext(
                "“%(name)s” is not a kind of file that can be attached. Save it as PDF, PNG, JPG, WebP, DOCX, XLSX,"
                " ODT, ODS, CSV or TXT",
                name=name,
            )
        )
    if actual != named and not (actual in _TEXTS and named in _TEXTS):
        raise NotTaken(_why_not(name, named))
    return name, named


def _why_not(name: str, named: FileKind) -> str:
    if named in _TEXTS:
        return gettext(
            "“%(name)s” cannot be read as text. Save it again as %(kind)s with the encoding UTF-8 and choose that"
            " file",
            name=name,
            kind=named.value.upper(),
        )
    return gettext(
        "The ending of “%(name)s” does not fit what is in the file. Open it in its program, save it again as"
        " %(kind)s and choose that file",
        name=name,
        kind=named.value.upper(),
    )


def _kind_of(name: str, content: bytes) -> FileKind | None:
    if content.startswith(_OLE):
        raise NotTaken(_why_not_ole(name, content))
    if content.startswith(_ZIP):
        found = kind_of_ooxml(content) or kind_of_opendocument(content)
        return FileKind(found) if found else None
    sniffed = filetype.guess_mime(content)
    if sniffed in _SNIFFED:
        return _SNIFFED[sniffed]
    if find_start(content) >= 0:
        return FileKind.PDF
    return FileKind.TXT if find_charset(content) else None


def _why_not_ole(name: str, content: bytes) -> str:
    if _ENCRYPTED in content:
        return gettext(LOCKED, name=name)
    return gettext(
        "“%(name)s” is in an old Office format, which may hold macros. Save it as DOCX, XLSX or PDF",
        name=name,
    )


def _media_type(kind: FileKind, content: bytes) -> str:
    charset = find_charset(content) if kind in _TEXTS else None
    if charset is None:
        return kind.media_type
    said = FileKind.TXT if kind == FileKind.CSV and computes(content, charset) else kind
    return f"{said.media_type}; charset={charset}"


def _clean(kind: FileKind, content: bytes, *, of_state: bool) -> bytes:
    if kind in (FileKind.DOCX, FileKind.XLSX):
        return clean_ooxml(content, of_state=of_state)
    if kind in (FileKind.ODT, FileKind.ODS):
        return clean_opendocument(content, of_state=of_state)
    if kind == FileKind.PDF:
        return clean_pdf(content, of_state=of_state)
    return clean_picture(content, kind.value.upper()) if kind in _PICTURES else content
