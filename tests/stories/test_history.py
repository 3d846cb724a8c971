"""The history of changes: everybody reads the public actions, the coordinator all, and nothing tells of the rest."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.cast import GOOD_UPDATE, NOW, PEOPLE, Cast, make_assessment, make_update
from tests.statements import watching
from tests.stories.pages import ask, by_class, link_of, sentences, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, text_of
from tracker.database import Database
from tracker.models.history_chain import SHORT
from tracker.models.updates import UpdateState
from tracker.queries.history.lines import PAGE
from tracker.services.updates.workflow import discard_update

EVERY_STATE = (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.VALIDATED)


def codes_of(answer: TestResponse) -> list[str]:
    cells = list(parse(answer).iter(f"{HTML}td"))
    found = [words_of(code) for cell in cells for code in cell.iter(f"{HTML}code")]
    assert all(re.fullmatch(f"[0-9a-f]{{{SHORT}}}", code) for code in found)
    return found


def rows_of(answer: TestResponse) -> list[str]:
    return [words_of(row) for body in parse(answer).iter(f"{HTML}tbody") for row in body.iter(f"{HTML}tr")]


def publish(database: Database, cast: Cast, times: int = 1) -> None:
    with database.transaction() as session:
        for _ in range(times):
            make_update(session, cast, UpdateState.PUBLISHED)


def work_unseen(database: Database, cast: Cast) -> None:
    """Everything that may be done without anybody but the State's people knowing of it."""
    with database.transaction() as session:
        for state in EVERY_STATE:
            make_update(session, cast, state)
        draft = make_update(session, cast, UpdateState.DRAFT)
        discard_update(session, cast["focal_point"], draft, NOW)


