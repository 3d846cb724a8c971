"""An organisation is renamed, merged, divided: what passes, what stays, and how it is taken back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, TODAY, Cast, make_update, read_account
from tests.services.refusals import refused
from tracker.failures import BadInput, NotAllowed, Refused
from tracker.history.sentences import sentence_of
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationKind, OrganisationSuccession
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.successions import list_relatives, list_successors
from tracker.services.assignments import assign, end_assignment
from tracker.services.organisations.creation import create_organisation
from tracker.services.organisations.successions import (
    Choices,
    Day,
    NewOrganisation,
    merge_organisations,
    rename_organisation,
    split_organisation,
)
from tracker.services.organisations.take_backs import take_back_succession
from tracker.services.updates.workflow import publish_update, submit_update, validate_update

DAY = Day(TODAY, TODAY, NOW)
GOVERNMENT = OrganisationKind.GOVERNMENT


def organisation(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def new(name: str) -> NewOrganisation:
    return NewOrganisation({"en": name}, GOVERNMENT)


def held(session: Session, of: Organisation) -> set[tuple[str, str]]:
    """Refs and kinds of what it is assigned to now."""
    rows = session.scalars(
        select(Assignment).where(Assignment.organisation_id == of.id, Assignment.to_on.is_(None))
    )
    refs = {people.recommendation(session, ref).id: ref for ref in ("A12", "A24")}
    return {(refs[row.recommendation_id], row.kind.value) for row in rows}


def newest_sentence(session: Session) -> str:
    return sentence_of(session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one())


def everything(session: Session) -> list[object]:
    """What a deed that is taken back must leave as it was."""
    session.flush()
    session.expire_all()
    held = select(Assignment.id, Assignment.organisation_id, Assignment.from_on, Assignment.to_on)
    organisations = select(Organisation.key, Organisation.valid_from, Organisation.valid_to)
    handles = [(each, read_account(session, each).organisation_id) for each in people.PEOPLE]
    drafts = select(ProgressUpdate.id, ProgressUpdate.organisation_id, ProgressUpdate.version)
    tables = [sorted(map(repr, session.execute(query))) for query in (held, organisations, drafts)]
    return [*tables, handles, session.scalar(select(func.count()).select_from(OrganisationSuccession))]


def test_a_rename_passes_what_is_open_and_leaves_what_was_published(session: Session, cast: Cast) -> None:
    published = make_update(session, cast, UpdateState.PUBLISHED)
    draft = make_update(session, cast, UpdateState.DRAFT, ref="A12.2")
    version = draft.version
    old = organisation(session, "ministry-a")
    heir = rename_organisation(session, cast["coordinator"], old, new("Ministry of Hours"), DAY)
    session.flush()
    assert (heir.key, heir.kind, heir.state_code) == ("kgz-ministry-of-hours", GOVERNMENT, "KGZ")
    assert (old.valid_to, heir.valid_from, heir.valid_to) == (TODAY, TODAY, None)
    assert (held(session, old), held(session, heir)) == (set(), {("A12", "lead")})
    assert read_account(session, "focal_point").organisation_id == heir.id
    assert (published.organisation_id, draft.organisation_id, draft.version) == (old.id, heir.id, version)
    assert [each.organisation for each in list_successors(session, cast["visitor"], old)] == [heir]
    assert [each.organisation for each in list_relatives(session, cast["visitor"], heir)[0]] == [old]
    assert newest_sentence(session) == (
        "coordinator renamed Ministry of Clocks: from 22 November 2026 Ministry of Hours goes on"
    )


def test_after_a_rename_the_people_go_on_with_their_draft(session: Session, cast: Cast) -> None:
    draft = make_update(session, cast, UpdateState.DRAFT)
    old = organisation(session, "ministry-a")
    heir = rename_organisation(session, cast["coordinator"], old, new("Ministry of Hours"), DAY)
    session.flush()
    now = people.read_cast(session)
    session.refresh(draft, ["organisation_id"])
    submit_update(session, now["focal_point"], draft, NOW)
    validate_update(session, now["validating_officer"], draft, NOW)
    publish_update(session, now["coordinator"], draft, NOW)
    assert (draft.organisation_id, draft.led) == (heir.id, True)


def test_a_day_that_has_passed_dates_what_passes_and_one_to_come_is_refused(
    session: Session, cast: Cast
) -> None:
    old, who = organisation(session, "ministry-a"), cast["coordinator"]
    for on in (TODAY + timedelta(days=1),):
        refused(
            session,
            Organisation,
            BadInput,
            lambda on=on: rename_organisation(session, who, old, new("Hours"), Day(on, TODAY, NOW)),
        )
    heir = rename_organisation(session, who, old, new("Hours"), Day(date(2026, 3, 1), TODAY, NOW))
    rows = session.scalars(select(Assignment).where(Assignment.organisation_id.in_((old.id, heir.id))))
    assert {(row.from_on, row.to_on) for row in rows} == {
        (date(2025, 1, 1), date(2026, 3, 1)),
        (date(2026, 3, 1), None),
    }


@pytest.mark.parametrize("name", ["ministry of clocks", "Ministry of Bridges", " "])
def test_a_name_that_is_its_own_or_anothers_is_refused(session: Session, cast: Cast, name: str) -> None:
    old = organisation(session, "ministry-a")
    refused(
        session,
        Organisation,
        BadInput,
        lambda: rename_organisation(session, cast["coordinator"], old, new(name), DAY),
    )


def test_a_key_that_is_taken_is_refused_in_every_succession(session: Session, cast: Cast) -> None:
    a, b, who = organisation(session, "ministry-a"), organisation(session, "ministry-b"), cast["coordinator"]
    create_organisation(session, who, "hours", GOVERNMENT, {"en": "Hours"}, "KGZ", NOW)
    taken = NewOrganisation({"en": "Minutes"}, GOVERNMENT, "hours")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: rename_organisation(session, who, a, taken, DAY),
        lambda: merge_organisations(session, who, [a, b], taken, DAY),
        lambda: split_organisation(session, who, a, [b, taken], Choices({}, {}), DAY),
    )
    for deed in deeds:
        said = refused(session, Organisation, BadInput, deed)
        assert str(said) == "There is an organisation kgz-hours already: choose another key."


@pytest.mark.parametrize("who", ["focal_point", "validating_officer", "lead", "administrator", "visitor"])
def test_nobody_but_the_coordinator_renames_merges_or_divides(session: Session, cast: Cast, who: str) -> None:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: rename_organisation(session, cast[who], a, new("Hours"), DAY),
        lambda: merge_organisations(session, cast[who], [a], b, DAY),
        lambda: split_organisation(session, cast[who], a, [b, new("Hours")], Choices({}, {}), DAY),
        lambda: take_back_succession(session, cast[who], a, NOW),
    )
    for deed in deeds:
        refused(session, Organisation, NotAllowed, deed)


def test_an_independent_organisation_is_not_the_coordinators_to_change(session: Session, cast: Cast) -> None:
    cso, ministry = organisation(session, "cso-a"), organisation(session, "ministry-a")
    for old, into in (([cso], ministry), ([ministry], cso)):
        refused(
            session,
            Organisation,
            NotAllowed,
            lambda old=old, into=into: merge_organisations(session, cast["coordinator"], old, into, DAY),
        )


def test_a_merge_keeps_one_assignment_of_each_recommendation_and_the_lead_wins(
    session: Session, cast: Cast
) -> None:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    merge_organisations(session, cast["coordinator"], [a], b, DAY)
    session.flush()
    assert held(session, b) == {("A12", "lead"), ("A24", "lead")}
    assert (held(session, a), a.valid_to, b.valid_to) == (set(), TODAY, None)
    assert newest_sentence(session) == (
        "coordinator merged Ministry of Clocks into Ministry of Bridges, from 22 November 2026"
    )


def test_two_become_a_new_one(session: Session, cast: Cast) -> None:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    heir = merge_organisations(session, cast["coordinator"], [a, b], new("Ministry of Both"), DAY)
    session.flush()
    assert held(session, heir) == {("A12", "lead"), ("A24", "lead")}
    assert {read_account(session, each).organisation_id for each in ("focal_point", "other_focal_point")} == {
        heir.id
    }
    refused(
        session,
        Organisation,
        BadInput,
        lambda: merge_organisations(session, cast["coordinator"], [heir], new("Alone"), DAY),
    )


def test_a_division_gives_each_what_was_chosen(session: Session, cast: Cast) -> None:
    b = organisation(session, "ministry-b")
    rows = {row.kind: row.id for row in session.scalars(select(Assignment).filter_by(organisation_id=b.id))}
    account = read_account(session, "other_focal_point").id
    choices = Choices({rows[AssignmentKind.LEAD]: 1}, {account: 1})
    first, second = split_organisation(
        session, cast["coordinator"], b, [new("Ministry of Piers"), new("Ministry of Arches")], choices, DAY
    )
    session.flush()
    assert (held(session, first), held(session, second)) == ({("A12", "supporting")}, {("A24", "lead")})
    assert read_account(session, "other_focal_point").organisation_id == second.id
    assert {each.organisation for each in list_successors(session, cast["visitor"], b)} == {first, second}


def deeds_of(session: Session, cast: Cast) -> dict[str, Callable[[], object]]:
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    who, secretariat = cast["coordinator"], organisation(session, "secretariat")
    parts = [new("Hours"), secretariat]
    return {
        "rename": lambda: rename_organisation(session, who, a, new("Hours"), DAY),
        "merge into one that exists": lambda: merge_organisations(session, who, [a], b, DAY),
        "merge into a new one": lambda: merge_organisations(session, who, [a, b], new("Both"), DAY),
        "split": lambda: split_organisation(session, who, a, parts, Choices({}, {}), DAY),
    }


@pytest.mark.parametrize("name", ["rename", "merge into one that exists", "merge into a new one", "split"])
def test_what_was_a_slip_is_taken_back_as_if_it_had_not_been(session: Session, cast: Cast, name: str) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    make_update(session, cast, UpdateState.SUBMITTED, ref="A12.2")
    before = everything(session)
    deeds_of(session, cast)[name]()
    assert everything(session) != before
    take_back_succession(session, cast["coordinator"], organisation(session, "ministry-a"), NOW)
    assert everything(session) == before
    assert newest_sentence(session).startswith("coordinator took back that Ministry of")


def test_nothing_is_taken_back_once_somebody_has_worked_on_it(session: Session, cast: Cast) -> None:
    old, who = organisation(session, "ministry-a"), cast["coordinator"]
    heir = rename_organisation(session, who, old, new("Hours"), DAY)
    end_assignment(session, who, people.recommendation(session), heir, TODAY, NOW)
    session.flush()
    refused(session, Organisation, Refused, lambda: take_back_succession(session, who, old, NOW))


def test_a_later_change_is_taken_back_first(session: Session, cast: Cast) -> None:
    old, who = organisation(session, "ministry-a"), cast["coordinator"]
    heir = rename_organisation(session, who, old, new("Hours"), DAY)
    last = rename_organisation(session, who, heir, new("Minutes"), DAY)
    refused(session, Organisation, Refused, lambda: take_back_succession(session, who, old, NOW))
    take_back_succession(session, who, heir, NOW)
    take_back_succession(session, who, old, NOW)
    session.flush()
    assert held(session, old) == {("A12", "lead")}
    assert session.get(Organisation, last.id) is None
    refused(session, Organisation, Refused, lambda: take_back_succession(session, who, old, NOW))


def test_an_organisation_that_ended_is_changed_and_assigned_no_more(session: Session, cast: Cast) -> None:
    old, who = organisation(session, "ministry-a"), cast["coordinator"]
    rename_organisation(session, who, old, new("Hours"), DAY)
    session.flush()
    refused(session, Organisation, Refused, lambda: rename_organisation(session, who, old, new("X"), DAY))
    recommendation = people.recommendation(session)
    refused(
        session,
        Assignment,
        BadInput,
        lambda: assign(session, who, recommendation, old, AssignmentKind.LEAD, TODAY, NOW),
    )


def test_organisations_of_two_states_never_merge(session: Session) -> None:
    foreign = create_organisation(session, SYSTEM, "rivers", GOVERNMENT, {"en": "Rivers"}, "UZB", NOW)
    old = organisation(session, "ministry-a")
    refused(
        session, Organisation, NotAllowed, lambda: merge_organisations(session, SYSTEM, [old], foreign, DAY)
    )
