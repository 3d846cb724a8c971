"""Signs that nobody sees: what ends a line in other programs ends one here, and what turns the direction turns nothing
of others."""

from io import BytesIO

from openpyxl import load_workbook

from tests.stories.updates import PAGE, published, row, step, write
from tests.strict_client import SignIn, StrictClient
from tracker.database import Database

TURNING = "\u061c\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_line_breaks_of_other_programs_are_line_breaks(signed_in: SignIn, database: Database) -> None:
    update = write(signed_in("focal_point"), done="One\x0btwo\x0cthree\u2028four\u2029five\x85six\r\nseven")
    assert row(database, update).done == "One\ntwo\nthree\nfour\nfive\nsix\nseven"


def test_what_turns_the_direction_is_on_no_page_and_in_no_cell(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a published update whose words turn the direction of all that follows
    update = write(signed_in("focal_point"), "submit", reason=f"Turned {TURNING} over", done=f"{TURNING}Done")
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303
    # Then what was typed is stored, and no page shows a mark
    assert row(database, update).reason == f"Turned {TURNING} over"
    for reader in (client, signed_in("coordinator")):
        page = reader.get(PAGE).get_data(as_text=True)
        assert "Turned  over" in page
        assert not set(page) & set(TURNING)
    assert not set(client.get(f"/recommendations?q={TURNING}x").get_data(as_text=True)) & set(TURNING)
    # And no cell holds one
    book = load_workbook(BytesIO(client.get("/reports/KGZ-3-live/midterm.xlsx").data), read_only=True)
    cells = {str(cell.value) for sheet in book for found in sheet.iter_rows() for cell in found}
    book.close()
    assert "Turned  over" in cells
    assert not set("".join(cells)) & set(TURNING)


def test_a_code_of_the_workbook_stays_the_words_that_were_typed(
    signed_in: SignIn, client: StrictClient
) -> None:
    published(signed_in)
    update = write(signed_in("focal_point"), "submit", reason="Done_x000A_Other organisation: _x0001_")
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303
    book = load_workbook(BytesIO(client.get("/reports/KGZ-3-live/midterm.xlsx").data), read_only=True)
    cells = {str(cell.value) for found in book["Matrix"].iter_rows() for cell in found}
    book.close()
    assert "Done_x005F_x000A_Other organisation: _x005F_x0001_" in cells
