"""What words say of a position."""

import pytest

from tracker.exchange.imports.position_words import position_of_cell, position_of_sentence
from tracker.models.recommendations import Position


@pytest.mark.parametrize(
    ("cell", "position"),
    [
        ("Supported\n", Position.SUPPORTED),
        ("Supported/Noted", Position.SUPPORTED_IN_PART),
        ("Not Supported", Position.NOTED),
        ("- Noted", Position.NOTED),
        ("support", Position.SUPPORTED),
        ("consider", Position.PENDING),
        ("reject", Position.NOTED),
        ("implement", Position.SUPPORTED),
        ("implemented", Position.SUPPORTED),
        ("unknown", None),
        ("perhaps", None),
        ("", None),
    ],
)
def test_a_cell_says_a_position(cell: str, position: Position | None) -> None:
    assert position_of_cell(cell) is position


@pytest.mark.parametrize(
    ("sentence", "position"),
    [
        ("listed below have been examined by the State and enjoy its support:", Position.SUPPORTED),
        (
            "enjoy the support of the State, which considers that they are already implemented",
            Position.SUPPORTED,
        ),
        ("The following will be examined by the State, which will provide responses", Position.PENDING),
        ("did not enjoy the support of the State", Position.NOTED),
        ("The Government takes note of recommendations", Position.NOTED),
        ("The Government cannot accept", Position.NOTED),
        ("These are partially accepted", Position.SUPPORTED_IN_PART),
        ("приняты к сведению", Position.NOTED),
        ("пользуются поддержкой", Position.SUPPORTED),
        ("The weather was fine", None),
    ],
)
def test_a_sentence_says_a_position(sentence: str, position: Position | None) -> None:
    assert position_of_sentence(sentence) is position
