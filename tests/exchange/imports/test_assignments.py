"""Who leads and who supports, from pasted cells or a table."""

import pytest

from tests.exchange.imports.table_files import xlsx
from tracker.exchange.imports.assignments import AssignmentRow, split_organisations
from tracker.exchange.imports.reading import read_assignments
from tracker.exchange.imports.rows import Column, NotReadable, Weight

ROWS = (
    AssignmentRow("line 2", "140.7", "Ministry of Parks", ("Ministry of Books", "Office of Games")),
    AssignmentRow("line 3", "140.10", "Ministry of Books"),
)


def test_pasted_cells_with_headers() -> None:
    pasted = (
        "Ref\tLead\tSupporting\n140.7\tMinistry of Parks\tMinistry of Books; Office of Games\n"
        "140.10\tMinistry of Books\t\n"
    )
    assert read_assignments("pasted", pasted.encode()).rows == ROWS


def test_pasted_cells_without_headers() -> None:
    pasted = '140.7\tMinistry of Parks\t"Ministry of Books\nOffice of Games"\n140.10\tMinistry of Books\n'
    found = read_assignments("pasted", pasted.encode())
    assert [(row.place, row.lead, row.supporting) for row in found.rows] == [
        ("line 1", "Ministry of Parks", ("Ministry of Books", "Office of Games")),
        ("line 3", "Ministry of Books", ()),
    ]


def test_a_table_in_russian_among_other_columns() -> None:
    header = ["№", "Рекомендация", "Ответственный орган", "Соисполнители"]
    rows = [["140.7", "Посадить деревья", "Министерство парков", "Министерство книг, Совет игр"]]
    found = read_assignments("a.xlsx", xlsx(header, rows))
    assert found.rows[0] == AssignmentRow(
        "Sheet1!A2", "140.7", "Министерство парков", ("Министерство книг", "Совет игр")
    )


def test_chosen_columns_win() -> None:
    rows = [["Ministry of Parks", "140.7"]]
    found = read_assignments("a.xlsx", xlsx(["x", "y"], rows), (Column.LEAD, Column.REF))
    assert [(row.ref, row.lead) for row in found.rows] == [("140.7", "Ministry of Parks")]


def test_what_cannot_be_read_is_told() -> None:
    pasted = "Ref\tLead\tSupporting\nfirst\tA\tB\n1.2\t\t\n1.3\tA; B\tC\n1.4\t\tC\n"
    found = read_assignments("pasted", pasted.encode())
    assert [(row.ref, row.lead, row.supporting) for row in found.rows] == [
        ("1.3", "A", ("B", "C")),
        ("1.4", "", ("C",)),
    ]
    assert [(problem.place, problem.weight) for problem in found.problems] == [
        ("line 2", Weight.REFUSED),
        ("line 3", Weight.REFUSED),
        ("line 4", Weight.DOUBTFUL),
    ]


def test_a_number_is_doubtful() -> None:
    found = read_assignments("a.xlsx", xlsx(["Ref", "Lead"], [[28.1, "A"]]))
    assert (found.rows[0].ref, len(found.problems)) == ("28.1", 1)


def test_names_with_commas_in_brackets_stay_whole() -> None:
    assert split_organisations("Office (parks, books), Council\n- Court") == [
        "Office (parks, books)",
        "Council",
        "Court",
    ]


def test_a_table_without_such_columns_is_refused() -> None:
    with pytest.raises(NotReadable, match="assignments"):
        read_assignments("a.xlsx", xlsx(["a", "b"], [["x", "y"]]))
