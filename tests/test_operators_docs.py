"""What the documents for operators name is what the code reads: settings."""

import re
from dataclasses import fields

from config import ROOT, Config

SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_stands_on_one_line_and_no_other_does() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)
    assert sorted(rows) == sorted(field.name for field in fields(Config))
