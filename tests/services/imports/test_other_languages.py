"""A file in another language than the texts that stand here brings translations, and overwrites none of these texts."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import (
    COLUMNS,
    bring,
    everything,
    items_of,
    open_empty,
    preview,
    recommendations,
    table,
)
from tracker.failures import Refused
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationKind,
    digest_of,
)
from tracker.policy.actors import SYSTEM, Actor
from tracker.services.imports.applying import apply_import, undo_import
from tracker.services.recommendations.translations import get_translation
from tracker.services.reviews import SourceFacts, add_source

pytestmark = pytest.mark.database

RUSSIAN = (
    ("140.1", "Посадить дерево на каждой улице столицы", "Чили, Перу", "Supported", "Деревья"),
    ("140.2", "Открыть библиотеку в каждом селе страны", "Фиджи", "Noted", "Книги"),
)
KYRGYZ = (("140.1", "Борбордун ар бир көчөсүнө бактан отургузуу", "Чили", "Supported", "Бактар"),)


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    """With three recommendations in English."""
    found = open_empty(session)
    bring(session, cast["coordinator"], found, table(), *COLUMNS)
    return found


@pytest.fixture
def coordinator(cast: Cast) -> Actor:
    return cast["coordinator"]


def first(session: Session, review: Review) -> Recommendation:
    return recommendations(session, review)[0]


def test_its_texts_become_translations_and_the_authentic_ones_stay(
    session: Session, review: Review, coordinator: Actor
) -> None:
    before = [(each.text, each.short_title) for each in recommendations(session, review)]
    found = preview(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    items = items_of(session, found)
    assert [(item.kind, item.is_taken, [*item.changes]) for item in items] == [
        ("changed", True, ["translation"])
    ] * 2
    assert "This row is in another language (Russian) than the text of 140.1" in items[0].problems[0][1]
    apply_import(session, coordinator, found, NOW)
    assert [(each.text, each.short_title) for each in recommendations(session, review)] == before
    rows = session.scalars(
        select(RecommendationTranslation).where(RecommendationTranslation.written_at == NOW)
    )
    stored = {row.recommendation_id: row for row in rows}
    row = stored[first(session, review).id]
    assert (row.language, row.text, row.kind, row.is_checked) == ("ru", RUSSIAN[0][1], "unofficial", False)
    assert (row.short_title, row.of_digest) == (RUSSIAN[0][1], digest_of(before[0][0]))
    points = session.scalars(
        select(ActionPointTranslation.text).where(ActionPointTranslation.written_at == NOW)
    )
    assert sorted(points) == sorted(text for _, text, *_ in RUSSIAN)
    again = preview(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    assert [item.kind for item in items_of(session, again)] == ["unchanged"] * 2


def test_kyrgyz_is_told_from_russian(session: Session, review: Review, coordinator: Actor) -> None:
    bring(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    bring(session, coordinator, review, table(KYRGYZ), *COLUMNS)
    found = get_translation(session, coordinator, first(session, review), "ky")
    assert found is not None
    assert found.text == KYRGYZ[0][1]


def test_the_un_document_in_that_language_makes_it_official(
    session: Session, review: Review, coordinator: Actor
) -> None:
    facts = SourceFacts("Доклад Рабочей группы", "A/HRC/99/15", NOW.date(), "ru", "")
    source = add_source(session, SYSTEM, review, facts)
    session.flush()
    found = preview(session, coordinator, review, table(RUSSIAN), *COLUMNS, source_id=source.id)
    apply_import(session, coordinator, found, NOW)
    stored = get_translation(session, coordinator, first(session, review), "ru")
    assert stored is not None
    assert (stored.kind, stored.source) == (TranslationKind.OFFICIAL, "A/HRC/99/15: Доклад Рабочей группы")


def test_a_translation_that_stands_is_replaced_only_where_a_person_says_so(
    session: Session, review: Review, coordinator: Actor
) -> None:
    bring(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    better = (("140.1", "Посадить по дереву на всех улицах столицы", "Чили", "Supported", "Деревья"),)
    before = everything(session)
    found = bring(session, coordinator, review, table(better), *COLUMNS)
    [item] = items_of(session, found)
    assert (item.kind, item.is_taken) == ("doubtful", False)
    assert "Another translation of 140.1 stands here" in item.problems[-1][1]
    assert everything(session) == before
    found = preview(session, coordinator, review, table(better), *COLUMNS)
    items_of(session, found)[0].is_taken = True
    apply_import(session, coordinator, found, NOW + timedelta(days=1))
    stored = get_translation(session, coordinator, first(session, review), "ru")
    assert stored is not None
    assert stored.text == better[0][1]
    undo_import(session, coordinator, found, NOW + timedelta(days=2))
    stored = get_translation(session, coordinator, first(session, review), "ru")
    assert stored is not None
    assert stored.text == RUSSIAN[0][1]


def test_an_undo_takes_its_translations_away_and_leaves_what_a_person_wrote_since(
    session: Session, review: Review, coordinator: Actor
) -> None:
    before = everything(session)
    found = bring(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    undo_import(session, coordinator, found, NOW + timedelta(days=1))
    assert everything(session) == before
    found = bring(session, coordinator, review, table(RUSSIAN), *COLUMNS)
    row = session.scalars(
        select(RecommendationTranslation).where(
            RecommendationTranslation.recommendation_id == first(session, review).id
        )
    ).one()
    row.text, row.written_at = "Как исправил человек", NOW + timedelta(hours=1)
    undo_import(session, coordinator, found, NOW + timedelta(days=1))
    stored = get_translation(session, coordinator, first(session, review), "ru")
    assert stored is not None
    assert stored.text == "Как исправил человек"


def test_what_somebody_translated_keeps_the_import_that_added_it(
    session: Session, review: Review, coordinator: Actor
) -> None:
    found = bring(
        session, coordinator, review, table((("140.7", "Ask the sea", "Fiji", "Noted", "Sea"),)), *COLUMNS
    )
    added = recommendations(session, review)[-1]
    session.add(
        RecommendationTranslation(
            recommendation_id=added.id,
            language="ru",
            kind=TranslationKind.UNOFFICIAL,
            text="Спросить море",
            of_digest="",
        )
    )
    session.flush()
    with pytest.raises(Refused, match=r"140\.7"):
        undo_import(session, coordinator, found, NOW + timedelta(days=1))
