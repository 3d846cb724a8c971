"""One recommendation as markup, the same for every reader; what only some may do stands in the view."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from tracker.models.levels import ShownLevel, Voice
from tracker.policy.actors import Actor
from tracker.queries import entries, evidence
from tracker.queries.assignments import list_assignments
from tracker.queries.communications import list_references
from tracker.queries.recommendations import recommendation as recommendations
from tracker.queries.recommendations.recommendation import Tag
from tracker.web.transactions import session


@dataclass(frozen=True)
class PointFragments:
    """`said`: its text and each voice's newest entry; `history`: every entry in full. Nobody writes on one that is not
    open: it is retired, and shown for what was said on it."""

    id: int
    ref: str
    is_open: bool
    said: Markup
    history: Markup


@dataclass(frozen=True)
class RecommendationFragments:
    """`organisations`: the ids of those that are assigned; `heading`: what the breadcrumbs lead back to."""

    id: int
    ref: str
    short_title: str
    heading: Tag | None
    head: Markup
    points: tuple[PointFragments, ...]
    whole: Markup
    organisations: frozenset[int]


def write_recommendation(
    reader: Actor, review: str, ref: str, *, is_demonstration: bool
) -> RecommendationFragments:
    """Read on behalf of `reader`: the text as printed, its points, the voices, their history."""
    found = recommendations.get_recommendation(session(), reader, review, ref)
    said = entries.by_point(entries.list_entries(session(), reader, [found.id]))
    files = evidence.list_public_evidence(session(), reader, [found.id])
    points = recommendations.list_points(session(), reader, found.id)
    followed_up = [point for point in points if point.retired_at is None]
    levels = recommendations.list_point_levels(session(), reader, found.id)
    tags = recommendations.list_tags(session(), reader, found.id)
    assignments = list_assignments(session(), reader, found.id)
    return RecommendationFragments(
        id=found.id,
        ref=found.ref,
        short_title=found.short_title,
        heading=next((tag for tag in tags if tag.facet == "theme" and not tag.is_own_reading), None),
        head=_markup(
            "head",
            found,
            tags,
            assignments,
            list_references(session(), reader, found.id),
            {voice: sum(1 for point in followed_up if (point.id, voice) in levels) for voice in Voice},
            len(followed_up),
        ),
        points=tuple(
            _write_point(point, said.get(point.id, []), files, levels, is_demonstration)
            for point in points
            if point.retired_at is None or point.id in said
        ),
        whole=_markup("whole", said.get(None, []), files, is_demonstration),
        organisations=frozenset(held.organisation_id for held in assignments),
    )


def _write_point(
    point: Any,
    said: list[entries.Entry],
    files: dict[UUID, tuple[evidence.EvidenceFile, ...]],
    levels: dict[tuple[int, Voice], ShownLevel],
    is_demonstration: bool,
) -> PointFragments:
    shown = {
        "ref": point.ref,
        "text": point.text,
        "disagreement": point.disagreement,
        "retired_at": point.retired_at,
        "levels": {voice: levels.get((point.id, voice)) for voice in Voice},
        "newest": {voice: entries.newest_of_each(said, voice) for voice in Voice},
        "history": said,
    }
    return PointFragments(
        id=point.id,
        ref=point.ref,
        is_open=point.retired_at is None,
        said=_markup("said", shown, files, is_demonstration),
        history=_markup("history", shown, files, is_demonstration),
    )


def _markup(macro: str, *values: object) -> Markup:
    return get_template_attribute("components/recommendation.html", macro)(*values)  # type: ignore[no-any-return]
