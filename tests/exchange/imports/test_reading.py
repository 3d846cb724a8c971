"""A file is what it holds, not what it is called; what cannot be read says what to do."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from tests.evidence_files import PDF, package
from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import OLD_HEADER, UHRI, UHRI_HEADER, UPR_INFO, ods, text, xlsx
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import Column, Layout, NotReadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(stream: str) -> bytes:
    return _OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 60


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (xlsx(OLD_HEADER, UPR_INFO), Layout.UPR_INFO),
        (text(OLD_HEADER, UPR_INFO).encode(), Layout.UPR_INFO),
        (ods(OLD_HEADER, UPR_INFO), Layout.UPR_INFO),
        (xlsx(UHRI_HEADER, UHRI), Layout.UHRI),
        (xlsx(["No", "Text"], [["1.1", "Plant trees"]]), Layout.TABLE),
        (b"No,Text\n1.1,[Plant trees]\n", Layout.TABLE),
        (b"[1],Text\n1.1,Plant trees\n", Layout.TABLE),
        (
            b"text,to,decision,From,year,notes\n76.1. Plant trees (Chile);,kyrgyzstan,support,Chile,2010,\n",
            Layout.WORKING_GROUP,
        ),
        (
            b"The recommendations in paragraphs 140.1, 140.2 and 140.3 enjoy the support of the State.\n",
            Layout.POSITIONS,
        ),
    ],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.pdf", "a"])
def test_the_layout_is_recognised_by_the_content(content: bytes, layout: Layout, name: str) -> None:
    assert read_file(name, content, asked()).layout == layout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (ole("WordDocument"), r"older Word document \(.doc\)"),
        (ole("EncryptedPackage"), "password"),
        (ole("PowerPoint Document"), "older program"),
        (ole("Workbook"), "damaged"),
        (PDF, "is a PDF"),
        (picture(), "is a picture"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "web page"),
        (b"MIME-Version: 1.0\n", "web page"),
        (b"{\\rtf1 text}", "Word document"),
        (package({"a.txt": "x"}), "archive"),
        (package({"xl/workbook.bin": "x"}), "rare kind"),
        (
            package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "Word document",
        ),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b'{"a": 1}', "kind that is not read"),
        (b"[1, 2]", "kind that is not read"),
        (b'[{"Text": "a', "kind that is not read"),
        (bytes(range(256)) * 10, "kind that is not read"),
        (b"Dear all, this is a letter.\nIt has no table.\n", "No table"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(NotReadable, match=words) as refusal:
        read_file("file", content, asked())
    assert str(refusal.value).endswith(".")


def test_the_layout_that_was_chosen_is_kept() -> None:
    content = xlsx(OLD_HEADER, UPR_INFO)
    assert read_file("a", content, replace(asked(), layout=Layout.TABLE)).headers == tuple(OLD_HEADER)
    with pytest.raises(NotReadable, match="layout that was chosen"):
        read_file("a", content, replace(asked(), layout=Layout.UHRI))


def test_more_rows_than_are_read_at_once_are_refused() -> None:
    with pytest.raises(NotReadable, match="at most 3"):
        read_file("a", xlsx(OLD_HEADER, UPR_INFO), replace(asked(), most_rows=3))


def test_a_list_with_chosen_columns_may_be_uneven() -> None:
    content = b"No,Text\n1.1,Plant trees\n1.2,Open a library, and a school\n1.3\n1.4,a,b,c\n"
    found = read_file("a.csv", content, replace(asked(), columns=(Column.REF, Column.TEXT)))
    assert [row.ref for row in found.rows] == ["1.1", "1.2", "1.4"]
    assert [problem.place for problem in found.problems] == ["line 4"]


def test_json_of_another_kind_is_refused() -> None:
    with pytest.raises(NotReadable, match="not read"):
        read_file("a.json", json.dumps([{"a": 1}]).encode(), asked())
