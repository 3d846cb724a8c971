"""An entry that was made on an earlier wording of its point says so, on pages and in the workbook. The Cover counts
those that left the figures because the wording was split."""

from typing import Any

import pytest

from tests import cast as people
from tests.stories import figures
from tests.stories.assessments import publish
from tests.stories.pages import by_class, by_id, words_of
from tests.stories.updates import PAGE, published, step, write
from tests.strict_client import SignIn, StrictClient
from tracker import clock
from tracker.database import Database

OLD = "Everything at once"
MARK = f"Made on an earlier wording of this point: “{OLD}”"
WHOLE = "/assessments/new/KGZ-3/A12"
ALL_ENTRIES = f"{PAGE}/entries?point=A12.1"


def reword(database: Database, *, was_split: bool = False) -> None:
    """From now on A12.1 says what it says; until now it said `OLD`."""
    with database.transaction() as session:
        people.reword_point(session, "A12.1", clock.now(), OLD, was_split=was_split)


def row_of_point(client: StrictClient) -> dict[str, Any]:
    rows = figures.table(figures.book(client, figures.MIDTERM)["Matrix"])
    return next(row for row in rows if row["Action point ref"] == "A12.1")


def words_of_sheet(client: StrictClient, sheet: str) -> str:
    rows = figures.book(client, figures.MIDTERM)[sheet].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def marks_on(client: StrictClient, address: str) -> list[str]:
    return [words_of(node) for node in by_class(client.get(address), "entry__wording")]


def test_an_entry_on_an_earlier_wording_quotes_it_wherever_it_is_read(
    client: StrictClient, signed_in: SignIn, database: Database
) -> None:
    # Given both voices spoke before the point was reworded, and somebody else afterwards
    published(signed_in)
    publish(signed_in("lead"))
    assert "Said of an earlier wording" not in row_of_point(client)
    reword(database)
    publish(signed_in("other_lead"))
    # Then the page and the list of all entries mark the first two
    assert marks_on(client, PAGE) == marks_on(client, ALL_ENTRIES) == [MARK, MARK]
    # And so does the workbook
    assert row_of_point(client)["Said of an earlier wording"] == (
        f"Ministry of Clocks: “{OLD}”\nOpen Window: “{OLD}”"
    )
    assert words_of_sheet(client, "Report").count(f"Said of an earlier wording: “{OLD}”") == 2


def test_an_assessment_of_the_whole_quotes_the_text_that_was_corrected_since(
    client: StrictClient, signed_in: SignIn
) -> None:
    # Given an assessment of the whole of before a correction, and one of afterwards
    publish(signed_in("lead"), WHOLE)
    former = words_of(by_class(signed_in("lead").get(WHOLE), "answering")[0])
    corrected = signed_in("coordinator").send("/editing/KGZ-3/A12", "/A12", text="The text as it is printed")
    assert corrected.status_code == 303
    publish(signed_in("other_lead"), WHOLE)
    # Then the page and the list of all entries mark the first one
    marks = marks_on(client, PAGE)
    assert marks == marks_on(client, f"{PAGE}/entries")
    [mark] = marks
    text = mark.removeprefix("Made on an earlier text of this recommendation: “").removesuffix("”")
    assert text != mark
    assert text in former
    # And so does the workbook
    assert words_of_sheet(client, "Matrix").count(f"Open Window: “{text}”") == 1
    assert words_of_sheet(client, "Report").count(f"Said of an earlier wording: “{text}”") == 1


@pytest.mark.parametrize("was_split", [False, True], ids=["reworded", "split"])
def test_an_update_is_made_when_it_is_submitted(
    client: StrictClient, signed_in: SignIn, database: Database, was_split: bool
) -> None:
    # Given an update that waits for its officer when the point gets another wording
    update = write(signed_in("focal_point"), "submit")
    reword(database, was_split=was_split)
    # When it goes its way
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303
    # Then it is marked as one on the wording that its writer read
    assert [mark.startswith(MARK) for mark in marks_on(client, ALL_ENTRIES)] == [True]
    # And what counts it agrees with the mark
    level = row_of_point(client)["State's level"]
    left_out = "1 entry was made before its point was split or merged" in words_of_sheet(client, "Cover")
    assert (level, left_out) == (("No entry", True) if was_split else ("Partially implemented", False))


def test_what_a_split_took_out_of_the_figures_is_told_on_the_cover(
    client: StrictClient, signed_in: SignIn, database: Database
) -> None:
    published(signed_in)
    publish(signed_in("lead"))
    assert "split or merged" not in words_of_sheet(client, "Cover")
    reword(database, was_split=True)
    publish(signed_in("other_lead"))
    row = row_of_point(client)
    assert (row["State's level"], row["Civil society's level"]) == ("No entry", "Not implemented")
    left_out = "2 entries were made before their points were split or merged and are left out of the figures."
    assert left_out in words_of_sheet(client, "Cover")
    # And the page still shows them, with their mark
    assert words_of(by_id(client.get(PAGE), "A12.1")).count(MARK) == 2
