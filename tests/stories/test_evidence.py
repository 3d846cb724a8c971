"""Evidence: files behind an update are attached, seen by those who may, removed; no browser opens them here."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from config import Config
from tests.evidence_files import CSV, HTML, PDF, PRETENDERS, WHOLE, pdf_with
from tests.stories.evidence import fetch, links_of, sent, stored_files
from tests.stories.pages import by_id, contents, words_of
from tests.stories.updates import NEW, PAGE, TEXT, row, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database

STORED, INTERNAL = pdf_with(), pdf_with(b"internal")
MISSING = "/evidence/00000000-0000-4000-8000-000000000000"


def publish(signed_in: SignIn, update: str) -> None:
    assert step(signed_in("focal_point"), update, "submit") == 303
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303


def test_files_go_from_the_draft_to_the_public_and_confidential_ones_do_not(
    signed_in: SignIn, client: StrictClient, config: Config, database: Database
) -> None:
    # Given a draft with two public files and a confidential one
    focal_point = signed_in("focal_point")
    public = [sent("приказ.pdf", STORED), sent("../table.CSV", CSV)]
    update = write(focal_point, "keep", files=public, visibility="public")
    address = f"/updates/{update}"
    page = focal_point.get(f"{address}/change")
    assert "приказ.pdf (PDF, 1 KB)" in text_of(page)
    internal = sent("internal.pdf", INTERNAL)
    assert focal_point.send_from(page, "/change", "keep", files=internal).status_code == 303
    links = links_of(focal_point.get(address))
    assert set(links) == {"приказ.pdf", "table.csv", "internal.pdf"}
    assert len(stored_files(config)) == 3
    # Then nobody outside the State opens any of them, and nothing tells them from what does not exist
    for reader in (client, signed_in("lead"), signed_in("administrator"), signed_in("other_focal_point")):
        reader.get(MISSING)  # the first page of a browser brings the cookie of forms
        assert {said(fetch(reader, link)) for link in links.values()} == {said(reader.get(MISSING))}
    # When it is published
    publish(signed_in, update)
    # Then the public ones stand on the page of the point with name, type and size, for everybody
    insider, shown = signed_in("coordinator").get(PAGE), client.get(PAGE)
    assert "приказ.pdf PDF, 1 KB" in words_of(by_id(shown, "A12.1"))
    assert set(links_of(shown)) == {"приказ.pdf", "table.csv"}
    assert fetch(client, links["приказ.pdf"]).data == STORED
    # And the confidential one only for the organisation and the coordinator
    assert set(links_of(insider)) == {"приказ.pdf", "table.csv", "internal.pdf"}
    assert "Confidential files on A12.1" in text_of(insider)
    for name in ("validating_officer", "alternate"):
        assert fetch(signed_in(name), links["internal.pdf"]).data == INTERNAL
        assert "internal.pdf" in text_of(signed_in(name).get(PAGE))
    for reader in (client, signed_in("lead"), signed_in("administrator"), signed_in("other_focal_point")):
        assert fetch(reader, links["internal.pdf"]).status_code == 404
        assert "internal" not in reader.get(PAGE).get_data(as_text=True)
    assert not any("internal.pdf" in repr(line) for line in contents(database)["history_lines"])
    # And the workbook gives the addresses of the public ones only, whoever asks
    for reader in (client, signed_in("coordinator")):
        assert evidence_cells(reader) == {
            f"{TEXT['source_link']}\n"
            f"http://localhost{links['table.csv']}\nhttp://localhost{links['приказ.pdf']}"
        }


def said(answer: TestResponse) -> tuple[int, bytes, str]:
    """All that an answer tells; the token of the form for signing out changes with the second."""
    page = re.sub(rb'name="csrf_token" value="[^"]*"', b"", answer.data)
    assert answer.status_code == 404
    return answer.status_code, page, str(answer.headers.to_wsgi_list())


def evidence_cells(client: StrictClient) -> set[str]:
    book = load_workbook(BytesIO(client.get("/reports/KGZ-3-live/midterm.xlsx").data), read_only=True)
    rows = [[cell.value for cell in found] for found in book["Matrix"].iter_rows()]
    book.close()
    at = next(found.index("Evidence links") for found in rows if "Evidence links" in found)
    return {found[at] for found in rows if found[at] and found[at] != "Evidence links"}


def test_a_file_is_handed_out_to_be_saved_and_never_shown(signed_in: SignIn, client: StrictClient) -> None:
    """Also one that is a whole PDF and a page at once."""
    files = [sent(name, content) for name, content in WHOLE.items()]
    files.append(sent("both.pdf", PDF + HTML))
    update = write(signed_in("focal_point"), "keep", files=files, visibility="public")
    publish(signed_in, update)
    links = links_of(client.get(PAGE))
    assert len(links) == len(files)
    for name, link in links.items():
        answer = fetch(client, link)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].split(";")[0] not in ("text/html", "image/svg+xml", "text/xml")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename="), name
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert "Last-Modified" not in answer.headers
        again = fetch(client, link, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert fetch(client, links["both.pdf"]).mimetype == "application/pdf"
    assert fetch(client, links["table.csv"]).headers["Cache-Control"] == "no-cache"
    assert fetch(signed_in("lead"), links["table.csv"]).headers["Cache-Control"] == "no-store"


def test_a_name_in_any_script_is_kept_for_who_saves_the_file(signed_in: SignIn) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, "keep", files=sent("Отчёт; за март.pdf", PDF))
    [link] = links_of(focal_point.get(f"/updates/{update}")).values()
    answer = fetch(focal_point, link)
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; ")
    assert "filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%3B%20" in said


def test_fully_implemented_needs_a_link_or_a_file(signed_in: SignIn, database: Database) -> None:
    focal_point = signed_in("focal_point")
    full = {"level": "fully_implemented", "source_link": ""}
    bare = focal_point.send(NEW, button="submit", **{**TEXT, **full})
    assert bare.status_code == 422
    assert "enter the link of a source or attach a file" in text_of(bare)
    update = write(focal_point, "submit", **full, files=sent("law.pdf", PDF))
    assert row(database, update).state == "submitted"
    # When the file is removed from the returned update, it is asked for again
    officer = signed_in("validating_officer")
    assert officer.send(f"/updates/{update}/return", comment="Another law.").status_code == 303
    [link] = links_of(focal_point.get(f"/updates/{update}")).values()
    change = f"/updates/{update}/change"
    gone = focal_point.send(change, "/change", "submit", remove=[link.rpartition("/")[2]])
    assert gone.status_code == 422
    assert "attach a file" in text_of(gone)
    assert row(database, update).state == "returned"


def test_what_is_removed_leaves_page_and_disk_and_can_be_added_again(
    signed_in: SignIn, config: Config, database: Database
) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, "keep", files=[sent("a.pdf", PDF), sent("b.csv", CSV)])
    address = f"/updates/{update}"
    links = links_of(focal_point.get(address))
    form = focal_point.get(f"{address}/change")
    gone = links["a.pdf"].rpartition("/")[2]
    assert focal_point.send_from(form, "/change", "keep", remove=[gone, "nonsense"]).status_code == 303
    assert list(links_of(focal_point.get(address))) == ["b.csv"]
    assert len(stored_files(config)) == 1
    assert fetch(focal_point, links["a.pdf"]).status_code == 404
    assert (
        focal_point.send(f"{address}/change", "/change", "keep", files=sent("a.pdf", PDF)).status_code == 303
    )
    assert len(stored_files(config)) == 2
    # When the draft is discarded, nothing of it is left
    assert focal_point.send(f"{address}/discard").status_code == 303
    assert stored_files(config) == []
    assert contents(database)["evidence"] == []


def test_the_same_file_stays_until_the_last_who_needs_it_goes(signed_in: SignIn, config: Config) -> None:
    focal_point = signed_in("focal_point")
    points = {name: f"/updates/new/KGZ-3/A12.{n}" for n, name in enumerate("ab", start=1)}
    first, second = (
        write(focal_point, "keep", page, files=sent(f"{name}.pdf", STORED)) for name, page in points.items()
    )
    assert len(stored_files(config)) == 1
    assert focal_point.send(f"/updates/{first}/discard").status_code == 303
    [link] = links_of(focal_point.get(f"/updates/{second}")).values()
    assert fetch(focal_point, link).data == STORED
    assert focal_point.send(f"/updates/{second}/discard").status_code == 303
    assert stored_files(config) == []


def test_who_read_the_draft_before_a_file_came_reads_it_again(signed_in: SignIn) -> None:
    focal_point, colleague = signed_in("focal_point"), signed_in("alternate")
    update = write(focal_point, "keep")
    opened, page = colleague.get(f"/updates/{update}/change"), colleague.get(f"/updates/{update}")
    change = f"/updates/{update}/change"
    assert focal_point.send(change, "/change", "keep", files=sent("a.pdf", PDF)).status_code == 303
    assert colleague.send_from(page, "/submit").status_code == 409
    both = colleague.send_from(opened, "/change", "keep", files=sent("b.pdf", PDF), reason="Mine.")
    assert both.status_code == 409
    assert "Choose the files again" in text_of(both)
    assert "a.pdf (PDF, 1 KB)" in text_of(both)


def test_nobody_attaches_to_what_is_submitted_or_to_the_work_of_others(
    signed_in: SignIn, config: Config, database: Database
) -> None:
    update = write(signed_in("focal_point"), "submit")
    before = contents(database)
    for name, status in (("focal_point", (403, 409)), ("other_focal_point", (404,)), ("lead", (403,))):
        browser = signed_in(name)
        token = values_of(find_form(browser.get("/work"), "/sign-out"))
        forged = {**token, **TEXT, "version": "2", "files": sent("a.pdf", PDF)}
        assert browser.post(f"/updates/{update}/change", data=forged).status_code in status
    assert contents(database) == before
    assert stored_files(config) == []


class TestRefusals:
    """The largest file is 1 MB, the quota of an organisation 2 MB."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, UPLOAD_MAX_MEGABYTES=1, EVIDENCE_QUOTA_MEGABYTES=2)

    def test_a_file_that_cannot_be_taken_is_explained_and_every_word_is_kept(
        self, signed_in: SignIn, config: Config, database: Database
    ) -> None:
        focal_point, before = signed_in("focal_point"), contents(database)
        for name, content, said in (
            ("empty.pdf", b"", "“empty.pdf” is empty"),
            ("page.docx", HTML, "does not fit what is in the file"),
            ("locked.xlsx", PRETENDERS["locked.xlsx"], "protected with a password"),
            (
                "large.pdf",
                PDF + b" " * 1_000_000,
                "“large.pdf” is too large: the files of one form may have 1 MB",
            ),
            ("huge.pdf", PDF + b" " * 8_000_000, "“huge.pdf” is too large"),
        ):
            answer = focal_point.send(
                NEW, button="keep", **TEXT, files=[sent("ok.csv", CSV), sent(name, content)]
            )
            assert answer.status_code == 422, name
            assert said in text_of(answer)
            typed = values_of(find_form(answer, None))
            assert {field: typed[field] for field in TEXT if field != "level"} == {
                field: text for field, text in TEXT.items() if field != "level"
            }
        assert contents(database) == before
        assert stored_files(config) == []

    def test_several_files_share_the_room_of_one_form(self, signed_in: SignIn, config: Config) -> None:
        focal_point = signed_in("focal_point")
        half = PDF + b" " * 600_000
        answer = focal_point.send(
            NEW, button="keep", **TEXT, files=[sent("a.pdf", half), sent("b.pdf", half)]
        )
        assert "“b.pdf” is too large" in text_of(answer)
        assert "“a.pdf”" not in text_of(answer)
        assert stored_files(config) == []

    def test_a_text_is_no_longer_than_a_form_takes_whatever_files_come_with_it(
        self, signed_in: SignIn, database: Database
    ) -> None:
        """The room for files is no room for texts, nor for files in other forms."""
        focal_point, before = signed_in("focal_point"), contents(database)
        long = {f"more{n}": "x" * 900_000 for n in range(3)}
        opened = focal_point.get(NEW)
        token = values_of(find_form(opened, None))
        answer = focal_point.post(NEW, data={**token, **TEXT, **long, "files": sent("a.pdf", PDF)})
        assert answer.status_code == 400
        assert "longer than this form can take" in text_of(answer)
        answer = focal_point.post("/sign-out", data={**token, "files": sent("a.pdf", PDF + b" " * 1_100_000)})
        assert answer.status_code == 400
        answer = focal_point.post(NEW, data={**token, **TEXT, "files": sent("a.pdf", b" " * 12_000_000)})
        assert answer.status_code == 400
        assert contents(database) == before

    def test_an_organisation_is_told_how_much_room_is_left(self, signed_in: SignIn, config: Config) -> None:
        focal_point = signed_in("focal_point")
        pages = {name: NEW.replace("A12.1", f"A12.{n}") for n, name in enumerate("abcd", start=1)}
        first, _ = (
            write(
                focal_point, "keep", pages[name], files=sent(f"{name}.pdf", pdf_with(name.encode() * 900_000))
            )
            for name in "ab"
        )
        full = sent("c.pdf", pdf_with(b"c" * 900_000))
        answer = focal_point.send(pages["c"], button="keep", **TEXT, files=full)
        assert answer.status_code == 422
        assert "may keep 2 MB of files and has 200 KB left" in text_of(answer)
        assert len(stored_files(config)) == 2
        # Another organisation has its own
        other = signed_in("other_focal_point")
        theirs = "/updates/new/KGZ-3/A24.1"
        write(other, "keep", theirs, files=sent("c.pdf", pdf_with(b"c" * 900_000)))
        # And what is removed makes room
        assert signed_in("alternate").send(f"/updates/{first}/discard").status_code == 303
        write(focal_point, "keep", pages["d"], files=sent("d.pdf", pdf_with(b"d" * 900_000)))


