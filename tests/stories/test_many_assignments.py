"""The coordinator assigns one by one, a whole list, a table, and what is suggested; in an unpublished review, too."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.stories.pages import ask, by_class, link_of, sentences, tell, words_of
from tests.stories.test_organisations_change import held
from tests.strict_client import HTML, SignIn, StrictClient, find_form, text_of
from tracker.database import Database

TABLE = (
    "Ref\tLead\tSupporting\n"
    "A1\tMinistry of Clocks\tministry of bridges\n"
    "A24\tMinistry of Bridges\t\n"
    "A12\tMinistry of Bridges\tMinistry of Cloks; Court of Tides\n"
    "Z9\tMinistry of Clocks\t\n"
)
AT = "/assignments/KGZ-3"


def test_one_recommendation_is_assigned_and_ended(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    page = link_of(coordinator.get("/recommendations/KGZ-3/A1"), "Assign organisations to A1")
    assert page == f"{AT}/A1"
    assert coordinator.send(page, kind="lead").status_code == 422
    assert coordinator.send(page, organisation="ministry-b", kind="lead").status_code == 303
    assert "Ministry of Bridges leads A1 from today." in text_of(coordinator.get(page))
    assert held(database, "ministry-b") >= {("A1", "lead")}
    assert coordinator.send(page, action="/end").status_code == 303
    assert ("A1", "lead") not in held(database, "ministry-b")
    said = text_of(client.get("/history?kind=responsibility"))
    assert "A1 · Ministry of Bridges leads no longer" in said
    assert sentences(database)[-1] == "coordinator ended the lead of Ministry of Bridges on KGZ-3 A1"


def test_all_of_a_list_are_assigned_at_once_after_a_preview(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    listed = coordinator.get("/recommendations?review=KGZ-3&topic=women")
    address = link_of(listed, "Assign all 6 of this list")
    assert address is not None
    assert coordinator.send(address).status_code == 422
    preview = coordinator.send(address, button="preview", lead="ministry-a")
    assert "5 new, 1 changed, 0 unchanged." in text_of(preview)
    assert ("A25", "lead") not in held(database, "ministry-a")
    # Only what the preview showed is assigned, though the list has one more by now
    tell(
        database,
        "INSERT INTO recommendation_themes (recommendation_id, theme_id, is_own_reading, is_heading)"
        " SELECT r.id, t.id, true, false FROM recommendations r, themes t WHERE r.ref = 'A1' AND t.code = 'women'",
    )
    assert coordinator.send_from(preview, button="apply", shown=shown_of(preview)).status_code == 303
    led = held(database, "ministry-a")
    assert len(led) == 1 + 6
    assert {("A24", "lead"), ("A25", "lead")} <= led
    assert ("A1", "lead") not in led


def shown_of(preview: TestResponse) -> list[str]:
    return [
        node.get("value")
        for node in find_form(preview, None).iter(f"{HTML}input")
        if node.get("name") == "shown"
    ]


def assign_elsewhere(signed_in: SignIn, ref: str) -> None:
    """Another coordinator's browser gives the lead to the secretariat."""
    answer = signed_in("coordinator").send(f"{AT}/{ref}", organisation="secretariat", kind="lead")
    assert answer.status_code == 303


def refused_as_unseen(answer: TestResponse, database: Database, ref: str) -> None:
    assert (answer.status_code, "did not show what stands now" in text_of(answer)) == (409, True)
    assert (ref, "lead") in held(database, "secretariat")


