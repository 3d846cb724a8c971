"""Each page that asks for a right: it works, a colleague may, a stranger finds nothing, a reader without the
right changes nothing."""

import pytest
from flask import Flask

from tests.cast import PEOPLE, Cast, make_assessment, point
from tests.policy.rows import add_mails
from tests.stories import assessments, test_access_to_people, updates
from tests.stories.pages import ask, contents
from tests.strict_client import SignIn, StrictClient, text_of, token_of, visitors_token
from tracker import clock
from tracker.database import Database

pytestmark = pytest.mark.uncounted

UPDATES = {
    # Of ministry A's update: the state it needs, who may, a colleague who may too, a reader without the right
    "update": ("draft", "focal_point", "validating_officer", "lead"),
    "change": ("draft", "focal_point", "alternate", "coordinator"),
    "submit": ("draft", "focal_point", "alternate", "validating_officer"),
    "discard": ("draft", "focal_point", "alternate", "coordinator"),
    "recall": ("submitted", "focal_point", "alternate", "validating_officer"),
    "validate": ("submitted", "validating_officer", None, "coordinator"),
    "return": ("submitted", "validating_officer", "coordinator", "focal_point"),
    "publish": ("validated", "coordinator", None, "validating_officer"),
}
VERSIONS = {"draft": "1", "submitted": "2", "validated": "3"}
NO_FORM, NO_PAGE = ("update",), ("submit", "recall", "validate")
OUTSIDE = ("lead", "contributor", "ombudsperson", "registrar", "administrator")

ASSESSMENTS = {
    # Of Open Window's assessment: its address and what it answers, shown and sent
    "write": (assessments.NEW, [200, 200]),  # a complete form leads to its preview
    "publish": (f"{assessments.NEW}/publish", [303]),
    "withdraw": ("/assessments/{}/withdraw", [200, 303]),
}
MAY = ("lead", "contributor")
OTHERS = ("other_lead", "ombudsperson")
"""They publish for organisations of their own."""
MAY_NOT = tuple(person for person in PEOPLE if person not in (*MAY, *OTHERS))
PREPARING = (
    "action_points",
    "assignments",
    "editing",
    "imports",
    "recommendation_links",
    "reviews",
    "successions",
)
"""Pages of the coordinator alone. Who gets what there stands in tests/web/permissions.py, and each has its story."""
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def open_and_send(
    client: StrictClient, address: str, token: dict[str, str], *, has_page: bool = True, has_form: bool = True
) -> list[int]:
    """The status of the page, where there is one, then of its form."""
    fields = {**updates.TEXT, **assessments.TEXT, **assessments.new_key()}
    fields |= {"keep": "1", "comment": "Which region?"}
    found = [client.get(address).status_code] if has_page else []
    return found + ([client.post(address, data={**fields, **token}).status_code] if has_form else [])


def of_update(
    client: StrictClient, update: str, page: str, token: dict[str, str], ref: str = "A12.1"
) -> list[int]:
    address = f"/updates/{update}" if page == "update" else f"/updates/{update}/{page}"
    fields = {**token, **assessments.seen(ref), "version": VERSIONS[UPDATES[page][0]]}
    return open_and_send(client, address, fields, has_page=page not in NO_PAGE, has_form=page not in NO_FORM)


def of_assessment(client: StrictClient, assessment: str, page: str, token: dict[str, str]) -> list[int]:
    address = ASSESSMENTS[page][0].format(assessment)
    return open_and_send(client, address, token, has_page=page != "publish")


def stage(signed_in: SignIn, state: str, ref: str = "A12.1") -> str:
    """A new update of ministry A in that state; gives its identifier."""
    button, page = "keep" if state == "draft" else "submit", f"/updates/new/KGZ-3/{ref}"
    update = updates.write(signed_in("focal_point"), button, page)
    if state == "validated":
        assert updates.step(signed_in("validating_officer"), update, "validate") == 303
    return update


@pytest.fixture
def assessment(database: Database, cast: Cast) -> str:
    """The identifier of what Open Window published on A12.1."""
    with database.transaction() as session:
        return str(make_assessment(session, cast).id)


