"""Word documents that are none, hostile or unusual."""

import re
import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Inches
from PIL import Image

from tests.exchange.imports.matrices import FOURTH, FOURTH_ROWS, matrix, saved
from tests.exchange.imports.states import REAL, needs_real_data
from tracker.exchange.imports.rows import NotReadable
from tracker.exchange.imports.word_tables import read_word_tables

GOOD = matrix(FOURTH, FOURTH_ROWS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def with_main(change: object, name: str = "word/document.xml", **more: bytes) -> bytes:
    """The good document with another main part."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(GOOD)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each)
            if each == "word/document.xml":
                new.writestr(name, change(content))  # type: ignore[operator]
            elif each == "_rels/.rels":
                new.writestr(each, content.replace(b"word/document.xml", name.encode()))
            else:
                new.writestr(each, content)
        for each, content in more.items():
            new.writestr(each, content)
    return file.getvalue()


def only_pictures() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (30, 40), "white").save(picture, "PNG")
    document = Document()
    document.add_picture(BytesIO(picture.getvalue()), width=Inches(1))
    return saved(document)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (OLE + b"\x00" * 600, r"older Word document \(.doc\).*save it as .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 and more", "PDF.*Word document"),
        (b"{\\rtf1 text}", "save it as .docx"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (only_pictures(), "only pictures of pages"),
        (saved(Document()), "no table"),
        (with_main(lambda main: main.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)), "damaged"),
        (with_main(lambda main: main[:-40]), "damaged"),
        (with_main(lambda _: b""), "damaged"),
        (with_main(lambda main: main + b" " * 50_000_000), "too large"),
        (
            with_main(lambda main: main, **{"word/vbaProject.bin": b"macro"}),
            "copy the table into a new document",
        ),
        (with_main(lambda main: main, name="word/document.bin"), "no Word document"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_word_tables(content)
    assert re.search(words, str(refused.value))


def test_a_locked_archive_is_refused() -> None:
    locked = bytearray(GOOD)
    for found in re.finditer(b"PK\x01\x02", GOOD):
        locked[found.start() + 8] |= 1
    with pytest.raises(NotReadable, match="password"):
        read_word_tables(bytes(locked))


@needs_real_data
def test_a_real_older_document_is_refused() -> None:
    with pytest.raises(NotReadable, match="older Word document"):
        read_word_tables((REAL / "ohchr-matrix" / "egypt-2014.doc").read_bytes())


def test_the_main_part_may_have_another_name_and_be_strict() -> None:
    usual, strict = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    content = with_main(lambda main: main.replace(usual.encode(), strict.encode()), name="word/document2.xml")
    assert read_word_tables(content) == read_word_tables(GOOD)


def rows_of(xml: str) -> list[list[str]]:
    """The texts of a table written in XML."""
    start = '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid>'
    content = with_main(
        lambda main: re.sub(rb"<w:tbl>.*</w:tbl>", f"{start}{xml}</w:tbl>".encode(), main, flags=re.DOTALL)
    )
    return [[cell.text for cell in row] for row in read_word_tables(content)[0].rows]


def cell(inner: str, settings: str = "") -> str:
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{inner}</w:tc>"


def words(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_line_breaks_tabs_and_hyphens_of_word_are_kept() -> None:
    inner = "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>"
    assert rows_of(f"<w:tr>{cell(inner + words('e'))}</w:tr>") == [["a\nb c-d\ne"]]


def test_tracked_changes_read_as_accepted() -> None:
    inner = "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(words('gone'))}</w:tr>"
    assert rows_of(f"<w:tr>{cell(inner)}</w:tr>{gone}") == [["new"]]


def test_cells_that_are_merged_downwards_have_the_text_of_the_first() -> None:
    begins = '<w:vMerge w:val="restart"/>'
    first = f"<w:tr>{cell(words('a'), begins)}{cell(words('b'))}</w:tr>"
    second = f"<w:tr>{cell(words(''), '<w:vMerge/>')}{cell(words('c'))}</w:tr>"
    assert rows_of(first + second) == [["a", "b"], ["a", "c"]]


def test_content_controls_around_rows_and_cells_are_looked_into() -> None:
    inner = f"<w:sdt><w:sdtContent>{cell(words('a'))}</w:sdtContent></w:sdt>"
    assert rows_of(f"<w:sdt><w:sdtContent><w:tr>{inner}</w:tr></w:sdtContent></w:sdt>") == [["a"]]


def test_a_table_inside_of_a_cell_is_a_table_of_its_own() -> None:
    nested = f"<w:tbl><w:tblPr/><w:tr>{cell(words('inner'))}</w:tr></w:tbl>"
    assert rows_of(f"<w:tr>{cell(nested + words('outer'))}</w:tr>") == [["outer"]]


def test_a_table_that_is_too_large_is_refused() -> None:
    row = "<w:tr>" + "<w:tc/>" * 1_000 + "</w:tr>"
    with pytest.raises(NotReadable, match="too large"):
        rows_of(row * 401)


def test_tables_that_stand_too_deep_in_others_are_not_read() -> None:
    inner = words("deepest")
    for _ in range(12):
        inner = f"<w:tbl><w:tr>{cell(inner)}</w:tr></w:tbl>"
    content = with_main(lambda main: re.sub(rb"<w:tbl>.*</w:tbl>", inner.encode(), main, flags=re.DOTALL))
    assert len(read_word_tables(content)) == 8
