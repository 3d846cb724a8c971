"""Each picture of levels is drawn and read back: it shows what was given, and its words say it."""

from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.drawing import draw, number, read_levels, with_class
from tracker.level_words import ORDER, distinct_levels, words_of_counts, words_of_points
from tracker.web.pictures import SIZES, bar, text_width

GIVEN = [code for code in ORDER if code not in ("mixed", "no_entry")]
points = st.lists(st.lists(st.sampled_from(GIVEN), max_size=3).map(tuple), min_size=1, max_size=60)
counted = st.dictionaries(st.sampled_from([code for code in ORDER if code != "no_entry"]), st.integers(0, 60))


def svg_of(drawn: Element) -> Element:
    return next(drawn.iter("svg"))


@given(points, st.sampled_from(list(SIZES)))
def test_a_strip_shows_each_point_in_its_place(found: list[tuple[str, ...]], size: str) -> None:
    drawn = draw("strip", found, size)
    assert read_levels(drawn) == [level for point in found for level in distinct_levels(point)]
    width, space, per_row = SIZES[size]
    shapes = iter(with_class(drawn, "shape"))
    for place, point in enumerate(found):
        for _ in distinct_levels(point):
            shape = next(shapes)
            radius = number(shape, "r")
            left = number(shape, "cx") - radius if radius else number(shape, "x")
            right = left + (2 * radius or number(shape, "width"))
            column = place % per_row * (width + space)
            assert column - 0.01 <= left < right <= column + width + 0.01
    assert svg_of(drawn).get("aria-label") == words_of_points(found)
    assert number(svg_of(drawn), "width") <= 328, "wider than a phone"


def test_a_strip_beside_its_words_is_not_read_out_twice() -> None:
    drawn = draw("strip_with_words", [("planned",), ()])
    assert svg_of(drawn).get("aria-hidden") == "true"
    assert "".join(drawn.itertext()) == "1 planned, 1 no entry"


@pytest.mark.parametrize("code", [*GIVEN, "no_entry"])
def test_a_mark_shows_its_level(code: str) -> None:
    assert read_levels(draw("level_mark", [code])) == [code]


def test_a_mark_of_several_levels_has_columns_of_half_the_width() -> None:
    drawn = draw("level", ["not_implemented", "partially_implemented"])
    assert read_levels(drawn) == ["partially_implemented", "not_implemented"]
    assert [number(each, "width") for each in with_class(drawn, "shape")] == [5, 5]
    assert "".join(drawn.itertext()) == "not implemented to partially, 2 organisations"


@given(counted, st.integers(0, 200))
def test_a_bar_shares_its_width_as_the_points_are_shared(counts: dict[str, int], silent: int) -> None:
    total = sum(counts.values()) + silent or 1
    drawn = draw("overall_bar", "State", "a note", counts, total)
    shares, end = {}, 0.0
    for shape in with_class(drawn, "shape"):
        code = shape.get("class", "").split()[1].removeprefix("shape--")
        if code not in shares:  # a range has two boxes
            assert number(shape, "x") == pytest.approx(end, abs=0.02)
            end = number(shape, "x") + number(shape, "width")
        shares[code] = number(shape, "width")
    expected = {code: 100 * many / total for code, many in counts.items() if many}
    assert shares == {code: pytest.approx(share, abs=0.01) for code, share in expected.items()}
    silence = 100 * (total - sum(counts.values())) / total
    assert sum(shares.values()) + silence == pytest.approx(100, abs=0.1)
    said = words_of_counts({**counts, "no_entry": total - sum(counts.values())})
    assert svg_of(drawn).get("aria-label") == said


@given(counted, st.integers(0, 200))
def test_the_labels_of_a_bar_say_everything_once_and_never_overlap(
    counts: dict[str, int], silent: int
) -> None:
    drawn = bar(counts, sum(counts.values()) + silent or 1)
    for labels, room in ((drawn.wide, 850), (drawn.middle, 630)):
        places = []
        for label in labels:
            left = label.x * room / 100 - (text_width(label.text) if label.anchor == "end" else 0)
            assert left > -0.1
            assert left + text_width(label.text) < room + 0.1
            places.append((label.y, left, left + text_width(label.text)))
        for (y, _, end), (other, start, _) in pairwise(sorted(places)):
            assert y != other or end <= start
        if labels and any(counts.values()):
            said = sorted(part for label in labels for part in label.text.split(", "))
            assert said == sorted(drawn.words.split(", "))


