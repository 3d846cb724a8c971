"""Which milestones remind (docs/rules.md, "Reminders"): every kind with every certainty, with and without a review."""

import pytest

from tracker.models.milestones import Certainty, Milestone, MilestoneKind

SILENT_KINDS = {MilestoneKind.CONTEXT, MilestoneKind.STAKEHOLDER_SUBMISSION}
"""Background, and what is civil society's to do: no duty of the State."""
SILENT_CERTAINTIES = {Certainty.PROJECTED, Certainty.ASSUMED, Certainty.OWN}


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("kind", MilestoneKind)
def test_a_duty_of_the_state_with_a_known_date_reminds_and_nothing_else(
    kind: MilestoneKind, certainty: Certainty
) -> None:
    milestone = Milestone(review_id=1, kind=kind, certainty=certainty)
    assert milestone.is_reminded is (kind not in SILENT_KINDS and certainty not in SILENT_CERTAINTIES)


@pytest.mark.parametrize("certainty", Certainty)
def test_what_belongs_to_no_review_has_nobody_to_remind(certainty: Certainty) -> None:
    milestone = Milestone(review_id=None, kind=MilestoneKind.TREATY_BODY_FOLLOW_UP, certainty=certainty)
    assert not milestone.is_reminded
