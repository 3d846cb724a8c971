"""UPR Info's three layouts: the rows of one State and cycle, each with what is doubtful of it."""

import json

import pytest

from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import OLD_HEADER, RENAMED_HEADER, UPR_INFO, ods, text, xlsx
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import FileRow, Layout, NotReadable, ReadFile, Weight
from tracker.models.recommendations import Position, RecommendationKind

TODAY = [
    "State under review",
    "Recommending state",
    "Recommendation",
    "Response",
    "Issues",
    "Session",
    "Action category",
]


def read(content: bytes, cycle: int | None = 1) -> ReadFile:
    found = read_file("export", content, asked("KGZ", cycle))
    assert found.layout == Layout.UPR_INFO
    return found


def without_place(found: ReadFile) -> list[FileRow]:
    return [row.but(place="") for row in found.rows]


def test_rows_of_the_state_and_its_cycle() -> None:
    found = read(xlsx(OLD_HEADER, UPR_INFO))
    assert found.rows[0] == FileRow(
        "Sheet1!D2",
        "Plant trees in each street",
        state_code="KGZ",
        session=8,
        state_codes=("CHL",),
        position=Position.SUPPORTED,
        issues=("Justice",),
        action_category=4,
    )
    assert [row.text for row in found.rows] == [
        "Plant trees in each street",
        "Open a library",
        "Teach swimming",
    ]
    assert found.rows[1].issues == ("Justice", "HIV - Aids")
    assert found.left_out == 2
    assert [row.text for row in read(xlsx(OLD_HEADER, UPR_INFO), cycle=2).rows] == ["Teach chess"]
    assert len(read(xlsx(OLD_HEADER, UPR_INFO), cycle=None).rows) == 4


def test_a_state_that_nobody_knows_is_told() -> None:
    found = read(xlsx(OLD_HEADER, UPR_INFO))
    assert found.rows[2].unknown_states == ("Unknown",)
    assert [(problem.place, problem.weight) for problem in found.problems] == [("Sheet1!E4", Weight.DOUBTFUL)]


@pytest.mark.parametrize(
    "content",
    [
        ods(OLD_HEADER, UPR_INFO),
        text(OLD_HEADER, UPR_INFO).encode(),
        text(RENAMED_HEADER, UPR_INFO, ends="\r").encode("mac_roman"),
        text(RENAMED_HEADER, UPR_INFO, ";").encode("utf-16"),
        text(OLD_HEADER, UPR_INFO, "\t").encode("utf-8-sig"),
        xlsx(OLD_HEADER, UPR_INFO, above=[["UPR Info"], [], ["Exported"]]),
    ],
)
def test_every_kind_of_file_gives_the_same_rows(content: bytes) -> None:
    assert without_place(read(content)) == without_place(read(xlsx(OLD_HEADER, UPR_INFO)))


def row(**changed: str) -> bytes:
    values = dict(
        zip(
            TODAY,
            ("Kyrgyzstan", "Chile", "Plant trees", "Noted", "Work", "44 - November 2023", "4"),
            strict=True,
        )
    )
    values |= {name.replace("_", " "): value for name, value in changed.items()}
    return text(list(values), [list(values.values())]).encode()


@pytest.mark.parametrize(
    ("response", "position", "source"),
    [
        ("Supported", Position.SUPPORTED, ""),
        ("Noted", Position.NOTED, ""),
        ("Not Supported", Position.NOTED, "UPR Info: Not Supported"),
    ],
)
def test_the_words_of_the_present_site(response: str, position: Position, source: str) -> None:
    [found] = read(row(Response=response), cycle=4).rows
    assert (found.position, found.position_source, found.session) == (position, source, 44)


def test_a_pledge_has_no_position() -> None:
    found = read(row(Response="Voluntary Pledge", Recommending_state=""), cycle=4)
    assert (found.rows[0].kind, found.rows[0].position) == (RecommendationKind.VOLUNTARY_PLEDGE, None)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("changed", "words", "rows"),
    [
        ({"Response": "Perhaps"}, "Perhaps", 1),
        ({"Response": ""}, "No position", 1),
        ({"Session": "soon"}, "no session", 1),
        ({"Action_category": "9"}, "no category", 1),
        ({"Recommendation": ""}, "no text", 0),
        ({"State_under_review": ""}, "no State under review", 0),
        ({"Recommending_state": "Atlantis"}, "Atlantis", 1),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place(changed: dict[str, str], words: str, rows: int) -> None:
    found = read(row(**changed), cycle=4)
    assert [(problem.place, words in problem.sentence) for problem in found.problems] == [("line 2", True)]
    assert len(found.rows) == rows


def test_a_file_of_other_states_says_which() -> None:
    with pytest.raises(NotReadable, match="Peru"):
        read(row(State_under_review="Peru"))
    with pytest.raises(NotReadable, match="other cycles only: 4"):
        read(row())


def test_an_unknown_state_under_review_is_told_with_its_rows() -> None:
    found = read(
        xlsx(OLD_HEADER, [*UPR_INFO, ["Atlantis", *UPR_INFO[4][1:]], ["Atlantis", *UPR_INFO[4][1:]]])
    )
    assert found.left_out == 4
    assert [problem.place for problem in found.problems if "2 rows" in problem.sentence] == ["Sheet1!A7"]


def test_a_header_that_occurs_again_is_told() -> None:
    found = read(xlsx([*OLD_HEADER, "Response"], [[*UPR_INFO[0], "Noted"]]))
    assert found.rows[0].position == Position.SUPPORTED
    assert "occurs again" in found.problems[0].sentence


def test_the_answer_of_the_search_of_the_present_site() -> None:
    metadata = {
        "state_under_review": [{"label": "Kyrgyzstan"}],
        "recommending_state": [{"label": "Chile"}],
        "recommendation": [{"value": "Plant trees"}],
        "response": [{"label": "Not Supported"}],
        "issues": [{"label": "Work"}, {"label": "HIV - Aids"}],
        "session": [{"label": "44 - November 2023"}],
    }
    answer = {"rows": [{"title": "Plant trees", "metadata": metadata}, {"metadata": 5}], "totalRows": 3}
    found = read(json.dumps(answer).encode(), cycle=4)
    assert (found.rows[0].place, found.rows[0].state_codes, found.rows[0].issues) == (
        "record 1",
        ("CHL",),
        ("Work", "HIV - Aids"),
    )
    assert [problem.place for problem in found.problems] == ["record 2", "record 2"]


@pytest.mark.parametrize("action", ["4", "4.0", "4 - General"])
def test_a_category_of_action_may_be_a_decimal_or_have_its_name(action: str) -> None:
    found = read(row(Action_category=action), cycle=4)
    assert (found.rows[0].action_category, found.problems) == (4, ())
