"""What the documents for operators name is what the code reads: settings, and the server's own words."""

import re
from dataclasses import fields

from config import ROOT, Config
from tracker import serve


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_stands_on_one_line_and_no_other_does() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", read("settings.md"), re.MULTILINE)
    assert sorted(rows) == sorted(field.name for field in fields(Config))


def test_the_server_that_is_started_by_hand_is_the_one_that_serve_starts() -> None:
    [said] = re.findall(r"^gunicorn (.*--threads \d+)", read("operating.md"), re.MULTILINE)
    options = list(serve.WEB[serve.WEB.index("gunicorn") + 1 :])
    assert said.split() == options[: len(said.split())]
