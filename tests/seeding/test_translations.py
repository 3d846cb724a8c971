"""The working translations of the letter's texts: all of them are stored, and what a person corrected stays."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from tests import cast as people
from tests.cast import NOW
from tracker.failures import SeedBroken
from tracker.language import fold, looks_like
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationKind,
    digest_of,
)
from tracker.seeding.reference import seed_reference

pytestmark = pytest.mark.database

FILE = ROOT / "seed" / "reference" / "translations.json"
LATER = NOW + timedelta(days=30)
Rows = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FILE.parent, tmp_path / "reference"))


def read(path: Path) -> Rows:
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def change(folder: Path, name: str, rows: Rows) -> None:
    (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


def seed(session: Session, folder: Path) -> str:
    outcome = seed_reference(session, folder, LATER.date(), LATER)
    session.flush()
    return str(outcome)


def first_of(session: Session, language: str) -> RecommendationTranslation:
    query = select(RecommendationTranslation).join(
        Recommendation, Recommendation.id == RecommendationTranslation.recommendation_id
    )
    return session.scalars(
        query.where(Recommendation.ref == "A1", RecommendationTranslation.language == language)
    ).one()


def test_every_translation_of_the_file_is_stored_and_is_of_the_text_that_stands(session: Session) -> None:
    rows = read(FILE)
    stored = session.execute(
        select(RecommendationTranslation, Recommendation).join(
            Recommendation, Recommendation.id == RecommendationTranslation.recommendation_id
        )
    ).all()
    found = {(own.ref, row.language): (row.short_title, row.text) for row, own in stored}
    assert found == {(row["ref"], row["language"]): (row["short_title"], row["text"]) for row in rows}
    points = session.scalar(select(func.count()).select_from(ActionPointTranslation))
    assert points == sum(len(row["action_points"]) for row in rows)
    for row, own in stored:
        assert row.of_digest == digest_of(own.text)
        assert (row.kind, row.is_checked, row.written_at) == (TranslationKind.UNOFFICIAL, False, None)
        assert row.search_text == fold(f"{row.short_title} {row.text}")
    for row, point in session.execute(
        select(ActionPointTranslation, ActionPoint).join(
            ActionPoint, ActionPoint.id == ActionPointTranslation.action_point_id
        )
    ):
        assert row.of_digest == digest_of(point.text), point.ref


def test_no_text_of_the_file_is_in_another_language_than_it_says() -> None:
    for row in read(FILE):
        for text in (row["short_title"], row["text"], *(point["text"] for point in row["action_points"])):
            assert row["language"] in looks_like(text), text


def test_a_translation_that_a_person_corrected_stays_and_others_follow_the_file(
    session: Session, folder: Path
) -> None:
    rows = read(FILE)
    for row in rows[:2]:
        row["short_title"], row["text"] = f"{row['short_title']} II", f"{row['text']} II"
    change(folder, "translations", rows)
    first_of(session, "ru").short_title = "Как исправил координатор"
    assert seed(session, folder) == "0 added, 1 changed, 0 removed"
    assert first_of(session, "ru").short_title == "Как исправил координатор"
    assert first_of(session, "ru").text != rows[0]["text"]
    assert (first_of(session, "ky").short_title, first_of(session, "ky").text) == (
        rows[1]["short_title"],
        rows[1]["text"],
    )


def test_one_that_a_person_removed_stays_away(session: Session, folder: Path) -> None:
    session.delete(first_of(session, "ru"))
    session.flush()
    assert seed(session, folder) == "0 added, 0 changed, 0 removed"
    assert [
        row.language
        for row in session.scalars(select(RecommendationTranslation))
        if row.recommendation_id == people.recommendation(session, "A1").id
    ] == ["ky"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ref", "A99", "“ref” names 'A99', which KGZ-3 does not have in recommendations.json"),
        ("kind", "official", "an official translation needs its “source”"),
        ("language", "tlh", "“language” is 'tlh', but must be one of en, ru, ky"),
        (
            "action_points",
            [{"ref": "A1.9", "text": "Девятый"}],
            "“action_points” names 'A1.9', which is not there in recommendations.json",
        ),
    ],
)
def test_a_wrong_row_is_named(session: Session, folder: Path, name: str, value: Any, sentence: str) -> None:
    rows = read(FILE)
    rows[0][name] = value
    change(folder, "translations", rows)
    with pytest.raises(SeedBroken) as raised:
        seed(session, folder)
    assert str(raised.value) == f"reference/translations.json, line 1: {sentence}"