def test_every_page_that_asks_for_a_right_stands_in_a_table(app: Flask) -> None:
    asking = {
        name
        for name, view in app.view_functions.items()
        if view.access != "public" and name.partition(".")[0] not in PREPARING  # type: ignore[attr-defined]
    }
    in_tables = {f"updates.{page}" for page in UPDATES} | {f"assessments.{page}" for page in ASSESSMENTS}
    # test_own_account.py and test_second_factor.py
    own = {f"account.{page}" for page in ("index", "end_sign_in", "end_sign_ins", "passphrase", "settings")}
    own |= {f"second_factors.{page}" for page in ("set_up", "recovery_codes", "remove")}
    others = {"updates.write", "work.index", "reminders.index", "reminders.try_again"}
    others |= {f"organisations.{page}" for page in ("create", "correct", "end", "reopen")}
    others |= {"recommendations.assign", *(f"milestones.{page}" for page in ("add", "correct", "remove"))}
    assert (
        asking == in_tables | test_access_to_people.ALL | own | others
    )  # `own`: test_own_account.py and test_second_factor.py


@pytest.mark.parametrize("page", UPDATES)
def test_a_page_of_an_update_works_for_who_may_and_a_colleague(signed_in: SignIn, page: str) -> None:
    state, person, colleague, _ = UPDATES[page]
    works = [200] * (page not in NO_PAGE) + [303] * (page not in NO_FORM)
    for one, ref in ((person, "A12.1"), (colleague, "A12.2")):
        if one:
            client = signed_in(one)
            assert of_update(client, stage(signed_in, state, ref), page, token_of(client), ref) == works, one


@pytest.mark.parametrize("page", UPDATES)
def test_strangers_find_no_unpublished_update_and_readers_without_the_right_change_nothing(
    signed_in: SignIn, client: StrictClient, database: Database, page: str
) -> None:
    state, _, _, reader = UPDATES[page]
    update = stage(signed_in, state)
    before = contents(database)
    # The other ministry's focal point may write updates, but this one does not exist there
    stranger = signed_in("other_focal_point")
    for which in (update, UNKNOWN):
        assert set(of_update(stranger, which, page, token_of(stranger))) == {404}
    # Who has no right is refused, and people outside the State learn nothing of what exists
    for person, which in ((reader, update), *((one, each) for one in OUTSIDE for each in (update, UNKNOWN))):
        without = signed_in(person)
        assert set(of_update(without, which, page, token_of(without))) == {403}, person
    # A visitor is asked to sign in, and learns as little
    asked = [302] * (page not in NO_PAGE) + [401] * (page not in NO_FORM)
    for which in (update, UNKNOWN):
        assert of_update(client, which, page, visitors_token(client)) == asked
    assert contents(database) == before


