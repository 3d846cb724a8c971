"""Files that grow when they are opened: refused in little time and memory."""

import bz2
import lzma
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest

from tests.evidence_files import docx, opendocument, package
from tests.exchange.cleaning import refused, taken

LINKS = "word/_rels/document.xml.rels"
BOMBS: dict[str, Callable[[], bytes]] = {
    "document.docx": lambda: docx(**{"word/document.xml": b"<a>" + b" " * 70_000_000 + b"</a>"}),
    "links.docx": lambda: docx(**{LINKS: b"<a>" + b" " * 70_000_000 + b"</a>"}),
    "types.docx": lambda: package({"[Content_Types].xml": b"<a>" + b" " * 70_000_000 + b"</a>"}),
    "content.odt": lambda: opendocument(**{"content.xml": b"<a>" + b" " * 70_000_000 + b"</a>"}),
}


MUCH, LITTLE = b" " * 70_000_000, b" " * 1_000
WAYS: dict[int, Callable[[bytes], bytes]] = {
    zipfile.ZIP_DEFLATED: lambda content: zlib.compress(content, wbits=-15),
    zipfile.ZIP_BZIP2: bz2.compress,
    zipfile.ZIP_LZMA: lambda content: b"\x09\x04\x05\0" + _lzma(content),
}


def _lzma(content: bytes) -> bytes:
    properties = struct.pack("<BI", 93, 1 << 23)
    options = [{"id": lzma.FILTER_LZMA1, "preset": 6}]
    return properties + lzma.compress(content, lzma.FORMAT_RAW, filters=options)


def refused_in_little_memory(name: str, content: bytes) -> str:
    tracemalloc.start()
    said = refused(name, content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
    return said


@pytest.mark.parametrize("name", BOMBS)
def test_a_part_that_becomes_too_large_is_not_unpacked(name: str) -> None:
    assert "becomes too large" in refused_in_little_memory(name, BOMBS[name]())


@pytest.mark.parametrize("way", WAYS)
def test_a_part_that_says_it_is_small_is_unpacked_no_further(way: int) -> None:
    """Both heads and the checksum are those of the first thousand letters."""
    packed, name = WAYS[way](MUCH), b"[Content_Types].xml"
    facts = struct.pack(
        "<5H3I2H", 20, 0, way, 0, 33, zlib.crc32(LITTLE), len(packed), len(LITTLE), len(name), 0
    )
    local = b"PK\x03\x04" + facts + name + packed
    listed = b"PK\x01\x02" + struct.pack("<H", 20) + facts + b"\0" * 14 + name
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, len(listed), len(local), 0)
    said = refused_in_little_memory("small.docx", local + listed + end)
    assert ("hides what it holds" in said) == (way != zipfile.ZIP_DEFLATED)


def test_elements_without_end_are_read_without_recursion() -> None:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    assert taken("deep.docx", docx(**{"word/document.xml": deep})).kind == "docx"
