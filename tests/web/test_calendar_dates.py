"""What the calendar page says of a date: in how long, what is next for the State, which refs a note names."""

from datetime import date

import pytest

from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.web.milestones.dates import dates_of, find_next, split_refs, time_until, windows_of

TODAY = date(2026, 11, 30)


def milestone(kind: str, first: str, last: str, certainty: str = "sourced", note: str = "") -> Milestone:
    return Milestone(
        kind=MilestoneKind(kind),
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
        certainty=Certainty(certainty),
        label=kind,
        note=note,
    )


PREPARATION = milestone("preparation", "2026-10-01", "2026-12-31", "own")
CONTEXT = milestone("context", "2026-12-31", "2026-12-31")
REPORT = milestone(
    "mid_term_report", "2027-09-08", "2028-04-08", "derived", "24 to 30 months after A1 and A99"
)
SUBMISSIONS = milestone("stakeholder_submission", "2027-03-01", "2027-05-15", "projected")
FAR = milestone("review", "2031-10-28", "2031-10-28", "projected")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-09-08", "in 9 months"),
        ("2027-09-30", "in 10 months"),
        ("2027-01-30", "in 2 months"),
        ("2027-01-29", "in 60 days"),
        ("2026-12-01", "in 1 day"),
    ],
)
def test_the_time_until_a_day_is_in_whole_months_or_in_days(day: str, words: str) -> None:
    assert time_until(date.fromisoformat(day), TODAY) == words


def test_what_is_next_for_the_state_is_its_own_duty() -> None:
    assert find_next([PREPARATION, CONTEXT, SUBMISSIONS, REPORT, FAR]) is REPORT
    assert find_next([PREPARATION, CONTEXT]) is None


def test_the_picture_leaves_out_context_and_what_is_far_ahead() -> None:
    drawn = windows_of([PREPARATION, CONTEXT, SUBMISSIONS, REPORT, FAR], TODAY)
    assert [each.name for each in drawn] == ["preparation", "stakeholder_submission", "mid_term_report"]
    assert [each.certainty_word for each in drawn] == ["own", "projected", "derived"]


def test_only_refs_that_there_are_become_links() -> None:
    pieces = split_refs("bearing on A5, A31–A33 and A/HRC/29/4", {"A5", "A31", "A33"})
    assert [ref for _, ref in pieces if ref] == ["A5", "A31", "A33"]
    assert "".join(text for text, _ in pieces) == "bearing on A5, A31–A33 and A/HRC/29/4"


def test_a_row_says_whether_it_is_open_and_whether_a_report_is_known() -> None:
    past = milestone("treaty_body_follow_up", "2025-10-28", "2025-11-30", "derived", "three years")
    adoption = milestone("adoption", "2025-09-08", "2025-10-08", note="nobody needs this note")
    found = dates_of([PREPARATION, REPORT, past, adoption], TODAY, {"A1"})
    assert [each.is_open for each in found] == [True, False, False, False]
    assert [each.has_no_known_report for each in found] == [False, False, True, False]
    assert [each.is_calculated for each in found] == [False, True, True, False]
    assert [bool(each.note) for each in found] == [False, True, True, False]
