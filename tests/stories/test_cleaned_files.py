"""Files of both sides are cleaned before they are stored; what cannot be is refused with its reason, words kept."""

from io import BytesIO

import pytest
from PIL import Image

from config import Config
from tests.evidence_files import CSV, PDF, docx, picture, relations
from tests.exchange.cleaning import CANARY, everything
from tests.exchange.cleaning.office import document, workbook
from tests.stories import assessments
from tests.stories.evidence import fetch, links_of, sent, stored_files
from tests.stories.pages import contents
from tests.stories.updates import NEW, PAGE, TEXT, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database
from tracker.services.evidence import attachments

FORMULA = "область,случаи\n=cmd|'/c calc'!A0,3\n".encode()
WARNING = "do not open it in a program for tables"


def photo() -> bytes:
    notes = Image.Exif()
    notes[0x013B] = CANARY
    return picture(exif=notes.tobytes())


def publish(signed_in: SignIn, update: str) -> None:
    assert step(signed_in("validating_officer"), update, "validate") == 303
    assert step(signed_in("coordinator"), update, "publish") == 303


FILES = {"report.docx": document(), "table.xlsx": workbook(), "photo.jpg": photo()}


def test_files_of_an_independent_organisation_tell_nothing_of_who_made_them(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    lead = signed_in("lead")
    files = [sent(name, content) for name, content in FILES.items()]
    page = assessments.preview(lead)
    assert lead.send_from(page, "/publish", "publish", files=files).status_code == 303
    # The same form again, with the same files, is the same publication
    again = [sent(name, content) for name, content in FILES.items()]
    assert lead.send_from(page, "/publish", "publish", files=again).status_code == 303
    assert len(contents(database)["evidence"]) == len(FILES)
    links = links_of(client.get(PAGE))
    assert set(links) == set(FILES)
    for name, link in links.items():
        found = fetch(client, link).data
        told = found if name.endswith("jpg") else everything(found)
        assert CANARY.encode() not in told
        assert b"Ministry of Justice" not in told


def test_files_of_the_state_keep_the_name_of_the_institution(signed_in: SignIn, client: StrictClient) -> None:
    files = [sent(name, content) for name, content in FILES.items()]
    publish(signed_in, write(signed_in("focal_point"), "submit", files=files, visibility="public"))
    links = links_of(client.get(PAGE))
    for name, link in links.items():
        found = fetch(client, link).data
        assert CANARY.encode() not in (found if name.endswith("jpg") else everything(found))
    assert b"Ministry of Justice" in everything(fetch(client, links["report.docx"]).data)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "report.docx",
            docx(
                **{"word/_rels/document.xml.rels": relations(("image", "https://evil.example/a", "External"))}
            ),
            "loads something from elsewhere when it is opened (https://evil.example/a, in"
            " word/_rels/document.xml.rels). Remove that link",
        ),
        ("photo.jpg", photo()[:300], "Open it in a program for pictures"),
        ("order.pdf", b"%PDF-1.4\n%%EOF\n", "is damaged"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_and_every_word_is_kept(
    signed_in: SignIn, config: Config, database: Database, name: str, content: bytes, said: str
) -> None:
    before = contents(database)
    answer = signed_in("focal_point").send(NEW, button="keep", **TEXT, files=sent(name, content))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert values_of(find_form(answer, None))["done"] == TEXT["done"]
    lead = signed_in("lead")
    answer = lead.send_from(assessments.preview(lead), "/publish", "publish", files=sent(name, content))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert values_of(find_form(answer, "/publish"))["narrative"] == assessments.TEXT["narrative"]
    assert contents(database) == before
    assert stored_files(config) == []


def test_a_table_with_formulas_is_handed_out_as_text_with_a_word_of_warning(
    signed_in: SignIn, client: StrictClient
) -> None:
    files = [sent("formulas.csv", FORMULA), sent("table.csv", CSV)]
    update = write(signed_in("focal_point"), "submit", files=files, visibility="public")
    assert WARNING in text_of(signed_in("coordinator").get(f"/updates/{update}"))
    publish(signed_in, update)
    page = client.get(PAGE)
    assert WARNING in text_of(page)
    answer = fetch(client, links_of(page)["formulas.csv"])
    assert answer.data == FORMULA
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=formulas.csv.txt"
    answer = fetch(client, links_of(page)["table.csv"])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=table.csv"


def test_a_text_is_kept_as_it_is_and_its_alphabet_is_told(signed_in: SignIn) -> None:
    focal_point = signed_in("focal_point")
    given = {
        "wide.csv": (CSV.decode().encode("utf-16"), "text/csv; charset=utf-16"),
        "russian.txt": ("Протокол № 3".encode("cp1251"), "text/plain; charset=windows-1251"),
    }
    files = [sent(name, content) for name, (content, _) in given.items()]
    links = links_of(focal_point.get(f"/updates/{write(focal_point, 'keep', files=files)}"))
    for name, (content, said) in given.items():
        answer = fetch(focal_point, links[name])
        assert (answer.data, answer.headers["Content-Type"]) == (content, said)
        again = fetch(focal_point, links[name], headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_a_document_under_an_old_ending_gets_its_own(signed_in: SignIn) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, "keep", files=sent("Отчёт.doc", docx()))
    page = focal_point.get(f"/updates/{update}")
    assert "Отчёт.docx DOCX" in text_of(page)
    assert fetch(focal_point, links_of(page)["Отчёт.docx"]).mimetype.endswith("wordprocessingml.document")


def test_a_page_with_files_says_once_what_opening_them_may_do(
    signed_in: SignIn, client: StrictClient
) -> None:
    line = "The files here are made by others."
    assert line not in text_of(client.get(PAGE))
    files = [sent("a.pdf", PDF), sent("b.csv", CSV)]
    publish(signed_in, write(signed_in("focal_point"), "submit", files=files, visibility="public"))
    assert text_of(client.get(PAGE)).count(line) == 1


@pytest.mark.database
def test_nobody_waits_while_files_are_checked(
    signed_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another person writes while each file is looked at."""
    update = write(signed_in("focal_point"), "keep")
    real, looked_at = attachments.take_file_apart, []

    def take_while_another_writes(name: str, content: bytes, *, of_state: bool) -> object:
        with database.transaction(timeout=1) as session:
            session.connection().exec_driver_sql("UPDATE organisations SET names = names")
        looked_at.append((name, of_state))
        return real(name, content, of_state=of_state)

    monkeypatch.setattr(attachments, "take_file_apart", take_while_another_writes)
    write(signed_in("focal_point"), "keep", "/updates/new/KGZ-3/A12.2", files=sent("new.pdf", PDF))
    change = f"/updates/{update}/change"
    answer = signed_in("focal_point").send(change, "/change", "keep", files=sent("more.pdf", PDF))
    assert answer.status_code == 303
    lead = signed_in("lead")
    page = assessments.preview(lead)
    assert lead.send_from(page, "/publish", "publish", files=sent("own.pdf", PDF)).status_code == 303
    assert looked_at == [("new.pdf", True), ("more.pdf", True), ("own.pdf", False)]


def test_who_waits_too_long_for_others_files_is_told_so(
    signed_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "PATIENCE_SECONDS", 0.01)
    before = contents(database)
    with attachments._one_at_a_time:
        answer = signed_in("focal_point").send(NEW, button="keep", **TEXT, files=sent("a.pdf", PDF))
    assert answer.status_code == 422
    assert "Send the form again in a minute" in text_of(answer)
    assert contents(database) == before


def test_files_that_take_too_long_together_are_sent_again(
    signed_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also others wait for them."""
    monkeypatch.setattr(attachments, "MOST_SECONDS_OF_A_FORM", -1)
    before = contents(database)
    answer = signed_in("focal_point").send(NEW, button="keep", **TEXT, files=sent("a.pdf", PDF))
    assert answer.status_code == 422
    assert "“a.pdf” was not reached" in text_of(answer)
    assert contents(database) == before


def test_the_page_on_protection_says_what_is_cleaned(client: StrictClient) -> None:
    said = text_of(client.get("/protection"))
    assert "does not remove" not in said
    assert "takes out author, last editor, company, template, paths" in said


def test_a_photo_opens_after_it_was_cleaned(signed_in: SignIn) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, "keep", files=sent("photo.jfif", photo()))
    [link] = links_of(focal_point.get(f"/updates/{update}")).values()
    with Image.open(BytesIO(fetch(focal_point, link).data)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (8, 8))
