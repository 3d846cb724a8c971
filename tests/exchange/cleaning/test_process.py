"""Files are cleaned by a process of its own: with the same outcome, within bounds of time and memory, and without our
settings."""

import logging
import subprocess
import sys
import time
from io import BytesIO, TextIOWrapper

import pytest
from PIL import Image, ImageCms

from config import ROOT
from tests.evidence_files import PDF, PRETENDERS, WHOLE, package
from tests.exchange.cleaning import taken
from tests.programs import LONGEST
from tracker.exchange import evidence_process, limited_process
from tracker.exchange.evidence import NotTaken, take_file
from tracker.exchange.evidence_process import answer, take_file_apart
from tracker.language import PSEUDO, speaking

LARGE_LIST = package({"a": "", "[Content_Types].xml": b"<a>" + b"<a/>" * 3_000_000 + b"</a>"})
"""12 kB that take twenty seconds and half a gigabyte."""
TOO_MUCH = "holds more than can be checked here"


def refused(name: str, content: bytes) -> str:
    with pytest.raises(NotTaken) as refusal:
        take_file_apart(name, content, of_state=False)
    return str(refusal.value)


@pytest.mark.parametrize("name", ["order.pdf", "photo.jpg", "report.docx", "russian.txt", "wide.csv"])
def test_the_outcome_is_the_same(name: str) -> None:
    of_state = name != "order.pdf"
    found = take_file_apart(name, WHOLE[name], of_state=of_state)
    assert found == taken(name, WHOLE[name], of_state=of_state)


def test_a_refusal_is_in_the_language_of_the_reader() -> None:
    for name in ("page.docx", "locked.docx"):
        with speaking(PSEUDO), pytest.raises(NotTaken) as refusal:
            take_file(name, PRETENDERS[name], of_state=False)
        assert str(refusal.value).startswith("⟦")
        with speaking(PSEUDO):
            assert refused(name, PRETENDERS[name]) == str(refusal.value)


def test_a_picture_of_the_most_dots_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned, and with a profile: what takes the most memory of what is taken. However busy the machine is."""
    monkeypatch.setattr(evidence_process, "MOST_SECONDS", float(LONGEST))
    notes, file = Image.Exif(), BytesIO()
    notes[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGBA", (8_000, 5_000)).save(file, "PNG", exif=notes, icc_profile=profile, compress_level=1)
    assert take_file_apart("a.png", file.getvalue(), of_state=False).kind == "png"


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_process, "MOST_PROCESSOR_SECONDS", 1)
    began = time.monotonic()
    assert TOO_MUCH in refused("a.docx", LARGE_LIST)
    assert time.monotonic() - began < 10


def test_also_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_process, "MOST_SECONDS", 0.5)
    assert TOO_MUCH in refused("a.docx", LARGE_LIST)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS knows no limit of memory")
def test_what_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_process, "MOST_MEMORY", 100_000_000)
    assert TOO_MUCH in refused("a.docx", LARGE_LIST)


def test_too_little_memory_is_said_like_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(evidence_process, "take_file", fail)
    said = answer({"name": "a.pdf", "of_state": True, "language": "en"}, PDF)
    assert TOO_MUCH in said.decode()


def program(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(evidence_process, "_PROGRAM", (sys.executable, "-c", code))


def test_a_process_that_fails_is_told_to_the_operator(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program(monkeypatch, "raise SystemExit(3)")
    with caplog.at_level(logging.ERROR):
        assert "is damaged" in refused("secret.pdf", PDF)
    assert "ended with status 3" in caplog.text
    assert "secret" not in caplog.text


def test_what_fails_in_it_names_the_place_and_not_the_words_of_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> bytes:
        raise ValueError("words of the file")

    monkeypatch.setattr(evidence_process, "answer", fail)
    monkeypatch.setattr(limited_process, "limit", lambda *_: None)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b'{"seconds": 1, "memory": 1}\n')))
    with pytest.raises(SystemExit) as ended:
        evidence_process.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("ValueError\n")
    assert "in fail" in said
    assert "words of the file" not in said.replace('raise ValueError("words of the file")', "")


def test_one_that_crashes_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "import os; os.kill(os.getpid(), 11)")
    assert TOO_MUCH in refused("a.pdf", PDF)


def test_the_process_is_given_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_SETTING", "1")
    program(monkeypatch, "import json, os; print(json.dumps({'refused': ' '.join(os.environ)}))")
    assert "SETTING" not in refused("a.pdf", PDF)


def test_the_process_loads_neither_web_framework_nor_database() -> None:
    code = "import sys, tracker.exchange.evidence_process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"flask", "werkzeug", "sqlalchemy", "PIL", "pypdf"} & set(done.stdout.split())
