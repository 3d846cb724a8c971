"""Office files with a canary in each place where programs write names, paths and numbers of revisions."""

from io import BytesIO

from openpyxl import load_workbook

from tests.evidence_files import OFFICE, RELATIONS, WORD, docx, package, relations, xlsx
from tests.exchange.cleaning import CANARY, unpacked

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PATH = f"C:\\Users\\{CANARY}\\Desktop"
CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:title>Report of the ministry</dc:title><dc:creator>{CANARY}</dc:creator><dc:description>{CANARY}"
    f"</dc:description><cp:keywords>{CANARY}</cp:keywords><cp:lastModifiedBy>{CANARY}</cp:lastModifiedBy>"
    "</cp:coreProperties>"
)
EXTENDED = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Template>{CANARY}.dotm</Template><Manager>{CANARY}</Manager><Company>Ministry of Justice</Company>"
    f"<HyperlinkBase>{PATH}</HyperlinkBase></Properties>"
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>{cells}</row>'
    "</sheetData></worksheet>"
)


def settings() -> str:
    return (
        f'<w:settings xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:zoom w:percent="90"/><w:attachedTemplate r:id="rId1"/>'
        f'<w:rsids><w:rsidRoot w:val="{CANARY}"/></w:rsids>'
        f'<w:docVars><w:docVar w:name="a" w:val="{CANARY}"/></w:docVars>'
        f'<w:mailMerge><w:connectString w:val="{PATH}"/></w:mailMerge></w:settings>'
    )


def document() -> bytes:
    """A DOCX with comments, changes, a template, properties, people, custom XML and a preview."""
    text = (
        f'<w:document xmlns:w="{WORD}"><w:body><w:p w:rsidR="{CANARY}" w:rsidRDefault="{CANARY}"><w:ins w:id="1"'
        f' w:author="{CANARY}"><w:r w:rsidRPr="{CANARY}"><w:t>Visible words</w:t></w:r></w:ins><w:del w:id="2"'
        f' w:author="{CANARY}"/><w:pict title="{PATH}\\a.jpg" descr="/Users/{CANARY}/a.jpg"/>'
        "</w:p></w:body></w:document>"
    )
    comments = (
        f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0" w:author="{CANARY}" w:initials="{CANARY}"><w:p><w:r>'
        "<w:t>A comment</w:t></w:r></w:p></w:comment></w:comments>"
    )
    roots = relations(
        ("officeDocument", "word/document.xml"), ("extended-properties", "docProps/app.xml")
    ).replace(
        "</Relationships>",
        f'<Relationship Id="c" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        f'<Relationship Id="t" Type="{_PACKAGE}/relationships/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
        f'<Relationship Id="o" Type="{RELATIONS}/custom-properties" Target="docProps/custom.xml"/></Relationships>',
    )
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{said}"/>'
        for part, said in (
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
            ("docProps/app.xml", f"{OFFICE}extended-properties+xml"),
            ("docProps/custom.xml", f"{OFFICE}custom-properties+xml"),
            ("word/comments.xml", f"{OFFICE}wordprocessingml.comments+xml"),
            ("word/people.xml", f"{OFFICE}wordprocessingml.people+xml"),
            ("word/settings.xml", f"{OFFICE}wordprocessingml.settings+xml"),
        )
    )
    return docx(
        more=types,
        **{
            "_rels/.rels": roots,
            "word/document.xml": text,
            "word/_rels/document.xml.rels": relations(
                ("comments", "comments.xml"),
                ("people", "people.xml"),
                ("settings", "settings.xml"),
                ("customXml", "../customXml/item1.xml"),
            ),
            "word/comments.xml": comments,
            "word/people.xml": f'<w:people xmlns:w="{WORD}"><w:person w:author="{CANARY}"/></w:people>',
            "word/settings.xml": settings(),
            "word/_rels/settings.xml.rels": relations(
                ("attachedTemplate", f"file:///{PATH}\\Normal.dotm", "External")
            ),
            "customXml/item1.xml": f"<a>{CANARY}</a>",
            "customXml/_rels/item1.xml.rels": relations(("customXmlProps", "itemProps1.xml")),
            "customXml/itemProps1.xml": f"<a>{CANARY}</a>",
            "docProps/core.xml": CORE,
            "docProps/app.xml": EXTENDED,
            "docProps/custom.xml": f"<a>{CANARY}</a>",
            "docProps/thumbnail.jpeg": CANARY,
        },
    )


def workbook() -> bytes:
    """An XLSX as Excel writes one: printer settings, the path of the file, numbers of revisions, a linked workbook."""
    file, book = BytesIO(), load_workbook(BytesIO(xlsx()))
    book.active.title = "Data"
    book.properties.creator = book.properties.lastModifiedBy = CANARY
    book.save(file)
    parts = {name: content.decode() for name, content in unpacked(file.getvalue()).items()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "<Override",
        f'<Default Extension="bin" ContentType="{OFFICE}spreadsheetml.printerSettings"/><Override',
        1,
    )
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(
        "</worksheet>", f'<pageSetup xmlns:r="{RELATIONS}" paperSize="9" r:id="rId1"/></worksheet>'
    )
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("printerSettings", "../printerSettings/printerSettings1.bin")
    )
    parts["xl/printerSettings/printerSettings1.bin"] = f"\\\\{CANARY}\\Printer"
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "<bookViews>", f'<fileSharing userName="{CANARY}"/><absPath url="{PATH}"/><bookViews>'
    )
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return _linked(parts, link, f"/Users/{CANARY}/a.xlsx")


def workbook_of(sheet: str, link: str = "") -> bytes:
    """With this XML as its only sheet."""
    parts = {name: content.decode() for name, content in unpacked(xlsx()).items()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    return _linked(parts, link, "a.xlsx") if link else package(dict(parts))


def _linked(parts: dict[str, str], link: str, target: str) -> bytes:
    """With a workbook to which it refers."""
    part = "xl/externalLinks/externalLink1.xml"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="link" Type="{RELATIONS}/externalLink" Target="/{part}"/></Relationships>',
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>",
        f'<Override PartName="/{part}" ContentType="{OFFICE}spreadsheetml.externalLink+xml"/></Types>',
    )
    parts[part] = link
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = relations(
        ("externalLinkPath", target, "External")
    )
    return package(dict(parts))
