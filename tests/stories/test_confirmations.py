"""Whoever published or withdrew something sees that it worked: the next page opens at its top, with a banner whose link
leads to the entry. No script is needed for that."""

import pytest

from tests.stories.assessments import NEW, PAGE, preview, publish, withdraw_link
from tests.stories.pages import confirmed_at
from tests.stories.updates import step, write
from tests.strict_client import SignIn, text_of

WHOLE = "/assessments/new/KGZ-3/A12"


def test_the_coordinator_sees_that_an_update_was_published(signed_in: SignIn) -> None:
    update = write(signed_in("focal_point"), "submit")
    assert step(signed_in("validating_officer"), update, "validate") == 303
    coordinator = signed_in("coordinator")
    answer = coordinator.send(f"/updates/{update}/publish", action="/publish")
    assert confirmed_at(coordinator, answer) == f"{PAGE}#A12.1"


@pytest.mark.parametrize(("form", "place"), [(NEW, "A12.1"), (WHOLE, "whole")])
def test_who_published_and_withdrew_an_assessment_sees_both(signed_in: SignIn, form: str, place: str) -> None:
    lead = signed_in("lead")
    answer = lead.send_from(preview(lead, form), "/publish", "publish")
    assert confirmed_at(lead, answer) == f"{PAGE}#{place}"
    asked = lead.get(withdraw_link(lead))
    for _ in range(2):  # the second time it is withdrawn already
        assert confirmed_at(lead, lead.send_from(asked)) == f"{PAGE}#{place}"


@pytest.mark.parametrize(
    ("form", "said"),
    [(NEW, "on the same point, which"), (WHOLE, "on this recommendation as a whole, which")],
)
def test_before_a_withdrawal_it_is_said_what_else_goes(signed_in: SignIn, form: str, said: str) -> None:
    lead = signed_in("lead")
    publish(lead, form)
    assert said in text_of(lead.get(withdraw_link(lead)))
