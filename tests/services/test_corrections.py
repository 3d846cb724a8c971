"""The coordinator adds and corrects recommendations; no seed and no file takes back what a person changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, NOW, TODAY, Cast
from tests.services.test_points_by_hand import last_line
from tracker.failures import ChangedMeanwhile, NotAllowed, NotFound, ReviewClosed, ValidationFailed
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.recommendation_fields import RecommendationFields
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationKind,
    RecommendationTheme,
)
from tracker.models.themes import Group, Scheme, Theme
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.entries import list_entries
from tracker.queries.history.filter import HistoryFilter
from tracker.queries.history.lines import list_lines
from tracker.queries.recommendations.changes import list_changes
from tracker.queries.recommendations.facets import Filter
from tracker.queries.recommendations.fields import get_fields
from tracker.queries.recommendations.recommendation import find_place, list_tags
from tracker.queries.recommendations.rows import count
from tracker.queries.reviews import get_review_facts
from tracker.queries.wordings import list_earlier_wordings
from tracker.seeding.reference import seed_reference
from tracker.services.assessments import publish_assessment
from tracker.services.recommendations.corrections import add_recommendation, correct_recommendation
from tracker.services.recommendations.points import PointEditor
from tracker.services.recommendations.standing import PositionNow, change_position_now

pytestmark = pytest.mark.database
LATER = NOW + timedelta(days=3)


def fields(session: Session, ref: str = "A12") -> RecommendationFields:
    return get_fields(session, SYSTEM, people.recommendation(session, ref))


def correct(session: Session, cast: Cast, wanted: RecommendationFields, **more: object) -> list[str]:
    own = people.recommendation(session)
    return correct_recommendation(session, cast["coordinator"], own, wanted, LATER, **more)  # type: ignore[arg-type]


def theme(session: Session, scheme: Scheme, number: int = 0) -> int:
    return session.scalars(select(Theme.id).where(Theme.scheme == scheme).order_by(Theme.id)).all()[number]


def found(session: Session, **values: str) -> int:
    review = get_review_facts(session, SYSTEM, "KGZ-3")
    return count(session, SYSTEM, review, Filter(values))


def test_what_is_added_has_one_point_and_stands_last(session: Session, cast: Cast) -> None:
    wanted = replace(
        fields(session),
        ref=" 140.7 ",
        kind=RecommendationKind.WG_RECOMMENDATION,
        text="Ratify the Convention",
        short_title="",
        position=Position.NOTED,
        state_codes=frozenset({"CHL", "FRA"}),
        sdg_codes=frozenset({"5", "16.3"}),
    )
    review = people.recommendation(session).review
    added = add_recommendation(session, cast["coordinator"], review, wanted, LATER)
    assert (added.ref, added.short_title) == ("140.7", "Ratify the Convention")
    last = select(Recommendation.id).where(Recommendation.review_id == review.id)
    assert session.scalars(last.order_by(Recommendation.order.desc())).first() == added.id
    points = select(ActionPoint.ref, ActionPoint.text).where(ActionPoint.recommendation_id == added.id)
    assert session.execute(points).all() == [("140.7.1", "Ratify the Convention")]
    assert {tag.label for tag in list_tags(session, SYSTEM, added.id) if tag.kind == "sdg"} == {
        "goal 5",
        "16.3",
    }
    assert found(session, state="CHL") == found(session, position="noted") == 1
    assert last_line(session).verb == "add_recommendation"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("ref", {"ref": ""}),
        ("ref", {"ref": "28/1"}),
        ("ref", {"ref": "А9"}),  # Cyrillic
        ("text", {"text": " "}),
        ("source_id", {"source_id": 0}),
        ("sdg_codes", {"sdg_codes": frozenset({"18"})}),
    ],
)
def test_a_wrong_field_is_explained(
    session: Session, cast: Cast, field: str, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        correct(session, cast, replace(fields(session), **wrong))  # type: ignore[arg-type]
    assert set(refused.value.sentences) == {field}


def test_only_what_changed_stands_in_the_history(session: Session, cast: Cast) -> None:
    before = fields(session)
    wanted = replace(before, short_title="Another title", state_codes=frozenset({"FRA"}))
    assert correct(session, cast, wanted) == ["short_title", "state_codes"]
    line = last_line(session)
    assert line.facts["fields"] == ["short_title", "state_codes"]  # type: ignore[index]
    assert line.before == {"short_title": before.short_title, "state_codes": []}
    assert "Another title" not in str(line.facts)
    [change] = list_changes(session, cast["coordinator"], people.recommendation(session))
    assert change.sentence == "coordinator corrected KGZ-3 A12: Short title, Recommending States"
    assert [(each.label, each.after) for each in change.fields] == [
        ("Short title", "Another title"),
        ("Recommending States", "FRA"),
    ]
    assert list_changes(session, cast["focal_point"], people.recommendation(session)) == []
    assert correct(session, cast, wanted) == []


def test_heading_themes_and_groups_are_replaced(session: Session, cast: Cast) -> None:
    heading, other = theme(session, Scheme.OHCHR), theme(session, Scheme.OHCHR, 1)
    group = session.scalars(select(Group.id)).first()
    assert group is not None
    wanted = replace(
        fields(session), heading_id=heading, theme_ids=frozenset({other}), group_ids=frozenset({group})
    )
    correct(session, cast, wanted)
    assert fields(session) == wanted
    tags = list_tags(session, SYSTEM, people.recommendation(session).id)
    assert [tag.facet for tag in tags if tag.kind == "heading"] == ["heading"]
    assert found(session, heading=next(tag.value for tag in tags if tag.kind == "heading")) == 1


def test_issues_of_upr_info_are_a_group_of_their_own(session: Session, cast: Cast) -> None:
    """Their codes do not clash with those of OHCHR, and a correction leaves them."""

    code = session.scalars(select(Theme.code).where(Theme.scheme == Scheme.OHCHR)).first()
    issue = Theme(scheme=Scheme.UPR_INFO, version="x", code=code, label="An issue", section=None, order=1)
    session.add(issue)
    session.flush()
    own = people.recommendation(session)
    session.add(
        RecommendationTheme(
            recommendation_id=own.id, theme_id=issue.id, is_own_reading=False, is_heading=False
        )
    )
    session.flush()
    correct(session, cast, replace(fields(session), short_title="Another title"))
    assert [tag.label for tag in list_tags(session, SYSTEM, own.id) if tag.kind == "issue"] == ["An issue"]
    assert found(session, theme=f"upr-info-{code}") == 1


def test_the_position_at_adoption_is_changed_only_where_it_was_a_slip(session: Session, cast: Cast) -> None:
    correct(session, cast, replace(fields(session), position=Position.SUPPORTED))  # there was none
    noted = replace(fields(session), position=Position.NOTED)
    with pytest.raises(ValidationFailed, match="never changes"):
        correct(session, cast, noted)
    assert correct(session, cast, noted, is_slip=True) == ["position"]


def test_the_position_now_stands_beside_that_at_adoption(session: Session, cast: Cast) -> None:
    own, coordinator = people.recommendation(session), cast["coordinator"]
    supported = PositionNow(Position.SUPPORTED, date(2026, 5, 4), "Mid-term report, paragraph 3")
    with pytest.raises(ValidationFailed):
        change_position_now(session, coordinator, own, supported, TODAY, LATER)  # none at adoption
    correct(session, cast, replace(fields(session), position=Position.NOTED))
    for wrong in (
        replace(supported, position=Position.NOTED),
        replace(supported, since=None),
        replace(supported, since=TODAY + timedelta(days=1)),
        replace(supported, source=""),
    ):
        with pytest.raises(ValidationFailed):
            change_position_now(session, coordinator, own, wrong, TODAY, LATER)
    change_position_now(session, coordinator, own, supported, TODAY, LATER)
    assert (own.position, own.position_now, own.position_now_on) == (
        Position.NOTED,
        Position.SUPPORTED,
        date(2026, 5, 4),
    )
    assert last_line(session).after["position_now_on"] == "2026-05-04"  # type: ignore[index]
    change_position_now(session, coordinator, own, PositionNow(None, None, ""), TODAY, LATER)
    assert (own.position_now, own.position_now_source) == (None, "")


def test_points_that_repeat_the_text_follow_it(session: Session, cast: Cast) -> None:
    whole = people.recommendation(session)
    PointEditor(session, cast["coordinator"], whole, NOW).reword("A12.1", whole.text)
    correct(session, cast, replace(fields(session), text="The text as it is printed"))
    texts = [people.point(session, f"A12.{number}").text for number in (1, 2)]
    assert texts[0] == "The text as it is printed"
    assert texts[1] != texts[0]
    assert session.scalars(select(PointWording.was_split)).all() == [False, False]


def renumber(session: Session, cast: Cast, ref: str, wanted: str, days: int = 0) -> None:
    own, at = people.recommendation(session, ref), LATER + timedelta(days=days)
    correct_recommendation(session, cast["coordinator"], own, replace(fields(session, ref), ref=wanted), at)
    session.flush()


def add(session: Session, cast: Cast, ref: str) -> Recommendation:
    review = people.recommendation(session, "A24").review
    wanted = replace(fields(session, "A24"), ref=ref, text="Another request")
    return add_recommendation(session, cast["coordinator"], review, wanted, LATER)


def place(session: Session, ref: str) -> tuple[str, str | None]:
    found = find_place(session, SYSTEM, "KGZ-3", ref)
    return found.ref, found.point_ref


def test_what_was_cited_is_found_under_every_former_number(session: Session, cast: Cast) -> None:
    renumber(session, cast, "A12", "Z12")
    renumber(session, cast, "Z12", "Y12", days=1)
    for ref in ("a12", "Z12"):
        assert place(session, ref) == ("Y12", None)
        assert place(session, f"{ref}.1") == ("Y12", "Y12.1")
    with pytest.raises(NotFound):
        place(session, "A12.99")
    assert people.recommendation(session, "Y12").former_numbers == ["A12", "Z12"]


def test_a_line_of_the_history_names_the_number_of_its_day(session: Session, cast: Cast) -> None:
    for ref, wanted, day in (("A12", "Z12", 1), ("Z12", "Y12", 3)):
        at = LATER + timedelta(days=day - 1)
        people.make_update(session, cast, UpdateState.PUBLISHED, f"{ref}.1", now=at)
        renumber(session, cast, ref, wanted, day)
    lines = list_lines(session, cast["visitor"], HistoryFilter()).lines
    names = [line.about.name for line in lines if line.about]
    assert names[:2] == ["Z12.1, now Y12.1", "A12.1, now Y12.1"]
    assert "A12, now Y12" in names[2:]  # who leads it


def test_a_number_that_was_public_is_given_to_no_other(session: Session, cast: Cast) -> None:
    renumber(session, cast, "A12", "Z12")
    for refused in ("A12", "а12"):  # the second is Cyrillic
        with pytest.raises(ValidationFailed, match="was the number of Z12"):
            add(session, cast, refused)
        with pytest.raises(ValidationFailed, match="was the number of Z12"):
            renumber(session, cast, "A13", refused)
    renumber(session, cast, "Z12", "A12", days=1)  # its own again
    with pytest.raises(ValidationFailed, match="was the number of A12"):
        add(session, cast, "Z12")


def test_numbers_are_free_until_the_review_is_public(session: Session, cast: Cast) -> None:
    people.recommendation(session).review.is_published = False
    renumber(session, cast, "A12", "Z12")
    assert add(session, cast, "A12").id != people.recommendation(session, "Z12").id
    assert people.recommendation(session, "Z12").former_refs == []


def test_an_entry_that_was_published_while_a_correction_waited_is_on_the_earlier_wording(
    session: Session, cast: Cast
) -> None:
    whole = people.recommendation(session)
    PointEditor(session, cast["coordinator"], whole, NOW).reword("A12.1", whole.text)
    made = people.make_assessment(session, cast, now=LATER + timedelta(seconds=2))
    correct(session, cast, replace(fields(session), text="The text as it is printed"))
    said = list_entries(session, SYSTEM, [whole.id], 1)
    assert list_earlier_wordings(session, SYSTEM, [whole.id], said).keys() == {made.id}


def test_an_assessment_of_the_whole_keeps_the_text_on_which_it_was_made(session: Session, cast: Cast) -> None:
    whole = people.recommendation(session)
    before, texts = whole.text, ("The text as it is printed", "The text as it was printed")
    made = [publish_assessment(session, cast["lead"], whole, None, GOOD_ASSESSMENT, NOW)]
    on_a_point = people.make_assessment(session, cast, ref="A12.2")
    for days, text in enumerate(texts, start=1):
        correct(session, cast, replace(fields(session), text=text))
        whole, moment = people.recommendation(session), LATER + timedelta(days=days)
        made.append(publish_assessment(session, cast["other_lead"], whole, None, GOOD_ASSESSMENT, moment))
    correct(session, cast, replace(fields(session), short_title="Another title"))
    said = list_entries(session, SYSTEM, [whole.id], 5)
    found = list_earlier_wordings(session, SYSTEM, [whole.id], said)
    assert {each: wording.text for each, wording in found.items()} == {
        made[0].id: before,
        made[1].id: texts[0],
    }
    assert on_a_point.id in {entry.id for entry in said}


def test_who_read_other_values_changes_nothing(session: Session, cast: Cast) -> None:
    seen = fields(session).digest
    correct(session, cast, replace(fields(session), short_title="First"), seen=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        correct(session, cast, replace(fields(session), short_title="Second"), seen=seen)
    assert refused.value.theirs.short_title == "First"


def test_nobody_else_and_not_in_a_closed_review(session: Session, cast: Cast) -> None:
    own = people.recommendation(session)
    for by in ("focal_point", "lead", "administrator", "visitor"):
        with pytest.raises(NotAllowed):
            correct_recommendation(session, cast[by], own, fields(session), LATER)
    own.review.closed_at = NOW
    session.flush()
    with pytest.raises(ReviewClosed):
        correct(session, cast, fields(session))


def test_the_seed_leaves_what_a_person_did(session: Session, cast: Cast) -> None:
    coordinator = cast["coordinator"]
    correct(
        session, cast, replace(fields(session), short_title="Ours", theme_ids=frozenset(), text="Corrected")
    )
    review = people.recommendation(session).review
    mine = replace(fields(session, "A13"), ref="C1", text="Mine")
    add_recommendation(session, coordinator, review, mine, LATER)
    PointEditor(session, coordinator, people.recommendation(session), LATER).split("A12.2", ["One", "Two"])
    PointEditor(session, coordinator, people.recommendation(session), LATER).retire("A12.3")
    before = [fields(session), fields(session, "C1"), _points(session)]
    seed_reference(session, ROOT / "seed" / "reference", TODAY, LATER)
    session.flush()
    assert [fields(session), fields(session, "C1"), _points(session)] == before


def _points(session: Session) -> list[object]:
    columns = select(ActionPoint.ref, ActionPoint.text, ActionPoint.order, ActionPoint.retired_at)
    return list(session.execute(columns.order_by(ActionPoint.id)).all())
