"""A coordinator brings a file of recommendations in: upload, columns, preview, apply, undo."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import NOW
from tests.exchange.imports.matrices import SECOND_ROWS
from tests.stories import assessments
from tests.stories.imports import REVIEW, import_matrix, matrix, upload
from tests.stories.pages import ask, buttons_of, contents, link_of, sentences, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, text_of, token_of
from tracker.database import Database
from tracker.jobs.context import JobContext
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import SCHEDULE
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_recommendation
from tracker.services.assignments import assign
from tracker.web.imports import reading

pytestmark = pytest.mark.database

TABLE = (
    "Item\tThe wording that was printed\tAsked by\tReply\n"
    "7.1\tBuild a bridge across the river for everybody who walks, and let nobody pay who carries a child or a lamb"
    "\tChile\tSupported\n"
    "7.2\tRepair the clock on the town hall before the winter comes\tRuritania\tNoted\n"
)
COLUMNS = {"column_0": "ref", "column_1": "text", "column_2": "states", "column_3": "position"}
REFS = (
    "SELECT ref FROM recommendations JOIN reviews ON reviews.id = review_id WHERE code = 'KGZ-4' ORDER BY ref"
)


@pytest.fixture
def coordinator(signed_in: SignIn) -> StrictClient:
    browser = signed_in("coordinator")
    assert browser.send("/reviews/open", "/reviews/open", cycle="4").status_code == 303
    return browser


def follow(browser: StrictClient, answer: TestResponse) -> TestResponse:
    assert answer.status_code == 303, text_of(answer)
    page = browser.get(answer.headers["Location"])
    return browser.get(page.headers["Location"]) if page.status_code in (302, 303) else page


def assign_lead(database: Database, ref: str, key: str) -> None:
    with database.transaction() as session:
        ministry = session.scalars(select(Organisation).where(Organisation.key == key)).one()
        where = get_recommendation(session, SYSTEM, REVIEW, ref)
        assign(session, SYSTEM, where, ministry, AssignmentKind.LEAD, date(2025, 1, 1), NOW)


def refs(database: Database) -> list[str]:
    return [row.ref for row in ask(database, REFS)]


def test_a_matrix_is_looked_at_applied_and_undone(coordinator: StrictClient, database: Database) -> None:
    before = contents(database)
    page = follow(coordinator, upload(coordinator, matrix()))
    said = text_of(page)
    # The counts stand there to be compared with the printed report; nothing is stored yet
    for words in (
        "3 of 3 new",
        "The file holds 3 recommendations.",
        "as UPR Info counts: 6",
        "Supported 2",
        "Noted 1",
    ):
        assert words in said
    assert "Acceptance of international norms 2" in said
    assert "Plant more trees" in said
    # Each new one is a line that opens
    lines = [words_of(node) for node in parse(page).iter(f"{HTML}summary")]
    assert "186.28 Plant more trees Mongolia · Supported" in lines
    said_of_each = [words_of(node) for node in parse(page).iter(f"{HTML}dd")]
    assert said_of_each.index("Mongolia") < said_of_each.index("table 1, row 3")
    assert refs(database) == []
    # Applying asks once
    address = page.request.path
    asked = coordinator.get(f"{address}/apply")
    assert "3 recommendations are new." in text_of(asked)
    assert "not published" in text_of(asked)
    page = follow(coordinator, coordinator.send_from(asked, "/apply"))
    assert "3 added, 0 changed" in text_of(page)
    assert refs(database) == ["186.20", "186.28", "186.3"]
    assert sentences(database, "apply_import") == [
        "coordinator imported into KGZ-4: 3 added, 0 changed",
    ]
    # And so does undoing
    page = follow(coordinator, coordinator.send(f"{address}/undo", "/undo"))
    assert "the review is as it was before" in text_of(page)
    assert "Undo this import" not in text_of(page)
    assert refs(database) == []
    left = ("recommendations", "action_points", "recommendation_themes", "seeded_rows", "recommending_states")
    after = contents(database)
    assert {name: after[name] for name in left} == {name: before[name] for name in left}


def test_the_same_file_again_changes_nothing_and_a_corrected_one_its_cells(
    coordinator: StrictClient, database: Database
) -> None:
    import_matrix(coordinator)
    page = follow(coordinator, upload(coordinator, matrix()))
    assert "This file changes nothing" in text_of(page)
    assert link_of(page, "Import") == "/imports?review=KGZ-4"  # the way back; no button to apply
    assert coordinator.get(f"{page.request.path}/apply").status_code == 303
    corrected = (
        SECOND_ROWS[0],
        (SECOND_ROWS[1][0].replace("more trees", "many more trees"), *SECOND_ROWS[1][1:]),
        *SECOND_ROWS[2:],
    )
    page = follow(coordinator, upload(coordinator, matrix(corrected)))
    [change] = [node for node in parse(page).iter(f"{HTML}dd") if list(node.iter(f"{HTML}ins"))]
    assert not any(change in folded.iter() for folded in parse(page).iter(f"{HTML}details"))
    assert "".join(change.itertext()) == "Plant more trees → Plant many more trees"
    assert coordinator.send(f"{page.request.path}/apply", "/apply").status_code == 303
    [row] = ask(database, "SELECT text FROM recommendations WHERE ref = '186.28'")
    assert row.text == "Plant many more trees"


def test_what_somebody_wrote_on_is_not_undone(
    coordinator: StrictClient, signed_in: SignIn, database: Database
) -> None:
    address = import_matrix(coordinator)
    assert coordinator.send(f"/reviews/{REVIEW}/publish", "/publish").status_code == 303
    assessments.publish(signed_in("lead"), f"/assessments/new/{REVIEW}/186.28.1")
    page = coordinator.get(address)
    assert "cannot be undone as a whole any more" in text_of(page)
    assert link_of(page, "Undo this import") is None
    assert coordinator.get(f"{address}/undo").status_code == 303
    refused = coordinator.post(f"{address}/undo", data=token_of(coordinator))
    assert refused.status_code == 409
    assert "186.28" in text_of(refused)
    assert len(refs(database)) == 3


def test_many_of_which_somebody_works_are_not_all_named(
    coordinator: StrictClient, database: Database
) -> None:
    rows = tuple((f"9.{n}. Do the thing number {n} (Chile)", "Supported", "", "") for n in range(1, 13))
    address = import_matrix(coordinator, rows)
    for number, said in ((2, "on 2 of its recommendations (9.1, 9.2)"), (12, "on more than 10 of its")):
        for each in range(1, number + 1):
            tell(database, "UPDATE recommendations SET context_note = 'x' WHERE ref = :ref", ref=f"9.{each}")
        assert said in text_of(coordinator.get(address))


def test_of_any_table_the_columns_are_chosen_once(coordinator: StrictClient, database: Database) -> None:
    page = follow(coordinator, upload(coordinator, pasted=TABLE))
    assert page.request.path.endswith("/columns")
    assert "Build a bridge across the river" in text_of(page)
    # Without a column of texts or numbers it comes back, with what was chosen
    refused = coordinator.send_from(page, "/columns", **dict.fromkeys(COLUMNS, "none"))
    assert refused.status_code == 422
    assert "Say which column holds the text" in text_of(refused)
    page = follow(coordinator, coordinator.send_from(refused, "/columns", **COLUMNS))
    assert "The file holds 2 recommendations." in text_of(page)
    # A long text is cut in its line, and stands whole where the line is opened
    new = coordinator.get(f"{page.request.path}?show=new")
    [line] = [node for node in parse(new).iter(f"{HTML}summary") if words_of(node).startswith("7.1")]
    assert words_of(line).endswith("and let nobody pay who carries a… Chile · Supported")
    assert "carries a child or a lamb" in text_of(new)
    # The next table with these headers is read at once, also after one that could not be read
    page = follow(coordinator, upload(coordinator, pasted=TABLE.replace("7.1", "7.5")))
    assert "The file holds 2 recommendations." in text_of(page)
    # And other columns can be chosen all the same
    again = coordinator.get(f"{page.request.path}/columns")
    chosen = {node.get("id"): None for node in parse(again).iter(f"{HTML}select")}
    assert len(chosen) == 4
    page = follow(coordinator, coordinator.send_from(again, "/columns", **{**COLUMNS, "column_3": "none"}))
    assert "none said 2" in text_of(page)


def test_an_unknown_state_is_asked_for_and_remembered(coordinator: StrictClient, database: Database) -> None:
    page = follow(coordinator, upload(coordinator, pasted=TABLE))
    page = follow(coordinator, coordinator.send_from(page, "/columns", **COLUMNS))
    assert "Which State is this?" in text_of(page)
    page = follow(coordinator, coordinator.send_from(page, "/states", state_0="MNG"))
    assert "Which State is this?" not in text_of(page)
    assert coordinator.send(f"{page.request.path}/apply", "/apply").status_code == 303
    states = ask(
        database,
        "SELECT state_code FROM recommending_states JOIN recommendations ON id = recommendation_id"
        " WHERE ref = '7.2'",
    )
    assert [row.state_code for row in states] == ["MNG"]
    [remembered] = ask(database, "SELECT state_code, spelling, means FROM state_spellings")
    assert tuple(remembered) == ("KGZ", "ruritania", "MNG")
    # What only helps to read the file is stored with no recommendation
    assert "unknown" not in repr(ask(database, "SELECT \"values\" FROM seeded_rows WHERE file = 'imports'"))


def test_a_name_that_was_explained_is_shown_changed_and_forgotten(coordinator: StrictClient) -> None:
    page = follow(coordinator, upload(coordinator, pasted=TABLE))
    page = follow(coordinator, coordinator.send_from(page, "/columns", **COLUMNS))
    assert "Names that somebody here explained" not in text_of(page)
    page = follow(coordinator, coordinator.send_from(page, "/states", state_0="MNG"))
    assert "“Ruritania”: read as Mongolia, as chosen on" in text_of(page)
    page = follow(coordinator, coordinator.send_from(page, "/states", state_0="FJI"))
    assert "“Ruritania”: read as Fiji, as chosen on" in text_of(page)
    new = coordinator.get(f"{page.request.path}?show=new")
    assert "Fiji · Noted" in text_of(new)
    page = follow(coordinator, coordinator.send_from(page, "/states", state_0="forget"))
    assert "Names that somebody here explained" not in text_of(page)
    assert "Which State is this?" in text_of(page)


def test_a_doubtful_change_is_taken_or_left_by_a_person(
    coordinator: StrictClient, database: Database
) -> None:
    import_matrix(coordinator)
    other = tuple(
        (row[0], "Noted", *row[2:]) if not isinstance(row, str) and row[1] == "Supported" else row
        for row in SECOND_ROWS
    )
    page = follow(coordinator, upload(coordinator, matrix(other)))
    said = text_of(page)
    assert "2 of 5 doubtful" in said  # three rows that change nothing, and two questions
    assert "here stands “Supported”; the file says “Noted”" in said
    boxes = [node for node in parse(page).iter(f"{HTML}input") if node.get("name") == "taken"]
    assert [node.get("checked") for node in boxes] == [None, None]
    # One of the two is taken, the other left
    numbers = [node.get("value") for node in boxes]
    data = {**token_of(coordinator), "shown": numbers, "taken": numbers[:1], "page": "1"}
    page = follow(coordinator, coordinator.post(f"{page.request.path}/take", data=data))
    boxes = [node for node in parse(page).iter(f"{HTML}input") if node.get("name") == "taken"]
    assert [node.get("checked") for node in boxes] == ["", None] or boxes[0].get("checked") is not None
    assert "Saved. Nothing is imported yet." in text_of(page)
    asked = coordinator.get(f"{page.request.path}/apply")
    assert "1 doubtful one is taken as the file says." in text_of(asked)
    assert "1 doubtful one is left out." in text_of(asked)
    assert coordinator.send_from(asked, "/apply").status_code == 303
    rows = ask(database, "SELECT ref, position FROM recommendations WHERE ref LIKE '186.%' ORDER BY ref")
    assert [tuple(row) for row in rows] == [
        ("186.20", "noted"),
        ("186.28", "noted"),
        ("186.3", "supported"),
    ]


def test_a_preview_that_is_old_is_read_again_before_it_is_applied(
    coordinator: StrictClient, database: Database
) -> None:
    """Two files with the same recommendation were looked at; the first is applied."""
    first, second = (follow(coordinator, upload(coordinator, matrix())).request.path for _ in range(2))
    assert coordinator.send(f"{first}/apply", "/apply").status_code == 303
    refused = coordinator.send(f"{second}/apply", "/apply")
    assert refused.status_code == 409
    assert "nothing was imported" in text_of(refused)
    page = follow(coordinator, coordinator.send_from(refused, "/read-again"))
    assert "This file changes nothing" in text_of(page)
    assert len(refs(database)) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose a file, or paste text below"),
        ({"pasted": TABLE, "title": ""}, "Give the title of the document"),
        ({"pasted": TABLE, "dated_on": ""}, "Give the date of the document"),
        ({"pasted": TABLE, "symbol": "??"}, "is no document symbol"),
    ],
)
def test_a_form_without_a_file_or_a_document_says_so(
    coordinator: StrictClient, database: Database, fields: dict[str, Any], said: str
) -> None:
    answer = upload(coordinator, **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not fields or "Build a bridge" in answer.get_data(as_text=True)
    assert ask(database, "SELECT id FROM imports") == []


def test_a_file_that_cannot_be_read_says_why_and_can_be_tried_again(
    coordinator: StrictClient, database: Database
) -> None:
    for content, name, words in (
        (b"%PDF-1.7 and so on", "report.pdf", "report.pdf"),
        (b"PK\x03\x04 cut off", "matrix.docx", "matrix.docx"),
    ):
        page = follow(coordinator, upload(coordinator, content, name))
        assert words in text_of(page)
        assert "Nothing was changed." in text_of(page)
    # As another format, it is still none
    page = follow(coordinator, coordinator.send_from(page, "/read-again", layout="upr-info"))
    assert "Nothing was changed." in text_of(page)
    assert "Could not be read" in text_of(coordinator.get("/imports"))
    # And it can be discarded
    gone = follow(coordinator, coordinator.send_from(page, "/discard"))
    assert "Discarded" in text_of(gone)
    assert coordinator.get(page.request.path).status_code == 404
    assert len(ask(database, "SELECT id FROM imports")) == 1
    assert refs(database) == []


def test_an_empty_and_a_huge_file_are_refused_by_the_form(coordinator: StrictClient) -> None:
    loaded = upload(coordinator, b"")
    assert "Choose a file" in text_of(loaded)
    huge = upload(coordinator, b"x" * 10_100_000, "huge.csv")
    assert huge.status_code == 422
    assert "“huge.csv” is larger than 10 MB" in text_of(huge)


def test_a_large_file_waits_for_the_scheduler(
    coordinator: StrictClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SMALL_BYTES", 100)
    page = follow(coordinator, upload(coordinator, matrix()))
    assert page.headers["Refresh"] == "5"
    assert "You can leave it" in text_of(page)
    assert "Waits to be read" in text_of(coordinator.get("/imports"))
    job = next(each for each in SCHEDULE if each.name == "read_imports")
    context = JobContext(database, "", "", "", "Asia/Bishkek")
    assert run_job(context, job) == "1 file read"
    assert run_job(context, job) == ""  # safe to run twice
    page = coordinator.get(page.request.path)
    assert "Refresh" not in page.headers
    assert "The file holds 3 recommendations." in text_of(page)


def test_an_import_is_seen_by_the_coordinator_of_its_state_alone(
    coordinator: StrictClient, signed_in: SignIn, database: Database
) -> None:
    page = follow(coordinator, upload(coordinator, matrix()))
    assert signed_in("focal_point").get(page.request.path).status_code == 403
    tell(database, "UPDATE reviews SET state_code = 'UZB' WHERE code = 'KGZ-4'")
    assert coordinator.get(page.request.path).status_code == 404
    assert coordinator.get(f"/imports/new/{REVIEW}").status_code == 404


def test_items_are_shown_by_pages(coordinator: StrictClient) -> None:
    rows = tuple((f"9.{n}. Do the thing number {n} (Chile)", "Supported", "", "") for n in range(1, 61))
    page = follow(coordinator, upload(coordinator, matrix(rows)))
    said = text_of(page)
    assert "Do the thing number 50" in said
    assert "Do the thing number 51" not in said
    following = link_of(page, "Next page")
    assert following is not None
    assert "Do the thing number 60" in text_of(coordinator.get(following))
    assert "Save these choices" not in buttons_of(page)


TRACKER = (
    "No\tHow far it is\tWhat we did\tMinistry\n"
    "186.28\tPartially implemented\tThree parks were planted.\tMinistry of Bridges\n"
    "186.20\tPlanned\tA law was drafted.\tMinistry of Moons\n"
)
TRACKER_COLUMNS = {"column_0": "ref", "column_1": "level", "column_2": "done", "column_3": "organisation"}


def ticks(page: TestResponse) -> list[bool]:
    boxes = [node for node in parse(page).iter(f"{HTML}input") if node.get("name") == "taken"]
    return [node.get("checked") is not None for node in boxes]


def test_drafts_for_ministries_are_counted_apart(coordinator: StrictClient, database: Database) -> None:
    import_matrix(coordinator)
    assert coordinator.send(f"/reviews/{REVIEW}/publish", "/publish").status_code == 303
    assign_lead(database, "186.28", "ministry-b")
    page = follow(coordinator, upload(coordinator, pasted=TRACKER))
    page = follow(coordinator, coordinator.send_from(page, "/columns", **TRACKER_COLUMNS))
    said = text_of(page)
    assert "Drafts for ministries (2)" in said
    assert "Unchanged (2)" in said
    assert "0 of 2 new" in said
    assert "Three parks were planted." in said
    assert "“Ministry of Moons” is no organisation" in said
    assert link_of(page, "Import 1 draft for a ministry") is not None
    # Of the second nothing can be made, so it has no tick; the first can be left out
    assert ticks(page) == [True]
    page = follow(coordinator, coordinator.send_from(page, "/take", taken=None))
    assert ticks(page) == [False]
    assert link_of(page, "Import 1 draft") is None
    number = next(
        node.get("value") for node in parse(page).iter(f"{HTML}input") if node.get("name") == "taken"
    )
    page = follow(coordinator, coordinator.send_from(page, "/take", taken=number))
    asked = coordinator.get(f"{page.request.path}/apply")
    assert "1 draft for a ministry is made." in text_of(asked)
    assert "1 draft for a ministry is left out." in text_of(asked)
    assert "recommendation is" not in text_of(asked)
    page = follow(coordinator, coordinator.send_from(asked, "/apply"))
    assert "0 added, 0 changed. 1 draft for a ministry was made." in text_of(page)
