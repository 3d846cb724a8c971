"""T-C4: sqlmap at level 3 finds no way into the database, in whatever a browser sends."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lanes.security.asked import list_targets
from tests.lanes.security.conftest import Note
from tests.lanes.security.planted_sql import HARMLESS, PLANTED, careless
from tests.lanes.security.served import Served, ServedAnswer
from tests.lanes.security.sqlmap import SqlmapRun, SqlmapTarget, scan
from tracker.database import Database

AT_ONCE = 2
"""Scans at the same time: sqlmap and the server take turns with one core each."""
FAULT = 500


def scan_all(targets: list[SqlmapTarget], address: str, kind: str, folder: Path) -> list[SqlmapRun]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        numbered = enumerate(targets)
        return list(pool.map(lambda each: scan(each[1], address, kind, folder / f"scan-{each[0]}"), numbered))


def ask(site: Served, target: SqlmapTarget) -> ServedAnswer:
    """The request as it stands, by a browser of ours."""
    browser = site.browser()
    browser.cookies |= target.cookies
    return browser.post(target.plain, target.fields) if target.fields else browser.get(target.plain)


def test_no_parameter_reaches_into_a_statement(site: Served, kind: str, tmp_path: Path, note: Note) -> None:
    # Given requests that are answered as a person's would be; forms on SQLite alone, the statements that write are one
    targets = [each for each in list_targets(site) if kind == "sqlite" or not each.fields]
    assert {each.name: ask(site, each).status for each in targets} == {
        each.name: each.status for each in targets
    }
    # When sqlmap asks everything that it knows of each parameter
    scans = scan_all(targets, site.address, kind, tmp_path)
    statuses: dict[int, int] = {}
    for each in scans:
        for status, times in each.statuses.items():
            statuses[status] = statuses.get(status, 0) + times
    note(
        f"{sum(len(each.target.expected) for each in scans)} parameters of {len(scans)} requests: {statuses}"
    )
    for each in scans:
        # Then it looked at all of them behind the same answer, found none open, and nothing broke
        name = each.target.name
        assert not each.found, (name, each.found)
        assert each.cleared == each.target.expected, (name, each.said[-3000:])
        assert not each.troubles, (name, each.troubles)
        assert each.first == (each.target.status if each.target.status >= 400 else None), name
        assert not [status for status in each.statuses if status >= FAULT], (name, each.statuses)
    # And all doors still stood open at the end
    assert {each.name: ask(site, each).status for each in targets} == {
        each.name: each.status for each in targets
    }


def test_the_scan_sees_a_statement_that_is_made_of_words(
    database: Database, kind: str, tmp_path: Path
) -> None:
    with careless(database) as address:
        scans = scan_all(list(PLANTED), address, kind, tmp_path)
    for each in scans:
        assert each.found == each.target.expected - {HARMLESS}, (each.target.name, each.said[-3000:])
        assert each.cleared == each.target.expected & {HARMLESS}
