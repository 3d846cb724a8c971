"""Files of evidence for tests, made in memory: whole ones of every kind that is taken, and such as pretend."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from openpyxl import Workbook

OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<!doctype html><html><script>window.__x=1</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="window.__x=1"/>'
SCRIPT = b"<script>window.__x=1</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CSV = "регион,случаи\nЧуй,3\n".encode()
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\0" * 40 + b"\xff\xd9"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + b"\0" * 24


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def package(parts: dict[str, bytes | str], before: bytes = b"") -> bytes:
    """A zip with these parts in this order; the first is stored as it is, as OpenDocument asks."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number, (name, content) in enumerate(parts.items()):
            made.writestr(name, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return before + file.getvalue()


def docx(**more: bytes) -> bytes:
    return package(
        {"[Content_Types].xml": _types("wordprocessingml.document"), "word/document.xml": "<w/>", **more}
    )


def _types(kind: str, family: str = OFFICE) -> str:
    return f'<Types><Override PartName="/x" ContentType="{family}{kind}.main+xml"/></Types>'


def xlsx() -> bytes:
    file, book = BytesIO(), Workbook()
    book.active["A1"] = "Чуй"
    book.save(file)
    return file.getvalue()


def opendocument(kind: str = "text", manifest: str = "<m/>", **more: bytes) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}"
    return package({"mimetype": said, "content.xml": "<c/>", "META-INF/manifest.xml": manifest, **more})


def locked(content: bytes) -> bytes:
    """The bits that say “encrypted” in both places of the first part of a zip."""
    changed = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(signature) + at] |= 1
    return bytes(changed)


WHOLE = {
    "order.pdf": PDF,
    "photo.png": png(),
    "photo.jpg": JPG,
    "photo.JPEG": JPG,
    "photo.webp": WEBP,
    "report.docx": docx(),
    "table.xlsx": xlsx(),
    "report.odt": opendocument(),
    "table.ods": opendocument("spreadsheet"),
    "table.csv": b"\xef\xbb\xbf" + CSV,
    "notes.txt": "Протокол\r\n\tстр. 2\f".encode(),
}
PRETENDERS = {
    # what a browser would run, under a harmless name
    "page.docx": HTML,
    "page.pdf": HTML,
    "page.txt": HTML,
    "page.csv": b"\xef\xbb\xbf \r\n" + HTML,
    "comment.txt": b"<!-- --><script>1</script>",
    "picture.png": SVG,
    "picture.jpg": SVG,
    "picture.txt": SVG,
    "script.webp": b"window.__x=1",
    "script.png": SCRIPT,
    "gif.png": b"GIF89a=1;window.__x=1",
    "gif.jpg": b"GIF89a/*" + b"\0" * 20 + b"*/=1;window.__x=1",
    # under a name that is not taken, whatever is inside
    "page.html": HTML,
    "page.svg": SVG,
    "page.xhtml": HTML,
    "order.pdf.html": PDF,
    "order.pdf.exe": b"MZ" + b"\0" * 80,
    "macro.docm": docx(),
    "archive.zip": package({"a.txt": "a"}),
    "script.js": b"window.__x=1",
    "old.doc": OLE,
    "order": PDF,
    "pdf": PDF,
    # one kind under the name of another
    "order.docx": PDF,
    "report.pdf": docx(),
    "table.docx": xlsx(),
    "report.xlsx": docx(),
    "report.ods": opendocument(),
    "photo.pdf": JPG,
    "photo.png": WEBP,
    "archive.docx": package({"a.txt": "a"}),
    "program.txt": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "latin.csv": "Жалал-Абад".encode("cp1251"),
    "wide.txt": "text".encode("utf-16"),
    "bell.txt": b"ring\x07\x1b[2J",
    # something before or inside that does not belong
    "late.pdf": SCRIPT + PDF,
    "late.docx": SCRIPT + docx(),
    "macro.docx": docx(**{"word/vbaProject.bin": b"1"}),
    "embedded.docx": docx(**{"word/embeddings/oleObject1.bin": b"1"}),
    "active.xlsx": docx(**{"word/activeX/activeX1.xml": b"1"}),
    "enabled.docx": package(
        {"[Content_Types].xml": _types("document.macroEnabled", "application/vnd.ms-word.")}
    ),
    "basic.odt": opendocument(**{"Basic/Standard/Module1.xml": b"1"}),
    "scripts.ods": opendocument("spreadsheet", **{"Scripts/python/a.py": b"1"}),
    "climbing.docx": docx(**{"../../etc/cron.d/a": b"1"}),
    "absolute.odt": opendocument(**{"/etc/passwd": b"1"}),
    "cut.docx": docx()[:-30],
    "cut.xlsx": xlsx()[:200],
    # what nobody could open
    "locked.docx": OLE + "EncryptedPackage".encode("utf-16-le"),
    "locked.xlsx": locked(xlsx()),
    "locked.odt": opendocument(manifest="<m:encryption-data/>"),
    "empty.pdf": b"",
}
LARGE_PRETENDERS: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: docx(**{"word/media/a.txt": b"0" * 301_000_000}),
    "many.docx": lambda: docx(**{f"word/{number}.xml": b"" for number in range(5_001)}),
}
"""Made when they are used: each process that imports this would spend two seconds and 300 MB on them."""
