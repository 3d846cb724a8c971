"""PDF: information, XMP and notes go, scripts, files and signatures are refused, pages and links stay."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from config import ROOT
from tests.evidence_files import HTML, JPG, PDF, SCRIPT, picture
from tests.exchange.cleaning import CANARY, refused, taken


def name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def dictionary(**entries: object) -> DictionaryObject:
    return DictionaryObject({name(key): value for key, value in entries.items()})


def stream(content: bytes, **entries: object) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(content)
    made.update(dictionary(**entries))
    return made


def written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def one_page() -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(BytesIO(PDF)))


def told() -> bytes:
    """A canary in the information, the XMP, a note, the data of programs, and a photo."""
    writer = one_page()
    writer.add_metadata({"/Author": CANARY, "/Title": "Order", "/Producer": CANARY, "/Company": CANARY})
    page, root = writer.pages[0], writer.root_object
    root[name("Metadata")] = writer._add_object(stream(CANARY.encode(), Type=name("Metadata")))
    page[name("PieceInfo")] = dictionary(Word=TextStringObject(CANARY))
    note = dictionary(
        Type=name("Annot"),
        Subtype=name("Text"),
        Rect=ArrayObject([NumberObject(0)] * 4),
        T=TextStringObject(CANARY),
        Contents=TextStringObject("A note"),
    )
    page[name("Annots")] = ArrayObject([writer._add_object(note)])
    photo = stream(picture(comment=CANARY.encode()), Type=name("XObject"), Subtype=name("Image"))
    photo[name("Filter")] = name("DCTDecode")
    page[name("Resources")] = dictionary(XObject=dictionary(Im1=writer._add_object(photo)))
    return written(writer)


def test_a_pdf_tells_nothing_of_its_author() -> None:
    content = told()
    assert content.count(CANARY.encode()) >= 6
    found = taken("order.pdf", content).content
    assert CANARY.encode() not in found
    reader = PdfReader(BytesIO(found))
    assert not reader.metadata
    assert len(reader.pages) == 1
    assert reader.pages[0]["/Resources"]["/XObject"]["/Im1"]._data.endswith(b"\xff\xd9")
    assert reader.pages[0]["/Annots"][0]["/Contents"] == "A note"
    assert "/ID" not in reader.trailer
    assert taken("order.pdf", content).content == found
    assert taken("order.pdf", found).content == found


def test_of_the_states_the_title_stays() -> None:
    found = taken("order.pdf", told(), of_state=True).content
    assert CANARY.encode() not in found
    assert dict(PdfReader(BytesIO(found)).metadata or {}) == {"/Title": "Order"}
    assert taken("order.pdf", found, of_state=True).content == found


def test_every_one_is_written_anew_with_its_pages_and_its_version() -> None:
    demonstration = [path.read_bytes() for path in sorted(Path(ROOT / "seed/demo/files").glob("*.pdf"))]
    for content in (PDF, PDF + HTML, *demonstration):
        found = taken("order.pdf", content).content
        assert found[:8] == content[:8]
        assert b"<script>" not in found
        before, after = (PdfReader(BytesIO(each)).pages for each in (content, found))
        assert [page.extract_text() for page in after] == [page.extract_text() for page in before]
        assert taken("order.pdf", found).content == found


def test_earlier_versions_go() -> None:
    """Programs append what changed: the old information still stands before it."""
    writer = one_page()
    writer.add_metadata({"/Author": CANARY})
    old = PdfWriter(BytesIO(written(writer)), incremental=True)
    old.metadata = {"/Author": "Somebody"}
    content = written(old)
    assert CANARY.encode() in content
    assert CANARY.encode() not in taken("order.pdf", content).content


@pytest.mark.parametrize("before", [b"\r\n", b"%!PS-Adobe-3.0\n", b"\x00" * 1_020, b"x" * 1_024])
def test_something_may_stand_before_it_and_goes(before: bytes) -> None:
    found = taken("order.pdf", before + PDF).content
    assert found.startswith(b"%PDF-")
    assert len(PdfReader(BytesIO(found)).pages) == 1


@pytest.mark.parametrize("before", [SCRIPT, b"x" * 1_025, HTML])
def test_but_no_page_and_not_more_than_readers_look_through(before: bytes) -> None:
    assert "does not fit what is in the file" in refused("order.pdf", before + PDF)


def with_root(**entries: object) -> bytes:
    writer = one_page()
    writer.root_object.update(dictionary(**entries))
    return written(writer)


def action(kind: str, **entries: object) -> DictionaryObject:
    return dictionary(S=name(kind), **entries)


@pytest.mark.parametrize(
    "content",
    [
        with_root(OpenAction=action("JavaScript", JS=TextStringObject("app.alert(1)"))),
        with_root(OpenAction=action("Launch", F=TextStringObject("cmd.exe"))),
        with_root(OpenAction=action("URI", URI=TextStringObject("https://evil.example/"))),
        with_root(AA=dictionary(WC=action("URI", URI=TextStringObject("https://evil.example/")))),
        with_root(Names=dictionary(JavaScript=dictionary(Names=ArrayObject([action("JavaScript")])))),
        with_root(AcroForm=dictionary(XFA=stream(b"<xdp/>"))),
        with_root(Deep=ArrayObject([ArrayObject([action("SubmitForm")])])),
        with_root(Deep=action("GoToR", F=TextStringObject("//evil.example/a.pdf"))),
        with_root(Deep=action("ImportData")),
    ],
)
def test_what_runs_or_starts_by_itself_is_refused(content: bytes) -> None:
    said = refused("order.pdf", content)
    assert "script" in said
    assert "Print it to a new PDF" in said


def test_files_inside_signatures_and_streams_from_elsewhere_are_refused() -> None:
    writer = one_page()
    writer.add_attachment("a.docx", b"1")
    assert "other files" in refused("order.pdf", written(writer))
    signed = with_root(AcroForm=dictionary(Fields=ArrayObject([dictionary(V=dictionary(Type=name("Sig")))])))
    assert "has a digital signature" in refused("order.pdf", signed)
    elsewhere = stream(b"", F=TextStringObject("https://evil.example/a"))
    writer = one_page()
    writer.root_object[name("Deep")] = writer._add_object(elsewhere)
    assert "loads something" in refused("order.pdf", written(writer))


def test_links_that_a_person_follows_stay() -> None:
    link = action("URI", URI=TextStringObject("https://stat.kg/"))
    found = PdfReader(BytesIO(taken("order.pdf", with_root(Deep=link)).content))
    assert found.root_object["/Deep"]["/URI"] == "https://stat.kg/"


def test_one_with_a_password_or_that_cannot_be_read_is_refused() -> None:
    writer = one_page()
    writer.encrypt("secret", algorithm="RC4-128")
    assert "protected with a password, so" in refused("order.pdf", written(writer))
    assert "is damaged" in refused("order.pdf", b"%PDF-1.4\nnothing of a PDF\n%%EOF\n")
    assert "is damaged" in refused("order.pdf", b"%PDF-1.4\n" + JPG)


def test_a_cut_one_is_taken_where_its_pages_are_found() -> None:
    assert taken("order.pdf", PDF[: PDF.index(b"startxref")]).kind == "pdf"


def test_one_that_is_protected_against_changes_alone_is_taken() -> None:
    """Anybody can read it: the password is the owner's."""
    writer = one_page()
    writer.add_metadata({"/Author": CANARY})
    writer.encrypt("", "owner", algorithm="RC4-128")
    found = PdfReader(BytesIO(taken("order.pdf", written(writer)).content))
    assert not found.is_encrypted
    assert not found.metadata
    assert len(found.pages) == 1


def test_protection_of_a_kind_that_is_not_known_is_refused() -> None:
    """With AES. Whether it has a password for readers cannot be seen without a library that knows it."""
    writer = one_page()
    writer.encrypt("", "owner", algorithm="RC4-128")
    content = written(writer).replace(b"/V 2", b"/V 5").replace(b"/R 3", b"/R 6")
    assert "is protected with a password, or against changes" in refused("order.pdf", content)
