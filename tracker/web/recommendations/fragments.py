"""Recommendations as markup, the same for every reader: the rows of the list, and the parts of one recommendation. The
view adds what only some may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from tracker import addresses
from tracker.language import TextIn, gettext, language_name
from tracker.models.action_points import ActionPoint
from tracker.models.levels import Distribution, Voice
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.queries import entries, evidence
from tracker.queries.assignments import list_assignments
from tracker.queries.communications import list_references
from tracker.queries.levels import RecommendationLevels, compare, list_levels
from tracker.queries.milestones import find_next_report
from tracker.queries.recommendations import recommendation as queries
from tracker.queries.recommendations.recommendation import Tag
from tracker.queries.recommendations.rows import RecommendationRow, list_rows
from tracker.queries.reviews import ReviewFacts
from tracker.queries.timelines import Timeline, list_timelines
from tracker.queries.translations import Translation, find_for_reader, list_translations, title_of
from tracker.queries.wordings import EarlierWording, list_earlier_wordings
from tracker.web.cache import Pool, cached_fragment, figures_of
from tracker.web.recommendations.points import LEVELS_OF_EACH, Extent, pair_current, show_point
from tracker.web.transactions import session

BREADCRUMBS = ("heading", "theme")
"""Kinds of tags to which the page of a recommendation leads back; its heading, if it has one, comes first."""


@dataclass(frozen=True)
class PointFragments:
    """`newest`: its text and the entries that count now; `earlier`: the ones before. A point that is not open is
    retired: it takes no entries, and is shown because of those that it has."""

    id: int
    ref: str
    is_open: bool
    newest: Markup
    earlier: Markup


@dataclass(frozen=True)
class RecommendationFragments:
    """`organisations`: the ids of the assigned ones; `heading`: the tag to which the breadcrumbs lead back."""

    id: int
    ref: str
    short_title: TextIn
    heading: Tag | None
    head: Markup
    overview: Markup
    points: tuple[PointFragments, ...]
    whole: Markup
    has_files: bool
    organisations: frozenset[int]
    is_retired: bool


def write_rows(review: ReviewFacts, ids: Sequence[int]) -> list[Markup]:
    """The rows of a page of the list of a review."""
    return _cached_rows(review, ids, figures_of(review).voices, shows_review=False)


def write_rows_of_all(of_all: ReviewFacts, ids: Sequence[int]) -> list[Markup]:
    """The same of the list of all reviews, each row with the code of its review. `of_all`: `get_facts_of_all`."""
    return _cached_rows(of_all, ids, [*Voice], shows_review=True)


def _cached_rows(
    review: ReviewFacts, ids: Sequence[int], voices: list[Voice], *, shows_review: bool
) -> list[Markup]:
    """Each row is cached by itself, so that every filter that shows it has it. Where some are missing the rows of the
    page are read together, when the first of the missing ones is written."""
    rows: dict[int, RecommendationRow] = {}

    def write(reader: Actor, recommendation_id: int) -> Markup:
        if not rows:
            rows.update((row.id, row) for row in list_rows(session(), reader, ids))
        return _write_row(rows[recommendation_id], voices, shows_review=shows_review)

    return [
        cached_fragment(f"row {each}", review, partial(write, recommendation_id=each), Pool.ROWS)
        for each in ids
    ]


def _write_row(row: RecommendationRow, voices: list[Voice], *, shows_review: bool) -> Markup:
    render = get_template_attribute("components/recommendation_row.html", "recommendation_row")
    markup: Markup = render(row, addresses.recommendation("", row.review, row.ref), voices, shows_review)
    return markup


def write_recommendation(
    reader: Actor,
    review: str,
    ref: str,
    today: date,
    method_url: str | None,
    extent: Extent,
    *,
    is_demonstration: bool,
) -> RecommendationFragments:
    """Read on behalf of `reader`: the text as printed, its points, the voices, their history."""
    recommendation = queries.get_recommendation(session(), reader, review, ref)
    own = recommendation.id
    said = list_levels(session(), reader, Recommendation.id == own).get(own, RecommendationLevels())
    counts = entries.count_entries(session(), reader, own)
    files = evidence.list_public_evidence(session(), reader, [own])
    points = queries.list_points(session(), reader, own)
    translations = list_translations(session(), reader, own)
    chosen = find_for_reader(translations, recommendation.source.language)
    tags = queries.list_tags(session(), reader, own)
    assignments = list_assignments(session(), reader, own)
    every = entries.list_entries(session(), reader, [own], extent.newest_of_each)
    by_point, wordings = entries.by_point(every), list_earlier_wordings(session(), reader, [own], every)
    on_whole = by_point.get(None, [])
    current = pair_current(said.wholes, on_whole)
    counting = {entry.id for _, entry in current}
    retired = [point for point in points if point.retired_at is not None]
    return RecommendationFragments(
        id=own,
        ref=recommendation.ref,
        short_title=title_of(recommendation, chosen),
        heading=next((tag for tag in tags if tag.kind in BREADCRUMBS and not tag.is_own_reading), None),
        head=_markup(
            "head",
            recommendation,
            _group(tags, own=False),
            _group(tags, own=True),
            assignments,
            list_references(session(), reader, own),
            find_next_report(session(), reader, recommendation.review.state_code, today),
            len(said.points),
            extent.is_open,
            chosen,
            [language_name(each.language) for each in translations],
        ),
        overview=_markup(
            "overview",
            said,
            _distributions(said),
            compare(said.points),
            len(retired),
            sum(1 for point in retired if point.id in counts and counts[point.id].published),
            method_url,
        ),
        points=_write_points(
            reader,
            recommendation,
            points,
            said,
            by_point,
            counts,
            wordings,
            files,
            today,
            extent,
            chosen,
            is_demonstration,
        ),
        whole=_markup(
            "whole",
            recommendation,
            current,
            [entry for entry in on_whole if entry.id not in counting][: extent.most_earlier],
            counts.get(None),
            wordings,
            files,
            is_demonstration,
            extent.is_open,
            file="components/points.html",
        ),
        has_files=bool(files),
        organisations=frozenset(held.organisation_id for held in assignments),
        is_retired=recommendation.retired_at is not None,
    )


def _write_points(
    reader: Actor,
    recommendation: Recommendation,
    points: Sequence[ActionPoint],
    said: RecommendationLevels,
    by_point: Mapping[int | None, list[entries.Entry]],
    counts: Mapping[int | None, entries.EntryCounts],
    wordings: Mapping[UUID, EarlierWording],
    files: Mapping[UUID, tuple[evidence.EvidenceFile, ...]],
    today: date,
    extent: Extent,
    chosen: Translation | None,
    is_demonstration: bool,
) -> tuple[PointFragments, ...]:
    """The open points, and the retired ones on which something was said."""
    levels = {point.id: point for point in said.points}
    timelines = list_timelines(session(), reader, recommendation.id, LEVELS_OF_EACH)
    written = []
    for point in points:
        if point.retired_at is not None and point.id not in counts:
            continue
        shown = show_point(
            recommendation,
            point,
            by_point.get(point.id, []),
            counts.get(point.id),
            levels.get(point.id),
            wordings,
            timelines.get(point.id, Timeline()),
            today,
            extent,
            chosen,
        )
        newest = _markup("newest_entries", shown, files, is_demonstration, file="components/points.html")
        earlier = _markup("earlier", shown, files, is_demonstration, file="components/points.html")
        written.append(PointFragments(point.id, point.ref, point.retired_at is None, newest, earlier))
    return tuple(written)


def _distributions(said: RecommendationLevels) -> dict[Voice, Distribution]:
    """The State and civil society always, the others where they speak."""
    every = {voice: said.of(voice) for voice in Voice}
    return {
        voice: found
        for voice, found in every.items()
        if voice in (Voice.STATE, Voice.CIVIL_SOCIETY) or found.with_entry or found.wholes
    }


def _group(tags: Sequence[Tag], *, own: bool) -> list[tuple[str, list[Tag]]]:
    """Of the source, or (`own`) of this project, under the labels of the page."""
    labels = {
        "heading": gettext("Heading"),
        "theme": gettext("Themes"),
        "issue": gettext("Issues of UPR Info"),
        "topic": gettext("Topics"),
        "group": gettext("Groups of persons"),
        "sdg": gettext("Development goals"),
        "state": gettext("Recommended by"),
    }
    groups = [
        (label, [tag for tag in tags if tag.kind == kind and tag.is_own_reading == own])
        for kind, label in labels.items()
    ]
    return [(label, found) for label, found in groups if found]


def _markup(macro: str, *values: object, file: str = "components/recommendation.html") -> Markup:
    return get_template_attribute(file, macro)(*values)  # type: ignore[no-any-return]
