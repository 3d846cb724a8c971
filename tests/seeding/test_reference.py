"""The reference data: what is stored, that twice changes nothing, that a changed file gives exactly its change."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from tests.cast import NOW, TODAY
from tracker.language import speaking
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.base import Base
from tracker.models.communications import (
    Communication,
)
from tracker.models.milestones import Milestone
from tracker.models.recommendations import Recommendation, RecommendationTheme, RecommendationWording
from tracker.models.reviews import Review
from tracker.models.sdg_targets import SdgGoal
from tracker.models.settings import SET_UP_ON, Setting
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.seeding.reference import FILES, seed_reference
from tracker.seeding.table import Outcome

pytestmark = pytest.mark.database

REFERENCE = ROOT / "seed" / "reference"
LATER = NOW + timedelta(days=30)
Rows = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def rows(name: str, folder: Path = REFERENCE) -> Rows:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def change(folder: Path, name: str, edit: Callable[[Rows], object]) -> None:
    entries = rows(name, folder)
    edit(entries)
    (folder / f"{name}.json").write_text(json.dumps(entries, indent=1), encoding="utf-8")


def seed(session: Session, folder: Path = REFERENCE) -> Outcome:
    outcome = seed_reference(session, folder, LATER.date(), LATER)
    session.flush()
    return outcome


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.flush()
    return {
        table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables
    }


def count(session: Session, model: type[Base], *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_the_texts_of_the_letter_are_the_data_word_for_word(session: Session) -> None:
    stored = {row.ref: row for row in session.scalars(select(Recommendation))}
    points: dict[int, list[tuple[str, str]]] = {}
    for point in session.scalars(select(ActionPoint).order_by(ActionPoint.order)):
        points.setdefault(point.recommendation_id, []).append((point.ref, point.text))
    for row in rows("recommendations"):
        one = stored.pop(row["ref"])
        assert (one.text, one.short_title) == (row["text"], row["short_title"])
        assert points[one.id] == [(point["ref"], point["text"]) for point in row["action_points"]]
    assert not stored


def test_only_the_heading_is_the_letters_own(session: Session) -> None:
    tagged = select(Theme.scheme, RecommendationTheme.is_own_reading)
    tagged = tagged.join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id).distinct()
    pairs = {tuple(row) for row in session.execute(tagged)}
    assert pairs == {(Scheme.LETTER, False), (Scheme.TOPIC, True), (Scheme.OHCHR, True)}


def test_seeding_twice_changes_nothing_at_all(session: Session) -> None:
    before = everything(session)
    outcome = seed(session)
    assert (outcome.is_nothing, str(outcome)) == (True, "0 added, 0 changed, 0 removed")
    assert everything(session) == before
    setting = session.get_one(Setting, SET_UP_ON)
    assert setting.value == TODAY.isoformat()  # the day of the first seed, not of this one


def differences(session: Session, action: Callable[[], Outcome]) -> tuple[str, set[str]]:
    """What the seed says it did, and the tables that are different after it."""
    before = everything(session)
    said = str(action())
    after = everything(session)
    return said, {name for name in before if before[name] != after[name]} - {"seeded_rows", "reviews"}


def test_a_changed_cell_gives_exactly_that_change(session: Session, folder: Path) -> None:
    change(folder, "milestones", lambda entries: entries[0].update(label="The very first review"))
    version = session.scalars(select(Review.figures_version)).all()
    assert differences(session, lambda: seed(session, folder)) == (
        "0 added, 1 changed, 0 removed",
        {"milestones"},
    )
    label = select(Milestone.label).where(Milestone.key == rows("milestones")[0]["key"])
    assert session.scalar(label) == "The very first review"
    assert session.scalars(select(Review.figures_version)).all() == [number + 1 for number in version]
    assert seed(session, folder).is_nothing


def test_a_removed_tag_is_taken_away(session: Session, folder: Path) -> None:
    change(folder, "recommendations", lambda entries: entries[0]["sdg_targets"].pop())
    told = ("0 added, 0 changed, 1 removed", {"recommendation_sdg_targets"})
    assert differences(session, lambda: seed(session, folder)) == told
    assert seed(session, folder).is_nothing


def test_a_letter_that_leaves_the_register_is_taken_away_with_its_contents(
    session: Session, folder: Path
) -> None:
    gone: dict[str, Any] = {}
    change(folder, "communications", lambda entries: gone.update(entries.pop()))
    parts = 1 + len(gone["requests"]) + len(gone["recommendations"])
    said, tables = differences(session, lambda: seed(session, folder))
    assert said == f"0 added, 0 changed, {parts} removed"
    assert "communications" in tables
    assert count(session, Communication, Communication.reference == gone["reference"]) == 0
    assert seed(session, folder).is_nothing
    # It comes back whole
    assert str(seed(session)) == f"{parts} added, 0 changed, 0 removed"


def test_a_recommendation_that_leaves_its_file_stays_with_its_tags_and_is_named(
    session: Session, folder: Path
) -> None:
    gone: dict[str, Any] = {}
    change(folder, "recommendations", lambda entries: gone.update(entries.pop()))
    points = len(gone["action_points"])
    outcome = f"0 added, 0 changed, {points} removed"
    assert differences(session, lambda: seed(session, folder)) == (outcome, {"action_points"})
    assert seed(session, folder).left == [f"recommendations {gone['ref']}"]
    # It comes back, and its points are open again
    assert differences(session, lambda: seed(session)) == (
        f"0 added, {points} changed, 0 removed",
        {"action_points"},
    )
    assert seed(session).left == []


def test_what_others_may_refer_to_stays_and_is_named(session: Session, folder: Path) -> None:
    used = {code for row in rows("recommendations") for key in ("groups", "themes", "topics", "sdg_targets")
            for code in row.get(key, [])} | {row["heading"] for row in rows("recommendations")}  # fmt: skip
    gone: dict[str, str] = {}

    for name in ("states", "groups", "themes", "sdg_targets"):
        unused = next(row["code"] for row in reversed(rows(name)) if row["code"] not in {*used, "KGZ"})
        change(folder, name, lambda entries, unused=unused: _remove(entries, unused))  # type: ignore[misc]
        gone[name] = unused
    change(folder, "state_name_corrections", lambda entries: _remove(entries, gone["states"]))
    before = everything(session)
    outcome = seed(session, folder)
    assert outcome.is_nothing
    assert sorted(outcome.left) == sorted(f"{name} {code}" for name, code in gone.items())
    assert everything(session) == before


def _remove(entries: Rows, code: str) -> None:
    entries[:] = [row for row in entries if row["code"] != code]


def test_a_point_that_comes_back_still_has_what_a_person_made_of_it(session: Session, folder: Path) -> None:
    reworded, retired = (
        session.scalars(select(ActionPoint).where(ActionPoint.ref == point["ref"])).one()
        for point in rows("recommendations")[0]["action_points"][-2:]
    )
    reworded.text, retired.retired_at = "As the coordinator words it.", NOW

    def drop_both(file: Rows) -> None:
        del file[0]["action_points"][-2:]

    change(folder, "recommendations", drop_both)
    assert [str(seed(session, folder)) for _ in range(2)] == [
        "0 added, 0 changed, 1 removed",
        "0 added, 0 changed, 0 removed",
    ]
    assert (reworded.retired_at, retired.retired_at) == (LATER, NOW)
    for _ in range(2):
        seed(session)
        assert (reworded.text, reworded.retired_at) == ("As the coordinator words it.", None)
        assert retired.retired_at == NOW


def test_a_point_that_the_file_words_anew_keeps_what_it_said(session: Session, folder: Path) -> None:
    first, second = rows("recommendations")[0]["action_points"][:2]
    mine = session.scalars(select(ActionPoint).where(ActionPoint.ref == second["ref"])).one()
    mine.text = "As the coordinator words it."

    def reword(file: Rows) -> None:
        for entry in file[0]["action_points"][:2]:
            entry["text"] += " soon"

    change(folder, "recommendations", reword)
    for _ in range(2):
        seed(session, folder)
        kept = session.scalars(select(PointWording)).one()
        assert (kept.text, kept.until, kept.was_split) == (first["text"], LATER, False)
        point = session.get_one(ActionPoint, kept.action_point_id)
        assert (point.ref, point.text) == (first["ref"], first["text"] + " soon")


def test_a_recommendation_that_the_file_words_anew_keeps_what_it_said(session: Session, folder: Path) -> None:
    first, second = rows("recommendations")[:2]
    mine = session.scalars(select(Recommendation).where(Recommendation.ref == second["ref"])).one()
    mine.text = "As the coordinator words it."

    def reword(file: Rows) -> None:
        for entry in file[:2]:
            entry["text"] += " Soon."

    change(folder, "recommendations", reword)
    for _ in range(2):
        seed(session, folder)
        kept = session.scalars(select(RecommendationWording)).one()
        assert (kept.text, kept.until) == (first["text"], LATER)
        assert session.get_one(Recommendation, kept.recommendation_id).ref == first["ref"]


def test_a_file_may_begin_with_a_byte_order_mark(session: Session, folder: Path) -> None:
    path = folder / "themes.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert seed(session, folder).is_nothing


def test_what_a_person_changed_stays_and_the_rest_still_follows(session: Session, folder: Path) -> None:
    a1 = session.scalars(select(Recommendation).where(Recommendation.ref == "A1")).one()
    a1.short_title = "What the coordinator calls it"
    session.flush()

    def edit(entries: Rows) -> None:
        entries[0].update(short_title="What the file calls it now", context_note="A new note.")

    change(folder, "recommendations", edit)
    for _ in range(2):
        seed(session, folder)
        session.refresh(a1)
        assert (a1.short_title, a1.context_note) == ("What the coordinator calls it", "A new note.")


def test_what_a_person_removed_is_not_added_again(session: Session) -> None:
    tag = session.scalars(select(RecommendationTheme).limit(1)).one()
    session.delete(tag)
    session.flush()
    left = count(session, RecommendationTheme)
    assert seed(session).is_nothing
    assert count(session, RecommendationTheme) == left


def test_every_data_file_is_read() -> None:
    assert {path.stem for path in REFERENCE.glob("*.json")} == set(FILES)


def test_the_vocabularies_of_both_cycles_and_of_upr_info_are_there(session: Session) -> None:
    query = select(Theme.scheme, Theme.version, func.count()).group_by(Theme.scheme, Theme.version)
    found = {(scheme, version): number for scheme, version, number in session.execute(query)}
    assert found == {
        (Scheme.LETTER, "2020-12-04"): 18,
        (Scheme.TOPIC, "1"): 4,
        (Scheme.OHCHR, "2020"): 62,
        (Scheme.OHCHR, "2025"): 85,
        (Scheme.UPR_INFO, "2015"): 54,
    }
    assert count(session, Group) == 46


def test_our_own_reading_of_a_theme_keeps_to_the_edition_of_today(session: Session) -> None:
    """Editions share codes; the letter's items are tagged with the current one."""
    tagged = select(Theme.version).join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    assert set(session.scalars(tagged.where(Theme.scheme == Scheme.OHCHR))) == {"2025"}


