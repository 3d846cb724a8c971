"""The position of a State in any table: the words of `position_words.py`, and those of Russian and Kyrgyz tables."""

from functools import cache, lru_cache

from tracker.codes import POSITION_LABELS, Position
from tracker.exchange.imports.position_words import position_of_cell, position_of_sentence
from tracker.exchange.imports.sheets import fold_header

_WORDS = {
    Position.SUPPORTED: (
        "поддержано|поддержана|поддержанные|принято|принята|принимается|колдоого алынды|колдоого алынган|"
        "колдолду|кабыл алынды|кабыл алынган"
    ),
    Position.NOTED: (
        "принято к сведению|принята к сведению|к сведению|отмечено|отклонено|отклонена|не поддержано|"
        "не поддержана|не принято|эске алынды|эске алынган|көңүлгө алынды|белгиленди|четке кагылды|"
        "колдоого алынган жок"
    ),
    Position.SUPPORTED_IN_PART: "частично поддержано|частично принято|частично|жарым жартылай колдоого алынды",
    Position.PENDING: "на рассмотрении|рассматривается|каралууда|каралып жатат|pending",
}
_LONGEST = 80


@cache
def _readings() -> dict[str, Position]:
    found = {fold_header(label): Position(code) for code, label in POSITION_LABELS.items()}
    for position, words in _WORDS.items():
        found |= {fold_header(word): position for word in words.split("|")}
    return found


@lru_cache(4096)
def read_position(cell: str) -> Position | None:
    """None where the cell names no position, or where it is too long to be one."""
    if not cell or len(cell) > _LONGEST:
        return None
    return _readings().get(fold_header(cell)) or position_of_cell(cell) or position_of_sentence(cell)
