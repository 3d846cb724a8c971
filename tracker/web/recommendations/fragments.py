"""Recommendations as markup, the same for every reader: the rows of the list, and the parts of one recommendation. The
view adds what only some may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from tracker import addresses
from tracker.models.levels import Voice
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.queries import entries, evidence
from tracker.queries.assignments import list_assignments
from tracker.queries.communications import list_references
from tracker.queries.levels import PointLevels, RecommendationLevels, Said, list_levels
from tracker.queries.recommendations import recommendation as queries
from tracker.queries.recommendations.recommendation import Tag
from tracker.queries.recommendations.rows import RecommendationRow, list_rows
from tracker.queries.reviews import ReviewFacts
from tracker.web.access import actor
from tracker.web.cache import Pool, cached_fragment
from tracker.web.transactions import session

NEWEST_OF_EACH, MOST_SHOWN = 3, 20
"""The history on the page of a recommendation: so many entries of each organisation on a point, and of all together.
Whoever publishes often makes the page of everybody longer; the page of the point has all of them."""


@dataclass(frozen=True)
class PointFragments:
    """`newest`: its text and each voice's newest entry; `history`: the newest entries in full. A point that is not open
    is retired: it takes no entries, and is shown because of those that it has."""

    id: int
    ref: str
    is_open: bool
    newest: Markup
    history: Markup


@dataclass(frozen=True)
class RecommendationFragments:
    """`organisations`: the ids of the assigned ones; `heading`: the tag to which the breadcrumbs lead back."""

    id: int
    ref: str
    short_title: str
    heading: Tag | None
    head: Markup
    points: tuple[PointFragments, ...]
    whole: Markup
    has_files: bool
    organisations: frozenset[int]


def write_rows(review: ReviewFacts | None, ids: Sequence[int]) -> list[Markup]:
    """The rows of a page of the list, with the code of the review where the list is of all reviews (None).

    Within a review each row is cached by itself, so that every filter that shows it has it. Where some are missing the
    rows of the page are read together, when the first of the missing ones is written."""
    if review is None:
        return [_write_row(row, shows_review=True) for row in list_rows(session(), actor(), ids)]
    rows: dict[int, RecommendationRow] = {}

    def write(reader: Actor, recommendation_id: int) -> Markup:
        if not rows:
            rows.update((row.id, row) for row in list_rows(session(), reader, ids))
        return _write_row(rows[recommendation_id], shows_review=False)

    return [
        cached_fragment(f"row {each}", review, partial(write, recommendation_id=each), Pool.ROWS)
        for each in ids
    ]


def _write_row(row: RecommendationRow, *, shows_review: bool) -> Markup:
    render = get_template_attribute("components/recommendation_row.html", "recommendation_row")
    markup: Markup = render(row, addresses.recommendation("", row.review, row.ref), shows_review)
    return markup


def write_recommendation(
    reader: Actor, review: str, ref: str, *, is_demonstration: bool
) -> RecommendationFragments:
    """Read on behalf of `reader`: the text as printed, its points, the voices, their history."""
    recommendation = queries.get_recommendation(session(), reader, review, ref)
    by_point = entries.by_point(
        entries.list_entries(session(), reader, [recommendation.id], most_of_each=NEWEST_OF_EACH)
    )
    counts = entries.count_entries(session(), reader, recommendation.id)
    files = evidence.list_public_evidence(session(), reader, [recommendation.id])
    points = queries.list_points(session(), reader, recommendation.id)
    levels = list_levels(session(), reader, Recommendation.id == recommendation.id).get(
        recommendation.id, RecommendationLevels()
    )
    of_point = {point.id: point for point in levels.points}
    tags = queries.list_tags(session(), reader, recommendation.id)
    assignments = list_assignments(session(), reader, recommendation.id)
    return RecommendationFragments(
        id=recommendation.id,
        ref=recommendation.ref,
        short_title=recommendation.short_title,
        heading=next((tag for tag in tags if tag.facet == "theme" and not tag.is_own_reading), None),
        head=_markup(
            "head",
            recommendation,
            tags,
            assignments,
            list_references(session(), reader, recommendation.id),
            levels,
        ),
        points=tuple(
            _write_point(
                recommendation,
                point,
                by_point.get(point.id, []),
                counts.get(point.id),
                files,
                of_point.get(point.id),
                is_demonstration,
            )
            for point in points
            if point.retired_at is None or point.id in counts
        ),
        whole=_markup(
            "whole",
            recommendation,
            by_point.get(None, [])[:MOST_SHOWN],
            counts.get(None),
            files,
            is_demonstration,
        ),
        has_files=bool(files),
        organisations=frozenset(held.organisation_id for held in assignments),
    )


def _write_point(
    recommendation: Recommendation,
    point: Any,
    of_point: list[entries.Entry],
    counts: entries.EntryCounts | None,
    files: dict[UUID, tuple[evidence.EvidenceFile, ...]],
    levels: PointLevels | None,
    is_demonstration: bool,
) -> PointFragments:
    shown = {
        "review": recommendation.review.code,
        "of": recommendation.ref,
        "ref": point.ref,
        "text": point.text,
        "levels": levels,
        "retired_at": point.retired_at,
        "current": _current(of_point, levels),
        "history": of_point[:MOST_SHOWN],
        "counts": counts,
    }
    return PointFragments(
        id=point.id,
        ref=point.ref,
        is_open=point.retired_at is None,
        newest=_markup("newest_entries", shown, files, is_demonstration),
        history=_markup("history", shown, files, is_demonstration),
    )


def _current(
    of_point: list[entries.Entry], levels: PointLevels | None
) -> dict[Voice, list[tuple[Said, entries.Entry]]]:
    """The entries that count now, by voice. Of a point that is not open any more nothing counts."""
    by_id = {entry.id: entry for entry in of_point}
    said = levels.said if levels else ()
    return {voice: [(each, by_id[each.entry_id]) for each in said if each.voice == voice] for voice in Voice}


def _markup(macro: str, *values: object) -> Markup:
    return get_template_attribute("components/recommendation.html", macro)(*values)  # type: ignore[no-any-return]
