"""Two States in one instance: nobody of one sees or does anything unpublished of the other, in SQL and by row alike."""

from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tests import neighbours
from tests.cast import GOOD_UPDATE, NOW, Cast, make_update, read_account
from tests.neighbours import HIDDEN_REF, PUBLISHED, STATE, UNPUBLISHED, make_foreign_update
from tests.policy.rows import add_mails
from tracker.failures import NotAllowed, NotFound
from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.levels import Voice
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reminders import OutgoingMail
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import accounts, assessments, assignments, history, mails, organisations, reviews, updates
from tracker.policy.actors import SYSTEM, Actor
from tracker.policy.milestones import can_see_milestone, visible_milestones
from tracker.queries.history.filter import HistoryFilter, list_organisations
from tracker.queries.history.lines import list_lines
from tracker.queries.milestones import list_milestones
from tracker.queries.recommendations.facets import Filter
from tracker.queries.recommendations.recommendation import get_action_point, get_recommendation
from tracker.queries.recommendations.rows import count
from tracker.queries.reviews import find_current_review, get_review_facts
from tracker.queries.work import list_unanswered, list_waiting
from tracker.services.assignments import assign
from tracker.services.updates import workflow

STATES = tuple(UpdateState)


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def everybody(session: Session, cast: Cast) -> Cast:
    return neighbours.read_neighbours(session, cast)


@pytest.fixture
def rows(session: Session, everybody: Cast) -> dict[tuple[str, UpdateState], ProgressUpdate]:
    """An update of each State in each state of the work flow."""
    made = {("KGZ", state): make_update(session, everybody, state) for state in STATES}
    made |= {(STATE, state): make_foreign_update(session, everybody, state) for state in STATES}
    session.flush()
    return made


def selected(session: Session, model: type, condition: ColumnElement[bool]) -> set[object]:
    return set(session.scalars(select(model.id).where(condition)))


def is_stateless(actor: Actor) -> bool:
    """Visitors, and an administrator or registrar of the instance."""
    return actor.state_code is None


def test_unpublished_updates_stay_within_their_state(
    session: Session, everybody: Cast, rows: dict[tuple[str, UpdateState], ProgressUpdate]
) -> None:
    for name, actor in everybody.actors.items():
        by_sql = selected(session, ProgressUpdate, updates.visible_updates(actor))
        for (state_code, state), update in rows.items():
            sees = updates.can_see_update(actor, update)
            assert (update.id in by_sql) == sees, (name, state_code, state)
            if state != UpdateState.PUBLISHED and state_code != actor.state_code:
                assert not sees, (name, state_code, state)
            if state_code != actor.state_code:
                assert not does_anything(actor, update), (name, state_code, state)
        waiting = {row.id for row in list_waiting(session, actor)}
        foreign = {update.id for (code, _), update in rows.items() if code != actor.state_code}
        assert not waiting & foreign, name
    assert len(list_waiting(session, everybody["foreign_coordinator"])) == 1  # the validated one


def does_anything(actor: Actor, update: ProgressUpdate) -> bool:
    return any(
        updates.can_edit_update(actor, update, assigned=True)
        or updates.can_discard_update(actor, update)
        or updates.can_recall_update(actor, update)
        or updates.can_validate_update(actor, update, has_officer=has_officer)
        or updates.can_return_update(actor, update, has_officer=has_officer)
        or updates.can_publish_update(actor, update, has_officer=has_officer)
        for has_officer in (True, False)
    )


