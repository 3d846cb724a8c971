"""Files of evidence for tests, made in memory: whole ones of every kind that is taken, and such as pretend."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n165\n"
    b"%%EOF\n"
)
HTML = b"<!doctype html><html><script>window.__x=1</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="window.__x=1"/>'
SCRIPT = b"<script>window.__x=1</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CSV = "регион,случаи\nЧуй,3\n".encode()


def picture(kind: str = "JPEG", size: tuple[int, int] = (8, 8), **options: Any) -> bytes:
    """With a colour of its own in each corner, so that one can see how it was turned."""
    file, made = BytesIO(), Image.new("RGB", size, "white")
    width, height = size
    made.paste("red", (0, 0, width // 2, height // 2))
    made.paste("blue", (width // 2, height // 2, width, height))
    made.save(file, kind, **options)
    return file.getvalue()


def pdf_with(content: bytes = b"") -> bytes:
    """A page that draws `content`, written as files are stored: cleaning changes nothing of it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    drawn = DecodedStreamObject()
    drawn.set_data(content)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(PDF)))
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn)
    for _ in range(2):  # the second gives the objects the numbers that they keep
        writer.pdf_header = "%PDF-1.4"
        file = BytesIO()
        writer.write(file)
        writer = PdfWriter(clone_from=PdfReader(file))
    return file.getvalue()


JPG, WEBP = picture(), picture("WEBP")


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


def docx(*, more: str = "", **parts: bytes | str) -> bytes:
    """`more`: further content types."""
    types = _types("wordprocessingml.document", more=more)
    return package({"[Content_Types].xml": types, **ROOT, "word/document.xml": DOCUMENT, **parts})


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Чуй</w:t></w:r></w:p></w:body></w:document>'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*given: tuple[str, str] | tuple[str, str, str]) -> str:
    """Types with their targets; a third value is the mode."""
    lines = [
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"'
        f"{''.join(f' TargetMode={chr(34)}{each}{chr(34)}' for each in mode)}/>"
        for number, (kind, target, *mode) in enumerate(given, start=1)
    ]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


ROOT = {"_rels/.rels": relations(("officeDocument", "word/document.xml"))}


def _types(kind: str, family: str = OFFICE, more: str = "") -> str:
    """The type of the text, and of the endings that parts have here."""
    endings = {
        "xml": "application/xml",
        "bin": f"{OFFICE}spreadsheetml.printerSettings",
        "jpeg": "image/jpeg",
    }
    endings |= {"rels": "application/vnd.openxmlformats-package.relationships+xml"}
    said = "".join(f'<Default Extension="{each}" ContentType="{endings[each]}"/>' for each in endings)
    main = f'<Override PartName="/word/document.xml" ContentType="{family}{kind}.main+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{said}{main}{more}</Types>'


def xlsx() -> bytes:
    file, book = BytesIO(), Workbook()
    book.active["A1"] = "Чуй"
    book.save(file)
    return file.getvalue()


def opendocument(kind: str = "text", manifest: str = "<m/>", **more: bytes | str) -> bytes:
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
    "photo.jfif": JPG,
    "photo.jpe": JPG,
    "report.docx": docx(),
    "table.xlsx": xlsx(),
    "report.odt": opendocument(),
    "table.ods": opendocument("spreadsheet"),
    "table.csv": b"\xef\xbb\xbf" + CSV,
    "notes.txt": "Протокол\r\n\tстр. 2\f".encode(),
    "wide.csv": "регион,случаи\n".encode("utf-16"),
    "russian.txt": "Жалал-Абад — № 3".encode("cp1251"),
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
    "latin.csv": "Zürich, Málaga".encode("cp1252"),
    "page in UTF-16.txt": HTML.decode().encode("utf-16"),
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
