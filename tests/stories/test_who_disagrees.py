"""Where some organisations disagree with the State and others do not, every page says how many do."""

from dataclasses import replace

from tests.cast import GOOD_ASSESSMENT, Cast, make_assessment, make_update
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.levels import Level
from tracker.models.updates import UpdateState


def test_one_of_two_organisations_contradicts_and_the_other_agrees(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
        of_state = Level.PARTIALLY_IMPLEMENTED
        for by, level in (("lead", Level.REGRESSED), ("other_lead", of_state)):
            make_assessment(session, cast, by=by, text=replace(GOOD_ASSESSMENT, level=level))
    home = text_of(client.get("/"))
    assert home.count("regressed. (1 of 2 organisations)") == 1, home
    assert " says regressed (1 of 2 organisations)." in text_of(client.get("/recommendations/KGZ-3/A12"))


def test_only_no_entry_by_the_state_is_the_selection_of_that_name(client: StrictClient) -> None:
    def chosen(query: str) -> bool:
        page = client.get(f"/recommendations?{query}").get_data(as_text=True)
        [selection] = [part for part in page.split("<a ") if "with no entry by the State" in part]
        return "aria-current" in selection

    assert chosen("level=no_entry")
    assert chosen("voice=state&level=no_entry")
    assert not chosen("voice=nhri&level=no_entry")
