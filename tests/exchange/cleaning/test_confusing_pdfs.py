"""PDF that were made to confuse: what one program does not see in them, another one runs. And where else they tell of
their author."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.evidence_files import picture
from tests.exchange.cleaning import CANARY, refused, taken

PAGES, PAGE = "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]{}>>"
NAMED_SCRIPT = r"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\(1\))>>]>>>>"
WEB = "<</S/URI/URI(https://evil.example/)>>"
TO_A_PAGE = "/S/GoTo/D[3 0 R/Fit]"


def pdf(objects: list[str | bytes], trailer: str = "", behind: bytes = b"") -> bytes:
    """Objects by number from 1, the root first; `behind` stands behind its end."""
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + (each if isinstance(each, bytes) else each.encode()) + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    root = "" if "/Root" in trailer else "/Root 1 0 R"
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + f"trailer<</Size {size}{root}{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()
        + behind
    )


def one(root: str = "", page: str = "", *more: str | bytes, trailer: str = "", behind: bytes = b"") -> bytes:
    """A page; `root` and `page` are further entries, `more` objects from number 4."""
    objects = [f"<</Type/Catalog/Pages 2 0 R{root}>>", PAGES, PAGE.format(page), *more]
    return pdf(objects, trailer, behind)


def stream(entries: str, content: bytes = b"") -> bytes:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream "


def link(action: str) -> str:
    return f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A{action}>>]"


@pytest.mark.parametrize(
    "content",
    [
        one(f"/Names<<>>{NAMED_SCRIPT}"),
        one(behind=f"\n1 0 obj<</Type/Catalog/Pages 2 0 R{NAMED_SCRIPT}>>endobj\ntrailer<</Root 1 0 R>>\n".encode()
            + b" " * 5_000),
        one("/OpenAction<</S/GoTo/S/Launch/F(cmd.exe)>>"),
        one("/OpenAction[3 0 R/Fit]/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    ],
)  # fmt: skip
def test_what_only_other_programs_see_is_gone(content: bytes) -> None:
    runs = (b"JavaScript", b"Launch")
    assert any(each in content for each in runs)
    found = taken("order.pdf", content).content
    assert not any(each in found for each in runs)


@pytest.mark.parametrize(
    "content",
    [
        one("/OpenAction<</S 4 0 R/F(cmd.exe)>>", "", "/Launch"),
        one("/OpenAction<</S/L#61unch/F(cmd.exe)>>"),
        one(f"/OpenAction<<{TO_A_PAGE}/Next[{WEB}]>>"),
        one(f"/OpenAction<<{TO_A_PAGE}/Next<<{TO_A_PAGE}/Next{WEB}>>>>"),
        one(f"/OpenAction<<{TO_A_PAGE}/Next 4 0 R>>", "", f"[4 0 R {WEB}]"),
        one("/OpenAction<</S 4 0 R/URI(https://evil.example/)>>", "", "/URI"),
        one("/OpenAction<</S/Hide/T(a)>>"),
        one("", f"/AA<</O<<{TO_A_PAGE}/Next{WEB}>>>>"),
        one("", link("<</S/Thread/F(//evil.example/a.pdf)/D 0>>")),
        one("/Deep[4 0 R 4 1 R]", "", "<<>>").replace(b"4 0 obj", b"4 1 obj<</S/Launch>>endobj 4 0 obj"),
        pdf(["<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch>>>>", PAGES, PAGE], "/Root 2 0 R"),
    ],
)
def test_what_starts_by_itself_is_refused(content: bytes) -> None:
    """Wherever its kind is written, and whatever comes first."""
    assert "script" in refused("order.pdf", content)


def test_to_a_page_it_may_open_also_in_a_circle() -> None:
    content = one("/OpenAction 4 0 R", "", f"<<{TO_A_PAGE}/Next 4 0 R>>")
    assert PdfReader(BytesIO(taken("order.pdf", content).content)).root_object["/OpenAction"]["/S"] == "/GoTo"


def test_no_page_of_another_file_is_shown() -> None:
    form = stream(r"/Type/XObject/Subtype/Form/Rect[0 0 1 1]/BBox[0 0 1 1]/Ref<</F(\\\\evil\\a.pdf)/Page 0>>")
    content = one("", "/Resources<</XObject<</a 4 0 R>>>>", form)
    assert b"evil" in content
    assert b"evil" not in taken("order.pdf", content).content


def revised() -> bytes:
    """The list of the second version is a stream and gives the information a new place."""
    first = one("", "", f"<</Author({CANARY})>>", trailer="/Info 4 0 R")
    at = len(first)
    rows = b"\1" + at.to_bytes(3, "big") + b"\0"
    new = b"4 0 obj<<>>endobj\n"
    place = at + len(new)
    rows += b"\1" + place.to_bytes(3, "big") + b"\0"
    said = f"/Type/XRef/Size 20/W[1 3 1]/Index[4 1 9 1]/Root 1 0 R/Info 4 0 R/Prev {first.index(b'xref')}"
    return first + new + b"9 0 obj" + stream(said, rows) + b"endobj\nstartxref\n%d\n%%%%EOF\n" % place


@pytest.mark.parametrize(
    "content",
    [
        one("", link(f"<</S/URI/URI(file:///C:/Users/{CANARY}/a.docx)>>")),
        one("", link(f"<</S/URI/URI(../{CANARY}/a.docx)>>")),
        one("", link(f"<</S/URI/URI(file://server/{CANARY}/a.docx)>>")),
        one(f"/URI<</Base(file:///C:/Users/{CANARY}/)>>"),
        one(f"/Threads[<</Type/Thread/I<</Author({CANARY})>>>>]"),
        one("", "/B[<</T 4 0 R>>]", f"<</Type/Thread/I<</Author({CANARY})>>>>"),
        one("/OCProperties<</OCGs[4 0 R]/D<<>>>>", "",
            f"<</Type/OCG/Name(a)/Usage<</CreatorInfo<</Creator({CANARY})/Subtype/Artwork>>>>>>"),
        one().replace(b"%PDF-1.7\n", f"%PDF-1.7\n%Creator {CANARY}\n".encode()),
        one(behind=CANARY.encode()),
        one(trailer=f"/Company({CANARY})"),
        revised(),
    ],
)  # fmt: skip
def test_it_tells_nothing_of_its_author(content: bytes) -> None:
    assert CANARY.encode() in content
    assert CANARY.encode() not in taken("order.pdf", content).content


@pytest.mark.parametrize(
    "target", ["https://stat.kg/a", "mailto:info@stat.kg", "www.stat.kg", "ftp://stat.kg/"]
)
def test_links_to_the_web_stay(target: str) -> None:
    found = PdfReader(BytesIO(taken("order.pdf", one("", link(f"<</S/URI/URI({target})>>"))).content))
    assert found.pages[0]["/Annots"][0]["/A"]["/URI"] == target


NOTED = picture(comment=CANARY.encode())
AT_NOTE = NOTED.index(b"\xff\xfe")
PREVIEW = b"\xff\xe0" + (len(CANARY) + 7).to_bytes(2, "big") + b"JFXX\0" + CANARY.encode()


@pytest.mark.parametrize(
    ("filters", "content"),
    [
        ("/DCTDecode", NOTED),
        ("/DCT", NOTED),
        ("[/DCTDecode]", NOTED),
        ("5 0 R", NOTED),
        ("[5 0 R]", NOTED),
        ("/DCTDecode", picture() + NOTED),
        ("/DCTDecode", NOTED[:AT_NOTE] + b"\xff" + NOTED[AT_NOTE:]),
        ("/DCTDecode", NOTED[:AT_NOTE] + PREVIEW + NOTED[AT_NOTE:]),
        ("/DCTDecode", picture(progressive=True, size=(64, 64), comment=CANARY.encode())),
        ("/DCTDecode", NOTED[:-2]),
    ],
)
def test_pictures_tell_nothing_and_keep_their_dots(filters: str, content: bytes) -> None:
    said = f"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter {filters}"
    image = stream(said, content)
    found = taken("order.pdf", one("", "/Resources<</XObject<</a 4 0 R>>>>", image, "/DCTDecode")).content
    assert CANARY.encode() not in found
    plain = PdfReader(BytesIO(found)).pages[0]["/Resources"]["/XObject"]["/a"]._data
    at, before = (each.index(b"\xff\xda") for each in (plain, content))
    assert content[before:].startswith(plain[at:])
    assert len(plain) > at + 16


def test_a_segment_that_says_nothing_right_stays() -> None:
    content = NOTED[:2] + b"\xff\xfe\0\0" + NOTED[2:]
    image = stream("/Type/XObject/Subtype/Image/Filter/DCTDecode", content)
    assert content in taken("order.pdf", one("", "/Resources<</XObject<</a 4 0 R>>>>", image)).content


@pytest.mark.parametrize("last", ["/Launch", "4 0 R "])
def test_a_reference_to_a_reference_is_refused(last: str) -> None:
    assert "is damaged" in refused("order.pdf", one("/OpenAction<</S 4 0 R/F(cmd.exe)>>", "", "5 0 R ", last))
