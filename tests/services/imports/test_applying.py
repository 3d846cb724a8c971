"""What an import adds and changes, and that it can be taken back whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, recommendation
from tests.exchange.imports import matrices, table_files
from tests.services.imports.files import (
    COLUMNS,
    MATRIX_ROWS,
    ROWS,
    bring,
    everything,
    items_of,
    kinds_of,
    matrix,
    open_empty,
    preview,
    recommendations,
    table,
    upr_info,
)
from tracker.exchange.imports.rows import Column
from tracker.failures import BadInput, NotAllowed, ReviewClosed
from tracker.history.sentences import sentence_of
from tracker.models.action_points import ActionPoint
from tracker.models.history import HistoryLine
from tracker.models.imports import ImportState, ItemKind
from tracker.models.recommendations import Position, RecommendationKind, RecommendationTheme
from tracker.models.reviews import Source
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import SYSTEM
from tracker.queries.imports import Present, list_present
from tracker.queries.recommendations.fields import get_fields
from tracker.queries.recommendations.recommendation import find_place
from tracker.services.imports.applying import PreviewIsOld, apply_import, list_what_keeps, undo_import
from tracker.services.recommendations.corrections import correct_recommendation
from tracker.services.reviews import close_review, publish_review

pytestmark = pytest.mark.database
C = Column
LONG = "Adopt a comprehensive law on the protection of old trees in cities, with those who live under them"
UPR_INFO = (
    ("Plant a tree in each street of the capital ", "Chile", "Accepted", "Justice"),
    ("Plant a tree in each street of the capital", "Peru", "Accepted", "Justice,Labour"),
    ("Open a  library in each village", "Fiji", "Noted", "Right to education"),
    ("Build a bridge of stone over the river", "Mali", "Noted", ""),
)


def standing(session: Session, review_id: int) -> dict[str, Present]:
    return {each.values["ref"]: each for each in list_present(session, review_id)}


def lines(session: Session) -> list[str]:
    session.flush()
    found = session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(2))
    return [sentence_of(line) for line in found]


def test_new_recommendations_get_one_point_with_their_text(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    found = bring(session, cast["coordinator"], review, matrix())
    made = recommendations(session, review)
    assert [(each.ref, each.order, each.position) for each in made] == [
        ("140.1", 1, Position.SUPPORTED),
        ("140.2", 2, Position.NOTED),
        ("140.10", 3, Position.SUPPORTED),
    ]
    points = session.scalars(select(ActionPoint).where(ActionPoint.recommendation_id == made[0].id)).all()
    assert [(point.ref, point.text) for point in points] == [("140.1.1", made[0].text)]
    assert {each.kind for each in made} == {RecommendationKind.WG_RECOMMENDATION}
    values = standing(session, review.id)["140.1"].values
    assert values["states"] == ["CHL", "PER"]
    assert (values["heading"], set(values["themes"])) == ("Trees and parks", {"Trees and parks", "Clean air"})
    assert (values["groups"], set(values["sdgs"])) == (["Gardeners"], {"15", "16.3"})
    assert values["position_source"] == "A/HRC/99/15/Add.1"
    assert (found.state, found.content, found.applied_at) == (ImportState.APPLIED, None, NOW)
    assert lines(session)[0] == "coordinator imported into KGZ-4: 3 added, 0 changed"


def test_a_short_title_is_the_beginning_of_the_text(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, table([("1.1", LONG, "Chile", "Noted", "")]), *COLUMNS)
    [made] = recommendations(session, review)
    assert made.short_title.endswith("…")
    assert LONG.startswith(made.short_title.removesuffix("…"))
    assert 70 < len(made.short_title) <= 91


@pytest.mark.parametrize("again", [MATRIX_ROWS, MATRIX_ROWS[3:] + MATRIX_ROWS[:3]])
def test_the_same_file_again_changes_nothing_in_whatever_order(
    session: Session, cast: Cast, again: Sequence[matrices.Row]
) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, matrix())
    before = everything(session)
    found = bring(session, cast["coordinator"], review, matrix(again))
    assert kinds_of(session, found) == {"unchanged": 3}
    assert everything(session) == before


def test_a_changed_cell_is_one_change_with_its_former_value(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, table(), *COLUMNS)
    changed = [ROWS[0], (*ROWS[1][:4], "Books; Reading"), ROWS[2]]
    found = bring(session, cast["coordinator"], review, table(changed), *COLUMNS)
    assert kinds_of(session, found) == {"changed": 1, "unchanged": 2}
    [item] = [item for item in items_of(session, found) if item.changes]
    assert item.changes == {"themes": [["Books"], ["Books", "Reading"]]}
    assert lines(session)[0] == "coordinator imported into KGZ-4: 0 added, 1 changed"


def test_a_new_text_is_the_text_of_its_point_and_title_too(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, table(), *COLUMNS)
    changed = [("140.1", "Plant two trees in each street of the capital", *ROWS[0][2:]), *ROWS[1:]]
    bring(session, cast["coordinator"], review, table(changed), *COLUMNS)
    made = recommendations(session, review)[0]
    point = session.scalars(select(ActionPoint).where(ActionPoint.recommendation_id == made.id)).one()
    assert point.text == made.text == made.short_title == changed[0][1]
    assert "two trees" in made.search_text


def test_numbers_of_ours_give_way_to_those_of_a_matrix(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, upr_info(UPR_INFO))
    assert [each.ref for each in recommendations(session, review)] == ["N1", "N2", "N3"]
    bring(session, cast["coordinator"], review, matrix())
    found = standing(session, review.id)
    assert set(found) == {"140.1", "140.2", "N3", "140.10"}
    values = found["140.1"].values
    assert (values["states"], values["action_category"]) == (["CHL", "PER"], 4)
    assert values["issues"] == ["Justice", "Labour"]
    points = session.scalars(select(ActionPoint.ref).order_by(ActionPoint.ref)).all()
    assert {"140.1.1", "140.2.1", "N3.1", "140.10.1"} <= set(points)


def test_another_layout_adds_what_it_knows_and_keeps_number_text_and_themes(
    session: Session, cast: Cast
) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, matrix())
    before = standing(session, review.id)
    bring(session, cast["coordinator"], review, upr_info(UPR_INFO))
    after = standing(session, review.id)
    assert set(after) == {*before, "N4"}
    for field in ("text", "position", "heading", "themes", "states"):
        assert [after[ref].values[field] for ref in before] == [
            each.values[field] for each in before.values()
        ]
    assert after["140.2"].values["issues"] == ["Right to education"]
    for content in (matrix(), upr_info(UPR_INFO)):
        assert kinds_of(session, bring(session, cast["coordinator"], review, content)).keys() == {"unchanged"}


def test_what_a_person_must_decide_stands_apart_and_the_rest_is_imported(
    session: Session, cast: Cast
) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, matrix())
    rows = [("Open a library in each village", "Fiji", "Accepted", "Right to education")]
    found = bring(session, cast["coordinator"], review, upr_info(rows))
    sure, asked = items_of(session, found)
    assert (sure.kind, asked.kind) == ("changed", "doubtful")
    assert (sure.is_taken, asked.is_taken) == (True, False)
    assert asked.changes == {"position": ["noted", "supported"]}
    assert "here stands “Noted”; the file says “Supported”" in asked.problems[0][1]
    values = standing(session, review.id)["140.2"].values
    assert (values["position"], values["issues"]) == ("noted", ["Right to education"])
    # and it is asked again until somebody takes it
    found = preview(session, cast["coordinator"], review, upr_info(rows))
    assert kinds_of(session, found) == {"doubtful": 1, "unchanged": 1}
    for item in items_of(session, found):
        item.is_taken = item.kind == "doubtful"
    apply_import(session, cast["coordinator"], found, NOW)
    assert standing(session, review.id)["140.2"].values["position"] == "supported"
    undo_import(session, cast["coordinator"], found, NOW)
    assert standing(session, review.id)["140.2"].values["position"] == "noted"


@pytest.mark.parametrize("second", ["matrix", "upr_info", "table"])
@pytest.mark.parametrize("first", ["nothing", "matrix", "upr_info"])
def test_an_undo_leaves_everything_as_it_was(session: Session, cast: Cast, first: str, second: str) -> None:
    review = open_empty(session)
    coordinator = cast["coordinator"]
    contents = {"matrix": matrix(), "upr_info": upr_info(UPR_INFO), "table": table()}
    if first != "nothing":
        bring(session, coordinator, review, contents[first])
    before = everything(session)
    found = bring(session, coordinator, review, contents[second], *(COLUMNS if second == "table" else ()))
    assert (everything(session) == before) == (first == second)
    assert list_what_keeps(session, found) == []
    undo_import(session, coordinator, found, NOW + timedelta(hours=1))
    assert everything(session) == before
    assert (found.state, found.undone_at) == (ImportState.UNDONE, NOW + timedelta(hours=1))
    assert lines(session)[0].startswith("coordinator undid an import into KGZ-4: ")


def test_an_import_beside_the_seeded_letter_leaves_it_as_it_is(session: Session, cast: Cast) -> None:
    """The letter's items have no number of the Working Group."""
    review = recommendation(session).review
    before = everything(session)
    found = bring(session, cast["coordinator"], review, matrix())
    assert kinds_of(session, found) == {"new": 3}
    undo_import(session, cast["coordinator"], found, NOW)
    assert everything(session) == before


