"""Headings: those of the letter, and OHCHR's themes where no letter gave any; the same wherever they stand."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.cast import TODAY
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind, RecommendationTheme
from tracker.models.reviews import Review, Source
from tracker.models.themes import Scheme, Theme
from tracker.policy.actors import VISITOR
from tracker.queries.figures import get_figures
from tracker.queries.midterm import get_midterm_report
from tracker.queries.recommendations.facet_labels import list_labels
from tracker.queries.recommendations.facets import Filter, read_index
from tracker.queries.recommendations.recommendation import list_tags
from tracker.queries.recommendations.rows import iterate, list_page
from tracker.queries.reviews import get_review_facts
from tracker.queries.themes import Tagged, headings, list_correspondences, topics

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
    """Of its newest edition."""
    newest = select(func.max(Theme.version)).where(Theme.scheme == scheme).scalar_subquery()
    in_order = select(Theme).where(Theme.scheme == scheme, Theme.version == newest)
    return list(session.scalars(in_order.order_by(Theme.order, Theme.id)))


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
    assert headings([Tagged(Scheme.TOPIC, False, "women")]) == []
    both = [Tagged(Scheme.OHCHR, False, "b"), Tagged(Scheme.LETTER, False, "a")]
    assert headings(both) == ["a"]
    assert headings([Tagged(Scheme.OHCHR, True, "c"), *both]) == ["c"]


OLDER_THEME = "Acceptance of international norms"
NEWER_THEME = "Ratification of & accession to international instruments"


def tag(
    session: Session, recommendation: Recommendation, label: str, version: str, scheme: Scheme = Scheme.OHCHR
) -> None:
    theme = session.scalars(
        select(Theme).where(Theme.label == label, Theme.version == version, Theme.scheme == scheme)
    ).one()
    session.add(
        RecommendationTheme(recommendation_id=recommendation.id, theme_id=theme.id, is_own_reading=False)
    )
    session.flush()


def found(session: Session, value: str) -> list[str]:
    rows = iterate(session, VISITOR, None, Filter({"theme": value}))
    return [row.ref for row in rows if row.review == OLDER]


def test_a_theme_of_the_fourth_cycle_finds_what_the_third_filed_under_another_name(
    session: Session, imported: Recommendation
) -> None:
    tag(session, imported, OLDER_THEME, "2020")
    newer = "ohchr-ratification-of-accession-to-international-instruments"
    older = "ohchr-acceptance-of-international-norms"
    assert found(session, newer) == found(session, older) == ["28.1"]
    assert found(session, "ohchr-rule-of-law-impunity") == []
    # The counts beside the filter say the same
    values = read_index(session, VISITOR, imported.review_id).values["theme"]
    assert (values[newer].bit_count(), values[older].bit_count()) == (1, 1)
    labels = dict(list_labels(session, VISITOR, imported.review_id)["theme"])
    assert labels[newer] == NEWER_THEME
    assert labels[older] == f"{OLDER_THEME} (older edition)"


def test_a_theme_that_kept_its_name_is_one_value_and_one_label(
    session: Session, imported: Recommendation
) -> None:
    tag(session, imported, "Racial discrimination", "2020")
    assert found(session, "ohchr-racial-discrimination") == ["28.1"]
    values = [value for value, _ in list_labels(session, VISITOR, imported.review_id)["theme"]]
    assert values.count("ohchr-racial-discrimination") == 1
    assert len(values) == len(set(values))


def test_issues_of_upr_info_are_a_filter_of_their_own_and_headings_where_nothing_else_is(
    session: Session, imported: Recommendation
) -> None:
    session.execute(delete(RecommendationTheme).where(RecommendationTheme.recommendation_id == imported.id))
    tag(session, imported, "Migrants", "2015", Scheme.UPR_INFO)
    assert found(session, "upr-info-migrants") == ["28.1"]
    assert found(session, "ohchr-migrants") == []
    [shown] = iterate(session, VISITOR, get_review_facts(session, VISITOR, OLDER), Filter())
    assert shown.heading == "Migrants"


def test_every_theme_of_the_third_cycle_corresponds_to_one_of_the_fourth(session: Session) -> None:
    table = list_correspondences(session)
    assert len(table) == 62
    read = [each for each in table if each.older not in each.newer]
    assert len(read) == 19
    assert {each.older: each.newer for each in read}[OLDER_THEME] == [NEWER_THEME]
    # Two of these differ in “and” or blanks alone
    assert sum(each.is_by_name for each in read) == 2
