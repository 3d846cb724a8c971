"""Links across reviews: everybody reads them, the coordinator alone decides and sees what was refused."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import neighbours
from tests.cast import Cast
from tests.earlier_reviews import add_recommendation, link
from tests.policy.rows import table
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM, Actor
from tracker.policy.recommendation_links import can_link, can_see_link, may_link, visible_links

pytestmark = pytest.mark.database

# Columns: may link at all; links KGZ-3; links UZB-3
LINKS = """
focal_point         - - -
validating_officer  - - -
coordinator         x x -
contributor         - - -
lead                - - -
ombudsperson        - - -
registrar           - - -
administrator       - - -
visitor             - - -
foreign_coordinator x - x
foreign_focal_point - - -
system              - x x
"""
# Columns: a link of KGZ-3 to KGZ-1; a refusal there; a link of KGZ-3 to the unpublished KGZ-2; a refusal of UZB-3
SEES = """
focal_point         x - - -
validating_officer  x - - -
coordinator         x x x -
contributor         x - - -
lead                x - - -
ombudsperson        x - - -
registrar           x - - -
administrator       x - - -
visitor             x - - -
foreign_coordinator x - - x
foreign_focal_point x - - -
system              x x x x
"""


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def everybody(session: Session, cast: Cast) -> dict[str, Actor]:
    return {**neighbours.read_neighbours(session, cast).actors, "system": SYSTEM}


@pytest.fixture
def links(session: Session) -> list[tuple[LinkKind, Recommendation, Recommendation]]:
    session.scalars(select(Review).where(Review.code == "KGZ-2")).one().is_published = False
    review = Review(code="UZB-1", state_code="UZB", mechanism="upr", cycle=1, is_published=True)
    session.add(review)
    session.flush()
    old, hidden = (
        add_recommendation(session, "KGZ-1", "1", "Old."),
        add_recommendation(session, "KGZ-2", "1", "Hid."),
    )
    new, abroad = (
        add_recommendation(session, "KGZ-3", "1", "New."),
        add_recommendation(session, "UZB-3", "1", "New."),
    )
    other = add_recommendation(session, "KGZ-1", "2", "Other.")
    pairs = [
        (LinkKind.REPEATS, new, old),
        (LinkKind.NOT_RELATED, new, other),
        (LinkKind.SIMILAR, new, hidden),
        (LinkKind.NOT_RELATED, abroad, add_recommendation(session, "UZB-1", "1", "Old.")),
    ]
    for kind, later, earlier in pairs:
        link(session, later, earlier, kind)
    return pairs


def test_who_links_what(session: Session, everybody: dict[str, Actor]) -> None:
    reviews = [
        session.scalars(select(Review).where(Review.code == code)).one() for code in ("KGZ-3", "UZB-3")
    ]
    for name, cells in table(LINKS).items():
        who = everybody[name]
        assert [may_link(who), *(can_link(who, review) for review in reviews)] == [
            cell == "x" for cell in cells
        ], name


def test_who_sees_what_is_the_same_in_sql_and_by_row(
    session: Session,
    everybody: dict[str, Actor],
    links: list[tuple[LinkKind, Recommendation, Recommendation]],
) -> None:
    for name, cells in table(SEES).items():
        who, expected = everybody[name], [cell == "x" for cell in cells]
        query = select(RecommendationLink.later_id, RecommendationLink.earlier_id).where(visible_links(who))
        found = {tuple(row) for row in session.execute(query)}
        assert [(later.id, earlier.id) in found for _, later, earlier in links] == expected, name
        by_row = [can_see_link(who, kind, later.review, earlier.review) for kind, later, earlier in links]
        assert by_row == expected, name
