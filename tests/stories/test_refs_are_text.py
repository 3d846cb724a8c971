"""Refs are text: 28.1, 28.10 and 28.100 are three recommendations. One of five States counts once."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.stories.pages import by_class, options_of, refs_of, words_of
from tests.strict_client import StrictClient, text_of
from tracker.database import Database
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind, RecommendingState
from tracker.models.reviews import Review, Source

REFS = ["28.1", "28.2", "28.10", "28.100"]
"""In the order of their report: neither that of texts nor that of decimal numbers."""
STATES = ("FJI", "NLD", "NOR", "PER", "URY")
LIST = "/recommendations?review=KGZ-2"


@pytest.fixture(autouse=True)
def report(database: Database) -> None:
    """A report of an older review; five States made its first recommendation, one of them its third, too."""
    with database.transaction() as session:
        review = session.scalars(select(Review).where(Review.code == "KGZ-2")).one()
        source = session.scalars(select(Source).order_by(Source.id)).first()
        assert source is not None
        for place, ref in enumerate(REFS, start=1):
            made = Recommendation(
                review_id=review.id,
                source_id=source.id,
                kind=RecommendationKind.WG_RECOMMENDATION,
                ref=ref,
                order=place,
                short_title=f"Title of {ref}",
                text=f"Text of {ref}.",
            )
            session.add(made)
            session.flush()
            session.add(
                ActionPoint(recommendation_id=made.id, ref=f"{ref}.1", order=1, text=f"Point of {ref}")
            )
            for code in {"28.1": STATES, "28.10": STATES[:1]}.get(ref, ()):
                session.add(RecommendingState(recommendation_id=made.id, state_code=code))
        review.figures_version += 1


def test_each_has_a_row_and_a_page_of_its_own(client: StrictClient) -> None:
    assert refs_of(client.get(LIST)) == REFS
    for ref in REFS:
        page = client.get(f"/recommendations/KGZ-2/{ref}")
        assert f"Text of {ref}." in text_of(page)
        assert [words_of(node) for node in by_class(page, "point__ref")] == [f"{ref}.1"]
    for unknown in ("28.0", "28.1000", "28.01", "28..10", "28"):
        assert client.get(f"/recommendations/KGZ-2/{unknown}").status_code == 404
    # The dot of a sentence behind an address leads to the ref itself, and to no other
    assert client.get("/recommendations/KGZ-2/28.10.").headers["Location"] == "/recommendations/KGZ-2/28.10"


def test_each_stands_in_the_workbook_as_text(client: StrictClient) -> None:
    sheet = load_workbook(BytesIO(client.get(LIST.replace("?", ".xlsx?")).data)).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    cells = [row[header.index("Ref")] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(ref, "s") for ref in REFS]


def test_each_stands_in_the_open_data_as_text(client: StrictClient) -> None:
    found = client.get(LIST.replace("?", ".json?")).get_json()["recommendations"]
    assert [row["ref"] for row in found] == REFS


def test_a_recommendation_of_five_states_counts_once_in_all_and_once_for_each(client: StrictClient) -> None:
    page = client.get(LIST)
    assert "4 recommendations" in text_of(page)
    assert options_of(page, "state") == {"FJI": 2, "NLD": 1, "NOR": 1, "PER": 1, "URY": 1}
    for state in STATES[1:]:
        found = client.get(f"{LIST}&state={state}")
        assert "1 recommendation" in text_of(found)
        assert refs_of(found) == ["28.1"]
    assert refs_of(client.get(f"{LIST}&state=FJI")) == ["28.1", "28.10"]
