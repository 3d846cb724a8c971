"""Lays the letter's items: recommendations, their action points and what they are tagged with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow
from tracker.language import fold
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgTarget,
    RecommendationTheme,
)
from tracker.models.reviews import Review, Source
from tracker.models.sdg_targets import SdgTarget
from tracker.models.themes import Group, Scheme, Theme
from tracker.services.seed_rows import Layer, Outcome

Found = TypeVar("Found")


def look_up(row: SeedRow, name: str, known: Mapping[str, Found]) -> Found:
    """The thing that a row names, or a sentence that there is none."""
    if row.text(name) not in known:
        raise row.broken(f"“{name}” names {row.text(name)!r}, which is not there")
    return known[row.text(name)]


def lay_recommendations(
    session: Session, rows: list[SeedRow], reviews: dict[str, Review], outcome: Outcome, now: datetime
) -> None:
    sources = {source.key: source for source in session.scalars(select(Source))}
    layer = Layer(session, "recommendations", Recommendation, ("review_id", "ref"), outcome)
    laid = []
    for row in rows:
        values = {
            "source_id": look_up(row, "source", sources).id,
            "kind": row.code("kind", RecommendationKind),
            "order": row.number("order"),
            "short_title": row.text("short_title"),
            "text": row.text("text"),
            "context_note": row.text("context_note"),
            "suggested_institutions": row.texts("institutions"),
            "search_text": search_text(row),
        }
        laid.append((row, layer.lay((look_up(row, "review", reviews).id, row.text("ref")), values)))
    session.flush()
    there = [(row, recommendation) for row, recommendation in laid if recommendation is not None]
    _lay_points(session, there, outcome, now)
    _lay_tags(session, there, outcome)


def search_text(row: SeedRow) -> str:
    """Ref, titles and texts, folded: what the word search looks through."""
    points = " ".join(point.text("text") for point in row.rows("action_points"))
    return fold(f"{row.text('ref')} {row.text('short_title')} {row.text('text')} {points}")


def _lay_points(
    session: Session, laid: list[tuple[SeedRow, Recommendation]], outcome: Outcome, now: datetime
) -> None:
    """A point that the file has no more is retired: its entries and history stay. One that comes back is
    open again, unless a person retired it."""
    layer = Layer(session, "action_points", ActionPoint, ("recommendation_id", "ref"), outcome)
    for row, recommendation in laid:
        for order, point in enumerate(row.rows("action_points"), start=1):
            values = {"order": order, "text": point.text("text"), "retired_at": None}
            layer.lay((recommendation.id, point.text("ref")), values)
    for point in layer.no_longer_laid():
        point.retired_at = now
        outcome.removed += 1


def _lay_tags(session: Session, laid: list[tuple[SeedRow, Recommendation]], outcome: Outcome) -> None:
    """The letter's heading is the source's; everything else is this project's own reading."""
    themes: dict[Scheme, dict[str, int]] = {scheme: {} for scheme in Scheme}
    for theme in session.scalars(select(Theme)):
        themes[theme.scheme][theme.code] = theme.id
    groups = {group.code: group.id for group in session.scalars(select(Group))}
    targets = {code: code for code in session.scalars(select(SdgTarget.code))}
    tagged = Layer(session, "recommendation_themes", RecommendationTheme, _of("theme_id"), outcome)
    grouped = Layer(session, "recommendation_groups", RecommendationGroup, _of("group_id"), outcome)
    aimed = Layer(
        session, "recommendation_sdg_targets", RecommendationSdgTarget, _of("sdg_target_code"), outcome
    )
    for row, recommendation in laid:
        heading = look_up(row, "heading", themes[Scheme.LETTER])
        tagged.lay((recommendation.id, heading), {"is_own_reading": False})
        for layer, name, known in (
            (tagged, "topics", themes[Scheme.TOPIC]),
            (tagged, "themes", themes[Scheme.OHCHR]),
            (grouped, "groups", groups),
            (aimed, "sdg_targets", targets),
        ):
            for code in row.texts(name):
                layer.lay((recommendation.id, _known(row, name, code, known)), {"is_own_reading": True})
    for layer in (tagged, grouped, aimed):
        layer.remove_rest()


def _of(column: str) -> tuple[str, str]:
    return ("recommendation_id", column)


def _known(row: SeedRow, name: str, code: str, known: Mapping[str, Any]) -> Any:
    if code not in known:
        raise row.broken(f"“{name}” names {code!r}, which is not there")
    return known[code]
