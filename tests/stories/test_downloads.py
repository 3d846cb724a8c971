"""Files are made once for each version of the review, a few at a time, and never outlive what was withdrawn."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.cast import GOOD_ASSESSMENT, TODAY, Cast, make_assessment
from tests.statements import watching
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.services.assessments import withdraw_assessment
from tracker.web import downloads

MIDTERM = "/reports/KGZ-3-live/midterm.xlsx"
FILES = (MIDTERM, "/recommendations.xlsx", "/recommendations.xlsx?q=torture", "/recommendations.json")


@pytest.mark.parametrize("address", FILES)
def test_a_file_is_made_once_until_the_review_changes(
    client: StrictClient, database: Database, cast: Cast, address: str
) -> None:
    asked: list[str] = []

    def get() -> tuple[bytes, int]:
        asked.clear()
        with watching(client.application.extensions["database"], lambda said, _: asked.append(said)):
            answer = client.get(address)
        assert answer.status_code == 200
        return answer.get_data(), len(asked)

    (first, many), (again, few) = get(), get()
    assert again == first
    assert few < many
    with database.transaction() as session:
        make_assessment(session, cast)
    changed, asked_anew = get()
    assert asked_anew > few
    assert (changed == first) == ("q=torture" in address)  # A12 is not among these


def test_nothing_that_was_withdrawn_stays_in_a_file_or_in_memory(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_assessment(session, cast)
    assert GOOD_ASSESSMENT.reason in text_in(client.get(MIDTERM).get_data())
    with database.transaction() as session:
        withdraw_assessment(session, cast["lead"], session.scalars(select(Assessment)).one(), TODAY)
    assert GOOD_ASSESSMENT.reason not in text_in(client.get(MIDTERM).get_data())


def text_in(content: bytes) -> str:
    sheets = load_workbook(BytesIO(content), read_only=True)
    cells = (value for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row)
    return "\n".join(str(value) for value in cells)


def test_when_many_are_being_made_others_are_told_when_to_come_again(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.get(MIDTERM).get_data()
    taken = []
    while downloads._PLACES.acquire(blocking=False):
        taken.append(1)
    try:
        for address in ("/recommendations.xlsx", "/recommendations.json?review=all"):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
            assert "Many downloads are being prepared. Load this page again in 10 seconds." in text_of(answer)
        # What is made already is handed out, and pages are not held up
        assert client.get(MIDTERM).get_data() == made
        assert client.get("/recommendations").status_code == 200
    finally:
        for _ in taken:
            downloads._PLACES.release()
    assert len(taken) == 4
    assert client.get("/recommendations.xlsx").status_code == 200