def test_a_heading_of_the_letter_is_asked_about_and_comes_back(session: Session, cast: Cast) -> None:
    review = recommendation(session).review
    of_the_letter = select(Theme.id).where(Theme.scheme == Scheme.LETTER)
    mark = update(RecommendationTheme).where(RecommendationTheme.theme_id.in_(of_the_letter))
    session.execute(mark.values(is_heading=True))
    before = everything(session)
    content = table_files.xlsx(["Ref", "Heading", "Themes"], [["A12", "Deserts", "Sand"]])
    found = preview(session, cast["coordinator"], review, content, C.REF, C.HEADING, C.THEMES)
    assert kinds_of(session, found) == {"changed": 1, "doubtful": 1}
    for item in items_of(session, found):
        item.is_taken = True
    apply_import(session, cast["coordinator"], found, NOW)
    assert standing(session, review.id)["A12"].values["heading"] == "Deserts"
    undo_import(session, cast["coordinator"], found, NOW)
    assert everything(session) == before


def test_a_new_heading_takes_the_place_of_the_old_one(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, matrix())
    moved = ("Theme: Water and lakes", *MATRIX_ROWS[4:])
    found = bring(session, cast["coordinator"], review, matrix((*MATRIX_ROWS[:3], *moved)))
    values = standing(session, review.id)["140.10"].values
    assert values["heading"] == "Water and lakes"
    assert set(values["themes"]) == {"Water and lakes", "Water"}
    undo_import(session, cast["coordinator"], found, NOW)
    assert standing(session, review.id)["140.10"].values["heading"] == "Water"


