"""Texts for people, read off the templates and off the catalogue of everything that is marked for translation."""

import re

from babel.messages.pofile import read_po

from config import ROOT
from tests.architecture.sources import TEMPLATES, name_of, text_of

CATALOGUE = ROOT / "tracker" / "translations" / "messages.pot"
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
COMMAND = re.compile(r"\bflask\b|\.venv\b|\bcommands?\b|“make ", re.IGNORECASE)
OF_THE_DEMONSTRATION = "In this demonstration the command “make code handle=…” shows the code of an account."


def test_no_page_and_no_mail_names_a_command() -> None:
    """Who reads a page has no terminal. The demonstration, which is started by one, names one."""
    for path in TEMPLATES:
        words = COMMENT.sub("", text_of(path)).replace(OF_THE_DEMONSTRATION, "")
        assert not COMMAND.search(words), name_of(path)


def test_no_marked_text_names_a_command() -> None:
    """What Python says on pages: problems of imported files, refusals, labels."""
    with CATALOGUE.open("rb") as file:
        marked = [message.id for message in read_po(file) if message.id]
    texts = {text for found in marked for text in ([found] if isinstance(found, str) else found)}
    assert {text for text in texts if COMMAND.search(text)} == {OF_THE_DEMONSTRATION}
