"""Places in which office programs write who made a file and where it lay, also in what looks like its content."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tests.evidence_files import DOCUMENT, docx, package, relations, xlsx
from tests.exchange.cleaning import CANARY, everything, refused, taken, unpacked
from tests.exchange.cleaning.office import workbook_of

RELS = "word/_rels/document.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PATHS = [
    rf"C:\Users\{CANARY}\a.jpg",
    rf"\\server\{CANARY}\a.jpg",
    f"file:///home/{CANARY}/a.jpg",
    f"/media/{CANARY}/stick/a.jpg",
    f"/mnt/{CANARY}/a.jpg",
    f"/storage/emulated/0/{CANARY}/a.jpg",
    f"/run/media/{CANARY}/a.jpg",
    f"~/{CANARY}/a.jpg",
]


def cleaned_text(inside: str) -> str:
    """The text of a document with this in it."""
    found = taken("report.docx", docx(**{"word/document.xml": DOCUMENT.replace("<w:p>", f"<w:p>{inside}")}))
    return unpacked(found.content)["word/document.xml"].decode()


@pytest.mark.parametrize("note", [f"{CANARY}:\nCounted twice", f"{CANARY}: Counted twice"])
def test_notes_of_excel_do_not_begin_with_their_author(note: str) -> None:
    """Excel writes the name into the text, too."""
    file, book = BytesIO(), Workbook()
    book.active["A1"] = f"{CANARY}: stays in a cell"
    book.active["A1"].comment = Comment(note, CANARY)
    book.active["A2"].comment = Comment("Author: said so", "B")
    book.save(file)
    book = load_workbook(BytesIO(taken("table.xlsx", file.getvalue()).content))
    assert book.active["A1"].comment.text == "Counted twice"
    assert book.active["A1"].value == f"{CANARY}: stays in a cell"
    assert book.active["A2"].comment.text == "Author: said so"


def test_the_author_of_a_note_is_not_hidden_behind_a_comment() -> None:
    for hidden in ("<!-- -->", "<?a?>"):
        sheet = f'<worksheet xmlns="{MAIN}"><author>{CANARY}{hidden}</author></worksheet>'
        assert "hides what it holds" in refused("table.xlsx", workbook_of(sheet))


def test_a_workbook_tells_nothing_of_who_looked_at_it() -> None:
    parts = {name: content.decode() for name, content in unpacked(xlsx()).items()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "<calcPr",
        f'<customWorkbookViews><customWorkbookView name="{CANARY} - Personal View"/></customWorkbookViews>'
        f'<webPublishObjects><webPublishObject destinationFile="C:\\Users\\{CANARY}\\a.htm"/></webPublishObjects>'
        "<calcPr",
    )
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{MAIN}"><sheetData/><protectedRanges><protectedRange name="a" sqref="A1"'
        f' securityDescriptor="O:WDG:WDD:(A;;CC;;;{CANARY})"/></protectedRanges><scenarios><scenario name="s"'
        f' user="{CANARY}" comment="Created by {CANARY}" count="1"><inputCells r="A1" val="1"/></scenario></scenarios>'
        f'<customSheetViews><customSheetView guid="{CANARY}"/></customSheetViews><hyperlinks><hyperlink ref="A1"'
        f' display="file:///C:\\Users\\{CANARY}\\a.xlsx" tooltip="/home/{CANARY}/a.xlsx"/></hyperlinks>'
        f'<webPublishItems><webPublishItem destinationFile="C:\\{CANARY}"/></webPublishItems></worksheet>'
    )
    found = taken("table.xlsx", package({**parts})).content
    assert CANARY.encode() not in everything(found)
    sheet = unpacked(found)["xl/worksheets/sheet1.xml"].decode()
    assert 'name="s"' in sheet
    assert "securityDescriptor" not in sheet


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "place", ['<a:b xmlns:a="p" descr="{}"/>', '<a:cNvPr xmlns:a="p" id="0" name="{}"/>']
)
def test_the_path_of_a_picture_goes(path: str, place: str) -> None:
    assert CANARY not in cleaned_text(place.format(path))
    assert "Picture 1" in cleaned_text(place.format("Picture 1"))


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        (
            f'<x:imagedata xmlns:x="v" xmlns:o="o" o:href="file:///C:\\Users\\{CANARY}\\a.jpg"/>',
            'o:href="#"',
        ),
        ('<x:imagedata xmlns:x="v" xmlns:o="o" o:href="https://evil.example/a"/>', 'o:href="#"'),
        ('<x:fill xmlns:x="v" xmlns:o="o" o:href="https://evil.example/a"/>', 'o:href="#"'),
        ('<x:shape xmlns:x="v" href="https://stat.kg/a"/>', 'href="https://stat.kg/a"'),
        (f'<w:permStart w:id="1" w:ed="{CANARY}@stat.kg"/>', '<w:permStart w:id="1"/>'),
        (
            f'<w:instrText> HYPERLINK "file:///C:\\\\Users\\\\{CANARY}\\\\a.docx" \\o "a"</w:instrText>',
            'HYPERLINK "#" \\o "a"',
        ),
        (f'<w:instrText> HYPERLINK "C:\\\\Users\\\\{CANARY}</w:instrText>', 'HYPERLINK "#'),
        (f'<w:fldSimple w:instr="HYPERLINK &quot;/home/{CANARY}/a&quot;"/>', "HYPERLINK &quot;#&quot;"),
    ],
)
def test_links_to_the_own_disk_lead_nowhere(inside: str, left: str) -> None:
    found = cleaned_text(inside)
    assert CANARY not in found
    assert left in found


def test_links_of_fields_to_the_web_stay() -> None:
    field = '<w:instrText>HYPERLINK "https://stat.kg/home/a" \\l "C:a"</w:instrText>'
    assert field in cleaned_text(field)


def test_a_drawing_does_not_tell_where_it_was_drawn() -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
        f' xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" i:export-filename="/home/{CANARY}/a.png"'
        f' s:docname="{CANARY}.svg"><g s:absref="C:\\{CANARY}\\a.png" fill="red"/></svg>'
    )
    types = '<Override PartName="/word/media/a.svg" ContentType="image/svg+xml"/>'
    parts = {RELS: relations(("image", "media/a.svg")), "word/media/a.svg": drawing}
    found = unpacked(taken("report.docx", docx(more=types, **parts)).content)["word/media/a.svg"].decode()
    assert CANARY not in found
    assert 'fill="red"' in found