def test_a_corrected_correspondence_is_followed(session: Session, folder: Path) -> None:
    change(folder, "theme_correspondences", lambda entries: entries.pop())
    told = ("0 added, 0 changed, 1 removed", {"theme_correspondences"})
    assert differences(session, lambda: seed(session, folder)) == told
    assert str(seed(session)) == "1 added, 0 changed, 0 removed"


def test_a_name_or_translation_that_a_person_changed_stays_in_that_language_alone(
    session: Session, folder: Path
) -> None:
    women = session.scalars(select(Group).where(Group.code == "women")).one()
    state = session.get_one(State, "CIV")
    women.translations = {**women.translations, "ru": "Женщины всех возрастов"}
    state.names = {**state.names, "en": "Ivory Coast"}
    change(
        folder,
        "groups",
        lambda entries: own(entries, "women")["translations"].update(ky="Айымдар", ru="Дамы"),
    )
    change(folder, "state_name_corrections", lambda entries: entries.append(correction("CIV", "ru")))
    outcome = seed(session, folder)
    assert str(outcome) == "0 added, 2 changed, 0 removed"
    assert women.translations == {"ru": "Женщины всех возрастов", "ky": "Айымдар"}
    assert (state.names["en"], state.names["ru"]) == ("Ivory Coast", "Кот")
    assert str(seed(session, folder)) == "0 added, 0 changed, 0 removed"


def own(entries: Rows, code: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["code"] == code)


def correction(code: str, language: str) -> dict[str, str]:
    return {"code": code, "language": language, "name": "Кот", "reason": "a test"}


def test_every_word_of_the_vocabularies_has_its_translations(session: Session) -> None:
    for model in (Theme, Group, SdgGoal, Milestone):
        for word in session.scalars(select(model)):
            assert word.translations.keys() == {"ru", "ky"}, word.label
            with speaking("ru"):
                assert word.name == word.translations["ru"]
            assert word.name == word.label
