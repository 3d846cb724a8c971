"""Tables made of Working Group reports, and the reports themselves as text."""

import pytest

from tests.exchange.imports.states import asked
from tracker.exchange.imports.rows import Asked, Layout, NotReadable, Weight
from tracker.exchange.imports.working_group import read_working_group
from tracker.models.recommendations import Position

HEADER = "text,to,decision,From,year,notes\r"
TABLE = (
    HEADER + '"76.1. Plant trees, soon (Chile);",kyrgysztan,support,Chile,2010,\r\n'
    '"76.2   Feed the birds (Peru, Mali). );",kyrgysztan,consider,Peru,2010,\r'
    '"76.2   Feed the birds (Peru, Mali). );",kyrgysztan,consider,Mali,2010,\n'
    '96.1.1  Open the school (Togo),kyrgysztan,reject,Togo,2010,"No school\nis\r\nclosed"\r'
    "109.1.Close the gate (Togo),kyrgysztan,implemented,Togo,2010,\r"
    "109.2 Paint the gate (Togo)3;,kyrgysztan,unknown,Togo,2010\r"
    "1.1 Not ours (Togo),albania,support,Togo,2010,\r"
    ",,,,,\r"
)
REPORT = """United Nations A/HRC/99/2
II. Conclusions and/or recommendations
76.
The recommendations listed below have been examined by Kyrgyzstan
and enjoy its support:

76.1. Plant trees in the
capital and elsewhere (Chile);
76.2. Respect non-
refoulement (Peru, Mali)3;

A/HRC/99/2

12

76.3 Count the birds (New Zealand); Feed
the birds (Uruguay) (Mali);

77. The following recommendations will be examined by Kyrgyzstan:
77.1. Open the school in
2010. Then keep it open (Togo).
3 The original recommendation read: “Respect refoulement”. (Peru)
77.2. Close the gate (Togo)

78. The following recommendations did not enjoy the support of Kyrgyzstan:
78.1. Paint the gate (Zamunda);
79.
All conclusions reflect the positions of the submitting States.
"""


def test_a_table_is_read_with_numbers_glued_to_the_text_and_mixed_line_ends() -> None:
    found = read_working_group(TABLE.encode("mac_roman"), asked())
    assert (found.layout, found.left_out, found.problems) == (Layout.WORKING_GROUP, 1, ())
    assert [(row.place, row.ref, row.text, row.state_codes) for row in found.rows] == [
        ("line 2", "76.1", "Plant trees, soon", ("CHL",)),
        ("line 3", "76.2", "Feed the birds", ("PER",)),
        ("line 4", "76.2", "Feed the birds", ("MLI",)),
        ("line 5", "96.1.1", "Open the school", ("TGO",)),
        ("line 8", "109.1", "Close the gate", ("TGO",)),
        ("line 9", "109.2", "Paint the gate", ("TGO",)),
    ]
    supported, pending = Position.SUPPORTED, Position.PENDING
    assert [row.position for row in found.rows] == [
        supported,
        pending,
        pending,
        Position.NOTED,
        supported,
        None,
    ]
    assert found.rows[3].comment == "No school\nis\nclosed"
    assert {row.state_code for row in found.rows} == {"KGZ"}


@pytest.mark.parametrize(
    ("line", "words", "weight"),
    [
        (
            "1.1 Plant trees (Chile),zamunda,support,Chile",
            "“zamunda” is no State under review",
            Weight.REFUSED,
        ),
        ("1.1 Plant (Peru, Mali),kyrgyzstan,support,Peru,2010,", "more cells", Weight.REFUSED),
        ("1.1 ,kyrgyzstan,support,Chile", "no text", Weight.REFUSED),
        ("Plant trees (Chile),kyrgyzstan,support,Chile", "No number", Weight.DOUBTFUL),
        ("1.1 Plant trees (Chile),kyrgyzstan,maybe,Chile", "“maybe” is no position", Weight.DOUBTFUL),
        ("1.1 Plant trees (Chile),kyrgyzstan,support,Peru", "the column was taken", Weight.DOUBTFUL),
        ("1.1 Plant trees,kyrgyzstan,support,Zamunda", "“Zamunda” is no State", Weight.DOUBTFUL),
        ("1.1 Plant trees,kyrgyzstan,support,", "No recommending State", Weight.DOUBTFUL),
        ("1.1 Plant trees (Chile),kyrgyzstan", "no position", Weight.DOUBTFUL),
        (
            '1.1 Plant,kyrgyzstan,support,Chile\r"1.2 ' + "x" * 6_000,
            "is no State under review",
            Weight.REFUSED,
        ),
        ('"' + "1.1 x" * 2_000 + '",kyrgyzstan,support,Chile', "quotation mark", Weight.REFUSED),
    ],
)
def test_a_doubtful_line_of_a_table_is_told(line: str, words: str, weight: Weight) -> None:
    found = read_working_group((HEADER + line).encode(), asked())
    assert words in found.problems[-1].sentence
    assert found.problems[-1].weight is weight
    assert found.problems[-1].place.startswith("line ")


