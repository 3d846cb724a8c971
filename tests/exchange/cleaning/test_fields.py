"""Fields of Word that fetch or start something are found however their instruction is cut into pieces."""

import pytest

from tests.evidence_files import WORD, docx
from tests.exchange.cleaning import refused, taken, unpacked

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACES = f'xmlns:w="{WORD}" xmlns:zz="urn:z" xmlns:mc="{COMPATIBILITY}" mc:Ignorable="zz"'
BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def piece(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def deleted(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delInstrText>{text}</w:delInstrText></w:r></w:del>'


def either(chosen: str, other: str) -> str:
    """Programs that know what is required show the first, all others the second."""
    choice = f'<mc:Choice Requires="zz">{chosen}</mc:Choice>'
    return f"<mc:AlternateContent>{choice}<mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>"


def document_of(inside: str) -> bytes:
    text = f"<w:document {SPACES}><w:body><w:p>{inside}</w:p></w:body></w:document>"
    return docx(**{"word/document.xml": text})


@pytest.mark.parametrize(
    "inside",
    [
        deleted("PAGE ") + piece("DDEAUTO c:"),
        deleted("PAGE ") + piece("DDE") + deleted("x") + piece("AUTO c:"),
        "<w:del><w:r><w:instrText>PAGE </w:instrText></w:r></w:del>" + piece("DDEAUTO c:"),
        "<w:moveFrom>" + piece("PAGE ") + "</w:moveFrom>" + piece("DDEAUTO c:"),
        either(piece("PAGE "), piece("DDEAUTO c:")),
        piece("DD") + either(piece("x"), piece("EAUTO c:")),
        piece("DDEAUTO") + either(piece("x"), piece(" c:")),
        piece("DD") + either(END, "") + piece("EAUTO c:"),
        piece("DD") + f"<w:del>{END}</w:del>" + piece("EAUTO c:"),
        "<w:r><zz:instrText>PAGE </zz:instrText></w:r>" + piece("DDEAUTO c:"),
        f"<zz:left>{piece('PAGE ')}</zz:left>" + piece("DDEAUTO c:"),
        piece("DD") + '<w:r><zz:fldChar w:fldCharType="end"/></w:r>' + piece("EAUTO c:"),
        piece("DD") + '<w:r><w:fldChar zz:fldCharType="end" w:fldCharType="a"/></w:r>' + piece("EAUTO c:"),
        piece("DDEAUTO&quot;c:\\\\windows\\\\cmd.exe&quot;"),
        piece("\\DDEAUTO c:"),
        piece("&quot;DDEAUTO&quot; c:"),
        piece(" ") * 200 + piece("ddeauto c:"),
    ],
)
def test_no_piece_leads_the_check_astray(inside: str) -> None:
    field = BEGIN + inside + SEPARATE + "<w:r><w:t>x</w:t></w:r>" + END
    assert "(DDE" in refused("report.docx", document_of(BEGIN + piece(" PAGE ") + END + field))


@pytest.mark.parametrize("kind", ["RD", "MACROBUTTON", "EMBED"])
def test_other_kinds_that_run_or_read_files_are_refused(kind: str) -> None:
    assert kind in refused("report.docx", document_of(BEGIN + piece(f" {kind} x ") + END))


def test_a_film_of_the_web_is_refused() -> None:
    film = '<x:webVideoPr xmlns:x="x" embeddedHtml="&lt;iframe src=https://evil.example/&gt;"/>'
    assert "webVideoPr" in refused("report.docx", document_of(film))


@pytest.mark.parametrize(
    "inside",
    [
        piece(" HYPERLINK &quot;https://stat.kg/") + piece("links.html&quot;"),
        piece(" TOC ") + piece("\\o &quot;1-3&quot;"),
        deleted(" PAGE ") + piece(" NUMPAGES "),
        either(piece(" PAGE "), piece(" PAGE ")),
        piece(" REF a \\h ") + BEGIN + piece(" SEQ LINKS ") + END,
    ],
)
def test_harmless_fields_stay_however_they_are_cut(inside: str) -> None:
    given = document_of(BEGIN + inside + END)
    before = unpacked(given)["word/document.xml"]
    assert unpacked(taken("report.docx", given).content)["word/document.xml"] == before


@pytest.mark.parametrize(
    "field",
    [
        " AUTHOR ",
        "author \\* MERGEFORMAT",
        " LASTSAVEDBY ",
        " USERNAME ",
        " USERINITIALS ",
        " USERADDRESS ",
        " FILENAME \\* MERGEFORMAT \\p ",
        " DOCPROPERTY  Author ",
        " INFO LastSavedBy ",
        " DOCPROPERTY &quot;Last saved by&quot; ",
    ],
)
def test_a_field_that_shows_a_name_or_path_is_refused(field: str) -> None:
    """Its last result stands in the text, where nobody looks for it."""
    result = "<w:r><w:t>x</w:t></w:r>"
    for inside in (
        BEGIN + piece(" ") + piece(field) + SEPARATE + result + END,
        f'<w:fldSimple w:instr="{field}">{result}</w:fldSimple>',
    ):
        said = refused("report.docx", document_of(inside))
        assert "shows a name or a folder" in said
        assert field.split()[0].upper() in said


@pytest.mark.parametrize(
    "field", [" FILENAME ", " MERGEFIELD Author ", " DOCPROPERTY Title ", " AUTHORS ", " TITLE "]
)
def test_fields_that_show_other_properties_stay(field: str) -> None:
    taken("report.docx", document_of(BEGIN + piece(field) + SEPARATE + END))
    taken("report.docx", document_of(BEGIN + piece(" XE &quot;") + piece("Author") + piece("&quot;") + END))
