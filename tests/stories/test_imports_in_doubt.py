"""A coordinator is shown what a file must not decide: another text under a number, two positions, another review."""

from io import BytesIO

import pytest
from docx import Document
from werkzeug.test import TestResponse

from tests.exchange.imports.matrices import FOURTH, FOURTH_ROWS, SECOND_ROWS, saved
from tests.exchange.imports.matrices import matrix as document
from tests.stories.imports import import_matrix, matrix, upload
from tests.stories.pages import contents
from tests.stories.test_imports import coordinator, follow
from tests.strict_client import HTML, StrictClient, parse, text_of, token_of
from tracker.database import Database

pytestmark = pytest.mark.database
__all__ = ["coordinator"]
Ticks = dict[str, bool]
TEXT = "186.28. Sail around the islands in a small boat (Fiji);"


def ticks(page: TestResponse) -> Ticks:
    """By the number of the line: whether it is taken."""
    boxes = [node for node in parse(page).iter(f"{HTML}input") if node.get("name") == "taken"]
    return {str(box.get("value")): box.get("checked") is not None for box in boxes}


def take(coordinator: StrictClient, page: TestResponse, *taken: str) -> TestResponse:
    data = {**token_of(coordinator), "shown": list(ticks(page)), "taken": list(taken), "page": "1"}
    return follow(coordinator, coordinator.post(f"{page.request.path}/take", data=data))


def test_another_text_under_a_number_is_left_until_the_coordinator_takes_it(
    coordinator: StrictClient, database: Database
) -> None:
    import_matrix(coordinator)
    other = (SECOND_ROWS[0], (TEXT, "Noted", "F4 Persons with disabilities", ""))
    page = follow(coordinator, upload(coordinator, matrix(other)))
    said = text_of(page)
    assert "186.28 stands here with another text, so nothing of this row was taken" in said
    assert "Sail around the islands" in said
    assert "Import 1 recommendation" not in said
    assert ticks(page) == {"1": False}
    before = contents(database)["recommending_states"]
    assert coordinator.get(f"{page.request.path}/apply").status_code == 303
    assert contents(database)["recommending_states"] == before
    page = take(coordinator, page, "1")
    assert "Import 1 recommendation" in text_of(page)


def test_two_positions_of_one_recommendation_are_chosen_from(coordinator: StrictClient) -> None:
    twice = (*SECOND_ROWS[:2], (SECOND_ROWS[1][0], "Noted", *SECOND_ROWS[1][2:]))
    page = follow(coordinator, upload(coordinator, matrix(twice)))
    assert "none of them was taken" in text_of(page)
    assert ticks(page) == {"1": True, "2": False, "3": False}
    page = take(coordinator, page, "1", "3")
    address = page.request.path
    assert coordinator.send(f"{address}/apply", "/apply").status_code == 303
    shown = text_of(coordinator.get("/recommendations/KGZ-4/186.28"))
    assert "Noted" in shown
    assert "Supported" not in shown


def test_a_matrix_of_another_review_is_refused_with_what_to_do(coordinator: StrictClient) -> None:
    opened = Document(BytesIO(document(FOURTH, FOURTH_ROWS)))
    opened.sections[0].header.paragraphs[0].text = "UPR of Slovenia (4th Cycle - 48th Session)"
    page = follow(coordinator, upload(coordinator, saved(opened)))
    assert "says “UPR of Slovenia (4th Cycle - 48th Session)”, and the review is KGZ-4" in text_of(page)
    assert "Choose the matrix of this review" in text_of(page)


LARGE = "9223372036854775808"


@pytest.mark.parametrize("page", [LARGE, "0", "-1", "x"])
def test_an_import_has_no_such_page(coordinator: StrictClient, page: str) -> None:
    address = follow(coordinator, upload(coordinator, matrix())).request.path
    assert coordinator.get(f"{address}?page={page}").status_code == 404


def test_forged_numbers_of_lines_take_nothing(coordinator: StrictClient) -> None:
    address = follow(coordinator, upload(coordinator, matrix())).request.path
    numbers = [LARGE * 3, "-1", "x", "1"]
    data = {**token_of(coordinator), "shown": numbers, "taken": numbers, "page": LARGE}
    answer = coordinator.post(f"{address}/take", data=data)
    assert answer.headers["Location"].endswith("?show=doubtful&page=1")
    assert "3 of 3 new" in text_of(coordinator.get(address))