def test_everybody_reads_that_an_update_was_published_and_by_which_organisation(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    # Given an update that was published
    publish(database, cast)
    # When a visitor follows the link at the foot of any page
    address = link_of(client.get("/calendar"), "History of changes")
    assert address == "/history"
    page = client.get(address)
    # Then the newest line says where, who and which level, and links to the point
    newest = rows_of(page)[0]
    assert "A12.1 · Ministry of Clocks published an update: Partially implemented" in newest
    assert link_of(page, "A12.1") == "/recommendations/KGZ-3/A12#A12.1"
    # And bears the beginning of its hash
    [[hash_]] = ask(database, "SELECT hash FROM history_lines WHERE verb = 'publish_update'")
    assert codes_of(page)[0] == hash_[:SHORT]


def test_everybody_reads_who_leads_and_who_supports(client: StrictClient) -> None:
    assert [row.rpartition(" ")[0].partition(" · ")[2] for row in rows_of(client.get("/history"))] == [
        "Ministry of Bridges leads from now on",
        "Ministry of Bridges supports from now on",
        "Ministry of Clocks leads from now on",
    ]


def test_another_ministry_reads_a_published_update_and_no_handle_of_who_worked_on_it(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        page = f"/updates/{make_update(session, cast, UpdateState.PUBLISHED).id}"
    own, other = (text_of(signed_in(who).get(page)) for who in ("alternate", "other_focal_point"))
    assert GOOD_UPDATE.reason in own
    assert GOOD_UPDATE.reason in other
    for said in ("validating_officer validated the update", "coordinator published the update"):
        assert said in own
        assert said not in other
    assert "validating_officer" not in other


def test_a_visitor_reads_no_handle_no_number_and_no_other_action(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    publish(database, cast)
    work_unseen(database, cast)
    page = client.get("/history")
    assert len(rows_of(page)) == 4
    text = text_of(page)
    for word in (*PEOPLE, "draft", "returned", "submitted", "validated", "discarded", "created", "system"):
        assert word not in text.split(), word
    assert not re.search(r"line \d", text)


@pytest.mark.parametrize("role", [None, "focal_point", "administrator", "registrar", "lead"])
def test_what_happens_unseen_changes_no_byte_of_the_page(
    client: StrictClient, signed_in: SignIn, database: Database, cast: Cast, role: str | None
) -> None:
    """Also not in the addresses of the next page, and not for people who may see some of it elsewhere."""
    publish(database, cast, PAGE + 5)
    reader = signed_in(role) if role else client
    before = [without_token(reader.get(address)) for address in walk(reader)]
    work_unseen(database, cast)
    with database.transaction() as session:
        make_assessment(session, cast)
    assert [without_token(reader.get(address)) for address in walk(reader)] == before
    assert len(before) == 2


def without_token(answer: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))


def walk(reader: StrictClient) -> list[str]:
    """The addresses of every page, from the newest line to the oldest."""
    found = ["/history"]
    while address := link_of(reader.get(found[-1]), "Next page"):
        found.append(address)
    return found


@pytest.mark.parametrize("role", [None, "coordinator"])
def test_pages_show_every_line_once_forth_and_back(
    client: StrictClient, signed_in: SignIn, database: Database, cast: Cast, role: str | None
) -> None:
    publish(database, cast, 2 * PAGE + 3)
    reader = signed_in(role) if role else client
    forth = walk(reader)
    codes = [code for address in forth for code in codes_of(reader.get(address))]
    where = "" if role else " WHERE is_public"
    hashes = ask(database, f"SELECT hash FROM history_lines{where} ORDER BY id DESC")
    assert codes == [row.hash[:SHORT] for row in hashes]
    back = link_of(reader.get(forth[2]), "Previous page")
    assert back is not None
    assert codes_of(reader.get(back)) == codes_of(reader.get(forth[1]))
    first = link_of(reader.get(back), "Previous page")
    assert first is not None
    assert codes_of(reader.get(first)) == codes_of(reader.get(forth[0]))
    assert link_of(reader.get(first), "Previous page") is None


def test_the_coordinator_reads_every_line_with_who_did_it(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    # Given work that is published and work that is not
    publish(database, cast)
    work_unseen(database, cast)
    # When the coordinator reads the history
    coordinator = signed_in("coordinator")
    rows = [row for address in walk(coordinator) for row in rows_of(coordinator.get(address))]
    # Then there is a row for each line, with its number, from the newest to the first
    said = sentences(database)
    assert [int(row.rpartition("line ")[2]) for row in rows] == list(range(len(said), 0, -1))
    assert all(sentence in row for sentence, row in zip(reversed(said), rows, strict=True))
    # And a way to what waits
    assert link_of(coordinator.get("/history"), "update on A12.1") is not None


def test_no_line_tells_anybody_of_an_independent_account(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        make_assessment(session, cast)
    coordinator = signed_in("coordinator")
    told = " ".join(text_of(coordinator.get(address)) for address in walk(coordinator))
    for name in ("contributor", "lead", "other_lead", "registrar", "Open Window", "Second Lamp"):
        assert f"{name} " not in told.replace("lead of", ""), name


def test_an_address_with_a_hash_that_the_reader_may_not_see_is_as_one_that_does_not_exist(
    client: StrictClient, signed_in: SignIn, database: Database
) -> None:
    [[hidden]] = ask(database, "SELECT hash FROM history_lines WHERE verb = 'create_account' LIMIT 1")
    for page in (f"a{hidden}", f"b{hidden}", "a" + "0" * 64, "x", "a", "c" + "0" * 64, "a5", "é" * 9):
        answer = client.get("/history", query_string={"page": page})
        assert answer.status_code == 400
        assert "The address of this page is damaged. Start again at the first page." in text_of(answer)
    assert signed_in("coordinator").get(f"/history?page=a{hidden}").status_code == 200


def test_a_published_entry_that_was_taken_away_in_the_database_leaves_its_line(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    publish(database, cast)
    tell(database, "DELETE FROM progress_updates")
    assert "This line is about an entry that cannot be found any more." in rows_of(client.get("/history"))[0]


def test_a_page_of_many_lines_costs_as_many_statements_as_one_of_few(
    client: StrictClient, database: Database, cast: Cast
) -> None:
    publish(database, cast)
    client.get("/history")  # what the frame asks once is known now
    counted: list[str] = []
    numbers = []
    for _ in range(2):
        with watching(client.application.extensions["database"], lambda said, _: counted.append(said)):
            counted.clear()
            client.get("/history")
            numbers.append(len(counted))
        publish(database, cast, 15)
    assert numbers[0] == numbers[1] <= 6


@pytest.mark.parametrize("filled", ["empty"])
def test_before_the_first_action_the_page_says_so(client: StrictClient) -> None:
    page = client.get("/history")
    assert "Nothing was published yet." in text_of(page)
    assert by_class(page, "stacking-table") == []
