"""Word documents are opened: only the main part and the headers are unpacked, within bounds; nothing outside of the
file is fetched, and no entity is expanded.
"""

import re
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.parser import parse_xml

from tracker.exchange.cleaning.packages import Package, open_package, write_package
from tracker.exchange.cleaning.refusals import BROKEN, LOCKED, TOO_LARGE, Refusal
from tracker.exchange.cleaning.xml_parts import list_elements
from tracker.exchange.imports.rows import NotReadable
from tracker.language import gettext

_OLE, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>""".encode()
_RELATIONSHIPS = b"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""
_HEADER, _MOST_HEADERS = re.compile(r"word/header\d{0,3}\.xml"), 10
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def open_word_document(content: bytes) -> tuple[Any, bool]:
    """The body, and whether the document has pictures. Raises `NotReadable`."""
    _refuse_others(content)
    try:
        with open_package(content) as package:
            main = _main_part(package)
            has_pictures = any(name.startswith("word/media/") for name in package.names)
        return Document(BytesIO(_bare(main))).element.body, has_pictures
    except Refusal as error:
        raise NotReadable(_sentence(error)) from error
    except BROKEN as error:
        raise NotReadable(_damaged()) from error


def open_word_headers(content: bytes) -> list[Any]:
    """The headers of its pages. Raises `NotReadable`, after `open_word_document` only where one of them is damaged."""
    try:
        with open_package(content) as package:
            names = [name for name in package.names if _HEADER.fullmatch(name)]
            parts = [_without_type(package.read(name)) for name in sorted(names)[:_MOST_HEADERS]]
        return [parse_xml(part) for part in parts]
    except Refusal as error:
        raise NotReadable(_sentence(error)) from error
    except BROKEN as error:
        raise NotReadable(_damaged()) from error


def _refuse_others(content: bytes) -> None:
    """What is no `.docx`, whatever its name says."""
    if content.startswith(_OLE):
        raise NotReadable(_protected() if _ENCRYPTED in content else _older())
    if content.startswith(_PDF):
        raise NotReadable(
            gettext(
                "This is a PDF. Find the matrix as a Word document (.docx) on OHCHR's page of the review and upload"
                " that."
            )
        )
    if not content.startswith(b"PK\x03\x04"):
        raise NotReadable(
            gettext("This is no Word document. Open it in Word, save it as .docx and upload that.")
            if content
            else gettext("The file is empty. Choose it again.")
        )


def _main_part(package: Package) -> bytes:
    name = "word/document.xml"
    if "_rels/.rels" in package.names:
        for _, given in list_elements(package.read("_rels/.rels"), "_rels/.rels"):
            if given.get("Type", "").endswith("/officeDocument"):
                name = given.get("Target", name).lstrip("/")
    if name not in package.names or not name.endswith(".xml"):
        raise NotReadable(
            gettext(
                "This file holds no Word document. Open it in its program, save it as .docx and upload that."
            )
        )
    return _without_type(package.read(name))


def _without_type(part: bytes) -> bytes:
    """A document type may declare entities that grow without end: it is refused."""
    if any("<!DOCTYPE".encode(charset) in part for charset in ("utf-8", "utf-16-le", "utf-16-be")):
        raise NotReadable(_damaged())
    return part.replace(_STRICT, _USUAL)


def _bare(main: bytes) -> bytes:
    """The document without its other parts: pictures, macros, links."""
    parts = (
        ("[Content_Types].xml", _CONTENT_TYPES),
        ("_rels/.rels", _RELATIONSHIPS),
        ("word/document.xml", main),
    )
    return write_package(parts)


def _sentence(error: Refusal) -> str:
    if error.message == LOCKED:
        return _protected()
    if error.message == TOO_LARGE:
        return too_large()
    return _damaged()


def too_large() -> str:
    return gettext(
        "The document becomes too large when it is opened. Copy the table into a new document without pictures,"
        " save it as .docx and upload that."
    )


def _older() -> str:
    return gettext(
        "This is an older Word document (.doc). Open it in Word, save it as .docx and upload that."
    )


def _protected() -> str:
    return gettext("The document is protected with a password. Save it without one and upload that.")


def _damaged() -> str:
    return gettext(
        "The document is damaged, or built in an unusual way. Open it in Word, copy the table into a new document, save"
        " it as .docx and upload that."
    )
