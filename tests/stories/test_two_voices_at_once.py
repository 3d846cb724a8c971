"""Two voices speak on one point at the same moment, on two servers: the figures count both."""

from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.cast import GOOD_ASSESSMENT, TODAY, Cast, make_assessment
from tests.stories.assessments import NEW, PAGE, TEXT, new_key
from tests.stories.at_once import (
    ROUNDS,
    at_once,
    figures_version,
    recounted,
    statuses,
    stored_levels,
    waiting,
)
from tests.stories.pages import ask
from tests.stories.updates import version
from tests.strict_client import SignIn, StrictClient, text_of, token_of
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.models.levels import Level
from tracker.models.updates import UpdateState
from tracker.services.assessments import withdraw_assessment

pytestmark = pytest.mark.database

CHANGING = (
    (Level.PARTIALLY_IMPLEMENTED, "not_implemented"),
    (Level.PLANNED, "partially_implemented"),
    (Level.FULLY_IMPLEMENTED, "fully_implemented"),
    (Level.NOT_IMPLEMENTED, "fully_implemented"),
)
"""From one round to the next the levels and the disagreement change, so that an old count would be seen."""


def test_the_figures_count_both_voices_that_publish_at_once(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    """Whoever comes second on a point counts what the first one wrote."""
    coordinator, lead = signed_in("coordinator"), signed_in_elsewhere("lead")
    tokens = token_of(coordinator), token_of(lead)
    for number in range(ROUNDS):
        # Given an update that waits for the coordinator, and an assessment of its point
        of_state, of_others = CHANGING[number % len(CHANGING)]
        update = waiting(database, cast, UpdateState.VALIDATED, level=of_state)
        before = figures_version(database)
        read = version(database, update)
        # When both are published at once
        answers = at_once(
            partial(coordinator.post, f"/updates/{update}/publish", data={**tokens[0], **read}),
            partial(lead.post, f"{NEW}/publish", data={**tokens[1], **TEXT, **new_key(), "level": of_others}),
        )
        # Then what is stored is what the entries give, and whoever has cached figures reads them anew
        assert statuses(*answers) == [303, 303]
        assert stored_levels(database) == recounted(database)
        assert figures_version(database) == before + 2


def test_a_page_shows_one_moment_while_something_is_withdrawn(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    """Its levels are read by one statement and its texts by another."""
    # Given a published assessment
    assessment, engine = published(database, cast), client.application.extensions["database"].engine
    withdrawn = []

    def withdraw(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM current_entries" in statement and not withdrawn:
            withdrawn.append(statement)
            with database.transaction() as session:
                mine = session.get_one(Assessment, assessment)
                withdraw_assessment(session, cast["lead"], mine, TODAY)

    # When it is withdrawn between the two
    event.listen(engine, "after_cursor_execute", withdraw)
    try:
        answer = client.get(PAGE)
    finally:
        event.remove(engine, "after_cursor_execute", withdraw)
    # Then the page shows what stood when it began, and the next one what stands now
    assert withdrawn
    assert GOOD_ASSESSMENT.reason in text_of(answer)
    assert GOOD_ASSESSMENT.reason not in text_of(client.get(PAGE))


def test_the_figures_forget_what_is_withdrawn_while_the_state_publishes(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    coordinator, lead = signed_in("coordinator"), signed_in_elsewhere("lead")
    tokens = token_of(coordinator), token_of(lead)
    for number in range(ROUNDS):
        # Given an update that waits for the coordinator, and an assessment that contradicts it
        update = waiting(database, cast, UpdateState.VALIDATED, level=CHANGING[number % len(CHANGING)][0])
        assessment, before = published(database, cast), figures_version(database)
        read = version(database, update)
        # When the one is published while the other is withdrawn
        answers = at_once(
            partial(coordinator.post, f"/updates/{update}/publish", data={**tokens[0], **read}),
            partial(lead.post, f"/assessments/{assessment}/withdraw", data=tokens[1]),
        )
        # Then the point has the level of the State alone
        assert statuses(*answers) == [303, 303]
        assert stored_levels(database) == recounted(database)
        assert {voice for voice, *_ in stored_levels(database)[0]} == {"state"}
        assert figures_version(database) == before + 2


def test_of_two_colleagues_who_withdraw_one_withdraws_and_the_other_finds_it_gone(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    lead, contributor = signed_in("lead"), signed_in_elsewhere("contributor")
    tokens = token_of(lead), token_of(contributor)
    for _ in range(ROUNDS):
        assessment, before = published(database, cast), figures_version(database)
        address = f"/assessments/{assessment}/withdraw"
        answers = at_once(
            partial(lead.post, address, data=tokens[0]), partial(contributor.post, address, data=tokens[1])
        )
        assert statuses(*answers) == [303, 303]
        assert ask(database, "SELECT 1 FROM assessments WHERE withdrawn_on IS NULL") == []
        assert figures_version(database) == before + 1
        pages = [text_of(person.get(PAGE)) for person in (lead, contributor)]
        told = [
            [said in page for page in pages] for said in ("Assessment withdrawn.", "is already withdrawn")
        ]
        assert sorted(told) == [[False, True], [True, False]]


def published(database: Database, cast: Cast) -> UUID:
    """An assessment of A12.1 that the lead and the contributor may withdraw."""
    with database.transaction() as session:
        return make_assessment(session, cast).id
