"""UPR Info's own export is an old workbook (BIFF), which a compiled library opens. Damaged bytes may end its process:
the file is refused then, and nothing else happens."""

from random import Random

import pytest

from tests.exchange.imports.states import REAL, asked, needs_real_data
from tracker.exchange.imports.reading_apart import read_apart
from tracker.exchange.imports.rows import NotReadable

pytestmark = needs_real_data
DAMAGES = 24
_HEAD = 4096
"""Bytes in which the tables of the file's parts stand: damage there does the most."""


def damaged(content: bytes, number: int) -> bytes:
    chance = Random(number)
    if number % 4 == 0:
        return content[: chance.randrange(len(content))]
    harmed = bytearray(content)
    for _ in range(chance.randrange(1, 50)):
        harmed[chance.randrange(_HEAD if number % 4 == 1 else len(harmed))] = chance.randrange(256)
    return bytes(harmed)


@pytest.mark.parametrize("number", range(DAMAGES))
def test_a_damaged_old_workbook_is_read_or_refused(number: int) -> None:
    content = damaged((REAL / "upr-info" / "6-9.xls").read_bytes(), number)
    try:
        found, _ = read_apart("6-9.xls", content, asked("KGZ", 1), {})
    except NotReadable:
        return
    assert all(row.place and row.text for row in found.rows)
