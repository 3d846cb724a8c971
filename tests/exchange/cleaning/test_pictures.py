"""Pictures: place, camera, names and previews go, dots and colours stay, upright as they were held."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from tests.evidence_files import picture, png
from tests.exchange.cleaning import CANARY, refused, taken

ORIENTATION, ARTIST, MAKE, GPS = 0x0112, 0x013B, 0x010F, 0x8825


def with_notes(kind: str, orientation: int = 1) -> bytes:
    notes = Image.Exif()
    notes[ARTIST] = notes[MAKE] = CANARY
    notes[ORIENTATION] = orientation
    notes.get_ifd(GPS)[1] = "N"
    notes.get_ifd(GPS)[2] = (42.0, 52.0, 12.5)
    options = {"exif": notes.tobytes(), "xmp": f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()}
    if kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Author", CANARY)
        options = {"exif": notes.tobytes(), "pnginfo": said}
    if kind == "JPEG":
        options["comment"] = CANARY.encode()
    return picture(kind, (16, 8), **options)


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
def test_notes_go_and_the_dots_stay(kind: str, name: str) -> None:
    content = with_notes(kind)
    assert CANARY.encode() in content
    found = taken(name, content).content
    assert CANARY.encode() not in found
    assert b"GPS" not in found
    with Image.open(BytesIO(found)) as opened:
        assert not opened.getexif()
        assert set(opened.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
            "timestamp",
        }
        assert opened.size == (16, 8)
        red, _, blue = opened.convert("RGB").getpixel((2, 2))
        assert red > 200 > 100 > blue
    assert taken(name, content).content == found
    assert CANARY.encode() not in taken(name, content, of_state=True).content


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_photo_stands_as_it_was_held(name: str) -> None:
    """Orientation 6: the camera was turned to the left, so the upper left corner is shown at the upper right."""
    found = taken(name, with_notes("JPEG" if name == "a.jpg" else "PNG", orientation=6)).content
    with Image.open(BytesIO(found)) as opened:
        assert opened.size == (8, 16)
        red, _, blue = opened.convert("RGB").getpixel((6, 2))
        assert red > 200 > 100 > blue


def test_what_follows_the_picture_goes() -> None:
    for name, content in (("a.jpg", picture()), ("a.png", png())):
        assert CANARY.encode() not in taken(name, content + CANARY.encode()).content


def test_a_picture_that_cannot_be_read_is_refused() -> None:
    for name, content in (
        ("a.jpg", picture()[:200]),
        ("a.png", png()[:40]),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 24),
    ):
        assert "could not be read" in refused(name, content)


def test_a_moving_picture_is_refused() -> None:
    file = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    assert "moving picture" in refused("a.webp", file.getvalue())


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked() -> None:
    """A PNG of 2 kB that would take 1.2 GB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (8_000, 20_000):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        content = (
            b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
        )
        assert "too large" in refused("a.png", content)


def test_a_webp_may_have_fewer_dots_because_each_takes_more_memory() -> None:
    file = BytesIO()
    Image.new("L", (4_100, 3_000)).save(file, "WEBP", lossless=True, method=0)
    assert "at most 12 million pixels" in refused("a.webp", file.getvalue())
