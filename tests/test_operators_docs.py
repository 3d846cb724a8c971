"""What the documents name is there: the settings that the code reads, and the tests of each promise."""

import re
from dataclasses import fields

from config import ROOT, Config

SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_stands_on_one_line_and_no_other_does() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)
    assert sorted(rows) == sorted(field.name for field in fields(Config))


def test_every_test_that_a_document_names_is_there() -> None:
    documents = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(r"`(tests/[\w/.]+)`", document.read_text(encoding="utf-8"))
    }
    assert named
    assert not [each for each in named if not (ROOT / each[1]).exists()]
