"""CSV and TXT: kept to the byte, with their alphabet; tables that compute something are plain text."""

import pytest

from tests.evidence_files import CSV
from tests.exchange.cleaning import refused, taken

TEXT = "Чуй; 3\r\nЖалал-Абад — № 5, «да»\x0bПротокол\f"


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("windows-1251"), "windows-1251"),
        (b"plain words", "utf-8"),
    ],
)
def test_texts_are_kept_and_their_alphabet_is_told(content: bytes, charset: str) -> None:
    for name, said in (("notes.txt", "text/plain"), ("table.csv", "text/csv")):
        found = taken(name, content)
        assert (found.content, found.media_type) == (content, f"{said}; charset={charset}")


@pytest.mark.parametrize(
    "content",
    [
        "Zürich und Málaga".encode("latin-1"),
        "Equité, vis-à-vis".encode("mac-roman"),
        "Ошская область, город Ош".encode("cp866"),
        "text".encode("utf-16-le"),
        b"\xff\xfea",
        "ring\x07".encode("utf-16"),
        "<script>1</script>".encode("utf-16"),
        "  <!doctype html>Да".encode("windows-1251"),
        b"\x98\x98",
    ],
)
def test_another_alphabet_or_a_page_is_refused_with_what_to_do(content: bytes) -> None:
    for name in ("notes.txt", "table.csv"):
        assert "with the encoding UTF-8 and choose that file" in refused(name, content)


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|'/c calc'!A0",
        '"=1+1"',
        " =1+1",
        "@SUM(1)",
        "+1+cmd|' /c calc'!A0",
        "-2+3",
        "\t=1",
        "=HYPERLINK(1)",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1251"])
def test_a_table_with_a_formula_is_plain_text(cell: str, charset: str) -> None:
    for content in (cell, f"область;{cell};3", f"область\r\n{cell}\r\n"):
        found = taken("table.csv", content.encode(charset))
        assert found.media_type.startswith("text/plain;")
        assert found.content == content.encode(charset)


@pytest.mark.parametrize(
    "cell", ["-5", "-5,3", "+996 312 62 00 00", "-", "-12.5%", "a=b", "e-mail@stat.kg", "1-2"]
)
def test_numbers_and_words_are_no_formulas(cell: str) -> None:
    for content in (cell, f"a;{cell};b", f"a\n{cell}\n", f'"{cell}"'):
        assert taken("table.csv", content.encode()).media_type == "text/csv; charset=utf-8"


def test_a_wide_sign_begins_a_formula_too() -> None:
    assert taken("table.csv", "a,＝1+1".encode()).media_type.startswith("text/plain;")


def test_a_long_table_is_looked_through_at_once() -> None:
    for content in (
        CSV * 50_000,
        b'" ' * 500_000,
        b",-1" * 300_000,
        b"\n-" + b"1, " * 300_000,
        b"+" * 900_000,
    ):
        taken("table.csv", content)