def test_the_column_from_may_be_missing() -> None:
    content = b"text,to,decision\n1.1 Plant trees (Chile) (Peru);,kyrgyzstan,support\n"
    assert read_working_group(content, asked()).rows[0].state_codes == ("CHL", "PER")


def test_a_report_is_read_with_positions_from_its_sentences() -> None:
    found = read_working_group(REPORT.encode("mac_roman").replace(b"\n", b"\r"), asked())
    assert [(row.ref, row.text, row.state_codes, row.position) for row in found.rows] == [
        ("76.1", "Plant trees in the capital and elsewhere", ("CHL",), Position.SUPPORTED),
        ("76.2", "Respect non-refoulement", ("PER", "MLI"), Position.SUPPORTED),
        (
            "76.3",
            "Count the birds (New Zealand); Feed the birds (Uruguay) (Mali)",
            ("NZL", "URY", "MLI"),
            Position.SUPPORTED,
        ),
        ("77.1", "Open the school in 2010. Then keep it open", ("TGO",), Position.PENDING),
        ("77.2", "Close the gate", ("TGO",), Position.PENDING),
        ("78.1", "Paint the gate", (), Position.NOTED),
    ]
    assert [each.sentence for each in found.problems] == [
        "“Zamunda” is no State that is known. Say which one it is."
    ]
    assert found.rows[0].place == "line 7"
    assert (found.rows[0].symbol, found.rows[0].position_source) == ("A/HRC/99/2", "A/HRC/99/2, 76")


def test_numbers_that_are_missing_or_twice_are_told() -> None:
    text = "76. These enjoy its support:\n76.1. Plant (Chile);\n76.4. Feed (Peru);\n76.4. Count (Mali);\n"
    found = read_working_group(text.encode(), asked())
    assert [row.ref for row in found.rows] == ["76.1", "76.4", "76.4"]
    assert [(each.place, each.sentence) for each in found.problems] == [
        ("line 3", "Between 76.1 and 76.4 numbers are missing. Compare with the report."),
        ("line 4", "The number 76.4 is there twice."),
    ]


def test_figures_at_the_beginning_of_a_line_are_no_numbers() -> None:
    text = "76. These enjoy its support:\n76.1. Plant trees on more than\n30.5 hectares (Chile);\n76.2. Feed (Peru);\n"
    found = read_working_group(text.encode(), asked())
    assert [row.text for row in found.rows] == ["Plant trees on more than 30.5 hectares", "Feed"]


def test_items_without_a_sentence_have_no_position() -> None:
    found = read_working_group(b"76.1. Plant trees (Chile);\n76.2. Feed the birds;\n76.3.\n", asked())
    assert [row.position for row in found.rows] == [None, None]
    assert [each.weight for each in found.problems if each.place == "line 3"] == [Weight.REFUSED]


def test_more_rows_than_may_be_are_told() -> None:
    few = Asked("KGZ", asked().states, most_rows=2)
    for content in (TABLE, REPORT):
        found = read_working_group(content.encode(), few)
        assert len(found.rows) == 2
        assert "More than 2 rows" in found.problems[-1].sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "no plain text"),
        (b"PK\x03\x04", "no plain text"),
        (b"Nothing of this kind", "No numbered recommendations"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(NotReadable, match=words):
        read_working_group(content, asked())
