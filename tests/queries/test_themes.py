"""Headings: those of the letter, and OHCHR's themes where no letter gave any; the same wherever they stand."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import TODAY
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind, RecommendationTheme
from tracker.models.reviews import Review, Source
from tracker.models.themes import Scheme, Theme
from tracker.policy.actors import VISITOR
from tracker.queries.figures import get_figures
from tracker.queries.midterm import get_midterm_report
from tracker.queries.recommendations.facets import Filter
from tracker.queries.recommendations.recommendation import list_tags
from tracker.queries.recommendations.rows import iterate, list_page
from tracker.queries.reviews import get_review_facts
from tracker.queries.themes import headings, topics

OLDER = "KGZ-2"


@pytest.fixture
def imported(session: Session) -> Recommendation:
    """A recommendation of a Working Group, under two themes of OHCHR's and one working topic."""
    review = session.scalars(select(Review).where(Review.code == OLDER)).one()
    found = Recommendation(
        review_id=review.id,
        source_id=session.scalars(select(Source.id)).first(),
        kind=RecommendationKind.WG_RECOMMENDATION,
        ref="28.1",
        order=1,
        short_title="Clocks",
        text="Mend the clocks.",
    )
    session.add(found)
    session.flush()
    session.add(ActionPoint(recommendation_id=found.id, ref="28.1.1", order=1, text="Mend the clocks."))
    for theme in (*themes_of(session, Scheme.OHCHR)[1::-1], themes_of(session, Scheme.TOPIC)[0]):
        session.add(RecommendationTheme(recommendation_id=found.id, theme_id=theme.id, is_own_reading=False))
    session.flush()
    return found


def themes_of(session: Session, scheme: Scheme) -> list[Theme]:
    in_order = select(Theme).where(Theme.scheme == scheme).order_by(Theme.order, Theme.id)
    return list(session.scalars(in_order))


def test_what_no_letter_filed_stands_under_the_first_theme_of_ohchr_everywhere(
    session: Session, imported: Recommendation
) -> None:
    first, second = themes_of(session, Scheme.OHCHR)[:2]
    [topic] = themes_of(session, Scheme.TOPIC)[:1]
    [shown] = iterate(session, VISITOR, get_review_facts(session, VISITOR, OLDER), Filter())
    assert (shown.heading, shown.topics) == (first.label, (topic.label,))
    report = get_midterm_report(session, VISITOR, OLDER, OLDER, TODAY, "", is_demonstration=False)
    assert [(each.heading, each.topics) for each in report.recommendations] == [(first.label, (topic.label,))]
    figures = get_figures(session, VISITOR, imported.review_id)
    assert [(found.label, found.code) for found in figures.headings] == [
        (first.label, f"ohchr-{first.code}"),
        (second.label, f"ohchr-{second.code}"),
    ]
    assert [(found.label, found.facet, found.code) for found in figures.topics] == [
        (topic.label, "topic", topic.code)
    ]


def test_the_tags_of_a_recommendation_lead_to_the_list_of_what_bears_the_same(
    session: Session, imported: Recommendation
) -> None:
    review = get_review_facts(session, VISITOR, OLDER)
    tags = list_tags(session, VISITOR, imported.id)
    assert sorted(tag.facet for tag in tags) == ["theme", "theme", "topic"]
    for tag in tags:
        assert list_page(session, VISITOR, review, Filter({tag.facet: tag.value})).ids == [imported.id], tag
    assert list_page(session, VISITOR, review, Filter({"theme": tags[0].label})).ids == []


def test_headings_of_a_letter_leave_no_room_for_others(session: Session) -> None:
    review = get_review_facts(session, VISITOR, "KGZ-3")
    letter = [theme.label for theme in themes_of(session, Scheme.LETTER)]
    assert [found.label for found in get_figures(session, VISITOR, review.id).headings] == letter
    rows = {row.ref: row.heading for row in iterate(session, VISITOR, review, Filter())}
    assert rows["A12"] in letter


def test_what_bears_no_theme_has_no_heading() -> None:
    assert headings([]) == topics([]) == []
    assert headings([(Scheme.TOPIC, "women")]) == []
    assert headings([(Scheme.OHCHR, "b"), (Scheme.LETTER, "a")]) == ["a"]
