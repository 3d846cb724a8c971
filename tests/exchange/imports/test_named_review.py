"""A document says of which review it is: OHCHR's matrix in its header, a report on its first pages."""

from io import BytesIO

import pytest
from docx import Document

from tests.exchange.imports.matrices import FOURTH, FOURTH_ROWS, matrix, saved
from tests.exchange.imports.states import asked
from tracker.exchange.imports.named_review import OtherReview, refuse_other_matrix, refuse_other_report
from tracker.exchange.imports.reading import read_file

HEADERS = {
    "UPR of Slovenia (3rd Cycle - 34th Session) Thematic list of recommendations Page 4 of 4": ("SVN", 3),
    "UPR of Bolivia (Plurinational State of) (2 nd Cycle – 20th session)": ("BOL", 2),
    "UPR of the Republic of Moldova - Fourth Cycle Thematic list": ("MDA", 4),
    "UPR of Kyrgyzstan": ("KGZ", None),
}


@pytest.mark.parametrize("line", HEADERS)
def test_a_header_of_another_review_is_refused(line: str) -> None:
    state, cycle = HEADERS[line]
    refuse_other_matrix(["", line], asked(state, cycle))
    refuse_other_matrix([line], asked(state, None))
    with pytest.raises(OtherReview, match="the review is FJI-1"):
        refuse_other_matrix(["", line], asked("FJI", 1))
    if cycle:
        with pytest.raises(OtherReview, match=f"the review is {state}-1"):
            refuse_other_matrix([line], asked(state, 1))


@pytest.mark.parametrize(
    "line", ["", "UPR of Atlantis (3rd Cycle)", "Thematic list", "UPR of" + " (" * 5_000]
)
def test_a_header_that_names_no_known_state_refuses_nothing(line: str) -> None:
    refuse_other_matrix([line], asked("KGZ", 3))


def test_the_header_is_read_from_the_document() -> None:
    document = Document(BytesIO(matrix(FOURTH, FOURTH_ROWS)))
    document.sections[0].header.paragraphs[0].text = "UPR of Slovenia (4th Cycle - 48th Session)\tPage 1"
    content = saved(document)
    assert len(read_file("matrix.docx", content, asked("SVN", 4)).rows) == len(FOURTH_ROWS) - 1
    with pytest.raises(OtherReview, match=r"says “UPR of Slovenia \(4th Cycle - 48th Session\)”.*KGZ-4"):
        read_file("matrix.docx", content, asked("KGZ", 4))


SYMBOLS = "2. The documents were issued: A/HRC/WG.6/35/{}/1, A/HRC/WG.6/35/{}/2.\n76.1 Plant trees (Chile);\n"
TITLE = "Universal periodic review\n\n  Report of the Working Group on the Universal Periodic\n  Review*\n\n  {}\n\n"


def test_a_report_names_the_documents_that_were_made_for_it() -> None:
    text = SYMBOLS.format("KGZ", "KGZ")
    refuse_other_report(text, asked("KGZ", 3))
    for other in (asked("SVN", 3), asked("KGZ", 4)):
        with pytest.raises(OtherReview, match=r"A/HRC/WG\.6/35/KGZ/1"):
            refuse_other_report(text, other)
    refuse_other_report(SYMBOLS.format("SVN", "KGZ"), asked("KGZ", 3))
    refuse_other_report(SYMBOLS.format("XXX", "XXX"), asked("KGZ", 3))


def test_an_addendum_has_the_state_in_its_title() -> None:
    text = TITLE.format("Slovenia") + "Accepted: 140.1, 140.2\n"
    refuse_other_report(text, asked("SVN", 4))
    with pytest.raises(OtherReview, match="name “Slovenia”, and the review is KGZ-4"):
        read_file("addendum.txt", text.encode(), asked("KGZ", 4))
    assert len(read_file("addendum.txt", text.encode(), asked("SVN", 4)).rows) == 2
    refuse_other_report(TITLE.format("of the United Nations"), asked("KGZ", 4))
