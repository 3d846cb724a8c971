"""Evidence of independent voices: chosen on the preview, public with the text, gone with its withdrawal."""

from config import Config
from tests.evidence_files import CSV, HTML, PDF, pdf_with
from tests.stories.assessments import NEW, PAGE, TEXT, preview, withdraw_link
from tests.stories.evidence import fetch, links_of, sent, stored_files
from tests.stories.pages import by_id, contents, is_anywhere, words_of
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database


def test_a_file_is_published_with_its_text_and_nothing_is_stored_before(
    signed_in: SignIn, client: StrictClient, config: Config, database: Database
) -> None:
    lead = signed_in("lead")
    before = contents(database)
    page = preview(lead)
    assert contents(database) == before
    files = [sent("complaints.csv", CSV), sent("letter.pdf", PDF)]
    assert lead.send_from(page, "/publish", "publish", files=files).status_code == 303
    # Then everybody reads and saves them, the State, too; the page says name, type and size
    shown = client.get(PAGE)
    assert "complaints.csv CSV, 1 KB" in words_of(by_id(shown, "A12.1"))
    links = links_of(shown)
    for reader in (client, signed_in("coordinator"), signed_in("other_lead")):
        assert fetch(reader, links["complaints.csv"]).data == CSV
    # And nothing tells who of the organisation sent them
    assert len(stored_files(config)) == 2
    assert [row for row in contents(database)["history_lines"] if "evidence" in row.verb] == []


def test_withdrawing_takes_rows_and_bytes_at_once_and_the_address_is_unknown(
    signed_in: SignIn, client: StrictClient, config: Config, database: Database
) -> None:
    lead = signed_in("lead")
    for name in ("first.pdf", "second.pdf"):  # the second supersedes the first
        made = lead.send_from(preview(lead), "/publish", "publish", files=sent(name, pdf_with(name.encode())))
        assert made.status_code == 303
    links = links_of(client.get(PAGE))
    assert len(links) == len(stored_files(config)) == 2
    assert lead.send(withdraw_link(lead)).status_code == 303
    assert stored_files(config) == []
    assert contents(database)["evidence"] == []
    assert is_anywhere(database, "second.pdf") == []
    for link in links.values():
        assert fetch(client, link).status_code == 404
    assert links_of(client.get(PAGE)) == {}


def test_a_form_that_is_sent_twice_stores_its_file_once(
    signed_in: SignIn, config: Config, database: Database
) -> None:
    lead = signed_in("lead")
    page = preview(lead)
    for _ in range(2):
        assert lead.send_from(page, "/publish", "publish", files=sent("a.pdf", PDF)).status_code == 303
    assert len(contents(database)["evidence"]) == len(stored_files(config)) == 1


def test_a_refused_file_publishes_nothing_and_leaves_the_preview_with_its_text(
    signed_in: SignIn, config: Config, database: Database
) -> None:
    lead = signed_in("lead")
    page, before = preview(lead), contents(database)
    answer = lead.send_from(page, "/publish", "publish", files=sent("page.pdf", HTML))
    assert answer.status_code == 422
    assert "does not fit what is in the file" in text_of(answer)
    assert values_of(find_form(answer, "/publish"))["narrative"] == TEXT["narrative"]
    assert contents(database) == before
    assert stored_files(config) == []
    # And without it, from the page that came back, it is published
    assert lead.send_from(answer, "/publish", "publish").status_code == 303


def test_fully_implemented_without_a_link_asks_for_a_file_on_the_preview(
    signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    page, before = preview(lead, level="fully_implemented", source_link=""), contents(database)
    assert "attach a file here" in text_of(page)
    bare = lead.send_from(page, "/publish", "publish")
    assert bare.status_code == 422
    assert "attach a file" in text_of(bare)
    assert contents(database) == before
    assert lead.send_from(bare, "/publish", "publish", files=sent("a.pdf", PDF)).status_code == 303
    assert lead.get(NEW).status_code == 200
