"""Sessions and cycles as files write them."""

import pytest

from tracker.exchange.imports.sessions import cycle_of, read_cycle, read_session


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("8", 8),
        ("8.0", 8),
        ("- 28th Session - Cycle 2", 28),
        ("44 - November 2023", 44),
        ("55", None),
        ("0", None),
        ("", None),
    ],
)
def test_sessions(text: str, session: int | None) -> None:
    assert read_session(text) == session


def test_each_cycle_has_its_sessions() -> None:
    """1 to 12, 13 to 26, 27 to 40, 41 to 54."""
    assert [cycle_of(session) for session in (1, 12, 13, 26, 27, 40, 41, 54)] == [1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("2", 2),
        ("2.0", 2),
        ("Cycle 3", 3),
        ("28th Session - Cycle 3", 3),
        ("4th cycle", 4),
        ("second cycle", 2),
        ("9", None),
        ("", None),
    ],
)
def test_cycles(text: str, cycle: int | None) -> None:
    assert read_cycle(text) == cycle
