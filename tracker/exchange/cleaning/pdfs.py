"""PDF: scripts, actions that start by themselves, signatures and files inside are refused. Author, program, XMP and
notes of pictures are taken out; a PDF that has none of that stays as it is, to the byte."""

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tracker.exchange.cleaning.pictures import strip_jpeg
from tracker.exchange.cleaning.refusals import (
    BROKEN,
    DAMAGED,
    LINKED,
    LOCKED,
    PDF_FILES,
    PDF_RUNS,
    SIGNED,
    Refusal,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BEFORE = 1_024
"""The signature stands within this many bytes, as readers of PDF expect: some programs write something before it."""
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
    }
    | {"/RichMediaExecute"}
)
_FILES = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_GOES = ("/Metadata", "/PieceInfo", "/OPI", "/Thumb", "/LastModified", "/SpiderInfo")
_PLAIN_ANNOTATIONS = frozenset({"/Widget", "/Link"})
_KEPT_INFORMATION = "/Title"
_NO_POINTER = b"\nstartxref\n0\n%%EOF\n"
_LISTS = ("/ObjStm", "/XRef")
logging.getLogger("pypdf").setLevel(
    logging.CRITICAL
)  # it tells of files, and what is wrong with one is told to the person


def find_start(content: bytes) -> int:
    """Where the PDF begins; -1 where there is none, or where it follows a page that a browser would run."""
    at = content[: MOST_BEFORE + 4].find(b"%PDF")
    return -1 if at > 0 and b"<" in content[:at] else at


def clean_pdf(content: bytes, *, of_state: bool) -> bytes:
    """`of_state`: its title stays."""
    from pypdf.errors import PyPdfError

    try:
        return _clean(content, content[find_start(content) :], of_state=of_state)
    except (PyPdfError, *BROKEN) as error:
        raise Refusal(DAMAGED) from error


def _clean(content: bytes, begun: bytes, *, of_state: bool) -> bytes:
    reader = _read(begun)
    if reader.is_encrypted:
        raise Refusal(LOCKED)
    information = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    kept = {key: value for key, value in information.items() if of_state and key == _KEPT_INFORMATION}
    walk = _Walk(reader)
    has_more = kept != information or walk.has_changed or _has_leftovers(reader, walk.seen)
    if not has_more and len(begun) == len(content):
        return content
    return _written(reader, kept)


def _read(begun: bytes) -> "PdfReader":
    """Also one that was cut, or was written without the pointer to its list of objects: they are looked for then."""
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        return PdfReader(BytesIO(begun))
    except PdfReadError:
        return PdfReader(BytesIO(begun + _NO_POINTER))


def _written(reader: "PdfReader", information: dict[str, str]) -> bytes:
    """What can be reached from the root, without the identifier by which versions of a file find each other."""
    from pypdf import PdfWriter

    for name in ("/Info", "/ID"):
        reader.trailer.pop(name, None)
    writer = PdfWriter(clone_from=reader)
    if information:
        writer.add_metadata(information)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _has_leftovers(reader: "PdfReader", seen: set[int]) -> bool:
    """Whether there are objects to which nothing leads: earlier versions, which programs leave under a change."""
    if "/Prev" in reader.trailer:
        return True
    listed = {number for numbers in reader.xref.values() for number in numbers} | set(reader.xref_objStm)
    information = reader.trailer.raw_get("/Info") if "/Info" in reader.trailer else None
    listed -= seen | {0, getattr(information, "idnum", 0)}
    found = [reader.get_object(number) for number in listed]
    types = [each.get("/Type") if hasattr(each, "get") else None for each in found if each is not None]
    return any(said not in _LISTS for said in types)


class _Walk:
    """Looks at each object that can be reached from the root, once, and takes out of it what tells of the author."""

    def __init__(self, reader: "PdfReader") -> None:
        from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

        self.has_changed = False
        self.seen: set[int] = set()
        waiting: list[Any] = [reader.trailer.raw_get("/Root")]
        while waiting:
            found = waiting.pop()
            if isinstance(found, IndirectObject):
                if found.idnum in self.seen:
                    continue
                self.seen.add(found.idnum)
                found = found.get_object()
            if isinstance(found, DictionaryObject):
                self._look(found)
                waiting += found.values()
            elif isinstance(found, ArrayObject):
                waiting += found

    def _look(self, found: Any) -> None:
        _refuse_running(found)
        _refuse_files(found)
        self._take_out(found)

    def _take_out(self, found: Any) -> None:
        goes = [name for name in _GOES if name in found]
        is_annotation = "/Rect" in found and found.get("/Subtype") not in _PLAIN_ANNOTATIONS
        goes += [name for name in ("/T", "/CreationDate", "/M", "/NM") if is_annotation and name in found]
        for name in goes:
            del found[name]
        self.has_changed |= bool(goes)
        self._strip_picture(found)

    def _strip_picture(self, found: Any) -> None:
        from pypdf.generic import StreamObject

        filters = found.get("/Filter") if isinstance(found, StreamObject) else None
        last = filters if not isinstance(filters, list) else filters[0] if len(filters) == 1 else None
        if last == "/DCTDecode" and (stripped := strip_jpeg(found._data)) != found._data:
            found._data = stripped
            self.has_changed = True


def _refuse_running(found: Any) -> None:
    action = found.get("/S")
    if action in _ACTIONS or "/JS" in found or "/XFA" in found:
        raise Refusal(
            PDF_RUNS,
            what=str(action if action in _ACTIONS else "/JS" if "/JS" in found else "/XFA").lstrip("/"),
        )
    for name in ("/OpenAction", "/AA"):
        started = found.get(name)
        if hasattr(started, "values"):
            actions = [started, *(each.get_object() for each in started.values())]
            if any(hasattr(each, "get") and each.get("/S") == "/URI" for each in actions):
                raise Refusal(PDF_RUNS, what=f"{name.lstrip('/')}: URI")


def _refuse_files(found: Any) -> None:
    from pypdf.generic import StreamObject

    kind = found.get("/Type")
    if kind == "/EmbeddedFile" or "/EF" in found or ("/Rect" in found and found.get("/Subtype") in _FILES):
        raise Refusal(PDF_FILES, what=str(found.get("/Subtype") or "EmbeddedFile").lstrip("/"))
    if "/ByteRange" in found or kind == "/Sig":
        raise Refusal(SIGNED)
    if isinstance(found, StreamObject) and "/F" in found:
        raise Refusal(LINKED, what=str(found.get("/F"))[:100], where="PDF")
