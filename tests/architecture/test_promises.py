"""No text promises what is not there. Whoever builds one of these takes its line away."""

from pathlib import Path

import pytest

from config import ROOT

PLACES = ("templates", "tracker", "docs", "README.md")
ENDINGS = {".html", ".txt", ".py", ".md"}
PROMISES = {
    "be read back": "no program reads a workbook",
    "coordinator may correct": "no page changes tags, titles or points",
    "asks for updates": "nobody can be asked for an update; reminders go out by themselves",
    "ask the administrator for more room": "EVIDENCE_QUOTA_MEGABYTES is a setting of whoever runs the site",
    "tell the administrator": "an administrator keeps accounts and sees no disk",
    "settings and accounts of the state": "no page changes settings",
    "when they are translated": "nobody has said that pages will be",
}


def words_of(file: Path) -> str:
    """In one line, as a reader meets them: without quotation marks between the parts of a sentence."""
    return " ".join(file.read_text().replace('"', " ").split()).lower()


@pytest.mark.parametrize("promise", PROMISES)
def test_nothing_is_promised_that_is_not_there(promise: str) -> None:
    files = [ROOT / place for place in PLACES if (ROOT / place).is_file()]
    files += [file for place in PLACES for file in (ROOT / place).rglob("*") if file.suffix in ENDINGS]
    said = [str(file.relative_to(ROOT)) for file in files if promise in words_of(file)]
    assert said == [], PROMISES[promise]