def test_an_update_is_written_by_an_assigned_organisation_on_a_point_that_exists(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    for person, ref in (("focal_point", "A12.1"), ("alternate", "A12.2"), ("other_focal_point", "A12.1")):
        mine = signed_in(person)
        assert open_and_send(mine, f"/updates/new/KGZ-3/{ref}", token_of(mine)) == [200, 303], person
    before = contents(database)
    refused = [("focal_point", "A24.1", 403), ("focal_point", "A99.1", 404)]
    refused += [(person, "A12.1", 403) for person in ("validating_officer", "coordinator", *OUTSIDE)]
    for person, ref, status in refused:
        without = signed_in(person)
        found = open_and_send(without, f"/updates/new/KGZ-3/{ref}", token_of(without))
        assert set(found) == {status}, (person, ref)
    assert open_and_send(client, updates.NEW, visitors_token(client)) == [302, 401]
    assert contents(database) == before


@pytest.mark.parametrize("person", MAY)
@pytest.mark.parametrize("page", ASSESSMENTS)
def test_a_page_of_an_assessment_works_for_the_lead_and_a_colleague(
    signed_in: SignIn, assessment: str, page: str, person: str
) -> None:
    client = signed_in(person)
    assert of_assessment(client, assessment, page, token_of(client)) == ASSESSMENTS[page][1]


@pytest.mark.parametrize("page", ASSESSMENTS)
def test_who_may_not_publish_is_refused_and_what_does_not_exist_is_not_found(
    signed_in: SignIn, client: StrictClient, assessment: str, database: Database, page: str
) -> None:
    before = contents(database)
    for person in MAY_NOT:
        without = signed_in(person)
        assert set(of_assessment(without, assessment, page, token_of(without))) == {403}, person
    # A visitor is asked to sign in
    asked = [401] if page == "publish" else [302, 401]
    assert of_assessment(client, assessment, page, visitors_token(client)) == asked
    # Who may finds nothing where nothing is
    nowhere = ASSESSMENTS[page][0].format(UNKNOWN).replace("A12.1", "A99.1")
    for person in (*MAY, *OTHERS):
        mine = signed_in(person)
        found = open_and_send(mine, nowhere, token_of(mine), has_page=page != "publish")
        assert set(found) == {404}, person
    assert contents(database) == before


def test_no_other_organisation_nobody_of_the_state_and_no_administrator_touches_an_assessment(
    signed_in: SignIn, client: StrictClient, assessment: str, database: Database
) -> None:
    """Everybody reads it, so that others are refused, not told that there is none."""
    before = contents(database)
    for person in (*OTHERS, *MAY_NOT):
        other = signed_in(person)
        token = token_of(other)
        assert of_assessment(other, assessment, "withdraw", token) == [403, 403], person
        for verb in UPDATES:  # the steps of an update, that can change, return or delay one
            answer = other.post(
                f"/assessments/{assessment}/{verb}",
                data={**token, **assessments.TEXT, **assessments.new_key()},
            )
            assert answer.status_code == 404, (person, verb)
            assert set(of_update(other, assessment, verb, token)) <= {403, 404}, (person, verb)
    assert contents(database) == before
    assert "No complaint led to a charge." in text_of(client.get(assessments.PAGE))


def test_a_withdrawal_leaves_the_place_and_the_day_and_nobody_touches_it_again(
    signed_in: SignIn, client: StrictClient, assessment: str, database: Database
) -> None:
    assert signed_in("lead").send(f"/assessments/{assessment}/withdraw").status_code == 303
    # Then of all that was stored the place and the day are left
    [row] = ask(database, "SELECT * FROM assessments")
    left = {name: value for name, value in row._mapping.items() if value not in (None, "")}
    assert set(left) == {"id", "recommendation_id", "action_point_id", "withdrawn_on"}
    assert str(left["withdrawn_on"]) == str(clock.day_in("Asia/Bishkek", clock.now()))
    with database.reading() as session:
        assert left["action_point_id"] == point(session).id
    # And nobody withdraws it again, the organisation that did included. Who may publish is told that it is done, which
    # everybody reads on its page: whose it was is not kept, so that these are not told apart
    before = contents(database)
    for person in PEOPLE:
        anybody = signed_in(person)
        found = [303, 303] if person in (*MAY, *OTHERS) else [403, 403]
        assert of_assessment(anybody, assessment, "withdraw", token_of(anybody)) == found, person
    assert contents(database) == before
    assert "1 independent assessment was withdrawn on" in text_of(client.get(assessments.PAGE))


def test_everybody_has_a_page_of_the_own_work_and_the_coordinator_alone_that_of_the_reminders(
    signed_in: SignIn, client: StrictClient
) -> None:
    for person in PEOPLE:
        mine = signed_in(person)
        assert mine.get("/work").status_code == 200, person
        assert mine.get("/reminders").status_code == (200 if person == "coordinator" else 403), person
    for page in ("/work", "/reminders"):
        assert client.get(page).headers["Location"] == f"/sign-in?next={page}"


def test_the_coordinator_alone_tries_a_mail_again_and_only_one_to_people_of_the_state(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    with database.transaction() as session:
        added = [str(mail.id) for mail in add_mails(session, ("focal_point", "lead"))]
    addresses = [f"/reminders/{mail}/try-again" for mail in (*added, UNKNOWN)]
    before = contents(database)
    for person in PEOPLE:
        mine = signed_in(person)
        token, found = token_of(mine), [303, 404, 404] if person == "coordinator" else [403, 403, 403]
        assert [mine.post(each, data=token).status_code for each in addresses] == found, person
    token = visitors_token(client)
    assert [client.post(each, data=token).status_code for each in addresses] == [401, 401, 401]
    assert contents(database) == before  # the mail waits still: there was nothing to try again