def test_a_list_takes_no_lead_away_that_its_preview_did_not_show(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    address = "/recommendations/assign?review=KGZ-3&topic=women"
    preview = coordinator.send(address, button="preview", lead="ministry-a")
    assign_elsewhere(signed_in, "A25")
    again = coordinator.send_from(preview, button="apply", shown=shown_of(preview))
    refused_as_unseen(again, database, "A25")
    assert "4 new, 2 changed, 0 unchanged." in text_of(again)
    assert coordinator.send_from(again, button="apply", shown=shown_of(again)).status_code == 303
    assert ("A25", "lead") in held(database, "ministry-a")


def test_a_table_takes_no_lead_away_that_its_preview_did_not_show(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    preview = coordinator.send(f"{AT}/table", button="preview", cells="A1\tMinistry of Clocks\n")
    assert "1 new, 0 changed, 0 unchanged." in text_of(preview)
    assign_elsewhere(signed_in, "A1")
    again = coordinator.send_from(preview, action="/table", button="apply")
    refused_as_unseen(again, database, "A1")
    assert "0 new, 1 changed, 0 unchanged." in text_of(again)
    assert coordinator.send_from(again, action="/table", button="apply").status_code == 303
    assert ("A1", "lead") in held(database, "ministry-a")


def test_what_is_chosen_in_a_preview_is_shown_before_it_is_done(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    preview = coordinator.send(f"{AT}/table", button="preview", cells="A1\tCourt of Tides\n")
    chosen = {"organisation-0": "create:judiciary"}
    again = coordinator.send_from(preview, action="/table", button="apply", **chosen)
    assert again.status_code == 409
    assert held(database, "kgz-court-of-tides") == set()
    assert coordinator.send_from(again, action="/table", button="apply").status_code == 303
    assert held(database, "kgz-court-of-tides") == {("A1", "lead")}


def test_one_recommendation_is_not_taken_from_a_lead_that_the_page_did_not_show(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    page = coordinator.get(f"{AT}/A1")
    assign_elsewhere(signed_in, "A1")
    again = coordinator.send_from(page, "/A1", organisation="ministry-a", kind="lead")
    refused_as_unseen(again, database, "A1")
    assert link_of(again, "Secretariat of the Mechanism") == "/organisations/secretariat"
    assert coordinator.send_from(again, "/A1").status_code == 303
    assert ("A1", "lead") in held(database, "ministry-a")


def test_suggestions_do_no_more_than_the_page_showed(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    coordinator.send("/organisations/create", kind="government", name_en="Ministry of Justice")
    led = ask(
        database,
        "SELECT ref FROM recommendations WHERE CAST(suggested_institutions AS TEXT) LIKE :first",
        first='["Ministry of Justice"%',
    )
    ref = next(row.ref for row in led if row.ref != "A12")
    assign_elsewhere(signed_in, ref)
    page = coordinator.get(f"{AT}/suggestions")
    assert coordinator.send(f"{AT}/{ref}", action="/end").status_code == 303
    answer = coordinator.send_from(page, "/suggestions")
    assert (answer.status_code, "did not show what stands now" in text_of(answer)) == (409, True)
    assert held(database, "kgz-ministry-of-justice") == set()
    assert coordinator.send_from(answer, "/suggestions").status_code == 303
    assert (ref, "lead") in held(database, "kgz-ministry-of-justice")


def test_a_pasted_table_is_shown_then_applied(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    preview = coordinator.send(f"{AT}/table", button="preview", cells=TABLE)
    said = text_of(preview)
    assert "1 new, 1 changed, 1 unchanged." in said
    assert "2 names that stand for no organisation here" in said
    assert "1 row with an unknown number" in said
    # Nothing is applied while a name means nothing
    refused = coordinator.send_from(preview, action="/table", button="apply")
    assert refused.status_code == 422
    assert "Choose which organisation “Ministry of Cloks” is" in text_of(refused)
    assert ("A1", "lead") not in held(database, "ministry-a")
    fields = {"organisation-3": "ministry-a", "organisation-4": "create:judiciary"}
    shown = coordinator.send_from(refused, action="/table", button="preview", **fields)
    assert "Court of Tides" in text_of(shown)
    assert coordinator.send_from(shown, action="/table", button="apply").headers["Location"] == AT
    assert held(database, "ministry-a") == {("A1", "lead"), ("A12", "supporting")}
    assert held(database, "ministry-b") == {("A1", "supporting"), ("A12", "lead"), ("A24", "lead")}
    assert held(database, "kgz-court-of-tides") == {("A12", "supporting")}
    # The same again changes nothing
    lines = len(sentences(database))
    again = coordinator.send(f"{AT}/table", button="preview", cells="A1\tMinistry of Clocks\n")
    assert "0 new, 0 changed, 1 unchanged." in text_of(again)
    assert coordinator.send_from(again, action="/table", button="apply").status_code == 303
    assert len(sentences(database)) == lines


def test_a_file_is_read_and_one_that_cannot_be_is_told(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    file = FileStorage(BytesIO(TABLE.replace("\t", ";").encode("cp1251")), "задачи.csv")
    assert "1 new, 1 changed, 1 unchanged." in text_of(
        coordinator.send(f"{AT}/table", button="preview", file=file)
    )
    for cells, sentence in (("", "Paste cells"), ("nothing here", "No table with assignments")):
        answer = coordinator.send(f"{AT}/table", button="preview", cells=cells)
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
        assert cells in answer.get_data(as_text=True)


def test_suggested_institutions_are_accepted_one_by_one_or_all(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    page = coordinator.get(f"{AT}/suggestions")
    assert "Independent: it assesses, and is never assigned." in text_of(page)
    one = coordinator.send_from(page, action="/suggestions", accept="Ministry of Health")
    assert one.status_code == 422
    assert "Choose which organisation “Ministry of Health” is" in text_of(one)
    before = page.get_data(as_text=True).partition('value="Ministry of Health"')[0]
    number = before.rpartition('name="spelling-')[2].partition('"')[0]
    chosen = {"accept": "Ministry of Health", f"organisation-{number}": "create:government"}
    assert coordinator.send_from(page, action="/suggestions", **chosen).status_code == 303
    led = held(database, "kgz-ministry-of-health")
    assert {kind for _, kind in led} <= {"lead", "supporting"}
    assert led
    assert held(database, "ministry-a") == {("A12", "lead")}
    # All: the others wait until an organisation is chosen for them
    coordinator.send("/organisations/create", kind="government", name_en="Ministry of Justice")
    assert coordinator.send(f"{AT}/suggestions", action="/suggestions").status_code == 303
    assert held(database, "kgz-ministry-of-justice")


def test_the_page_tells_what_has_no_lead_and_who_no_focal_point(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    assert "42 of 44 recommendations have no lead." in text_of(coordinator.get(AT))
    coordinator.send(f"{AT}/A1", organisation="secretariat", kind="lead")
    page = coordinator.get(AT)
    assert "1 organisation that is assigned has no focal point." in text_of(page)
    assert (
        link_of(page, "Invite a focal point Secretariat of the Mechanism") == "/invitations/new/secretariat"
    )
    assert link_of(page, "Assign A2") == f"{AT}/A2"


@pytest.mark.database
def test_what_has_no_lead_is_listed_a_page_at_a_time(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    first = coordinator.get(AT)
    second_page = link_of(first, "Next page")
    assert second_page == f"{AT}?page=2#no-lead"
    second = coordinator.get(second_page)
    listed = _refs_to_assign(first) + _refs_to_assign(second)
    assert (len(_refs_to_assign(first)), link_of(second, "Next page")) == (25, None)
    assert listed == _refs_without_lead(database)
    # The column of those that support stands where one does
    assert "Supported by" not in text_of(first) + text_of(second)
    coordinator.send(f"{AT}/{listed[-1]}", organisation="ministry-b", kind="supporting")
    assert "Supported by" not in text_of(coordinator.get(AT))
    assert "Supported by" in text_of(coordinator.get(second_page))
    # A page that work has emptied leads to the first; one that never was a number is no page
    assert coordinator.get(f"{AT}?page=9").headers["Location"] == AT
    assert coordinator.get(f"{AT}?page=many").status_code == 404


def _refs_to_assign(page: TestResponse) -> list[str]:
    return [words_of(each).removeprefix("Assign ") for each in by_class(page, "work__button")]


def _refs_without_lead(database: Database) -> list[str]:
    """In the order of the letter."""
    led = "SELECT recommendation_id FROM assignments WHERE kind = 'lead' AND to_on IS NULL"
    rows = ask(database, f'SELECT ref FROM recommendations WHERE id NOT IN ({led}) ORDER BY "order"')
    return [row.ref for row in rows]


def test_an_unpublished_review_is_prepared(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    tell(database, "UPDATE reviews SET is_published = false WHERE code = 'KGZ-3'")
    coordinator = signed_in("coordinator")
    assert coordinator.send(f"{AT}/A1", organisation="ministry-b", kind="lead").status_code == 303
    preview = coordinator.send(f"{AT}/table", button="preview", cells="A2\tMinistry of Clocks\n")
    assert coordinator.send_from(preview, action="/table", button="apply").status_code == 303
    assert held(database, "ministry-a") >= {("A2", "lead")}
    assert "A1 ·" not in text_of(client.get("/history"))  # nothing of it is public
    assert signed_in("focal_point").get(f"{AT}/A1").status_code == 403


PAGES = (
    "/work",
    "/organisations",
    "/reminders",
    "/history",
    AT,
    f"{AT}/A12",
    f"{AT}/table",
    f"{AT}/suggestions",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_a_coordinator_names_a_command(signed_in: SignIn, path: str) -> None:
    assert "flask " not in text_of(signed_in("coordinator").get(path))
