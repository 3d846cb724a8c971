"""Pictures are decoded and encoded anew, so that only the dots remain: no place, camera, person, comment or preview."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tracker.exchange.cleaning.refusals import BROKEN, MANY_DOTS, MOVING, PICTURE, Refusal

if TYPE_CHECKING:
    from PIL import Image

MOST_DOTS, MOST_DOTS_OF_WEBP = 40_000_000, 12_000_000
"""A dot of a WebP takes three times the memory of others while it is decoded and encoded."""
_TRANSPARENCY = ("transparency",)
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_JPEG_QUALITY = 92
_MARKER, _END_OF_PICTURE = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])"), b"\xd9"
"""Where a segment of a JPG begins, or the picture ends: other bytes after \\xff stand among the dots."""


def is_picture(content: bytes) -> bool:
    """Whether it begins like one of the formats that are encoded anew."""
    return content.startswith(_STARTS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def clean_picture(content: bytes, where: str, *, turns: bool = True) -> bytes:
    """The same picture without anything beside it. `turns`: stands upright afterwards, because cameras write into the
    data that is taken out how they were held. Office programs have turned a picture that they hold already."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            _refuse_many(picture, where)
            return _encode(picture, turns=turns)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal(MANY_DOTS, where=where, most=str(MOST_DOTS // 1_000_000)) from error
    except BROKEN as error:
        raise Refusal(PICTURE, where=where) from error


def _refuse_many(picture: "Image.Image", where: str) -> None:
    width, height = picture.size
    most = MOST_DOTS_OF_WEBP if picture.format == "WEBP" else MOST_DOTS
    if width * height > most:
        raise Refusal(MANY_DOTS, where=where, most=str(most // 1_000_000))
    if picture.format not in ("JPEG", "MPO", "TIFF") and getattr(picture, "n_frames", 1) > 1:
        raise Refusal(MOVING, where=where)


def _encode(picture: "Image.Image", *, turns: bool) -> bytes:
    """Without the notes that Pillow takes along from the picture. Only TIFF has more of them than `info`, so that only
    it is copied: a picture of forty million dots takes 160 MB, and twice that while it is turned."""
    from PIL import ImageOps

    kind, options = _options(picture)
    if turns:
        ImageOps.exif_transpose(picture, in_place=True)
    plain = _in_plain_colours(picture.copy() if picture.format == "TIFF" else picture)
    plain.info = {name: plain.info[name] for name in _TRANSPARENCY if name in plain.info}
    out = BytesIO()
    plain.save(out, kind, **options)
    return out.getvalue()


def _options(picture: "Image.Image") -> tuple[str, dict[str, Any]]:
    """Of JPG the tables are kept with which it was encoded, so that little is lost."""
    if picture.format in ("JPEG", "MPO"):
        from PIL.JpegImagePlugin import get_sampling

        tables = getattr(picture, "quantization", None)
        if not tables:
            return "JPEG", {"quality": _JPEG_QUALITY}
        return "JPEG", {"qtables": tables, "subsampling": get_sampling(picture)}
    if picture.format == "WEBP":
        return "WEBP", {"quality": _JPEG_QUALITY, "exact": True}
    return str(picture.format), {"compression": "tiff_lzw"} if picture.format == "TIFF" else {}


def _in_plain_colours(picture: "Image.Image") -> "Image.Image":
    """In sRGB, where the picture brought a profile: profiles name the device, and without one the colours change."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        ours = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ours)
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned or picture


def strip_jpeg(content: bytes) -> bytes:
    """A JPG without the segments that hold notes and previews, and without what follows it, its dots untouched: inside
    a PDF its colours depend on how it was encoded. Anything unusual stays as it is."""
    out, at = bytearray(content[:2]), 2
    while marker := _MARKER.search(content, at):
        out += content[at : marker.start()]
        if marker[1] == _END_OF_PICTURE:
            return bytes(out) + marker[0]
        length = int.from_bytes(content[marker.end() : marker.end() + 2], "big")
        at = marker.start()
        if length < 2:
            break
        end = marker.end() + length
        segment = content[marker.end() : end]
        if not _is_note(marker[1][0], segment[2:]):
            out += b"\xff" + marker[1] + segment
        at = end
    return bytes(out) + content[at:]


def _is_note(marker: int, content: bytes) -> bool:
    is_preview = marker == 0xE0 and not content.startswith(b"JFIF\0")
    return marker == 0xFE or 0xE1 <= marker <= 0xED or marker == 0xEF or is_preview
