"""Suggests which earlier recommendations one repeats or resembles, by their words. It stores nothing: a person
decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.exchange.similarity import LIKE_ENOUGH_TO_REPEAT, Candidates
from tracker.failures import NotAllowed
from tracker.models.recommendation_links import LinkKind
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.recommendation_links import can_link
from tracker.queries.recommendation_links import (
    LETTER,
    Linked,
    comes_before,
    list_candidates,
    list_decisions,
    list_point_texts,
)

MOST_LOOKED_AT = 20
"""Of the most similar ones, before those on which somebody decided already leave the list."""


@dataclass(frozen=True)
class Suggestion:
    """`score`: how like the texts are, of 100."""

    earlier: Linked
    score: int
    kind: LinkKind


@dataclass(frozen=True)
class Linkable:
    """A recommendation, what it is linked to, and what is suggested for it."""

    later: Linked
    linked: Sequence[tuple[Linked, LinkKind]]
    refused: list[Linked]
    suggested: list[Suggestion]


def list_linkable(
    session: Session, actor: Actor, review: Review, later: Sequence[Linked], most: int
) -> list[Linkable]:
    """At most `most` suggestions for each, best first. The texts of the earlier reviews are read and indexed once for
    all: so the caller passes a page of recommendations and not a whole review."""
    if not can_link(actor, review):
        raise NotAllowed
    earlier = list_candidates(session, actor, review)
    points = list_point_texts(session, actor, review.state_code)
    search = _Search(earlier, points)
    decisions = list_decisions(session, actor, [row.id for row in later])
    by_id = {row.id: row for row in earlier}
    found = []
    for row in later:
        decided = {by_id[other]: kind for other, kind in decisions[row.id].items() if other in by_id}
        near = search.find([row.text, *points.get(row.id, ())])
        suggested = [
            Suggestion(other, round(score), _kind(row, other, score))
            for other, score in near
            if other not in decided and comes_before(other, row)
        ]
        linked = [(other, kind) for other, kind in decided.items() if kind != LinkKind.NOT_RELATED]
        linked.sort(key=lambda pair: (pair[0].cycle, pair[0].id))
        refused = [other for other, kind in decided.items() if kind == LinkKind.NOT_RELATED]
        found.append(Linkable(row, linked, refused, suggested[:most]))
    return found


class _Search:
    """Earlier recommendations, found by their whole texts and by their points."""

    def __init__(self, earlier: Sequence[Linked], points: Mapping[int, list[str]]) -> None:
        texts = [(row, text) for row in earlier for text in (row.text, *points.get(row.id, ()))]
        self._owners = [row for row, _ in texts]
        self._candidates = Candidates([text for _, text in texts])

    def find(self, texts: Sequence[str]) -> list[tuple[Linked, float]]:
        """With the best score that any of the texts reaches with any of theirs, best first."""
        best: dict[Linked, float] = {}
        for text in texts:
            for each in self._candidates.find(text, MOST_LOOKED_AT):
                owner = self._owners[each.at]
                best[owner] = max(each.score, best.get(owner, 0.0))
        return sorted(best.items(), key=lambda pair: (-pair[1], -pair[0].cycle, pair[0].id))


def _kind(later: Linked, earlier: Linked, score: float) -> LinkKind:
    if later.kind in LETTER and earlier.cycle == later.cycle:
        return LinkKind.FOLLOWS_UP
    return LinkKind.REPEATS if score >= LIKE_ENOUGH_TO_REPEAT else LinkKind.SIMILAR
