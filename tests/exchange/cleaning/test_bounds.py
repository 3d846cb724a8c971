"""Files that grow when they are opened: refused in little time and memory."""

import tracemalloc
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


@pytest.mark.parametrize("name", BOMBS)
def test_a_part_that_becomes_too_large_is_not_unpacked(name: str) -> None:
    content = BOMBS[name]()
    tracemalloc.start()
    said = refused(name, content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "becomes too large" in said
    assert most < 20_000_000


def test_elements_without_end_are_read_without_recursion() -> None:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    assert taken("deep.docx", docx(**{"word/document.xml": deep})).kind == "docx"