def test_people_organisations_and_mails_stay_within_their_state(session: Session, everybody: Cast) -> None:
    add_mails(session, ("focal_point", "lead", "foreign_focal_point", "foreign_lead"))
    with_all = (joinedload(Account.organisation), selectinload(Account.roles))
    people = session.scalars(select(Account).options(*with_all)).all()
    places = session.scalars(select(Organisation)).all()
    letters = session.scalars(select(OutgoingMail)).all()
    for name, actor in everybody.actors.items():
        seen = selected(session, Account, accounts.visible_accounts(actor))
        assert seen == {each.id for each in people if accounts.can_see_account(actor, each)}, name
        shown = selected(session, Organisation, organisations.visible_organisations(actor))
        assert shown == {each.id for each in places if organisations.can_see_organisation(actor, each)}, name
        known = selected(session, Organisation, organisations.organisations_to_invite_to(actor))
        assert known == {each.id for each in places if organisations.can_invite_to(actor, each)}, name
        joined = (
            select(OutgoingMail.id)
            .join(Account)
            .join(Organisation, Organisation.id == Account.organisation_id)
        )
        post = set(session.scalars(joined.where(mails.visible_mails(actor))))
        assert post == {each.id for each in letters if mails.can_see_mail(actor, each)}, name
        if not is_stateless(actor):
            assert not seen & {each.id for each in people if each.organisation_id is None}, name
            assert organisations.roles_to_invite(actor, None) == (), name  # administrators reach every State
            beyond = {each.id for each in places if each.state_code not in (None, actor.state_code)}
            assert not known & beyond, name
            independent = {each.id for each in places if not each.kind.is_of_the_state}
            assert not shown & beyond & independent, name
            assert not seen & {each.id for each in people if each.organisation_id in beyond}, name
            assert not post & {each.id for each in letters if each.account.organisation_id in beyond}, name
            for place in places:
                if place.id in beyond:
                    assert organisations.roles_to_invite(actor, place) == (), (name, place.key)


PREPARE = ("foreign_coordinator", "foreign_focal_point", "foreign_officer", "system")
"""Who sees the unpublished review: its coordinator, and the people of the ministry that is assigned in it."""


def are_assigned(session: Session, actor: Actor) -> set[int]:
    """The reviews in which the actor's organisation is assigned now."""
    query = select(Recommendation.review_id).join(
        Assignment, Assignment.recommendation_id == Recommendation.id
    )
    query = query.where(Assignment.organisation_id == actor.organisation_id, Assignment.to_on.is_(None))
    return set(session.scalars(query))


def test_a_review_is_public_or_seen_by_those_who_prepare_it(session: Session, everybody: Cast) -> None:
    every = session.scalars(select(Review)).all()
    items = session.scalars(select(Recommendation).options(joinedload(Recommendation.review))).all()
    for name, actor in {**everybody.actors, "system": SYSTEM}.items():
        seen = selected(session, Review, reviews.visible_reviews(actor))
        own = are_assigned(session, actor)
        assert seen == {
            each.id for each in every if reviews.can_see_review(actor, each, assigned=each.id in own)
        }, name
        found = selected(session, Recommendation, reviews.visible_recommendations(actor))
        assert found == {
            each.id
            for each in items
            if reviews.can_see_recommendation(actor, each, assigned=each.review_id in own)
        }, name
        hidden = next(each.id for each in every if each.code == UNPUBLISHED)
        assert (hidden in seen) == (name in PREPARE), name


def test_an_assignment_that_has_ended_shows_no_unpublished_review(session: Session, everybody: Cast) -> None:
    for assignment in session.scalars(select(Assignment)):
        assignment.to_on = NOW.date()
    session.flush()
    for name, actor in everybody.actors.items():
        seen = set(session.scalars(select(Review.code).where(reviews.visible_reviews(actor))))
        assert (UNPUBLISHED in seen) == (name == "foreign_coordinator"), name


def test_who_is_assigned_for_another_state_or_is_not_of_the_state_sees_nothing_more(
    session: Session, everybody: Cast
) -> None:
    """Also for accounts that cannot be made."""
    writer = everybody["foreign_focal_point"]
    others = (
        replace(writer, state_code="KGZ"),
        replace(writer, state_code=None),
        replace(writer, organisation_kind=OrganisationKind.CSO),
        replace(writer, roles=frozenset({Role.ADMINISTRATOR})),
    )
    hidden = session.scalars(select(Review).where(Review.code == UNPUBLISHED)).one()
    for actor in others:
        seen = set(session.scalars(select(Review.code).where(reviews.visible_reviews(actor))))
        assert UNPUBLISHED not in seen
        assert not reviews.can_see_review(actor, hidden, assigned=True)


