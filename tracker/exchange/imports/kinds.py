"""What a file is, by its content: names and their endings are not believed."""

from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import filetype

from tracker.exchange.imports import refusals
from tracker.exchange.imports.refusals import refuse

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNING = 2_000
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ARCHIVES = (
    "application/gzip",
    "application/x-7z-compressed",
    "application/x-rar-compressed",
    "application/x-bzip2",
)
_MOST_CONTROL = 0.01
_CONTROL = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b\x00\x04"))
"""Signs of no text. Zeros and fours are half of a text in UTF-16."""


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    DOCX = "docx"
    JSON = "json"
    TEXT = "text"


def kind_of(name: str, content: bytes) -> Kind:
    """Raises `NotReadable` for a kind that is not read, with what to do."""
    if not content.strip(b"\0\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise refuse(refusals.EMPTY, name)
    if content.startswith(_OLE):
        return _kind_of_ole(name, content)
    if content.startswith(b"PK"):
        return _kind_of_archive(name, content)
    _refuse_binary(name, content)
    return _kind_of_text(name, content)


def _kind_of_ole(name: str, content: bytes) -> Kind:
    """The container of old Office formats, and of the new ones where they are encrypted."""
    if _stream(content, "Workbook") or _stream(content, "Book"):
        return Kind.XLS
    if _stream(content, "EncryptedPackage"):
        raise refuse(refusals.LOCKED, name)
    raise refuse(refusals.OLD_WORD if _stream(content, "WordDocument") else refusals.OLD_OFFICE, name)


def _stream(content: bytes, name: str) -> bool:
    """Whether the container has a stream of this name, which ends with zeros."""
    return name.encode("utf-16-le") + b"\0\0\0\0" in content


def _kind_of_archive(name: str, content: bytes) -> Kind:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = set(archive.namelist())
            said = archive.read("mimetype")[:100] if "mimetype" in parts else b""
    except RuntimeError as error:
        raise refuse(refusals.LOCKED, name) from error
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise refuse(refusals.DAMAGED, name) from error
    if "xl/workbook.xml" in parts:
        return Kind.XLSX
    if "word/document.xml" in parts or any(part.startswith("word/") for part in parts):
        return Kind.DOCX
    if said.startswith(_ODS):
        return Kind.ODS
    if "xl/workbook.bin" in parts:
        raise refuse(refusals.BINARY_WORKBOOK, name)
    raise refuse(refusals.WORD if said.startswith(b"application/vnd.oasis") else refusals.ARCHIVE, name)


def _refuse_binary(name: str, content: bytes) -> None:
    if b"%PDF-" in content[:1024]:
        raise refuse(refusals.PDF, name)
    media_type = filetype.guess_mime(content[:_BEGINNING]) or ""
    if media_type.startswith("image/"):
        raise refuse(refusals.PICTURE, name)
    if media_type in _ARCHIVES:
        raise refuse(refusals.ARCHIVE, name)
    sample = content[: 50 * _BEGINNING]
    if len(sample) - len(sample.translate(None, _CONTROL)) > _MOST_CONTROL * len(sample):
        raise refuse(refusals.UNKNOWN, name)


def _kind_of_text(name: str, content: bytes) -> Kind:
    beginning = content[:_BEGINNING].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if beginning.startswith(b"{\\rtf"):
        raise refuse(refusals.WORD, name)
    if beginning.startswith(b"<") or beginning[:13].lower() == b"mime-version:":
        raise refuse(refusals.WEB_PAGE, name)
    return Kind.JSON if beginning.startswith((b"[", b"{")) else Kind.TEXT