def test_labels_stand_on_their_columns() -> None:
    counts = {"fully_implemented": 9, "partially_implemented": 20, "planned": 3, "regressed": 1}
    labels = bar(counts, 134).wide
    assert [(each.text, round(each.x)) for each in labels] == [
        ("9 fully", 0),
        ("20 partially", 7),
        ("3 planned", 22),
        ("1 regressed", 24),
        ("101 no entry", 100),
    ]


def test_a_bar_without_room_has_its_words_below() -> None:
    crowded = {"partially_implemented": 100, "not_implemented": 20, "regressed": 10}
    assert not bar(crowded, 134).wide
    drawn = draw("overall_bar", "State", "a note", crowded, 134)
    assert with_class(drawn, "bar--unlabelled")
    assert [each.text for each in with_class(drawn, "bar__words")] == [
        "100 partially, 20 not implemented, 10 regressed, 4 no entry"
    ]


def test_more_than_all_points_are_no_bar() -> None:
    with pytest.raises(ValueError, match="more than 3"):
        bar({"planned": 4}, 3)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_there_is_a_square_for_each_point(contradict: int, differ: int, agree: int) -> None:
    drawn = draw("count_squares", contradict, differ, agree)
    kinds = [each.get("class", "").rpartition("--")[2] for each in with_class(drawn, "squares__one")]
    assert kinds == ["contradicts"] * contradict + ["differs"] * differ + ["agrees"] * agree
    places = {(each.get("x"), each.get("y")) for each in with_class(drawn, "squares__one")}
    assert len(places) == contradict + differ + agree


@pytest.mark.parametrize(("kind", "word"), [("contradicts", "contradict"), ("differs", "differ")])
def test_the_sign_of_disagreement_says_which(kind: str, word: str) -> None:
    drawn = draw("disagreement_mark", kind, "1 of 8")
    assert svg_of(drawn).get("aria-label") == word
    assert with_class(drawn, f"disagree__sign--{kind}")
    assert "".join(drawn.itertext()) == "1 of 8"
    assert svg_of(draw("disagreement_mark", kind, "Contradict: …", True)).get("aria-hidden") == "true"


def signs(drawn: Element) -> list[tuple[str, float]]:
    found = []
    for each in svg_of(drawn).iter("svg"):
        if each.get("overflow"):
            found.append((each[0].get("class", "").rpartition("--")[2], number(each, "x")))
    return found


def test_the_gap_line_shows_who_stands_where() -> None:
    levels = {
        "state": ["partially_implemented"],
        "civil_society": ["regressed", "partially_implemented"],
        "nhri": ["partially_implemented"],
    }
    drawn = draw("gap_line", levels)
    assert signs(drawn) == [("diamond-around", 165), ("circle", 15), ("circle-around", 165), ("square", 165)]
    assert with_class(drawn, "gap__line")[0].get("d") == "M15 15.5H165"
    words = "State: partially; civil society: partially, regressed; NHRI: partially"
    assert svg_of(drawn).get("aria-label") == words


def test_a_level_without_a_place_has_none_on_the_gap_line() -> None:
    drawn = draw("gap_line", {"state": ["overtaken"], "un": ["regressed"]})
    assert signs(drawn) == [("diamond", 15)]
    assert not with_class(drawn, "gap__line")
    assert svg_of(drawn).get("aria-label") == "State: overtaken; UN: regressed"


def test_the_key_explains_each_shape_and_links_to_the_method() -> None:
    drawn = draw("key", "/method", ["mixed", "no_level"])
    words = ["".join(each.itertext()) for each in drawn.iter("li")]
    assert words == [
        *("fully", "partially", "planned", "not implemented", "regressed", "a range"),
        *("overtaken or no information", "entry, no level", "no entry", "Method"),
    ]
    assert [each.get("href") for each in drawn.iter("a")] == ["/method#levels"]


def test_a_scorecard_names_its_of() -> None:
    drawn = draw("scorecard", [(9, 33, "points it leads have a level"), (0, 2, "contradictions answered")])
    said = [" ".join("".join(each.itertext()).split()) for each in drawn.iter("li")]
    assert said == ["9 of 33 points it leads have a level", "0 of 2 contradictions answered"]


def test_a_cell_of_the_matrix_leads_to_its_points() -> None:
    [link] = draw("matrix_cell", "contradicts", 5, "/recommendations?x=1", "5 points").iter("a")
    assert (link.text, link.get("href"), link.get("aria-label")) == ("5", "/recommendations?x=1", "5 points")
    assert with_class(draw("matrix_cell", "contradicts", 0), "matrix__cell--empty")
