"""The page of disagreement: a matrix whose numbers open their points, and the points with the widest gaps."""

import gzip
import re
from typing import Any

import pytest

from tests.stories.pages import by_class, by_id, hrefs_of, link_of, tell, words_of
from tests.strict_client import HTML, StrictClient, text_of
from tracker.database import Database
from tracker.web.cache import Pool

MOST_BYTES = 60_000
PLACES = {15: 1, 65: 2, 115: 3, 165: 4, 215: 5}


@pytest.fixture
def filled() -> str:
    return "demo"


def cells_of(client: StrictClient) -> list[Any]:
    return by_class(client.get("/disagreement"), "matrix__cell")


def number_of(cell: Any) -> int:
    return int(re.sub(r"\D", "", words_of(cell)) or 0)


def kind_of(cell: Any) -> str:
    return str(cell.get("class").split()[1].rpartition("--")[2])


def link_in(cell: Any) -> str | None:
    return next((node.get("href") for node in cell.iter(f"{HTML}a")), None)


def refs_in(client: StrictClient, address: str) -> list[str]:
    return [words_of(node) for node in by_class(client.get(address), "gap-table__ref")]


def test_the_sums_of_the_matrix_are_those_of_home(client: StrictClient) -> None:
    home = words_of(by_class(client.get("/"), "counts")[0])
    numbers = [int(number) for number in re.findall(r"\d+", home)]
    cells = cells_of(client)
    by_kind = [sum(number_of(cell) for cell in cells if kind_of(cell) == kind) for kind in KINDS]
    assert [*by_kind, sum(by_kind)] == numbers
    silent = sum(number_of(cell) for cell in cells if kind_of(cell) == "silent")
    assert sum(by_kind) + silent == 137
    said = text_of(client.get("/disagreement"))
    contradict, differ, agree, compared = numbers
    assert f"On {compared} of 137 action points" in said
    assert f"{contradict} contradict, {differ} differ, {agree} agree" in said


KINDS = ("contradicts", "differs", "agrees")


def test_rows_and_columns_add_up(client: StrictClient) -> None:
    [table] = by_class(client.get("/disagreement"), "matrix")
    rows = [[number_of(cell) for cell in row.iter(f"{HTML}td")] for row in table.iter(f"{HTML}tr")][1:]
    *inside, sums = rows
    assert all(sum(row[:-1]) == row[-1] for row in inside)
    assert [sum(column) for column in zip(*inside, strict=True)] == sums
    assert sums[-1] == 137


def test_every_number_opens_as_many_points(client: StrictClient) -> None:
    opened = 0
    for cell in cells_of(client):
        address = link_in(cell)
        if not number_of(cell):
            assert address is None
        elif address != "/recommendations?review=KGZ-3":
            assert len(refs_in(client, str(address))) == number_of(cell), address
            opened += 1
        else:
            assert client.get(address).status_code == 200
    assert opened > 20
    for row in by_class(client.get("/disagreement"), "counted-list")[0].iter(f"{HTML}li"):
        number, _, _ = words_of(row).partition(" of ")
        assert len(refs_in(client, str(link_in(row)))) == int(number.rpartition(" ")[2])


def test_the_widest_gaps_come_first_nine_and_then_the_others(client: StrictClient) -> None:
    page = client.get("/disagreement")
    gaps = [_width(node) for node in by_class(page, "gap__line")]
    assert gaps == sorted(gaps, reverse=True)
    assert min(gaps) >= 2
    assert len(gaps) == 15
    tables = by_class(page, "gap-table")
    assert [len(list(table.iter(f"{HTML}tr"))) - 1 for table in tables] == [9, 6]
    assert "The other 6 contradictions 9 of 15 are shown" in text_of(page)
    assert refs_in(client, "/disagreement")[:2] == ["A24.3", "A33.4"]


def _width(line: Any) -> int:
    """Steps on the scale. Where several stand beside each other the line is as long as all of them."""
    left, right = re.findall(r"M(\d+) 15.5H(\d+)", line.get("d"))[0]
    return PLACES[int(right)] - PLACES[int(left)]


def test_it_says_who_and_leads_to_the_point(client: StrictClient) -> None:
    page = client.get("/disagreement")
    assert (
        "State: partially. Lantern Legal Aid Group: regressed; Second Page Coalition: partially;"
        " Office of the People's Defender: partially (self-assessment)." in text_of(page)
    )
    assert hrefs_of(page, "/recommendations/KGZ-3/A9#A9.1")
    assert "On 1 point another voice gives a level and the State none" in text_of(page)
    assert link_of(page, "A31.4") == "/recommendations/KGZ-3/A31#A31.4"


def test_the_review_is_chosen_as_in_the_list(client: StrictClient) -> None:
    assert client.get("/disagreement?review=kgz-3").headers["Location"] == "/disagreement?review=KGZ-3"
    moved = client.get("/disagreement?review=all&voice=nhri")
    assert moved.headers["Location"] == "/disagreement?voice=nhri"
    assert client.get("/disagreement?review=KGZ-9").status_code == 404
    empty = client.get("/disagreement?review=KGZ-4")
    assert "On no point do they contradict each other." in text_of(empty)


@pytest.mark.parametrize(
    "query",
    [
        *("state_says=splendid", "others_say=splendid", "voice=nobody"),
        *("voice=state", "state_says=mixed", "others_say=mixed"),
    ],
)
def test_what_nobody_can_say_is_refused_with_a_sentence(client: StrictClient, query: str) -> None:
    answer = client.get(f"/disagreement?{query}")
    assert answer.status_code == 400
    assert f"“{query.partition('=')[2]}” is no level or voice that can be chosen here" in text_of(answer)


def test_no_choice_of_a_number_pushes_pages_out_of_the_cache(client: StrictClient) -> None:
    client.get("/disagreement")
    cache = client.application.extensions["cache"]
    before = list(cache._entries[Pool.FRAGMENTS])
    for state in ("fully_implemented", "planned"):
        assert client.get(f"/disagreement?state_says={state}").status_code == 200
    assert list(cache._entries[Pool.FRAGMENTS]) == before


def test_an_empty_cell_says_so(client: StrictClient) -> None:
    page = client.get("/disagreement?state_says=regressed&others_say=planned")
    assert words_of(by_id(page, "points")) == "State: regressed. Others: planned. 0 points"
    assert "There is no point in this cell." in text_of(page)


def test_a_publication_shows_at_once(client: StrictClient, database: Database) -> None:
    assert "22 of 137" in text_of(client.get("/disagreement"))
    tell(database, "UPDATE action_points SET steps_apart = NULL WHERE ref = 'A24.3'")
    tell(database, "UPDATE reviews SET figures_version = figures_version + 1")
    assert "21 of 137" in text_of(client.get("/disagreement"))


def test_the_page_is_light(client: StrictClient) -> None:
    longest = "/disagreement?state_says=no_entry&others_say=no_entry"
    assert len(gzip.compress(client.get(longest).data)) < MOST_BYTES
