"""Who opens the page of a step that is no longer possible reads how the update stands, not that the role is wrong."""

import pytest

from tests.cast import Cast, make_update
from tests.stories.pages import link_of
from tests.stories.updates import step, version, write
from tests.strict_client import SignIn, text_of, token_of
from tracker.database import Database
from tracker.models.updates import UpdateState

ROLES = {
    # Each page: whose role includes the step, and in which states it is possible
    "change": (("focal_point", "alternate"), ("draft", "returned")),
    "discard": (("focal_point", "alternate"), ("draft",)),
    "return": (("validating_officer", "coordinator"), ("submitted", "validated")),
    "publish": (("coordinator",), ("validated",)),
}
PEOPLE = ("focal_point", "alternate", "validating_officer", "coordinator", "administrator", "lead")


@pytest.mark.parametrize("state", UpdateState)
def test_each_page_says_what_is_wrong_to_whoever_opens_it(
    signed_in: SignIn, database: Database, cast: Cast, state: UpdateState
) -> None:
    with database.transaction() as session:
        update = f"/updates/{make_update(session, cast, state).id}"
    for person in PEOPLE:
        client = signed_in(person)
        for verb, (role, states) in ROLES.items():
            answer = client.get(f"{update}/{verb}")
            expected = 403 if person not in role else 200 if state in states else 409
            assert answer.status_code == expected, (person, verb)
            if expected == 409:
                is_published = state == UpdateState.PUBLISHED
                said = "published already" if is_published else "The update has moved on meanwhile"
                words = "See the published update" if is_published else "See how the update stands now"
                assert said in text_of(answer)
                assert link_of(answer, words) == update


def test_what_goes_round_while_its_publication_is_read_is_not_the_fault_of_a_role(
    signed_in: SignIn, database: Database
) -> None:
    # Given a coordinator who reads what will be public
    writer, officer, coordinator = (
        signed_in(each) for each in ("focal_point", "validating_officer", "coordinator")
    )
    update = write(writer, "submit")
    address = f"/updates/{update}"
    assert step(officer, update, "validate") == 303
    opened = coordinator.get(f"{address}/publish")
    # When the officer returns it and it is submitted again
    assert officer.send(f"{address}/return", comment="Which towns?").status_code == 303
    assert step(writer, update, "submit") == 303
    # Then neither the button nor the page says that the role is wrong
    for answer in (coordinator.send_from(opened, "/publish"), coordinator.get(f"{address}/publish")):
        assert answer.status_code == 409
        assert "This was changed in the meantime" in text_of(answer)


def test_whose_role_never_included_the_step_is_told_so(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        update = str(make_update(session, cast, UpdateState.PUBLISHED).id)
    # Another ministry reads what is published, and has no step to take
    other = signed_in("other_focal_point")
    for verb in ("change", "discard", "return", "publish"):
        assert other.get(f"/updates/{update}/{verb}").status_code == 403
        sent = {**token_of(other), **version(database, update), "comment": "Which?"}
        assert other.post(f"/updates/{update}/{verb}", data=sent).status_code == 403
