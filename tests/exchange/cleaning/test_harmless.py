"""What programs write every day is taken, and loses nothing that a reader needs."""

import pytest

from tests.evidence_files import JPG, OFFICE, docx, relations
from tests.exchange.cleaning import CANARY, everything, refused, taken, unpacked
from tests.exchange.cleaning.office import settings, workbook_of
from tests.exchange.cleaning.test_opendocument import content_of, odt

RELS = "word/_rels/document.xml.rels"
SVG = '<Override PartName="/word/media/a.svg" ContentType="image/svg+xml"/>'
DOCTYPE = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"{}>'
)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"/>'
VALUES = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/><extLst><ext><n:formula1'
    ' xmlns:n="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><xm:f'
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{}</xm:f></n:formula1></ext></extLst></worksheet>'
)


def test_a_list_of_values_from_another_sheet_stays() -> None:
    """Excel writes its formula into an element of its own, inside the one that held the formula before."""
    found = unpacked(taken("table.xlsx", workbook_of(VALUES.format("keys!$A$2:$A$5"))).content)
    assert b"keys!$A$2:$A$5" in found["xl/worksheets/sheet1.xml"]
    assert "WEBSERVICE" in refused("table.xlsx", workbook_of(VALUES.format('WEBSERVICE("x")')))


def test_a_chart_of_libreoffice_belongs_to_its_table() -> None:
    chart = content_of('<draw:chart xlink:href=".."/>')
    parts = {"Object 1/content.xml": chart}
    found = unpacked(taken("report.odt", odt('<draw:object xlink:href="./Object 1"/>', **parts)).content)
    assert found["Object 1/content.xml"].decode() == chart
    refused("report.odt", odt('<draw:chart xlink:href="../.."/>'))


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/a.dotm",
        r"\\server.example\share\a.dotm",
        r"file:///\\server.example\redirected$\A.Name\a.dotm",
        f"file:///C:/Users/{CANARY}/Normal.dotm",
    ],
)
def test_a_template_goes_wherever_it_is(target: str) -> None:
    """The element that asks for it and the relationship that leads to it: nothing is left to fetch."""
    content = docx(
        more=f'<Override PartName="/word/settings.xml" ContentType="{OFFICE}wordprocessingml.settings+xml"/>',
        **{
            RELS: relations(("settings", "settings.xml")),
            "word/settings.xml": settings(),
            "word/_rels/settings.xml.rels": relations(("attachedTemplate", target, "External")),
        },
    )
    found = everything(taken("report.docx", content).content).decode("utf-8", "replace")
    for gone in (target, "attachedTemplate", CANARY):
        assert gone not in found


@pytest.mark.parametrize("attribute", ["formula", "expression", "cell-range-address"])
def test_a_name_that_leads_to_the_own_disk_stays_without_the_path(attribute: str) -> None:
    """As in XLSX. LibreOffice writes both out of a workbook that was linked with another one."""
    cell = f"<table:named-expression table:{attribute}=\"of:='%s'#$Sheet1.A1\"/>"
    found = unpacked(taken("a.odt", odt(cell % f"file:///Users/{CANARY}/it''s.xlsx")).content)
    assert "of:='linked.xlsx'#$Sheet1.A1" in found["content.xml"].decode()
    assert CANARY not in found["content.xml"].decode()
    for elsewhere in ("file://server.example/a.ods", "https://evil.example/a.ods", "smb://evil.example/a"):
        assert elsewhere in refused("a.odt", odt(cell % elsewhere))


def test_a_picture_that_word_lost_stays_lost() -> None:
    lost = relations(("image", "NULL", "External"))
    assert b"NULL" in unpacked(taken("report.docx", docx(**{RELS: lost})).content)[RELS]


@pytest.mark.parametrize(
    "before", ["", "<?xml version='1.0'?>\n", "<?xml version='1.0'?><!-- Generator: A -->\n"]
)
def test_the_usual_document_type_of_a_drawing_goes(before: str) -> None:
    for inside, is_taken in (("", True), ('[<!ENTITY a "b">]', False)):
        drawing = before + DOCTYPE.format(inside) + DRAWING
        content = docx(more=SVG, **{RELS: relations(("image", "media/a.svg")), "word/media/a.svg": drawing})
        if is_taken:
            found = unpacked(taken("report.docx", content).content)["word/media/a.svg"]
            assert found.endswith(DRAWING.encode())
            assert b"DOCTYPE" not in found
        else:
            assert "hides" in refused("report.docx", content)


def test_notes_of_excel_end_their_lines_as_html_does() -> None:
    kind = "vnd.openxmlformats-officedocument.vmlDrawing"
    content = docx(
        more=f'<Default Extension="vml" ContentType="application/{kind}"/>',
        **{
            RELS: relations(("vmlDrawing", "a.vml")),
            "word/a.vml": "<xml><div>a<br>b<br/>c<br></br>d<BR></div></xml>",
        },
    )
    found = unpacked(taken("report.docx", content).content)["word/a.vml"]
    assert found == b"<xml><div>a<br/>b<br/>c<br></br>d<BR/></div></xml>"


def test_a_link_to_a_place_in_the_document_leads_there() -> None:
    content = docx(**{RELS: relations(("hyperlink", "#Sheet2!A1"))})
    assert b'Target="#Sheet2!A1"' in unpacked(taken("report.docx", content).content)[RELS]


@pytest.mark.parametrize("name", ["a%201.jpeg", "a 1.jpeg"])
def test_a_part_is_found_as_it_is_written(name: str) -> None:
    content = docx(**{RELS: relations(("image", "media/a%201.jpeg")), f"word/media/{name}": JPG})
    assert f"word/media/{name}" in unpacked(taken("report.docx", content).content)