def test_an_unpublished_review_is_the_same_as_an_unknown_one(session: Session, everybody: Cast) -> None:
    for name, actor in everybody.actors.items():
        if name in PREPARE:
            assert get_review_facts(session, actor, UNPUBLISHED).code == UNPUBLISHED
            assert get_recommendation(session, actor, UNPUBLISHED, HIDDEN_REF).ref == HIDDEN_REF
            continue
        for ask in (
            lambda actor=actor: get_review_facts(session, actor, UNPUBLISHED),
            lambda actor=actor: get_recommendation(session, actor, UNPUBLISHED, HIDDEN_REF),
            lambda actor=actor: get_action_point(session, actor, UNPUBLISHED, f"{HIDDEN_REF}.1"),
        ):
            with pytest.raises(NotFound):
                ask()
        words = Filter(words=UNPUBLISHED)
        assert count(session, actor, None, words) == 0, name
    newest = find_current_review(session, everybody["foreign_coordinator"], STATE)
    assert newest is not None
    assert newest.code == PUBLISHED  # what is being prepared comes first only where nothing is published
    for name in ("visitor", "coordinator", "foreign_lead"):
        shown = find_current_review(session, everybody[name], STATE)
        assert shown is not None
        assert shown.code == PUBLISHED


def test_who_leads_in_an_unpublished_review_is_in_nobody_elses_history(
    session: Session, everybody: Cast
) -> None:
    for name, actor in everybody.actors.items():
        lines = list_lines(session, actor, HistoryFilter()).lines
        named = {line.about.review for line in lines if line.about}
        assert (UNPUBLISHED in named) == (name == "foreign_coordinator"), name
        assert PUBLISHED in named, name
        assert name == "coordinator" or all(line.about for line in lines if line.is_public), name
        own = [line.sentence for line in lines if line.sentence]
        foreign = [said for said in own if "Rivers" in said or "foreign" in said]
        assert not foreign or name == "foreign_coordinator", name


def test_the_filter_of_the_history_names_nobody_of_an_unpublished_review(
    session: Session, everybody: Cast
) -> None:
    secretariat = neighbours.organisation_of(session, "other-secretariat")
    hidden = get_recommendation(session, SYSTEM, UNPUBLISHED, HIDDEN_REF)
    assign(session, SYSTEM, hidden, secretariat, AssignmentKind.SUPPORTING, NOW.date(), NOW)
    for name, actor in everybody.actors.items():
        named = {each.key for each in list_organisations(session, actor)}
        assert "other-ministry" in named, name  # it leads in a published one
        # its officer is assigned with it
        assert (secretariat.key in named) == (name in (*PREPARE, "foreign_administrator")), name


