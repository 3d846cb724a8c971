"""Two voices speak on one point at the same moment, on two servers: the figures count both."""

from collections import defaultdict
from functools import partial
from uuid import UUID

from tests.cast import Cast, make_assessment
from tests.stories.assessments import NEW, TEXT, new_key
from tests.stories.at_once import ROUNDS, at_once, figures_version, statuses, waiting
from tests.stories.pages import ask
from tests.strict_client import SignIn, token_of
from tracker.database import Database
from tracker.models.levels import Level, Voice, disagreement, of_voice
from tracker.models.updates import UpdateState

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
        # When both are published at once
        answers = at_once(
            partial(coordinator.post, f"/updates/{update}/publish", data=tokens[0]),
            partial(lead.post, f"{NEW}/publish", data={**tokens[1], **TEXT, **new_key(), "level": of_others}),
        )
        # Then what is kept is what the entries give, and whoever keeps figures reads them anew
        assert statuses(*answers) == [303, 303]
        assert kept(database) == recounted(database)
        assert figures_version(database) == before + 2


def test_the_figures_forget_what_is_withdrawn_while_the_state_publishes(
    signed_in: SignIn, signed_in_elsewhere: SignIn, database: Database, cast: Cast
) -> None:
    coordinator, lead = signed_in("coordinator"), signed_in_elsewhere("lead")
    tokens = token_of(coordinator), token_of(lead)
    for number in range(ROUNDS):
        # Given an update that waits for the coordinator, and an assessment that contradicts it
        update = waiting(database, cast, UpdateState.VALIDATED, level=CHANGING[number % len(CHANGING)][0])
        assessment, before = published(database, cast), figures_version(database)
        # When the one is published while the other is withdrawn
        answers = at_once(
            partial(coordinator.post, f"/updates/{update}/publish", data=tokens[0]),
            partial(lead.post, f"/assessments/{assessment}/withdraw", data=tokens[1]),
        )
        # Then the point has the level of the State alone
        assert statuses(*answers) == [303, 303]
        assert kept(database) == recounted(database)
        assert set(kept(database)[0]) == {"state"}
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
        assert statuses(*answers) == [303, 403]
        assert ask(database, "SELECT 1 FROM assessments WHERE withdrawn_on IS NULL") == []
        assert figures_version(database) == before + 1


def published(database: Database, cast: Cast) -> UUID:
    """An assessment of A12.1 that the lead and the contributor may withdraw."""
    with database.transaction() as session:
        return make_assessment(session, cast).id


def kept(database: Database) -> tuple[dict[str, tuple[str, float | None]], str]:
    """By voice: level and index of A12.1; and its disagreement."""
    rows = ask(database, 'SELECT voice, level, "index" AS number FROM point_levels')
    said = ask(database, "SELECT disagreement FROM action_points WHERE ref = 'A12.1'")
    return {row.voice: (row.level, row.number) for row in rows}, said[0].disagreement


def recounted(database: Database) -> tuple[dict[str, tuple[str, float | None]], str]:
    """The same from the entries: the newest update that led, the newest assessment of each organisation."""
    entries = ask(
        database,
        "SELECT 'state' AS voice, 0 AS who, level, published_at FROM progress_updates WHERE led"
        " UNION ALL SELECT voice, organisation_id, level, published_at FROM assessments"
        " WHERE published_at IS NOT NULL ORDER BY published_at",
    )
    given: dict[Voice, list[Level]] = defaultdict(list)
    for (voice, _), level in {(row.voice, row.who): row.level for row in entries}.items():
        given[Voice(voice)].append(Level(level))
    said = {voice: found for voice, levels in given.items() if (found := of_voice(levels))}
    shown = {voice.value: (found.level.value, found.index) for voice, found in said.items()}
    return shown, disagreement(said).value
