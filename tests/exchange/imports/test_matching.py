"""Rows of a file and what stands here: the same recommendation by number, else by text and a State in common."""

from tests.exchange.imports.states import known_states
from tracker.exchange.imports.matching import Match, match_file
from tracker.exchange.imports.rows import FileRow

TREES = "Plant a tree in each street of the capital and water it in the dry months of the year"
BOOKS = "Open a library in each village of the mountains"
TWO_CLAUSES = f"{TREES} (Chile); {BOOKS} (Fiji)"


def row(place: str, text: str, ref: str | None = None, *states: str) -> FileRow:
    return FileRow(place, text, ref=ref, state_codes=states)


def match(known: dict[int, FileRow], *rows: FileRow) -> tuple[Match, ...]:
    return match_file({key: (row,) for key, row in known.items()}, rows, known_states())


def keys(found: tuple[Match, ...]) -> list[tuple[int, ...]]:
    return [each.keys for each in found]


def test_a_number_matches_where_the_text_is_like_it_or_missing() -> None:
    known = {7: row("x", TREES, "1.1"), 8: row("y", BOOKS, "1.2")}
    found = match(known, row("a", TREES.replace("tree", "bush"), "1.1"), row("b", "", "1.2"))
    assert [(each.keys, each.is_other) for each in found] == [((7,), False), ((8,), False)]


def test_a_number_with_another_text_is_told_apart() -> None:
    known = {7: row("x", TREES, "1.1", "CHL")}
    [found] = match(known, row("a", BOOKS, "1.1", "CHL"))
    assert (found.keys, found.is_other) == ((7,), True)
    [found] = match({7: row("x", TREES, "1.1"), 8: row("y", "Mend it", None)}, row("a", BOOKS, "1.1"))
    assert (found.keys, found.is_other) == ((7,), True)
    more = row("b", "Teach swimming in all schools", "1.2")
    assert [(each.keys, each.is_other) for each in match(known, row("a", BOOKS, "1.1"), more)] == [
        ((7,), True),
        ((), False),
    ]


def test_a_text_wins_over_a_number_that_lost_its_zero() -> None:
    """Neighbours are often alike: the exact text decides."""
    trees_too = TREES.replace("capital", "province")
    known = {7: row("x", TREES, "28.1", "CHL"), 8: row("y", trees_too, "28.10", "CHL")}
    assert keys(match(known, row("a", trees_too, "28.1", "CHL"))) == [(8,)]
    both = match(known, row("a", trees_too, "28.1", "CHL"), row("b", TREES, "28.1", "CHL"))
    assert keys(both) == [(8,), (7,)]


def test_decimals_are_told_where_the_review_has_the_numbers() -> None:
    """Whichever of both has more numbers."""
    known = {7: row("x", TREES, "28.1"), 8: row("y", BOOKS, "28.10"), 9: row("z", "Mend it", "28.11")}
    rows = (row("a", TREES, "28.1"), row("b", BOOKS, "28.1"), row("c", "Teach swimming", "28.1"))
    for more in ({}, {10: row("v", "Count the birds", "28.12"), 11: row("w", "Open the school", "28.13")}):
        found = match(known | more, *rows, row("d", "Mend it", "28.11"))
        assert keys(found) == [(7,), (8,), (), (9,)]
        assert [each.item.row.ref for each in found[1:]] == [None, None, "28.11"]
        told = ["28.10 became 28.1" in str(each.item.problems) for each in found[1:]]
        assert told == [True, True, False]


def test_two_numbers_are_two_recommendations_whatever_their_text() -> None:
    known = {7: row("x", TREES, "1.1", "CHL")}
    found = match(known, row("a", TREES, "1.5", "PER"), row("b", TREES, "1.1", "CHL"))
    assert keys(found) == [(), (7,)]


def test_what_a_file_said_before_a_person_changed_it_counts_too() -> None:
    known = {7: (row("x", BOOKS, "1.1"), row("x", TREES, "1.1"))}
    for rows in ([row("a", TREES, "1.1")], [row("a", TREES, "1.1"), row("b", "Mend it", "1.2")]):
        found = match_file(known, rows, known_states())[0]
        assert (found.keys, found.is_other) == ((7,), False)


def test_states_of_the_same_text_under_other_numbers_are_named() -> None:
    known = {7: row("x", TREES, None, "CHL", "PER")}
    found = match(known, row("a", TREES, "1.1", "CHL"), row("b", TREES, "1.2", "PER"))
    assert [(each.keys, each.of_others) for each in found] == [((7,), ("PER",)), ((), ("CHL",))]


def test_numbers_are_texts() -> None:
    found = match({7: row("x", TREES, "1.1", "CHL")}, row("a", BOOKS, "1.10", "FJI"))
    assert keys(found) == [()]


def test_a_text_matches_with_a_state_in_common() -> None:
    known = {7: row("x", TREES, None, "CHL"), 8: row("y", TREES, None, "PER")}
    assert keys(match(known, row("a", f"{TREES} ", None, "PER"))) == [(8,)]


def test_a_like_text_of_another_state_is_another_recommendation() -> None:
    known = {7: row("x", TREES, None, "CHL")}
    assert keys(match(known, row("a", TREES.replace("tree", "bush"), None, "PER"))) == [()]


def test_many_rows_belong_to_one_that_stands_here() -> None:
    known = {7: row("x", TREES, "1.1", "CHL", "PER")}
    [found] = match(known, row("a", TREES, None, "CHL"), row("b", TREES, None, "PER"))
    assert found.keys == (7,)
    assert [each.place for each in found.item.rows] == ["a", "b"]
    assert found.item.row.state_codes == ("CHL", "PER")
    assert found.item.row.text == TREES


def test_several_that_stand_here_belong_to_one_of_a_file_with_numbers() -> None:
    known = {7: row("x", TREES, None, "CHL"), 8: row("y", BOOKS, None, "FJI")}
    [found] = match(known, row("a", TWO_CLAUSES, "1.1", "CHL", "FJI"))
    assert found.keys == (7, 8)


def test_a_part_of_a_text_is_joined_and_told() -> None:
    known = {7: row("x", f"{TREES}, and {BOOKS}", "1.1", "CHL")}
    found = match(known, row("a", TREES, None, "CHL"))
    assert keys(found) == [(7,)]
    assert found[0].item.is_doubtful
    assert found[0].item.row.text == f"{TREES}, and {BOOKS}"
    assert "only a part of it" in found[0].item.problems[0].sentence


def test_what_finds_nothing_is_new_and_its_rows_are_joined() -> None:
    known = {7: row("x", TREES, "1.1", "CHL")}
    found = match(known, row("a", BOOKS, None, "FJI"), row("b", BOOKS, None, "MLI"))
    assert keys(found) == [()]
    assert found[0].item.row.state_codes == ("FJI", "MLI")


def test_nothing_stands_here() -> None:
    assert keys(match({}, row("a", TREES, "1.1"), row("b", BOOKS, "1.2"))) == [(), ()]
