"""PDF: scripts, actions that start by themselves, signatures and files inside are refused. Author, program, XMP, paths
and notes of pictures are taken out.

Every PDF is written anew, from what was looked at: programs differ in what they make of one that is not as it should be
(a name that stands there twice, objects behind its end), so that another one might find what was not seen here.
"""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tracker.exchange.cleaning.links import NOWHERE, is_followed
from tracker.exchange.cleaning.pictures import strip_jpeg
from tracker.exchange.cleaning.refusals import (
    BROKEN,
    DAMAGED,
    LINKED,
    LOCKED,
    PDF_FILES,
    PDF_RUNS,
    PROTECTED,
    SIGNED,
    Refusal,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BEFORE = 1_024
"""The signature stands within this many bytes, as readers of PDF expect: some programs write something before it."""
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Thread"})
_ACTIONS |= {"/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
_MAY_START = frozenset({"/GoTo", "/Named"})
"""Actions that may start by themselves: to a page of the file, or what a menu of the program does."""
_FILES = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_GOES = ("/Metadata", "/PieceInfo", "/OPI", "/Thumb", "/LastModified", "/SpiderInfo", "/CreatorInfo")
_GOES_BY_TYPE = {
    "/Catalog": ("/Threads", "/URI"),  # articles with their authors, the folder to which links belong
    "/Page": ("/B",),  # leads to articles
    "/Annot": ("/T", "/CreationDate", "/M", "/NM"),
    "/XObject": ("/Ref",),  # a page of another file
}
_WEB = ("ftp:", "www.")
_PLAIN_ANNOTATIONS = frozenset({"/Widget", "/Link"})
_KEPT_INFORMATION = "/Title"
_VERSION = re.compile(r"%PDF-[12]\.\d")
_NO_POINTER = b"\nstartxref\n0\n%%EOF\n"
# It tells of files; what is wrong with one is told to the person.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def find_start(content: bytes) -> int:
    """Where the PDF begins; -1 where there is none, or where it follows a page that a browser would run."""
    at = content[: MOST_BEFORE + 4].find(b"%PDF")
    return -1 if at > 0 and b"<" in content[:at] else at


def clean_pdf(content: bytes, *, of_state: bool) -> bytes:
    """`of_state`: its title stays."""
    from pypdf.errors import DependencyError, PyPdfError

    try:
        return _clean(content[find_start(content) :], of_state=of_state)
    except DependencyError as error:
        raise Refusal(PROTECTED) from error  # in a way that is not known here, with a password or without
    except (PyPdfError, *BROKEN) as error:
        raise Refusal(DAMAGED) from error


def _clean(begun: bytes, *, of_state: bool) -> bytes:
    reader = _read(begun)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal(LOCKED)
    information = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    kept = {key: value for key, value in information.items() if of_state and key == _KEPT_INFORMATION}
    for found in _dictionaries(reader):
        # Not by `get` or `values`, which give references.
        values = {str(key): found[key] for key in found}
        _refuse_running(values)
        _refuse_files(found, values)
        _take_out(found, values)
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
    """What can be reached from the root, without what stands beside it: the identifier by which versions of a file find
    each other, comments, earlier versions, bytes behind the end."""
    from pypdf import PdfWriter

    for name in ("/Info", "/ID"):
        reader.trailer.pop(name, None)
    writer = PdfWriter(clone_from=reader)
    if _VERSION.fullmatch(reader.pdf_header):
        writer.pdf_header = reader.pdf_header
    if information:
        writer.add_metadata(information)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _dictionaries(reader: "PdfReader") -> Iterator[Any]:
    """Each dictionary and stream that can be reached from the root, once. What the caller takes out of one is not
    followed."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.root_object]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key not in seen:
                seen.add(key)
                waiting.append(found.get_object())
        elif isinstance(found, DictionaryObject):
            yield found
            waiting += found.values()
        elif isinstance(found, ArrayObject):
            waiting += found


def _refuse_running(values: dict[str, Any]) -> None:
    action = values.get("/S")
    if action in _ACTIONS or "/JS" in values or "/XFA" in values:
        what = action if action in _ACTIONS else "/JS" if "/JS" in values else "/XFA"
        raise Refusal(PDF_RUNS, what=str(what).lstrip("/"))
    waiting = [values["/OpenAction"]] if hasattr(values.get("/OpenAction"), "values") else []
    if hasattr(values.get("/AA"), "values"):
        waiting += values["/AA"].values()
    for started in _one_after_the_other(waiting):
        said = started["/S"] if "/S" in started else "AA"  # noqa: SIM401 - `get` would give a reference
        if said not in _MAY_START:
            raise Refusal(PDF_RUNS, what=f"OpenAction: {str(said).lstrip('/')}")


def _one_after_the_other(actions: list[Any]) -> Iterator[Any]:
    """Actions with those that follow them, which may lead back to the first."""
    waiting, seen = [*actions], set()
    while waiting:
        found = waiting.pop().get_object()
        if isinstance(found, list):
            waiting += found
        elif hasattr(found, "values") and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found["/Next"]] if "/Next" in found else []


def _refuse_files(found: Any, values: dict[str, Any]) -> None:
    from pypdf.generic import StreamObject

    kind, subtype = values.get("/Type"), values.get("/Subtype")
    if kind == "/EmbeddedFile" or "/EF" in values or ("/Rect" in values and subtype in _FILES):
        raise Refusal(PDF_FILES, what=str(subtype or "EmbeddedFile").lstrip("/"))
    if "/ByteRange" in values or kind == "/Sig":
        raise Refusal(SIGNED)
    if isinstance(found, StreamObject) and "/F" in values:
        raise Refusal(LINKED, what=str(values["/F"])[:100], where="PDF")


def _take_out(found: Any, values: dict[str, Any]) -> None:
    from pypdf.generic import NameObject, StreamObject, TextStringObject

    for name in (*_GOES, *_GOES_BY_TYPE.get(_type_of(found, values), ())):
        if name in found:
            del found[name]
    if values.get("/S") == "/URI" and not _leads_to_the_web(values.get("/URI")):
        found[NameObject("/URI")] = TextStringObject(NOWHERE)
    if isinstance(found, StreamObject):
        filters = values.get("/Filter")
        how = [each.get_object() for each in filters] if isinstance(filters, list) else [filters]
        if how in (["/DCTDecode"], ["/DCT"]):
            found._data = strip_jpeg(found._data)


def _type_of(found: Any, values: dict[str, Any]) -> str:
    """Programs look at more than what a dictionary calls itself."""
    from pypdf.generic import StreamObject

    if isinstance(found, StreamObject):
        return "/XObject"
    if "/Rect" in values:
        return "" if values.get("/Subtype") in _PLAIN_ANNOTATIONS else "/Annot"
    return "/Catalog" if "/Pages" in values else str(values.get("/Type"))


def _leads_to_the_web(target: Any) -> bool:
    return is_followed(str(target)) or str(target).strip().lower().startswith(_WEB)
