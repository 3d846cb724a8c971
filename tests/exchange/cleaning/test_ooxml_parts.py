"""What a part of DOCX and XLSX is decides what it holds and who refers to it, not what the file says of it."""

import pytest

from tests.evidence_files import OFFICE, RELATIONS, WORD, docx, package, relations
from tests.exchange.cleaning import refused, taken, unpacked
from tests.exchange.cleaning.office import SHEET, workbook_of

RELS = "word/_rels/document.xml.rels"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
WEB = "https://evil.example/a.png"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}" xmlns:a="{DRAWING}" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office"'
)
EMF = b"\x01\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 60
WMF = b"\x01\0\x09\0\0\x03" + b"\0" * 60
PICT = b"\0" * 512 + b"\0\0" + b"\0" * 8 + b"\0\x11\x02\xff\x0c\0"
OBFUSCATED = bytes(range(7, 107))


def document_of(inside: str) -> str:
    return f"<w:document {SPACES}><w:body><w:p>{inside}</w:p></w:body></w:document>"


def linked(inside: str) -> bytes:
    """With one link to the web, that this XML uses."""
    rels = relations(("hyperlink", WEB, "External"))
    return docx(**{"word/document.xml": document_of(inside), RELS: rels})


@pytest.mark.parametrize(
    "inside",
    [
        '<a:blip r:link="rId1"/>',
        '<a:blip r:embed="rId1"/>',
        '<v:imagedata r:href="rId1"/>',
        '<v:imagedata o:relid="rId1"/>',
        '<v:fill r:id="rId1"/>',
        '<w:headerReference r:id="rId1"/>',
    ],
)
def test_a_link_is_for_those_who_click_and_no_picture_comes_from_it(inside: str) -> None:
    """Programs find what a picture shows by its number, whatever kind of relationship has that number."""
    said = refused("report.docx", linked(inside))
    assert f"loads something from elsewhere when it is opened ({WEB}, in word/document.xml)" in said


@pytest.mark.parametrize("name", ["w:hyperlink", "a:hlinkClick", "a:hlinkHover", "a:hlinkMouseOver"])
def test_what_a_person_clicks_keeps_its_link(name: str) -> None:
    found = unpacked(taken("report.docx", linked(f'<{name} r:id="rId1"/>')).content)
    assert f'<{name} r:id="rId1"/>' in found["word/document.xml"].decode()
    assert WEB in found[RELS].decode()


def test_a_workbook_that_a_link_leads_to_is_refused() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = f'<externalLink xmlns="{main}" xmlns:r="{RELATIONS}"><externalBook r:id="rId1"/></externalLink>'
    parts = unpacked(workbook_of(SHEET.format(cells=""), link=book))
    rels = relations(("hyperlink", "https://evil.example/a.xlsx", "External"))
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = rels.encode()
    assert "https://evil.example/a.xlsx" in refused("table.xlsx", package({**parts}))


TYPES_OF_DRAWINGS = ["image/x-emf", "image/x-wmf", "application/x-fontdata", f"{OFFICE}obfuscatedFont"]


def with_header(said: str, header: str | bytes, kind: str = "header") -> bytes:
    return docx(
        more=f'<Override PartName="/word/header1.bin" ContentType="{said}"/>',
        **{RELS: relations((kind, "header1.bin")), "word/header1.bin": header},
    )


@pytest.mark.parametrize("said", TYPES_OF_DRAWINGS)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_the_type_of_a_drawing_or_typeface_switches_no_rule_off(said: str, before: bytes) -> None:
    """Programs go by the relationship, and do not look at the type."""
    field = '<w:fldSimple w:instr="DDEAUTO c:\\\\x"/>'
    header = f"<w:hdr {SPACES}><w:p>{field}</w:p></w:hdr>"
    declared = f'<?xml version="1.0" encoding="cp500"?>{header}'
    for kind in ("header", "font"):
        assert "DDEAUTO" in refused("report.docx", with_header(said, before + header.encode(), kind))
        assert "DDEAUTO" in refused("report.docx", with_header(said, header.encode("utf-16"), kind))
        refused("report.docx", with_header(said, header.encode("utf-16-be"), kind))
        refused("report.docx", with_header(said, declared.encode("cp500"), kind))
    harmless = f"<w:hdr {SPACES}><!-- by --><w:p/></w:hdr>"
    found = unpacked(taken("report.docx", with_header(said, harmless)).content)
    assert found["word/header1.bin"] == f"<w:hdr {SPACES}><w:p/></w:hdr>".encode()


def test_a_sheet_under_the_type_of_a_drawing_is_looked_at() -> None:
    sheet = SHEET.format(cells='<c><f>_xlfn.WEBSERVICE("x")</f></c>')
    parts = {name: content.decode() for name, content in unpacked(workbook_of(sheet)).items()}
    types = parts["[Content_Types].xml"]
    kind = f"{OFFICE}spreadsheetml.worksheet+xml"
    assert kind in types
    parts["[Content_Types].xml"] = types.replace(kind, "image/x-emf")
    assert "WEBSERVICE" in refused("table.xlsx", package({**parts}))


@pytest.mark.parametrize(
    ("said", "kind", "content"),
    [
        ("image/x-emf", "image", EMF),
        ("image/x-wmf", "image", WMF),
        ("image/x-wmf", "image", b"\xd7\xcd\xc6\x9a" + b"\0" * 60),
        ("image/x-pict", "image", PICT),
        ("application/x-font-ttf", "font", b"\0\1\0\0" + b"\0" * 60),
        (f"{OFFICE}obfuscatedFont", "font", OBFUSCATED),
    ],
)
def test_real_drawings_and_typefaces_stay(said: str, kind: str, content: bytes) -> None:
    found = taken("report.docx", with_header(said, content, kind))
    assert unpacked(found.content)["word/header1.bin"] == content


def test_bytes_that_are_no_drawing_are_refused() -> None:
    assert "header1.bin" in refused("report.docx", with_header("image/x-emf", OBFUSCATED, "image"))
    assert "header1.bin" in refused("report.docx", with_header("text/html", "<html/>", "image"))
    assert "header1.bin" in refused("report.docx", with_header(f"{OFFICE}obfuscatedFont", OBFUSCATED))
