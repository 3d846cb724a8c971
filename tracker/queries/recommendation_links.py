"""Recommendations that were linked across reviews: what came before and after one of them, what was asked again and
again, and the texts among which similar ones are looked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models.action_points import ActionPoint
from tracker.models.levels import Voice
from tracker.models.milestones import Milestone, MilestoneKind
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Position, Recommendation, RecommendationKind
from tracker.models.reviews import Review, Source
from tracker.policy.actors import Actor
from tracker.policy.recommendation_links import visible_links
from tracker.policy.reviews import visible_recommendations, visible_reviews
from tracker.queries.levels import list_levels
from tracker.queries.translations import shown_title

PAGE = 20
"""Recommendations on a page of suggestions."""
MOST_SHOWN = 50
"""Earlier and later recommendations on one page."""
MOST_STEPS = 20
"""From one recommendation to the next: as many as there may be cycles, so that no circle goes on for ever."""
LETTER = (RecommendationKind.LETTER_ANNEX, RecommendationKind.LETTER_BODY)


@dataclass(frozen=True)
class Linked:
    """A recommendation as lists of links show it. `year`: of the review, or, where the calendar does not know it, of
    the document that the recommendation comes from."""

    id: int
    review: str
    cycle: int
    ref: str
    kind: RecommendationKind
    short_title: str
    text: str
    position: Position | None
    position_now: Position | None
    dated_on: date

    @property
    def year(self) -> int:
        return self.dated_on.year

    @property
    def place(self) -> str:
        return f"{self.review} {self.ref}"


@dataclass(frozen=True)
class Related:
    """`link`: how it is linked to the recommendation that was asked for; None where others lie between. `of_state`:
    what the State says of its points now, in words; empty where it says nothing."""

    recommendation: Linked
    link: LinkKind | None
    of_state: str


@dataclass(frozen=True)
class LinkHistory:
    """`before`: what was asked in this matter before, the oldest first; `after`: later."""

    before: list[Related]
    after: list[Related]


def list_related(session: Session, actor: Actor, recommendation_id: int) -> LinkHistory:
    """One statement where nothing is linked."""
    steps = _chains(actor, recommendation_id)
    found: dict[bool, dict[int, LinkKind | None]] = {True: {}, False: {}}
    for other_id, is_before, kind, distance in session.execute(steps):
        by_id = found[bool(is_before)]
        by_id[other_id] = kind if distance == 1 else by_id.get(other_id)
    for by_id in found.values():
        by_id.pop(recommendation_id, None)
    ids = [*found[True], *found[False]]
    rows = {row.id: row for row in list_linked(session, actor, Recommendation.id.in_(ids))} if ids else {}
    of_state = list_state_words(session, actor, [*rows])

    def related(by_id: dict[int, LinkKind | None]) -> list[Related]:
        shown = [row for row in rows.values() if row.id in by_id][:MOST_SHOWN]
        return [Related(row, by_id[row.id], of_state.get(row.id, "")) for row in shown]

    return LinkHistory(related(found[True]), related(found[False]))


def list_state_words(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """What the State says of the points of these recommendations, in words, of those on which it says anything."""
    if not ids:
        return {}
    levels = list_levels(session, actor, Recommendation.id.in_(ids))
    said = {each: found.of(Voice.STATE) for each, found in levels.items()}
    return {each: found.words for each, found in said.items() if found.with_entry}


def _chains(actor: Actor, recommendation_id: int) -> Select[*tuple[Any, ...]]:
    """Recommendation, whether it came before, the kind of the last link, and how many links away. A chain follows links
    to earlier ones only, or to later ones only: what merely shares a later one is left out."""
    chains = []
    for is_before in (True, False):
        here, there = RecommendationLink.later_id, RecommendationLink.earlier_id
        if not is_before:
            here, there = there, here
        seen = and_(visible_links(actor), RecommendationLink.kind != LinkKind.NOT_RELATED)
        first = select(there.label("id"), RecommendationLink.kind.label("kind"), literal(1).label("distance"))
        first = first.where(here == recommendation_id, seen)
        chain = first.cte(f"chain_{'before' if is_before else 'after'}", recursive=True)
        following = select(there, RecommendationLink.kind, chain.c.distance + 1)
        following = following.join(chain, here == chain.c.id).where(chain.c.distance < MOST_STEPS, seen)
        chain = chain.union(following)
        chains.append(
            select(chain.c.id, literal(int(is_before)).label("is_before"), chain.c.kind, chain.c.distance)
        )
    pairs = chains[0].union_all(chains[1]).subquery()
    return select(pairs.c.id, pairs.c.is_before, pairs.c.kind, pairs.c.distance)


def list_linked(session: Session, actor: Actor, *where: Any) -> list[Linked]:
    """In the order of reviews and their sources."""
    of_review = select(func.min(Milestone.starts_on)).where(Milestone.kind == MilestoneKind.REVIEW)
    reviewed_on = of_review.where(Milestone.review_id == Review.id).correlate(Review).scalar_subquery()
    query = (
        select(
            Recommendation.id,
            Review.code,
            Review.cycle,
            Recommendation.ref,
            Recommendation.kind,
            shown_title(),
            Recommendation.text,
            Recommendation.position,
            Recommendation.position_now,
            func.coalesce(reviewed_on, Source.dated_on),
        )
        .join(Review, Review.id == Recommendation.review_id)
        .join(Source, Source.id == Recommendation.source_id)
        .where(visible_recommendations(actor), *where)
        .order_by(Review.cycle, Review.id, Recommendation.order, Recommendation.id)
    )
    rows: Any = session.execute(query)
    return [Linked(*row) for row in rows]


def get_linked(session: Session, actor: Actor, recommendation_id: int) -> Linked:
    """One that the actor sees."""
    [found] = list_linked(session, actor, Recommendation.id == recommendation_id)
    return found


def list_later(session: Session, actor: Actor, review_id: int, page: int) -> tuple[list[Linked], bool]:
    """A page of the recommendations of a review that are not retired, and whether there are more."""
    places = select(Recommendation.id).where(
        Recommendation.review_id == review_id, Recommendation.retired_at.is_(None)
    )
    places = (
        places.order_by(Recommendation.order, Recommendation.id).offset((page - 1) * PAGE).limit(PAGE + 1)
    )
    ids = session.scalars(places.where(visible_recommendations(actor))).all()
    return list_linked(session, actor, Recommendation.id.in_(ids[:PAGE])), len(ids) > PAGE


def list_candidates(session: Session, actor: Actor, review: Review) -> list[Linked]:
    """What a recommendation of the review may repeat or follow up: those of the State's earlier reviews, and for items
    of the letter those of the Working Group in the same review."""
    earlier = and_(Review.state_code == review.state_code, Review.cycle < review.cycle)
    same = and_(Review.id == review.id, Recommendation.kind.not_in(LETTER))
    return list_linked(session, actor, or_(earlier, same), Recommendation.retired_at.is_(None))


def list_earlier_codes(session: Session, actor: Actor, review: Review) -> list[str]:
    """The reviews of the State in which an earlier recommendation may stand, the newest first: those before, and the
    review itself, whose letter follows up the Working Group."""
    has_any = exists().where(Recommendation.review_id == Review.id)
    query = select(Review.code).where(Review.state_code == review.state_code, visible_reviews(actor), has_any)
    query = query.where(Review.cycle <= review.cycle)
    return list(session.scalars(query.order_by(Review.cycle.desc(), Review.id.desc())))


def list_point_texts(session: Session, actor: Actor, state_code: str) -> dict[int, list[str]]:
    """By recommendation of the State the open points of those that have several: an item of the letter asks for many
    things, one of the Working Group often for one of them."""
    query = (
        select(ActionPoint.recommendation_id, ActionPoint.text)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.state_code == state_code, visible_recommendations(actor))
        .where(ActionPoint.retired_at.is_(None))
        .order_by(ActionPoint.recommendation_id, ActionPoint.order, ActionPoint.id)
    )
    texts: dict[int, list[str]] = defaultdict(list)
    for recommendation_id, text in session.execute(query):
        texts[recommendation_id].append(text)
    return {each: found for each, found in texts.items() if len(found) > 1}


def comes_before(earlier: Linked | Recommendation, later: Linked | Recommendation) -> bool:
    """Earlier reviews come before later ones; within a review the Working Group's recommendations come before the items
    of the letter that follows them up. A `Recommendation` is loaded with its review."""
    first, last = _cycle(earlier), _cycle(later)
    return first < last or (first == last and later.kind in LETTER and earlier.kind not in LETTER)


def _cycle(row: Linked | Recommendation) -> int:
    return row.cycle if isinstance(row, Linked) else row.review.cycle


def list_decisions(
    session: Session, actor: Actor, later_ids: Sequence[int]
) -> dict[int, dict[int, LinkKind]]:
    """By later and earlier recommendation, refusals included where the actor sees them."""
    query = select(RecommendationLink).where(RecommendationLink.later_id.in_(later_ids), visible_links(actor))
    decided: dict[int, dict[int, LinkKind]] = {later_id: {} for later_id in later_ids}
    for link in session.scalars(query):
        decided[link.later_id][link.earlier_id] = link.kind
    return decided


def count_linked(session: Session, actor: Actor, review_id: int) -> int:
    """How many recommendations of the review are linked to earlier ones."""
    query = select(func.count(RecommendationLink.later_id.distinct()))
    query = query.join(Recommendation, Recommendation.id == RecommendationLink.later_id)
    is_related = RecommendationLink.kind != LinkKind.NOT_RELATED
    return (
        session.scalar(query.where(Recommendation.review_id == review_id, is_related, visible_links(actor)))
        or 0
    )


def list_repeated(session: Session, actor: Actor, state_code: str) -> list[list[Linked]]:
    """Groups of recommendations of the State that are linked with each other, directly or through others: those of most
    cycles first, then the largest. Each group from the oldest to the newest."""
    later, earlier = aliased(Recommendation), aliased(Recommendation)
    links = (
        select(RecommendationLink.later_id, RecommendationLink.earlier_id)
        .join(later, later.id == RecommendationLink.later_id)
        .join(earlier, earlier.id == RecommendationLink.earlier_id)
        .join(Review, Review.id == later.review_id)
        .where(Review.state_code == state_code, RecommendationLink.kind != LinkKind.NOT_RELATED)
        .where(visible_links(actor), later.retired_at.is_(None), earlier.retired_at.is_(None))
    )
    roots = _join_pairs((later_id, earlier_id) for later_id, earlier_id in session.execute(links))
    if not roots:
        return []
    groups: dict[int, list[Linked]] = defaultdict(list)
    own = select(RecommendationLink.later_id).union(select(RecommendationLink.earlier_id))
    for row in list_linked(session, actor, Review.state_code == state_code, Recommendation.id.in_(own)):
        if row.id in roots:
            groups[roots[row.id]].append(row)
    return sorted(
        groups.values(),
        key=lambda group: (-len({row.cycle for row in group}), -len(group), group[-1].cycle, group[0].id),
    )


def _join_pairs(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """By recommendation one of its group, the same for all of the group."""
    parents: dict[int, int] = {}

    def root_of(each: int) -> int:
        while parents.setdefault(each, each) != each:
            parents[each] = parents[parents[each]]
            each = parents[each]
        return each

    for one, other in pairs:
        parents[root_of(one)] = root_of(other)
    return {each: root_of(each) for each in [*parents]}