def test_an_unpublished_review_takes_no_entry(session: Session, everybody: Cast) -> None:
    # Given its coordinator, who works in an assigned ministry, too
    author = replace(
        everybody["foreign_coordinator"],
        roles=frozenset({Role.COORDINATOR, Role.FOCAL_POINT}),
        organisation_id=everybody["foreign_focal_point"].organisation_id,
    )
    where = get_action_point(session, author, UNPUBLISHED, f"{HIDDEN_REF}.1")
    with pytest.raises(NotAllowed):
        workflow.write_update(session, author, where, GOOD_UPDATE, NOW)
    # And what was begun before a review became unpublished goes no further
    began = {state: make_foreign_update(session, everybody, state) for state in STATES}
    session.scalars(select(Review).where(Review.code == PUBLISHED)).one().is_published = False
    session.flush()
    writer, officer, coordinator = (
        everybody[f"foreign_{role}"] for role in ("focal_point", "officer", "coordinator")
    )
    for step in (
        lambda: workflow.submit_update(session, writer, began[UpdateState.DRAFT], NOW),
        lambda: workflow.validate_update(session, officer, began[UpdateState.SUBMITTED], NOW),
        lambda: workflow.publish_update(session, coordinator, began[UpdateState.VALIDATED], NOW),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_the_history_keeps_to_its_state(session: Session, everybody: Cast) -> None:
    """In SQL and by row, for every line."""
    make_update(session, everybody, UpdateState.SUBMITTED)
    make_foreign_update(session, everybody, UpdateState.SUBMITTED)
    lines = session.scalars(select(HistoryLine)).all()
    assert {line.state_code for line in lines} == {"KGZ", STATE, None}
    for name, actor in everybody.actors.items():
        seen = selected(session, HistoryLine, history.visible_history_lines(actor))
        assert seen == {line.id for line in lines if history.can_see_history_line(actor, line)}, name
        for line in lines:
            if not line.is_public and line.state_code not in (None, actor.state_code):
                assert line.id not in seen, (name, line.verb)
            if line.state_code not in (None, actor.state_code):
                assert not history.can_see_who_did_it(actor, line), (name, line.verb)


def test_nobody_assigns_or_assesses_across_the_border(session: Session, everybody: Cast) -> None:
    [home, abroad] = session.scalars(
        select(Review).where(Review.code.in_(("KGZ-3", PUBLISHED))).order_by(Review.code)
    )
    for name, actor in everybody.actors.items():
        for review in (home, abroad):
            if actor.state_code != review.state_code:
                assert not assignments.can_assign(actor, review), name
                is_of_no_state = actor.voice in (Voice.NHRI, Voice.UN) and actor.state_code is None
                assert assessments.can_assess(actor, review.state_code) == is_of_no_state, name
    assert assessments.can_assess(everybody["lead"], "KGZ")
    assert assessments.can_assess(everybody["foreign_lead"], STATE)
    for place in session.scalars(select(Organisation)):
        for review in (home, abroad):
            may = place.kind.is_of_the_state and place.state_code == review.state_code
            assert assignments.can_be_assigned(place, review) == may, place.key


def test_a_list_of_work_names_nothing_of_the_other_state(
    session: Session, everybody: Cast, rows: dict[tuple[str, UpdateState], ProgressUpdate]
) -> None:
    for name, own in (("lead", "KGZ"), ("foreign_lead", STATE)):
        unanswered, _ = list_unanswered(session, everybody[name], 20)
        assert {row.review.partition("-")[0] for row in unanswered} == {own}


def test_a_date_that_a_person_entered_is_seen_with_its_review_and_one_of_the_seed_by_everybody(
    session: Session, everybody: Cast
) -> None:
    seeded = list_milestones(session, everybody["visitor"], "KGZ")
    hidden = next(each.review for each in seeded if each.review and each.review.code == "KGZ-3")
    for review in session.scalars(
        select(Review).where(Review.code.in_((UNPUBLISHED, PUBLISHED, hidden.code)))
    ):
        session.add(dated_by_hand(review))
    session.get_one(Review, hidden.id).is_published = False
    session.flush()
    every = session.scalars(select(Milestone).options(joinedload(Milestone.review))).all()
    for name, actor in everybody.actors.items():
        seen = selected(session, Milestone, visible_milestones(actor))
        assigned = are_assigned(session, actor)
        allowed = [
            each for each in every if can_see_milestone(actor, each, assigned=each.review_id in assigned)
        ]
        assert seen == {each.id for each in allowed}, name
        by_hand = {each.review.code for each in allowed if each.is_by_hand and each.review}
        prepares_hidden = name == "coordinator" or hidden.id in assigned
        assert by_hand == {
            PUBLISHED,
            *([UNPUBLISHED] if name in PREPARE else []),
            *([hidden.code] if prepares_hidden else []),
        }, name
        assert {each.id for each in seeded} <= seen, name


def dated_by_hand(review: Review) -> Milestone:
    return Milestone(
        key=f"{review.code}-by-hand",
        is_by_hand=True,
        state_code=review.state_code,
        review=review,
        kind=MilestoneKind.ADOPTION,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        label="",
        note="",
        certainty=Certainty.OWN,
        source="",
    )


def test_the_account_of_a_person_knows_its_state(session: Session) -> None:
    assert read_account(session, "foreign_lead").organisation.state_code == STATE  # type: ignore[union-attr]
