"""The State's column shows what the leading ministry said, whoever of the State speaks after it."""

from datetime import timedelta

from tests.cast import GOOD_UPDATE, NOW, Cast, make_update
from tests.stories.pages import by_class, entries_of, tell, words_of
from tests.stories.updates import PAGE
from tests.strict_client import StrictClient
from tests.supporters import SUPPORTERS_TEXT, publish_as_supporter
from tracker.database import Database
from tracker.models.updates import UpdateState


def _columns(client: StrictClient) -> list[str]:
    """What counts on A12.1."""
    return entries_of(client.get(PAGE), "A12.1")


def test_a_supporter_who_speaks_later_does_not_push_the_lead_out(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    # Given a point on which only a supporting ministry has spoken
    with database.transaction() as session:
        publish_as_supporter(session, cast)
    # Then its words stand in the State's column
    [state] = _columns(client)
    assert SUPPORTERS_TEXT.done in state
    assert "Supporting entry, gives no level" in state
    # When the leading ministry speaks, and the supporting one again
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, now=NOW + timedelta(days=1))
        publish_as_supporter(session, cast, NOW + timedelta(days=2))
    # Then the column shows the lead's words and level alone
    [state] = _columns(client)
    assert GOOD_UPDATE.done in state
    assert "Partially implemented" in state
    assert SUPPORTERS_TEXT.done not in state
    # And the earlier entries of the point are those of the supporting one
    (earlier,) = by_class(client.get(PAGE), "point__history")
    assert words_of(earlier).count(SUPPORTERS_TEXT.done) == 2
    assert GOOD_UPDATE.done not in words_of(earlier)


def test_the_page_says_whether_the_lead_alone_or_everybody_is_missing(
    client: StrictClient, database: Database
) -> None:
    for kind, words in (("lead", "No one leads it"), ("supporting", "No one assigned")):
        tell(database, "UPDATE assignments SET to_on = '2026-01-01' WHERE kind = :kind", kind=kind)
        tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
        facts = [words_of(node) for node in by_class(client.get(PAGE), "facts")[0]]
        assert facts[:2] == ["Leads", words]
        assert ("Supports" in facts) == (kind == "lead")
