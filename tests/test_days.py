"""Days as people write them: what is read, what is refused, and nothing that turns into another day."""

from datetime import date

import pytest

from tests.cast import TODAY
from tracker.days import last_day, read_day, why_not_meant

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-11-20",
            "20.11.2026",
            "20/11/2026",
            "20-11-2026",
            "2026/11/20",
            "2026.11.20",
            " 20. 11. 2026 ",
        ),
        *("20 November 2026", "November 20, 2026", "20th of November 2026", "20 Nov 2026", "20 NOV. 2026"),
        *("20 ноября 2026 г.", "20 ноября 2026 года", "20 нояб. 2026 г.", "20 Ноябрь 2026"),
        *("20-ноябрь 2026-ж.", "2026-жылдын 20-ноябры", "2026-жыл, 20-ноябрь", "20 ноя. 2026"),
        *("20 жетинин айы 2026", "20\u00a0ноября\u00a02026", "⟦20 November 2026⟧"),
    ],
)
def test_each_way_to_write_a_day_is_understood(text: str) -> None:
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *(("3 мая 2026", 5), ("3 май 2026", 5), ("3 ма\u0438\u0306 2026", 5), ("3 May 2026", 5)),
        *(
            ("3 Sept 2026", 9),
            ("3 Sep 2026", 9),
            ("3 бугу 2026", 5),
            ("3 августу 2026", 8),
            ("03/04/2026", 4),
        ),
    ],
)
def test_months_are_read_by_each_of_their_names(text: str, month: int) -> None:
    assert read_day(text) == date(2026, month, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "20.11.26", "11/20/2026", "31.02.2026", "20112026", "2026", "11.2026", "November 2026"),
        *("20.11.2026-21.11.2026", "20 November 2026, 14:05", "Decision 20 of 2026", "20 Nov Dec 2026"),
        *("20.11.20266", "2026-11-200", "0.11.2026", "²0.11.2026", "1" * 5000),
    ],
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize("day", [date(206, 11, 30), date(1989, 12, 31), date(2041, 11, 23), date(9999, 1, 1)])
def test_a_day_that_can_hardly_be_meant_gets_a_sentence_with_its_field_and_the_fix(day: date) -> None:
    sentence = why_not_meant("Date of the fact", day, TODAY)
    assert sentence is not None
    assert sentence.startswith("“Date of the fact” would be ")
    assert sentence.endswith("Check the year, and enter a day from 1 January 1990 to 22 November 2041")


@pytest.mark.parametrize("day", [None, date(1990, 1, 1), date(2041, 11, 22)])
def test_the_first_and_the_last_day_can_be_meant(day: date | None) -> None:
    assert why_not_meant("Date of the fact", day, TODAY) is None
    assert last_day(date(2028, 2, 29)) == date(2043, 2, 28)
