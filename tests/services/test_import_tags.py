"""Labels of files are found in the vocabularies that are seeded, in the edition of the review's cycle."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.earlier_reviews import add_recommendation
from tracker.models.recommendations import RecommendationTheme
from tracker.models.themes import Group, Scheme, Theme
from tracker.services.imports.tags import TagWriter
from tracker.services.imports.values import is_same


def tagged(session: Session, recommendation_id: int) -> list[tuple[str, str, str]]:
    query = select(Theme.scheme, Theme.version, Theme.label).join(RecommendationTheme)
    query = query.where(RecommendationTheme.recommendation_id == recommendation_id)
    return [(scheme.value, version, label) for scheme, version, label in session.execute(query)]


@pytest.mark.parametrize(
    ("cycle", "field", "written", "found"),
    [
        (3, "themes", "racial  discrimination", ("ohchr", "2020", "Racial discrimination")),
        (4, "themes", "Racial discrimination", ("ohchr", "2025", "Racial discrimination")),
        (
            3,
            "themes",
            "Budget and resources (for human rights implementation)",
            ("ohchr", "2020", "Budget &resources (for human rights implementation)"),
        ),
        (1, "issues", "ESC rights - general", ("upr_info", "2015", "ESC rights -general")),
    ],
)
def test_a_label_is_found_however_it_is_spaced(
    session: Session, cycle: int, field: str, written: str, found: tuple[str, str, str]
) -> None:
    before = session.scalar(select(func.count()).select_from(Theme))
    added = add_recommendation(session, "KGZ-1", "1", "Plant trees.")
    TagWriter(session, cycle).replace(added.id, field, [written])
    assert tagged(session, added.id) == [found]
    assert session.scalar(select(func.count()).select_from(Theme)) == before
    # So the same file again changes nothing
    assert is_same(field, [found[2]], [written])


def test_a_label_that_nobody_knows_joins_the_edition_of_its_cycle(session: Session) -> None:
    added = add_recommendation(session, "KGZ-1", "1", "Plant trees.")
    writer = TagWriter(session, 2)
    writer.replace(added.id, "themes", ["Trees & rivers"])
    writer.replace(added.id, "themes", ["Trees and rivers"])
    assert tagged(session, added.id) == [(Scheme.OHCHR.value, "2014", "Trees & rivers")]


def test_groups_are_found_the_same_way(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(Group))
    added = add_recommendation(session, "KGZ-1", "1", "Plant trees.")
    TagWriter(session, 4).replace(added.id, "groups", ["women and girls", "Refugees &asylum seekers"])
    assert session.scalar(select(func.count()).select_from(Group)) == before
