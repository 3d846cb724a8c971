"""The coordinator creates, renames, merges, divides and ends organisations on pages; what was said stays readable under
the old name."""

import pytest

from tests.evidence_files import pdf_with
from tests.stories import updates
from tests.stories.evidence import fetch, links_of, sent
from tests.stories.pages import ask, link_of, sentences
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of
from tracker.database import Database

A, B = "/organisations/ministry-a", "/organisations/ministry-b"


def held(database: Database, key: str) -> set[tuple[str, str]]:
    rows = ask(
        database,
        "SELECT r.ref, a.kind FROM assignments a JOIN recommendations r ON r.id = a.recommendation_id"
        " JOIN organisations o ON o.id = a.organisation_id WHERE o.key = :key AND a.to_on IS NULL",
        key=key,
    )
    return {tuple(row) for row in rows}


def test_the_coordinator_creates_an_organisation_and_everybody_sees_it(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    answer = coordinator.send(
        "/organisations/create", kind="judiciary", name_en=" High  Court ", name_ru="Высокий суд"
    )
    assert answer.headers["Location"] == "/organisations/kgz-high-court"
    page = coordinator.get(answer.headers["Location"])
    assert "High Court is here now" in text_of(page)
    assert link_of(page, "Invite somebody") == "/invitations/new/kgz-high-court"
    assert link_of(client.get("/organisations"), "High Court") == "/organisations/kgz-high-court"
    assert sentences(database, "create_organisation")[-1] == "coordinator created High Court"


def test_what_was_typed_comes_back_with_the_reason(signed_in: SignIn) -> None:
    answer = signed_in("coordinator").send(
        "/organisations/create", kind="government", name_en="ministry of clocks", name_ru="Часы"
    )
    assert answer.status_code == 422
    assert "There is an organisation “Ministry of Clocks” already" in text_of(answer)
    assert values_of(find_form(answer, None))["name_ru"] == "Часы"


def test_a_correction_is_seen_everywhere(signed_in: SignIn, client: StrictClient) -> None:
    before = text_of(client.get("/recommendations/KGZ-3/A12"))  # cached
    assert "Ministry of Clocks" in before
    assert signed_in("coordinator").send(f"{A}/correct", name_en="Ministry of Clockwork").status_code == 303
    after = text_of(client.get("/recommendations/KGZ-3/A12"))
    assert ("Ministry of Clockwork" in after, "Ministry of Clocks" in after) == (True, False)


def test_two_who_correct_a_name_at_once_lose_nothing(signed_in: SignIn, client: StrictClient) -> None:
    coordinator = signed_in("coordinator")
    mine = coordinator.get(f"{A}/correct")
    coordinator.send(f"{A}/correct", name_ru="Министерство часов")
    answer = coordinator.send_from(mine, "/correct", name_en="Ministry of Clockwork")
    assert answer.status_code == 409
    assert "Министерство часов" in text_of(answer)
    assert values_of(find_form(answer, "/correct"))["name_en"] == "Ministry of Clockwork"
    assert "Ministry of Clocks" in text_of(client.get(A))
    assert coordinator.send_from(answer, "/correct", name_ru="Министерство часов").status_code == 303
    assert "Ministry of Clockwork" in text_of(client.get(A))


def test_a_name_on_something_published_is_told_after_it_was_corrected(
    signed_in: SignIn, client: StrictClient
) -> None:
    coordinator = signed_in("coordinator")
    assert "says until when it was written so" in text_of(coordinator.get(f"{A}/correct"))
    # Nothing was published yet: the former name is nobody's business
    coordinator.send(f"{A}/correct", name_en="Ministry of Clockworks")
    assert "was written" not in text_of(client.get(A))
    # Published under the second name, then corrected once more
    updates.published(signed_in)
    coordinator.send(f"{A}/correct", name_en="Ministry of Clockwork")
    page = text_of(client.get(A))
    said = "the name of Ministry of Clockwork was written “Ministry of Clockworks”, also on what it published"
    assert (said in page, "Ministry of Clocks" in page) == (True, False)
    # The page of the one that goes on for it tells it, too
    coordinator.send(f"{A}/rename", name_en="Ministry of Hours", key="hours")
    assert said in text_of(client.get("/organisations/kgz-hours"))


def test_a_ministry_is_renamed_and_its_people_go_on(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a published entry, a draft, and the form of the draft open in a browser
    updates.published(signed_in)
    focal_point, coordinator = signed_in("focal_point"), signed_in("coordinator")
    draft = updates.write(focal_point, page="/updates/new/KGZ-3/A12.2")
    form = focal_point.get(f"/updates/{draft}/change")
    # When the coordinator renames the ministry
    shown = text_of(coordinator.get(f"{A}/rename"))
    assert "1 update that is not published yet" in shown
    answer = coordinator.send(f"{A}/rename", name_en="Ministry of Hours", key="hours")
    assert answer.headers["Location"] == "/organisations/kgz-hours"
    # Then both pages tell of each other, and who leads is the new one
    assert "it is called Ministry of Hours" in text_of(client.get(A))
    assert "it was called Ministry of Clocks" in text_of(client.get("/organisations/kgz-hours"))
    page = client.get("/recommendations/KGZ-3/A12")
    assert link_of(page, "Ministry of Hours") == "/organisations/kgz-hours"
    assert "that ended" in text_of(client.get("/organisations"))
    # And the form that was open is saved and submitted as if nothing had been
    assert focal_point.send_from(form, button="submit").status_code == 303
    assert updates.row(database, draft).state == "submitted"
    # What was published is still the old one's, and the new one answers for it
    assert "Ministry of Clocks" in text_of(page)
    assert "1 of 5 points reported by your organisation" in text_of(focal_point.get("/work"))
    # And nobody is invited to the old one any more
    assert coordinator.get(f"{A}").status_code == 200
    assert link_of(coordinator.get(A), "Invite somebody") is None
    assert coordinator.get(f"{A}/rename").status_code == 409


def test_under_its_new_name_a_ministry_opens_its_confidential_files(signed_in: SignIn) -> None:
    # Given a published entry with a confidential file
    focal_point, coordinator = signed_in("focal_point"), signed_in("coordinator")
    update = updates.write(focal_point, files=sent("internal.pdf", pdf_with()), visibility="confidential")
    link = links_of(focal_point.get(f"/updates/{update}"))["internal.pdf"]
    for who, verb in (
        ("focal_point", "submit"),
        ("validating_officer", "validate"),
        ("coordinator", "publish"),
    ):
        assert updates.step(signed_in(who), update, verb) == 303
    # When the ministry is renamed, its people open it as before, and nobody else does
    coordinator.send(f"{A}/rename", name_en="Ministry of Hours", key="hours")
    assert fetch(focal_point, link).status_code == 200
    assert "Confidential files on A12.1" in text_of(focal_point.get("/recommendations/KGZ-3/A12"))
    assert fetch(signed_in("other_focal_point"), link).status_code == 404
    # And before it is merged or divided, the page says that they will not
    said = "Confidential files behind what was published do not pass on"
    merging = coordinator.send("/organisations/kgz-hours/merge", button="preview", into="ministry-b")
    names = {"parts-0-name_en": "Ministry of Piers", "parts-1-name_en": "Ministry of Arches"}
    dividing = coordinator.send("/organisations/kgz-hours/split", button="preview", **names)
    assert [said in text_of(page) for page in (merging, dividing)] == [True, True]
    coordinator.send_from(merging, button="apply")
    assert fetch(focal_point, link).status_code == 404
    assert fetch(coordinator, link).status_code == 200


def test_a_key_that_is_taken_comes_back_with_the_form(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    coordinator.send("/organisations/create", kind="local", name_en="Old Hall", key="hall")
    answer = coordinator.send(f"{A}/rename", name_en="Ministry of Hours", key="hall")
    assert answer.status_code == 422
    assert "There is an organisation kgz-hall already" in text_of(answer)
    assert values_of(find_form(answer, None))["name_en"] == "Ministry of Hours"
    assert held(database, "ministry-a") == {("A12", "lead")}


def test_a_rename_is_taken_back_on_the_page_of_the_old_one(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    coordinator.send(f"{A}/rename", name_en="Ministry of Hours")
    assert coordinator.send(A, action="/take-back").status_code == 303
    assert held(database, "ministry-a") == {("A12", "lead")}
    assert coordinator.get("/organisations/kgz-ministry-of-hours").status_code == 404
    assert (
        sentences(database)[-1]
        == "coordinator took back that Ministry of Clocks had passed to Ministry of Hours"
    )
    # Sent twice it is told
    assert coordinator.post(f"{A}/take-back", data=token_of(coordinator)).status_code == 409


def test_a_merge_shows_what_passes_before_it_is_done(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    preview = coordinator.send(f"{A}/merge", button="preview", into="ministry-b")
    assert "Merge into Ministry of Bridges?" in text_of(preview)
    assert "1 recommendation that it leads" in text_of(preview)
    assert held(database, "ministry-a") == {("A12", "lead")}
    answer = coordinator.send_from(preview, button="apply")
    assert answer.headers["Location"] == B
    assert held(database, "ministry-b") == {("A12", "lead"), ("A24", "lead")}


def test_two_merge_into_a_new_one(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    wrong = coordinator.send(f"{A}/merge", button="preview", name_en="Ministry of Both")
    assert wrong.status_code == 422
    assert "Tick which others" in text_of(wrong)
    preview = coordinator.send_from(wrong, button="preview", others="ministry-b")
    answer = coordinator.send_from(preview, button="apply")
    assert answer.headers["Location"] == "/organisations/kgz-ministry-of-both"
    assert held(database, "kgz-ministry-of-both") == {("A12", "lead"), ("A24", "lead")}


def test_a_division_asks_who_gets_what(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    assert coordinator.send(f"{B}/split", button="preview").status_code == 422
    names = {"parts-0-name_en": "Ministry of Piers", "parts-1-name_en": "ministry of clocks"}
    preview = coordinator.send(f"{B}/split", button="preview", **names)
    assert "Ministry of Clocks is here already" in text_of(preview)
    [lead] = ask(
        database,
        "SELECT a.id FROM assignments a JOIN organisations o ON o.id = a.organisation_id"
        " WHERE o.key = 'ministry-b' AND a.kind = 'lead'",
    )
    assert coordinator.send_from(preview, button="apply", **{f"assignment-{lead.id}": "1"}).status_code == 303
    assert held(database, "ministry-a") == {("A12", "lead"), ("A24", "lead")}
    assert held(database, "kgz-ministry-of-piers") == {("A12", "supporting")}


def test_an_end_is_refused_with_people_and_warned_of_with_recommendations(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    assert "3 people have accounts" in text_of(coordinator.send(f"{A}/end", leaves_ownerless="y"))
    coordinator.send("/organisations/create", kind="local", name_en="Old Hall")
    hall = "/organisations/kgz-old-hall"
    coordinator.send("/assignments/KGZ-3/A1", organisation="kgz-old-hall", kind="lead")
    assert "1 recommendation would have no lead" in text_of(coordinator.get(f"{hall}/end"))
    assert coordinator.send(f"{hall}/end").status_code == 422
    assert coordinator.send(f"{hall}/end", leaves_ownerless="y").status_code == 303
    assert "This organisation ended on" in text_of(client.get(hall))
    assert "No one assigned" in text_of(client.get("/recommendations/KGZ-3/A1"))
    assert coordinator.send(hall, action="/reopen").status_code == 303
    assert held(database, "kgz-old-hall") == {("A1", "lead")}


@pytest.mark.parametrize("who", ["focal_point", "administrator", "lead"])
def test_nobody_else_finds_the_buttons(signed_in: SignIn, who: str) -> None:
    person = signed_in(who)
    assert "Change this organisation" not in text_of(person.get(A))
    assert link_of(person.get("/organisations"), "Create an organisation") is None
    assert link_of(person.get("/recommendations"), "Assign all 44 of this list") is None
    assert "Assign organisations" not in text_of(person.get("/recommendations/KGZ-3/A12"))
