"""Finds the kind of an evidence file from its content and its name, which must agree; and the name to show.

Nothing is unpacked: of Office and OpenDocument files it reads only the table of contents and the part that names the
type. What may hide in a well-formed file (a page inside a PDF) is dealt with where files are downloaded.
"""

import re
import unicodedata
import zipfile
from enum import StrEnum
from io import BytesIO

import filetype

from tracker.language import gettext

MOST_PARTS, MOST_UNPACKED_BYTES, MOST_TYPES_BYTES = 5_000, 300_000_000, 1_000_000
LONGEST_NAME = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ACTIVE = re.compile(r"vbaproject|macrosheets/|activex/|^basic/|^scripts/|\.(?:bin|exe|dll|js|vbs|ole)$")
"""Parts that can run: macros of Office and OpenDocument files, and embedded programs."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"


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
ENDINGS = {**{kind.value: kind for kind in FileKind}, "jpeg": FileKind.JPG}
_SNIFFED = {MEDIA_TYPES[kind]: kind for kind in (FileKind.PDF, FileKind.PNG, FileKind.JPG, FileKind.WEBP)}
_TEXTS = (FileKind.CSV, FileKind.TXT)


class NotTaken(ValueError):
    """The sentence says what is wrong with the file and what to do."""


def read_kind(name: str, content: bytes) -> FileKind:
    """Returns the kind; `name` is a result of `shown_name`. Raises `NotTaken`."""
    if not content:
        raise NotTaken(gettext("“%(name)s” is empty. Choose the file again", name=name))
    _, dot, ending = name.rpartition(".")
    named = ENDINGS.get(ending.lower()) if dot else None
    if named is None:
        raise NotTaken(
            gettext(
                "“%(name)s” is of a kind that is not taken. Save it as PDF, PNG, JPG, WebP, DOCX, XLSX, ODT, ODS,"
                " CSV or TXT",
                name=name,
            )
        )
    actual = _kind_of(name, content)
    if actual != named and not (actual in _TEXTS and named in _TEXTS):
        raise NotTaken(
            gettext(
                "“%(name)s” does not hold what its name says. Open it in its program, save it anew as"
                " %(kind)s and choose that file",
                name=name,
                kind=named.value.upper(),
            )
        )
    return named


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


def _kind_of(name: str, content: bytes) -> FileKind | None:
    if content.startswith(_OLE):
        raise NotTaken(_why_not_ole(name, content))
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_package(name, content)
    sniffed = filetype.guess(content)
    if sniffed is not None:
        return _SNIFFED.get(sniffed.mime)
    return FileKind.TXT if _is_plain_text(content) else None


def _why_not_ole(name: str, content: bytes) -> str:
    if _ENCRYPTED in content:
        return _protected(name)
    return gettext(
        "“%(name)s” is in an old Office format, which may hold macros. Save it as DOCX, XLSX or PDF",
        name=name,
    )


def _protected(name: str) -> str:
    return gettext(
        "“%(name)s” is protected with a password, so nobody could read it. Save it without one", name=name
    )


def _kind_of_package(name: str, content: bytes) -> FileKind | None:
    """Finds the type of OOXML in [Content_Types].xml, that of OpenDocument in its first part."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _refuse_unsafe(name, parts)
            names = {part.filename for part in parts}
            if "[Content_Types].xml" in names:
                return _of_ooxml(name, _read(package, "[Content_Types].xml"))
            if parts and parts[0].filename == "mimetype":
                if b"encryption-data" in _read(package, "META-INF/manifest.xml"):
                    raise NotTaken(_protected(name))
                return _of_opendocument(_read(package, "mimetype"))
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, NotTaken):
            raise
        raise NotTaken(
            gettext(
                "“%(name)s” is damaged. Open it in its program, save it anew and choose that file", name=name
            )
        ) from error
    return None


def _refuse_unsafe(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise NotTaken(_protected(name))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise NotTaken(gettext("“%(name)s” becomes too large when it is opened. Save it as PDF", name=name))
    names = [part.filename.lower() for part in parts]
    is_climbing = any(each.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", each) for each in names)
    if is_climbing or any(_ACTIVE.search(each) for each in names):
        raise NotTaken(
            gettext(
                "“%(name)s” holds macros or embedded programs. Save it without them, or as PDF",
                name=name,
            )
        )


def _read(package: zipfile.ZipFile, part: str) -> bytes:
    with package.open(part) as file:
        return file.read(MOST_TYPES_BYTES)


def _of_ooxml(name: str, types: bytes) -> FileKind | None:
    if b"macroenabled" in types.lower():
        raise NotTaken(gettext("“%(name)s” holds macros. Save it without them, or as PDF", name=name))
    for kind, part in ((FileKind.DOCX, "wordprocessingml.document"), (FileKind.XLSX, "spreadsheetml.sheet")):
        if _MAIN.format(part).encode() in types:
            return kind
    return None


def _of_opendocument(media_type: bytes) -> FileKind | None:
    kinds = {MEDIA_TYPES[kind].encode(): kind for kind in (FileKind.ODT, FileKind.ODS)}
    return kinds.get(media_type.strip())


def _is_plain_text(content: bytes) -> bool:
    """Whether it is UTF-8 without control characters and does not begin like HTML, SVG or XML."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text):
        return False
    return not text.lstrip().startswith("<")