def test_unknown_words_join_the_vocabulary_and_leave_it_with_the_import(session: Session, cast: Cast) -> None:
    """Labels that differ in signs alone have codes that differ in a number."""
    review = open_empty(session)
    rows = [("1.1", "Plant a tree", "Chile", "Noted", "Old & new trees; Old, new trees; Books")]
    found = bring(session, cast["coordinator"], review, table(rows), *COLUMNS)
    other = bring(session, cast["coordinator"], review, matrix())
    made = select(Theme).where(Theme.label.in_(("Old & new trees", "Old, new trees", "Books")))
    codes = {(theme.scheme, theme.version, theme.code) for theme in session.scalars(made)}
    names = ("old-new-trees", "old-new-trees-2", "books")
    assert codes == {(Scheme.OHCHR, "2025", code) for code in names}
    assert "Gardeners" in set(session.scalars(select(Group.label)))
    undo_import(session, cast["coordinator"], found, NOW)
    assert [theme.label for theme in session.scalars(made)] == ["Books"]
    undo_import(session, cast["coordinator"], other, NOW)
    assert session.scalars(made).all() == []
    assert "Gardeners" not in set(session.scalars(select(Group.label)))


def test_an_old_preview_is_not_applied(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    first = preview(session, cast["coordinator"], review, matrix())
    second = preview(session, cast["coordinator"], review, matrix())
    apply_import(session, cast["coordinator"], first, NOW)
    with pytest.raises(PreviewIsOld):
        apply_import(session, cast["coordinator"], second, NOW)
    assert len(recommendations(session, review)) == 3
    with pytest.raises(BadInput, match="applied or discarded"):
        apply_import(session, cast["coordinator"], first, NOW)


def test_a_preview_that_waits_does_not_keep_another_from_being_undone(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    first = bring(session, cast["coordinator"], review, matrix())
    preview(session, cast["coordinator"], review, matrix())
    undo_import(session, cast["coordinator"], first, NOW)
    assert recommendations(session, review) == []


def test_a_number_that_a_file_corrects_stays_the_recommendations_own(session: Session, cast: Cast) -> None:
    coordinator, review = cast["coordinator"], open_empty(session)
    bring(session, coordinator, review, upr_info(UPR_INFO))
    publish_review(session, coordinator, review, NOW)
    cited = recommendations(session, review)[0].ref
    before = everything(session)
    found = bring(session, coordinator, review, matrix())
    assert find_place(session, SYSTEM, "KGZ-4", f"{cited}.1").point_ref == "140.1.1"
    undo_import(session, coordinator, found, NOW)
    assert everything(session) == before


def test_a_file_gives_no_other_the_number_that_was_public(session: Session, cast: Cast) -> None:
    coordinator, review = cast["coordinator"], open_empty(session)
    bring(session, coordinator, review, table(), *COLUMNS)
    publish_review(session, coordinator, review, NOW)
    own = recommendations(session, review)[0]
    wanted = replace(get_fields(session, coordinator, own), ref="140.11")
    correct_recommendation(session, coordinator, own, wanted, NOW)
    session.flush()
    row = ("140.1", "Build a bridge of stone over the river", "Mali", "Noted", "")
    found = bring(session, coordinator, review, table([row, *ROWS[1:]]), *COLUMNS)
    [item] = [item for item in items_of(session, found) if item.kind == ItemKind.DOUBTFUL]
    assert "140.1 was the number of 140.11" in item.problems[0][1]
    made = {each.text: each.ref for each in recommendations(session, review)}
    assert (made[row[1]], made[ROWS[0][1]]) == ("N4", "140.11")


def test_an_item_that_nobody_takes_is_left(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    found = preview(session, cast["coordinator"], review, matrix())
    for item in items_of(session, found):
        item.is_taken = item.ref == "140.2"
    apply_import(session, cast["coordinator"], found, NOW)
    assert [each.ref for each in recommendations(session, review)] == ["140.2"]


def test_an_unchanged_item_that_somebody_takes_is_not_removed_by_the_undo(
    session: Session, cast: Cast
) -> None:
    review = open_empty(session)
    bring(session, cast["coordinator"], review, matrix())
    found = preview(session, cast["coordinator"], review, matrix())
    for item in items_of(session, found):
        item.is_taken = True
    before = everything(session)
    apply_import(session, cast["coordinator"], found, NOW)
    undo_import(session, cast["coordinator"], found, NOW)
    assert everything(session) == before


def test_only_the_coordinator_applies_and_only_into_an_open_review(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    found = preview(session, cast["coordinator"], review, matrix())
    for name in ("focal_point", "administrator", "lead", "registrar", "visitor"):
        with pytest.raises(NotAllowed):
            apply_import(session, cast[name], found, NOW)
    close_review(session, cast["coordinator"], review, NOW)
    with pytest.raises(ReviewClosed):
        apply_import(session, cast["coordinator"], found, NOW)
    with pytest.raises(ReviewClosed):
        preview(session, cast["coordinator"], review, matrix())


def test_without_a_document_it_says_what_to_do(session: Session, cast: Cast) -> None:
    review = open_empty(session)
    for source in session.scalars(select(Source).where(Source.review_id == review.id)):
        session.delete(source)
    found = preview(session, cast["coordinator"], review, matrix())
    with pytest.raises(BadInput, match="which document"):
        apply_import(session, cast["coordinator"], found, NOW)
