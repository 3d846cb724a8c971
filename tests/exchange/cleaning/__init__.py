"""What stands in a file after it was cleaned, and what is refused."""

import zipfile
from io import BytesIO

import pytest

from tracker.exchange.evidence import NotTaken, TakenFile, take_file

CANARY = "AigulCanary"


def taken(name: str, content: bytes, *, of_state: bool = False) -> TakenFile:
    return take_file(name, content, of_state=of_state)


def refused(name: str, content: bytes) -> str:
    """The sentence; a file of the State is refused with the same."""
    with pytest.raises(NotTaken) as of_independents:
        take_file(name, content, of_state=False)
    with pytest.raises(NotTaken) as of_state:
        take_file(name, content, of_state=True)
    assert str(of_state.value) == str(of_independents.value)
    assert f"“{name}”" in str(of_state.value)
    return str(of_state.value)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def everything(content: bytes) -> bytes:
    """Names and contents of all parts, those of packages inside, too."""
    parts = unpacked(content)
    inside = [everything(each) for each in parts.values() if each.startswith(b"PK")]
    return b"\n".join([*(name.encode() for name in parts), *parts.values(), *inside])
