"""The row of headers is found below titles, and its columns by their names and positions."""

from tracker.exchange.imports.sheets import (
    Numeral,
    Row,
    Sheet,
    columns_named,
    find_header,
    fold_header,
    headers_key,
    place,
)

TITLE = Row(1, ["List of recommendations", "", ""])
HEADER = Row(3, ["Ref.", "Text", "State(s)"])
BODY = [Row(4, ["1.1", "Plant trees", "Chile"]), Row(5, ["1.2", "Open a library", "Peru"])]


def test_titles_above_the_header_are_passed_over() -> None:
    assert find_header([TITLE, HEADER, *BODY]) == HEADER


def test_known_names_are_found_wherever_they_stand() -> None:
    note = Row(2, ["Made", "by", "hand"])
    assert find_header([note, HEADER, *BODY], ("ref", "text")) == HEADER
    assert find_header([note, HEADER, *BODY]) == note


def test_a_header_may_lack_a_name() -> None:
    header = Row(1, ["Ref", "", "Text"])
    assert find_header([header, *BODY]) == header
    assert find_header([Row(1, [Numeral("4"), "", "x"]), *BODY]) == BODY[0]


def test_a_sheet_without_rows_has_none() -> None:
    assert find_header(Sheet("", iter(())).head) is None


def test_headers_are_compared_without_case_signs_and_blanks() -> None:
    assert fold_header(" State(s)\nunder_review ") == "state s under review"
    assert headers_key(["Ref.", "Text", ""]) == headers_key(["REF", " text"])
    assert headers_key(["Ref", "Text"]) != headers_key(["Text", "Ref"])


def test_the_first_of_two_columns_of_a_name_counts() -> None:
    found = columns_named(Row(1, ["Text", "Ref", "TEXT"]), {"text": "text", "ref": "ref"})
    assert (found.at, found.again) == ({"text": 0, "ref": 1}, ("TEXT",))


def test_rows_without_text_are_left_out_and_keep_the_numbers_of_the_others() -> None:
    sheet = Sheet("A", iter([Row(1, ["x"]), Row(2, [""]), Row(3, ["y"])]))
    assert [sheet.place(row.number, 1) for row in sheet.rows_below(0)] == ["A!B1", "A!B3"]
    assert place("", 7) == "line 7"
