"""Two people of the State press their buttons at the same moment, on two servers: nothing is lost or doubled."""

from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import GOOD_UPDATE, NOW, PASSPHRASE, Cast, give_second_factor
from tests.stories import updates
from tests.stories.assessments import seen
from tests.stories.at_once import ROUNDS, at_once, figures_version, statuses, verbs_on, waiting
from tests.stories.pages import ask
from tests.strict_client import SignIn, StrictClient, text_of, token_of
from tracker.database import Database
from tracker.identity.accounts import create_account
from tracker.identity.passphrases import CHEAP
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM

pytestmark = pytest.mark.database


def test_of_two_coordinators_one_publishes_and_the_other_is_told(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    # Given two coordinators with the same validated update open
    with database.transaction() as session:
        office = session.scalars(select(Organisation).where(Organisation.key == "secretariat")).one()
        roles = (Role.COORDINATOR,)
        made = create_account(
            session, SYSTEM, "second_coordinator", roles, office, PASSPHRASE, NOW, hashing=CHEAP
        )
        give_second_factor(made)
    first, second = signed_in("coordinator"), signed_in_elsewhere("second_coordinator")
    tokens = token_of(first), token_of(second)
    for _ in range(ROUNDS):
        update, before = waiting(database, cast, UpdateState.VALIDATED), figures_version(database)
        address, read = f"/updates/{update}/publish", updates.version(database, update)
        # When both publish it at once
        answers = at_once(
            *(
                partial(who.post, address, data={**token, **read})
                for who, token in zip((first, second), tokens, strict=True)
            )
        )
        # Then one does, the other is told so, and it counts once
        assert statuses(*answers) == [303, 409]
        late = max(answers, key=lambda answer: answer.status_code)
        assert "It was published on" in text_of(late)
        assert verbs_on(database, update).count("publish_update") == 1
        assert ask(database, "SELECT voice, level FROM current_entries") == [
            ("state", "partially_implemented")
        ]
        assert figures_version(database) == before + 1


def test_an_update_is_returned_or_published_but_never_both(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    coordinator, officer = signed_in("coordinator"), signed_in_elsewhere("validating_officer")
    tokens = token_of(coordinator), token_of(officer)
    for _ in range(ROUNDS):
        # Given a validated update, whose officer has second thoughts
        update, before = waiting(database, cast, UpdateState.VALIDATED), figures_version(database)
        read = updates.version(database, update)
        # When the officer returns it while the coordinator publishes
        published, returned = at_once(
            partial(coordinator.post, f"/updates/{update}/publish", data={**tokens[0], **read}),
            partial(officer.post, f"/updates/{update}/return", data={**tokens[1], "comment": "Which towns?"}),
        )
        # Then one of the two happened, whole, and the other person is told which
        assert statuses(published, returned) == [303, 409]
        row, last = updates.row(database, str(update)), verbs_on(database, update)[-1]
        if published.status_code == 303:
            assert (row.state, row.comment, last) == ("published", "", "publish_update")
            assert "It was published on" in text_of(returned)
            assert figures_version(database) == before + 1
        else:
            assert (row.state, row.comment, last) == ("returned", "Which towns?", "return_update")
            assert "The update has moved on meanwhile" in text_of(published)
            assert figures_version(database) == before


def test_two_colleagues_save_one_draft_and_nobody_loses_a_word(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    writers = signed_in("focal_point"), signed_in_elsewhere("alternate")
    tokens, words = [token_of(writer) for writer in writers], ["Of the writer.", "Of the colleague."]
    for _ in range(ROUNDS):
        # Given a draft that two colleagues have open
        update = waiting(database, cast, UpdateState.DRAFT)
        # When both save it at once
        answers = at_once(
            *(
                partial(save, writer, update, {**token, "done": said})
                for writer, token, said in zip(writers, tokens, words, strict=True)
            )
        )
        # Then one text is kept, and the other is on the page of who wrote it
        assert statuses(*answers) == [303, 409]
        for answer, said in zip(answers, words, strict=True):
            is_kept = updates.row(database, str(update)).done == said
            assert is_kept == (answer.status_code == 303)
            assert is_kept or said in text_of(answer)


def test_who_saves_while_a_colleague_submits_is_submitted_too_or_told(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    writer, colleague = signed_in("focal_point"), signed_in_elsewhere("alternate")
    tokens = token_of(writer), token_of(colleague)
    for _ in range(ROUNDS):
        # Given a draft that one has open while a colleague looks at it
        update = waiting(database, cast, UpdateState.DRAFT)
        # When the one saves and the other submits
        saved, submitted = at_once(
            partial(save, writer, update, {**tokens[0], "done": "Of the writer."}),
            partial(colleague.post, f"/updates/{update}/submit", data={**tokens[1], **seen()}),
        )
        # Then the words are in what was submitted, or on the page of who wrote them
        row = updates.row(database, str(update))
        assert (submitted.status_code, row.state) == (303, "submitted")
        if saved.status_code == 303:
            assert row.done == "Of the writer."
        else:
            assert saved.status_code == 409
            assert "Of the writer." in text_of(saved)
            assert row.done == GOOD_UPDATE.done


def save(client: StrictClient, update: UUID, fields: dict[str, str]) -> TestResponse:
    """Saves the draft as its first version was opened."""
    data = {**updates.TEXT, "version": "1", "keep": "1", **fields}
    return client.post(f"/updates/{update}/change", data=data)
