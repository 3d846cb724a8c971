"""What words say of a State's position on a recommendation, in a cell of a table or in a sentence."""

import re

from tracker.codes import Position

_CELLS = {
    Position.SUPPORTED: "supported support accepted accept implemented implement enjoyssupport",
    Position.NOTED: "noted notsupported reject rejected notaccepted nonsupported",
    Position.SUPPORTED_IN_PART: "supportednoted acceptednoted notedsupported partiallysupported partiallyaccepted"
    " supportedinpart acceptedinpart partlysupported partlyaccepted",
    Position.PENDING: "consider pending tobeexamined willbeexamined underconsideration noresponse",
}
_OF_CELL = {word: position for position, words in _CELLS.items() for word in words.split()}
UNDECIDED = frozenset({"unknown", "unclear", "na"})
"""Words that say that nobody knows."""
_REFUSES = r"(?:not|cannot|unable\s+to)\s+(?:be\s+)?"
_SENTENCES = (
    (Position.SUPPORTED_IN_PART, r"partial(?:ly)?\b|\bpartly\b|\bin\s+part\b|частично"),
    (
        Position.PENDING,
        r"\b(?:will|to|shall)\s+be\s+examined|responses?\s+in\s+due\s+course|будут\s+рассмотрены",
    ),
    (
        Position.NOTED,
        rf"\b{_REFUSES}(?:accept|support|enjoy|agree)|\bnoted\b|\bnotes\b|\btak(?:es?|en)\s+note|\breject|\bnot\s+accepted"
        r"|к\s+сведению|не\s+(?:поддерж|приня|пользу)|отклон",
    ),
    (Position.SUPPORTED, r"\baccept|\bsupport|\benjoys?\b|поддерж|приня|принима"),
)
"""The first that is found holds: “did not enjoy the support” also holds the words of the last."""


def position_of_cell(cell: str) -> Position | None:
    """None for words that are not known, and for those that say that nobody knows."""
    return _OF_CELL.get(letters_of(cell))


def position_of_sentence(sentence: str) -> Position | None:
    """“… enjoy its support”, “will be examined”, “did not enjoy the support”, “takes note of”."""
    for position, words in _SENTENCES:
        if re.search(words, sentence, re.IGNORECASE):
            return position
    return None


def letters_of(text: str) -> str:
    return re.sub(r"[^a-zа-я]", "", text.casefold())
