"""Many assignments at once: from a plan, a table, and the suggested institutions."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, REVIEW, TODAY, Cast
from tests.services.refusals import refused
from tracker.exchange.imports.assignments import AssignmentRow
from tracker.failures import NotAllowed
from tracker.models.assignments import Assignment
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.reviews import Review
from tracker.queries.assignments import Assigned, list_assigned, list_suggested, list_without_focal_point
from tracker.services.assignment_plans import Change, Wish, apply_plan, plan_assignments
from tracker.services.assignment_tables import (
    join_names,
    list_spellings,
    read_known_organisations,
    read_wishes,
)
from tracker.services.organisations.creation import create_organisation
from tracker.services.organisations.successions import Day, NewOrganisation, rename_organisation
from tracker.services.suggestions import lead_of, list_institutions, wishes_of

GOVERNMENT = OrganisationKind.GOVERNMENT


def organisation(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def review(session: Session) -> Review:
    return session.scalars(select(Review).where(Review.code == REVIEW)).one()


def now(session: Session, cast: Cast) -> dict[str, Assigned]:
    every = list_assigned(session, cast["coordinator"], review(session).id)
    return {each.ref: each for each in every}


def test_a_plan_tells_what_is_new_changed_and_the_same(session: Session, cast: Cast) -> None:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    refs = now(session, cast)
    wishes = [
        Wish(refs["A12"].id, a, (b, a)),
        Wish(refs["A24"].id, a),
        Wish(refs["A1"].id, None, (a,)),
        Wish(refs["A1"].id, b, (b,)),
    ]
    plan = {each.now.ref: each for each in plan_assignments(refs.values(), wishes)}
    assert {ref: each.change for ref, each in plan.items()} == {
        "A1": Change.NEW,
        "A12": Change.UNCHANGED,
        "A24": Change.CHANGED,
    }
    assert (plan["A1"].lead, plan["A1"].added) == (b, (a,))
    assert (plan["A24"].lead, plan["A24"].added) == (a, ())


def test_a_plan_is_carried_out_with_a_line_for_each_assignment(session: Session, cast: Cast) -> None:
    a, refs = organisation(session, "ministry-a"), now(session, cast)
    before = len(session.scalars(select(HistoryLine)).all())
    wishes = [Wish(refs[ref].id, a) for ref in ("A12", "A24", "A1", "A2")]
    plan = plan_assignments(refs.values(), wishes)
    assert apply_plan(session, cast["coordinator"], review(session), plan, TODAY, NOW) == 3
    session.flush()
    assert len(session.scalars(select(HistoryLine)).all()) == before + 3
    after = now(session, cast)
    assert {after[ref].lead for ref in ("A12", "A24", "A1", "A2")} == {a}
    again = plan_assignments(after.values(), wishes)
    assert apply_plan(session, cast["coordinator"], review(session), again, TODAY, NOW) == 0


@pytest.mark.parametrize("who", ["focal_point", "lead", "administrator", "visitor"])
def test_nobody_else_carries_out_a_plan(session: Session, cast: Cast, who: str) -> None:
    refs = now(session, cast)
    plan = plan_assignments(refs.values(), [Wish(refs["A1"].id, organisation(session, "ministry-a"))])
    refused(
        session,
        Assignment,
        NotAllowed,
        lambda: apply_plan(session, cast[who], review(session), plan, TODAY, NOW),
    )


def test_an_organisation_that_leads_is_not_made_to_support(session: Session, cast: Cast) -> None:
    a, refs = organisation(session, "ministry-a"), now(session, cast)
    [planned] = plan_assignments(refs.values(), [Wish(refs["A12"].id, None, (a,))])
    assert planned.change == Change.UNCHANGED


def test_names_in_a_table_mean_organisations_by_any_of_their_names(session: Session, cast: Cast) -> None:
    names = {"en": "Ministry of Labour, Rest and Migration", "ru": "Министерство труда"}
    made = create_organisation(session, cast["coordinator"], "labour", GOVERNMENT, names, "KGZ", NOW)
    known = read_known_organisations(session, cast["coordinator"], "KGZ")
    for spelling in ("ministry of labour, rest & migration", "МИНИСТЕРСТВО  ТРУДА", "kgz-labour"):
        assert known.find(spelling.replace("&", "and")) is made
    assert known.find("Ministry of Labour") is None
    assert known.suggest("Ministry of Labour, Migration and Rest") == [made]
    assert known.suggest("Ministry of Lakes") == []
    assert known.find("Open Window") is None  # independent


def test_commas_of_a_known_name_divide_nothing(session: Session, cast: Cast) -> None:
    names = {"en": "Ministry of Labour, Rest and Migration"}
    create_organisation(session, cast["coordinator"], "", GOVERNMENT, names, "KGZ", NOW)
    known = read_known_organisations(session, cast["coordinator"], "KGZ")
    parts = ("Rest and Migration", "Ministry of Bridges", "Ministry of Labour", "Rest and Migration", "X")
    [row] = join_names(known, [AssignmentRow("line 1", "A1", "Ministry of Labour", parts)])
    assert (row.lead, row.supporting) == (
        names["en"],
        ("Ministry of Bridges", names["en"], "X"),
    )


def test_a_former_name_is_a_suggestion_of_who_goes_on(session: Session, cast: Cast) -> None:
    old, day = organisation(session, "ministry-a"), Day(TODAY, TODAY, NOW)
    who = cast["coordinator"]
    heir = rename_organisation(session, who, old, NewOrganisation({"en": "Bureau of Hours"}, GOVERNMENT), day)
    session.flush()
    known = read_known_organisations(session, who, "KGZ")
    assert known.find("Ministry of Clocks") is None
    assert known.suggest("Ministry of Clocks") == [heir]


def test_a_table_gives_wishes_and_tells_unknown_refs_and_those_that_stand_twice(
    session: Session, cast: Cast
) -> None:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    rows = [
        AssignmentRow("line 1", "а1.", "A", ("B", "C")),
        AssignmentRow("line 2", "A1", "B"),
        AssignmentRow("line 3", "Z9", "A"),
    ]
    assert list_spellings(rows) == ["A", "B", "C"]
    refs = now(session, cast)
    read = read_wishes(list(refs.values()), rows, {"A": a, "B": b})
    assert read.wishes == [Wish(refs["A1"].id, a, (b,)), Wish(refs["A1"].id, b)]
    assert ([row.ref for row in read.unknown], read.twice) == (["Z9"], ["A1"])


def test_the_first_institution_that_is_no_nhri_leads(session: Session, cast: Cast) -> None:
    assert (
        lead_of(["Akyikatchy (Ombudsperson) Institute", "Ministry of Justice", "Court"])
        == "Ministry of Justice"
    )
    assert lead_of(["Akyikatchy (Ombudsperson) Institute"]) is None


def test_suggestions_take_nobodys_lead_away_and_leave_the_list_once_taken(
    session: Session, cast: Cast
) -> None:
    who, found = cast["coordinator"], review(session)
    suggested = list_suggested(session, who, found.id)
    every = list_assigned(session, who, found.id)
    justice = create_organisation(session, who, "", GOVERNMENT, {"en": "Ministry of Justice"}, "KGZ", NOW)
    accepted = {"Ministry of Justice": justice}
    offered = {each.name: each for each in list_institutions(every, suggested, accepted)}
    offer = offered["Ministry of Justice"]
    assert offer.leads
    assert offer.supports
    assert "A12" not in {ref for each in offered.values() for ref in each.leads}  # ministry A leads it
    plan = plan_assignments(every, wishes_of(every, suggested, accepted))
    apply_plan(session, who, found, plan, TODAY, NOW)
    session.flush()
    after = now(session, cast)
    assert {ref for ref, each in after.items() if each.lead is justice} == set(offer.leads)
    assert {ref for ref, each in after.items() if justice in each.supporting} == set(offer.supports)
    assert after["A12"].lead is organisation(session, "ministry-a")
    left = {each.name: each for each in list_institutions(list(after.values()), suggested, accepted)}
    assert (left["Ministry of Justice"].leads, left["Ministry of Justice"].supports) == ((), ())


def test_an_nhri_is_told_apart_and_never_assigned(session: Session, cast: Cast) -> None:
    who, found = cast["coordinator"], review(session)
    suggested = list_suggested(session, who, found.id)
    every = list_assigned(session, who, found.id)
    name = "Akyikatchy (Ombudsperson) Institute"
    assert {each.name: each.is_nhri for each in list_institutions(every, suggested, {})}[name]
    assert wishes_of(every, suggested, {name: organisation(session, "ministry-a")}) == []


def test_who_is_assigned_and_has_no_focal_point(session: Session, cast: Cast) -> None:
    who, refs = cast["coordinator"], now(session, cast)
    assert list_without_focal_point(session, who, "KGZ") == []
    secretariat = organisation(session, "secretariat")
    plan = plan_assignments(refs.values(), [Wish(refs["A1"].id, None, (secretariat,))])
    apply_plan(session, who, review(session), plan, TODAY, NOW)
    session.flush()
    assert list_without_focal_point(session, who, "KGZ") == [secretariat]
    assert list_without_focal_point(session, cast["focal_point"], "KGZ") == []
