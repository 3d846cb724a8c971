"""Texts are cleaned of what programs left in them; their words stay."""

import pytest

from tracker.exchange.imports.texts import clean_lines, clean_text, fold_text, join_lines, split_ref, trim_end


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Plant\xa0trees  now ", "Plant trees now"),
        ("recom\xadmen\u200bdation\u200e", "recommendation"),
        ("Plant&nbsptrees", "Plant trees"),
        ("Plant&nbsp;trees &#40;Chile&#41;", "Plant trees (Chile)"),
        ("the child&rsquo;s &lrm;room", "the child’s room"),
        ("non&#8209;refoulement", "non-refoulement"),
        ("<p>Plant <b>trees</b></p>", "Plant trees"),
        ("Keep a < b and c > d", "Keep a < b and c > d"),
        ("R&amp;D, AT&T and Q&A", "R&D, AT&T and Q&A"),
        ("&amp;nbsp;Plant", "Plant"),
        ("childrenÍs and womenÕs rights", "children’s and women’s rights"),
        ("CÃ´te d'Ivoire", "Côte d'Ivoire"),
        ("Plant\x00 trees\x07", "Plant trees"),
        ("Sign the OP-CAT;\x0bnow", "Sign the OP-CAT; now"),
    ],
)
def test_what_programs_leave_in_a_text_is_taken_out(raw: str, text: str) -> None:
    assert clean_text(raw) == text


def test_lines_stay_lines_and_breaks_of_html_become_some() -> None:
    assert clean_lines("Chile \r\n Gabon<br/>Niger\rTogo") == "Chile\nGabon\nNiger\nTogo"


def test_lines_that_a_page_broke_are_joined() -> None:
    assert join_lines("Respect the principle of non-\nrefoulement at\n\nall borders") == (
        "Respect the principle of non-refoulement at all borders"
    )


@pytest.mark.parametrize(
    ("text", "ref", "rest"),
    [
        ("140.7 Plant trees", "140.7", "Plant trees"),
        ("76.1. Plant trees", "76.1", "Plant trees"),
        ("69.1   The trees", "69.1", "The trees"),
        ("109.1. that trees grow", "109.1", "that trees grow"),
        ("96.1.1  Plant trees", "96.1.1", "Plant trees"),
        ("166.12.Plant trees", "166.12", "Plant trees"),
        ("186.28 . Plant trees", "186.28", "Plant trees"),
        ("186.28. . Plant trees", "186.28", "Plant trees"),
        ("137.197 Plant trees", "137.197", "Plant trees"),
        ("140.10 Plant trees", "140.10", "Plant trees"),
        ("R 137.197 Plant trees", "137.197", "Plant trees"),
        ("R Plant trees", None, "Plant trees"),
        ("Recommendation No. 5: Plant trees", "5", "Plant trees"),
        ("Recommendation No. 5 Plant trees", "5", "Plant trees"),
        ("Recommendations contained in para 12(a): Plant trees", "12(a)", "Plant trees"),
        ("12. Plant trees", "12", "Plant trees"),
        ("Plant 140.7 trees", None, "Plant 140.7 trees"),
        ("12.5 per cent of all trees", None, "12.5 per cent of all trees"),
        ("0.7 of all trees", None, "0.7 of all trees"),
        ("2030 Agenda: plant trees", None, "2030 Agenda: plant trees"),
        ("", None, ""),
    ],
)
def test_the_number_before_a_text_is_split_from_it(text: str, ref: str | None, rest: str) -> None:
    assert split_ref(text) == (ref, rest)


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        ("Plant trees (Kuwait). );", "Plant trees (Kuwait)"),
        ("Plant trees (Kuwait) );", "Plant trees (Kuwait)"),
        ("Plant trees (Switzerland)3;", "Plant trees (Switzerland);"),
        ("Plant trees (Iran (Islamic Republic of));", "Plant trees (Iran (Islamic Republic of));"),
    ],
)
def test_what_tables_leave_behind_the_last_bracket_goes(text: str, trimmed: str) -> None:
    assert trim_end(text) == trimmed


def test_texts_are_compared_without_case_and_signs() -> None:
    assert fold_text("“Plant” trees – NOW;") == fold_text("plant trees, now")
    assert fold_text("Plant trees") != fold_text("Plant treaties")
