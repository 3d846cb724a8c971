"""What a file is: by content and by name, which must agree; and the name that it is shown with."""

import pytest

from tests.evidence_files import LARGE_PRETENDERS, PDF, PRETENDERS, WHOLE, docx
from tracker.exchange.evidence import ENDINGS, LONGEST_NAME, FileKind, NotTaken, shown_name, take_file


def kind_of(name: str, content: bytes) -> FileKind:
    return take_file(name, content, of_state=False).kind


def sentence(name: str, content: bytes) -> str:
    with pytest.raises(NotTaken) as refused:
        kind_of(name, content)
    return str(refused.value)


def test_whole_files_of_every_kind_are_taken() -> None:
    found = {name: kind_of(name, content) for name, content in WHOLE.items()}
    assert found == {name: ENDINGS[name.rpartition(".")[2].lower()] for name in WHOLE}
    assert set(found.values()) == set(FileKind)


@pytest.mark.parametrize("name", [*PRETENDERS, *LARGE_PRETENDERS])
def test_what_pretends_is_refused_with_its_name_and_what_to_do(name: str) -> None:
    content = LARGE_PRETENDERS[name]() if name in LARGE_PRETENDERS else PRETENDERS[name]
    said = sentence(shown_name(name), content)
    assert f"“{shown_name(name)}”" in said
    assert any(verb in said for verb in ("Save it", "save it", "choose that file", "Choose the file")), said


@pytest.mark.parametrize("name", [name for name in PRETENDERS if name.startswith("locked")])
def test_a_password_is_named_as_the_cause(name: str) -> None:
    assert "protected with a password" in sentence(name, PRETENDERS[name])


@pytest.mark.parametrize("name", ["macro.docx", "enabled.docx", "basic.odt", "embedded.docx"])
def test_macros_are_named_as_the_cause(name: str) -> None:
    assert "macros" in sentence(name, PRETENDERS[name])


def test_text_may_be_named_as_a_table_and_the_other_way_round() -> None:
    for name in ("table.csv", "notes.txt"):
        assert kind_of(name, b"plain words") == ENDINGS[name[-3:]]


def test_nothing_is_unpacked_to_learn_what_a_file_is() -> None:
    """The declared sizes are added up; 290 MB that are packed small are not read."""
    assert kind_of("a.docx", docx(**{"word/media/a.txt": b"0" * 290_000_000})) == FileKind.DOCX


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "/etc/cron.d/order.pdf": "order.pdf",
    r"..\..\windows\order.pdf": "order.pdf",
    r"C:\Users\somebody\order.PDF": "order.pdf",
    "..%2f..%2forder.pdf": "_2f.._2forder.pdf",
    "%2e%2e/order.pdf": "order.pdf",
    "or\0der.pdf": "order.pdf",
    "order\r\nX-Evil: 1.pdf": "orderX-Evil_ 1.pdf",
    "photo\u202egpj.pdf": "photogpj.pdf",
    "or\u200bder\u2066.pdf": "order.pdf",
    "CON.pdf": "_CON.pdf",
    "nul.tar.pdf": "_nul.tar.pdf",
    "...": "file",
    "": "file",
    ".pdf": "file.pdf",
    ' "quoted"; <b>.pdf': "_quoted_; _b_.pdf",
    "  Отчёт   за март .pdf": "Отчёт за март.pdf",
    "e\u0301.pdf": "é.pdf",
    "trailing. . .pdf. .": "trailing.pdf",
    "no ending": "no ending",
}


@pytest.mark.parametrize(("sent", "shown"), NAMES.items())
def test_the_name_is_shown_without_path_control_and_direction(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


@pytest.mark.parametrize("stem", ["a" * 300, "ы" * 300, "a. " * 200, "👪" * 300])
def test_a_long_name_is_cut_and_keeps_its_ending(stem: str) -> None:
    found = shown_name(stem + ".pdf")
    assert len(found) <= LONGEST_NAME
    assert found.endswith(".pdf")
    assert kind_of(found, PDF) == FileKind.PDF


def test_cleaning_a_name_twice_changes_nothing() -> None:
    for sent in NAMES:
        assert shown_name(shown_name(sent)) == shown_name(sent)
