"""Seeds the translations of the letter's texts: unofficial working translations, until somebody corrects them."""

from collections.abc import Container, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow
from tracker.language import LANGUAGES
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationKind,
    digest_of,
)
from tracker.seeding.table import Outcome, SeedTable, look_up

FIELDS = ("kind", "source", "is_checked", "short_title", "text", "of_digest")
"""What a person corrects together: where one of them was changed, all stay."""


def seed_translations(
    session: Session,
    rows: list[SeedRow],
    authentic: list[SeedRow],
    reviews: dict[str, Review],
    outcome: Outcome,
) -> None:
    """Each is made of the text that the file of recommendations has, whatever text stands in the database. Where a
    person made the recommendation, or removed it, its translations are left out. One that its file has no more stays,
    as the recommendation does."""
    letters = {(row.text("review"), row.text("ref")): row for row in authentic}
    found = {(row.review_id, row.ref): row.id for row in session.scalars(select(Recommendation))}
    points = {(row.recommendation_id, row.ref): row.id for row in session.scalars(select(ActionPoint))}
    of_whole = SeedTable(
        session,
        "recommendation_translations",
        RecommendationTranslation,
        ("recommendation_id", "language"),
        outcome,
        adopts=False,
        together=FIELDS,
    )
    of_points = SeedTable(
        session,
        "action_point_translations",
        ActionPointTranslation,
        ("action_point_id", "language"),
        outcome,
        adopts=False,
        together=("text", "of_digest"),
    )
    with of_whole, of_points:
        for row in rows:
            language, key = row.one_of("language", LANGUAGES), (row.text("review"), row.text("ref"))
            recommendation_id = found.get((look_up(row, "review", reviews).id, key[1]))
            letter = letters.get(key)
            if letter is None:
                if recommendation_id is None:
                    raise row.broken(
                        f"“ref” names {key[1]!r}, which {key[0]} does not have in recommendations.json"
                    )
                continue  # it has left its file, and stays with its translations
            known = {ref for own_id, ref in points if own_id == recommendation_id}
            texts = _texts_of_points(row, letter.rows("action_points", "ref"), known)
            values = {
                "kind": row.code("kind", TranslationKind),
                "source": row.free_text("source"),
                "is_checked": row.flag("is_checked"),
                "short_title": row.text("short_title"),
                "text": row.text("text"),
                "of_digest": digest_of(letter.text("text")),
            }
            if values["kind"] == TranslationKind.OFFICIAL and not values["source"]:
                raise row.broken("an official translation needs its “source”")
            if recommendation_id is None:
                continue
            of_whole.upsert(row, (recommendation_id, language), values)
            for ref, text, own in texts:
                point_id = points.get((recommendation_id, ref))
                if point_id is not None:
                    told = {"text": text, "of_digest": digest_of(own)}
                    of_points.upsert(row, (point_id, language), told)


def _texts_of_points(
    row: SeedRow, points: Sequence[SeedRow], known: Container[str]
) -> list[tuple[str, str, str]]:
    """Ref, translation and authentic text of each point. `known`: refs in the database; a point that has left its file
    stays with its translation."""
    own = {point.text("ref"): point.text("text") for point in points}
    found = []
    for point in row.rows("action_points", "ref"):
        ref = point.text("ref")
        if ref not in own and ref in known:
            continue
        if ref not in own:
            raise row.broken(f"“action_points” names {ref!r}, which is not there in recommendations.json")
        found.append((ref, point.text("text"), own[ref]))
    return found
