"""What the tests of this lane share: the served product, and a line for each figure that it found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import open_database
from tests.lanes.security.served import Served, give_strong_hashes, serve

FIGURE = "figure"
LONGEST = "test_sql_injection.py"
Note = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first: at the end nothing would be left to run beside it."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Served]:
    """Production on the cast, whose passphrases cost what they cost there."""
    database = open_database(url)
    give_strong_hashes(database)
    database.dispose()
    with serve(url, tmp_path) as found:
        yield found
        found.check_log()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Writes a figure under the name of the test; all are shown at the end of the run."""
    return lambda said: request.node.user_properties.append((FIGURE, said))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("figures")
    reports = (each for found in terminalreporter.stats.values() for each in found)
    for report in reports:
        if getattr(report, "when", None) == "call":
            for said in (said for name, said in report.user_properties if name == FIGURE):
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {said}")
