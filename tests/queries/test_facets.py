"""The counts beside a filter and the list that it shows are one thing: bit sets and SQL agree everywhere."""

import random
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.seeds import reference
from tracker.models.action_points import ActionPoint
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.recommendations import Position, Recommendation, RecommendationTheme, RecommendingState
from tracker.models.themes import Scheme, Theme
from tracker.policy.actors import VISITOR
from tracker.queries.recommendations import rows as recommendation_rows
from tracker.queries.recommendations.facet_labels import list_labels
from tracker.queries.recommendations.facets import FACETS, FacetIndex, Filter, read_index
from tracker.queries.reviews import ReviewFacts, get_review_facts

CODED = {"level", "disagreement", "kind", "position"}


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def review(session: Session) -> ReviewFacts:
    """With positions, recommending States and headings of another vocabulary, which the letter has not."""
    found = session.scalars(select(Recommendation).order_by(Recommendation.order)).all()
    for number, recommendation in enumerate(found[:20]):
        recommendation.position = list(Position)[number % 3]
        for code in ("FJI", "PER", "NLD")[: number % 4]:
            session.add(RecommendingState(recommendation_id=recommendation.id, state_code=code))
    of_ohchr = select(RecommendationTheme).join(Theme).where(Theme.scheme == Scheme.OHCHR)
    for tag in session.scalars(of_ohchr.limit(15)):
        tag.is_heading = True
    session.flush()
    return get_review_facts(session, VISITOR, people.REVIEW)


@pytest.fixture
def index(session: Session, review: ReviewFacts) -> FacetIndex:
    return read_index(session, VISITOR, review.id)


def by_sql(session: Session, review: ReviewFacts, wanted: Filter) -> int:
    return recommendation_rows.count(session, VISITOR, review, wanted)


def by_bits(session: Session, index: FacetIndex, review: ReviewFacts, wanted: Filter) -> int:
    return index.total(index.matching(session, wanted, review.id))


def options(index: FacetIndex, voice: Voice) -> list[tuple[str, str]]:
    counted = index.counts({}, voice)
    return [(name, value) for name, values in counted.items() for value in values]


@pytest.mark.parametrize("voice", Voice)
def test_every_option_counts_what_the_list_shows(
    session: Session, review: ReviewFacts, index: FacetIndex, voice: Voice
) -> None:
    counted = index.counts({}, voice)
    assert set(counted) == set(FACETS)
    assert all(counted.values()), "a facet without any value tests nothing"
    for name, value in options(index, voice):
        wanted = Filter({name: value}, voice)
        shown = by_sql(session, review, wanted)
        assert shown == counted[name][value] == by_bits(session, index, review, wanted) > 0, (name, value)


def test_the_counts_are_those_of_the_data(session: Session, index: FacetIndex) -> None:
    """Counted once more without the selects of the filters: from the data file and from the list's rows."""
    data = reference("recommendations")
    counted = index.counts({}, Voice.STATE)
    assert counted["topic"] == Counter(topic for row in data for topic in row["topics"])
    assert counted["kind"] == Counter(row["kind"] for row in data)
    assert counted["group"] == Counter(group for row in data for group in row["groups"])
    goals = Counter(goal for row in data for goal in {code.split(".")[0] for code in row["sdg_targets"]})
    assert counted["sdg"] == goals
    rows = list(recommendation_rows.iterate(session, VISITOR, None, Filter()))
    for disagreement in Disagreement:
        found = sum(any(point.disagreement == disagreement for point in row.levels.points) for row in rows)
        assert counted["disagreement"][disagreement.value] == found > 0
    for voice in (Voice.STATE, Voice.CIVIL_SOCIETY, Voice.NHRI):
        of_voice = index.counts({}, voice)["level"]
        said = [row.voices[voice] for row in rows]
        for shown in ShownLevel:
            if shown == ShownLevel.NO_ENTRY:
                found = sum(not each.with_entry and not each.wholes for each in said)
            elif shown in (ShownLevel.MIXED, ShownLevel.NO_LEVEL):
                found = sum(shown in each.counts for each in said)
            else:
                found = sum(
                    any(shown in point.given for point in each.points)
                    or any(whole.level == shown for whole in each.wholes)
                    for each in said
                )
            assert of_voice.get(shown.value, 0) == found, (voice, shown)


def test_random_filters_agree_and_each_option_says_what_choosing_it_would_show(
    session: Session, review: ReviewFacts, index: FacetIndex
) -> None:
    chance = random.Random(2020)
    found = 0
    for _ in range(120):
        voice = chance.choice(list(Voice))
        offered = options(index, voice)
        values = dict(chance.sample(offered, chance.choice((1, 2, 2, 3))))
        words = chance.choice(("", "", "women", "Right LAW"))
        wanted = Filter(values, voice, words)
        parts = index.matching(session, wanted, review.id)
        total = index.total(parts)
        assert total == by_sql(session, review, wanted), wanted
        found += bool(total)
        name, value = chance.choice(offered)
        chosen = Filter({**values, name: value}, voice, words)
        assert index.counts(parts, voice)[name][value] == by_sql(session, review, chosen), (
            wanted,
            name,
            value,
        )
    assert found


def test_words_are_found_whatever_their_case_and_letters(
    session: Session, review: ReviewFacts, index: FacetIndex
) -> None:
    one = session.scalars(select(Recommendation).where(Recommendation.ref == "A12")).one()
    one.short_title += " Өмүр"
    session.flush()
    for words in ("ӨМҮР", "омур", "a12 Өмүр"):
        wanted = Filter(words=words)
        assert by_sql(session, review, wanted) == by_bits(session, index, review, wanted) == 1, words


@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "/", "e/", "'; --", "a_b"])
def test_signs_of_sql_are_letters_like_others(
    session: Session, review: ReviewFacts, index: FacetIndex, words: str
) -> None:
    points = select(func.aggregate_strings(ActionPoint.search_text, " "))
    points = points.where(ActionPoint.recommendation_id == Recommendation.id)
    whole = Recommendation.search_text + " " + points.scalar_subquery()
    texts = session.scalars(select(whole)).all()
    expected = sum(all(word in text for word in words.split()) for text in texts)
    wanted = Filter(words=words)
    assert by_sql(session, review, wanted) == by_bits(session, index, review, wanted) == expected


def test_a_value_that_nothing_bears_finds_nothing(
    session: Session, review: ReviewFacts, index: FacetIndex
) -> None:
    for name in set(FACETS) - CODED:
        wanted = Filter({name: "nowhere"})
        assert by_sql(session, review, wanted) == by_bits(session, index, review, wanted) == 0
    wanted = Filter({"topic": "women", "kind": "wg_recommendation"})
    assert by_sql(session, review, wanted) == by_bits(session, index, review, wanted) == 0


def test_every_option_has_a_label_of_its_vocabulary(session: Session, index: FacetIndex) -> None:
    labels = list_labels(session, VISITOR)
    assert set(labels) == set(FACETS) - CODED
    for name, value in options(index, Voice.STATE):
        if name not in CODED:
            assert dict(labels[name])[value], (name, value)


def test_a_review_without_recommendations_counts_nothing(session: Session) -> None:
    empty = read_index(session, VISITOR, get_review_facts(session, VISITOR, "KGZ-5").id)
    assert (empty.everything, empty.total({})) == (0, 0)