def test_where_files_cannot_be_stored_the_text_stays_and_nothing_is_half_done(
    signed_in: SignIn, config: Config, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a storage folder that cannot be written
    Path(config.STORAGE_DIR).write_text("in the way")
    focal_point, before = signed_in("focal_point"), contents(database)
    # When a draft comes with a file
    answer = focal_point.send(NEW, button="keep", **TEXT, files=sent("a.pdf", PDF))
    # Then the form comes back with its text and says so, and the log names the cause once
    assert answer.status_code == 422
    assert "The file could not be stored" in text_of(answer)
    assert values_of(find_form(answer, None))["done"] == TEXT["done"]
    assert contents(database) == before
    assert len([line for line in caplog.records if "evidence not stored" in line.getMessage()]) == 1
    # And without the file it is saved
    assert focal_point.send_from(answer, None, "keep").status_code == 303


def test_bytes_that_are_lost_are_a_plain_page_and_one_line_in_the_log(
    signed_in: SignIn, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, "keep", files=sent("a.pdf", PDF))
    [link] = links_of(focal_point.get(f"/updates/{update}")).values()
    next(path for path in Path(config.STORAGE_DIR).rglob("*") if len(path.name) == 64).unlink()
    assert fetch(focal_point, link).status_code == 503
    assert "storage unavailable" in caplog.text
    assert "Traceback" not in caplog.text
