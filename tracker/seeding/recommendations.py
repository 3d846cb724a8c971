"""Seeds the recommendations of the letter, their action points and their tags."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendationWording,
)
from tracker.models.reviews import Review, Source
from tracker.models.sdg_targets import SdgTarget
from tracker.models.themes import Group, Scheme, Theme
from tracker.seeding.table import Outcome, SeedTable, look_up, look_up_each


def seed_recommendations(
    session: Session, rows: list[SeedRow], reviews: dict[str, Review], outcome: Outcome, now: datetime
) -> None:
    sources = {source.key: source for source in session.scalars(select(Source))}
    texts = dict(session.execute(select(Recommendation.id, Recommendation.text)).all())
    upserted = []
    with SeedTable(
        session, "recommendations", Recommendation, ("review_id", "ref"), outcome, adopts=False
    ) as table:
        for row in rows:
            values = {
                "source_id": look_up(row, "source", sources).id,
                "kind": row.code("kind", RecommendationKind),
                "order": row.number("order"),
                "short_title": row.text("short_title"),
                "text": row.text("text"),
                "context_note": row.free_text("context_note"),
                "suggested_institutions": row.texts("institutions"),
                "is_about_nhri": row.flag("is_about_nhri"),
            }
            identity = (look_up(row, "review", reviews).id, row.text("ref"))
            upserted.append((row, table.upsert(row, identity, values)))
        table.keep_missing()
    for _, seeded in upserted:
        before = texts.get(seeded.id) if seeded else None
        if before is not None and before != seeded.text:
            session.add(RecommendationWording(recommendation_id=seeded.id, text=before, until=now))
    present = [(row, recommendation) for row, recommendation in upserted if recommendation is not None]
    _seed_points(session, present, outcome, now)
    _seed_tags(session, present, outcome)


def _seed_points(
    session: Session, recommendations: list[tuple[SeedRow, Recommendation]], outcome: Outcome, now: datetime
) -> None:
    """Retires a point that the file no longer has: its entries and history stay. A point that comes back is open
    again, unless a person retired it. Where the file words a point anew, the text that it had is kept."""
    texts = dict(session.execute(select(ActionPoint.id, ActionPoint.text)).all())
    newest: dict[int, str] = {}
    for wording in session.scalars(select(PointWording).order_by(PointWording.until)):
        newest[wording.action_point_id] = wording.text
    with SeedTable(
        session, "action_points", ActionPoint, ("recommendation_id", "ref"), outcome, adopts=False
    ) as table:
        for row, recommendation in recommendations:
            for order, point in enumerate(row.rows("action_points", "ref"), start=1):
                values = {"order": order, "text": point.text("text"), "retired_at": None}
                seeded = table.upsert(point, (recommendation.id, point.text("ref")), values)
                before = texts.get(seeded.id) if seeded else None
                # A migration that split the point has kept its text already.
                if before is not None and before not in (seeded.text, newest.get(seeded.id)):
                    wording = PointWording(action_point_id=seeded.id, text=before, until=now, was_split=False)
                    session.add(wording)
        table.retire_missing(now)


def _seed_tags(
    session: Session, recommendations: list[tuple[SeedRow, Recommendation]], outcome: Outcome
) -> None:
    """Headings are those of the letter; all other tags are this project's own reading. A recommendation that the file
    no longer has keeps its tags, because it stays too, with its points retired."""
    themes: dict[Scheme, dict[str, int]] = {scheme: {} for scheme in Scheme}
    for theme in session.scalars(select(Theme).order_by(Theme.version)):  # the newest edition wins
        themes[theme.scheme][theme.code] = theme.id
    groups = {group.code: group.id for group in session.scalars(select(Group))}
    targets = {code: code for code in session.scalars(select(SdgTarget.code))}
    with (
        SeedTable(session, "recommendation_themes", RecommendationTheme, _of("theme_id"), outcome) as tagged,
        SeedTable(session, "recommendation_groups", RecommendationGroup, _of("group_id"), outcome) as grouped,
        SeedTable(
            session, "recommendation_sdg_targets", RecommendationSdgTarget, _of("sdg_target_code"), outcome
        ) as aimed,
    ):
        for row, recommendation in recommendations:
            heading = look_up(row, "heading", themes[Scheme.LETTER])
            tagged.upsert(row, (recommendation.id, heading), {"is_own_reading": False, "is_heading": True})
            for table, name, known in (
                (tagged, "topics", themes[Scheme.TOPIC]),
                (tagged, "themes", themes[Scheme.OHCHR]),
                (grouped, "groups", groups),
                (aimed, "sdg_targets", targets),
            ):
                for tag_id in look_up_each(row, name, known):
                    table.upsert(row, (recommendation.id, tag_id), {"is_own_reading": True})
        ids = {recommendation.id for _, recommendation in recommendations}
        for table in (tagged, grouped, aimed):
            table.remove_missing(stays=lambda tag: tag.recommendation_id not in ids)


def _of(column: str) -> tuple[str, str]:
    return ("recommendation_id", column)
