"""A process that runs tests cheaply, once for each line that it reads: it has the libraries in memory and nothing of
ours, so that each child it forks imports the code as it stands then. Started as a file, never imported."""

import gc
import importlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

LIBRARIES = (
    "alembic.command",
    "apscheduler.schedulers.blocking",
    "babel.dates",
    "click.testing",
    "email.policy",
    "filetype",
    "flask.testing",
    "flask_wtf.csrf",
    "flask_wtf.file",
    "html5lib",
    "nacl.pwhash",
    "nacl.secret",
    "openpyxl",
    "psycopg",
    "pyotp",
    "segno",
    "smtplib",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "unittest",
    "werkzeug.middleware.proxy_fix",
    "wtforms",
)
"""What most tests import. One that is missing here costs time and nothing else."""
LONGEST_SECONDS = 600
"""Against waiting for ever."""


class Witness:
    """Notes what each test came to, and of a failure whether it was a promise that did not hold. Lays the databases
    that were made without a fault where `tests/databases.py` looks for them."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.broken: list[str] = []
        self.others: list[str] = []

    databases: Path

    @pytest.fixture(autouse=True, scope="session")
    @classmethod
    def _made(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        shutil.copytree(cls.databases, tmp_path_factory.getbasetemp(), dirs_exist_ok=True)

    def seen(self) -> dict[str, list[str]]:
        return {"passed": self.passed, "broken": self.broken, "others": self.others}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if report.passed and call.when == "call":
            self.passed.append(item.nodeid)
        elif not report.passed:
            is_promise = call.excinfo and call.excinfo.errisinstance((AssertionError, pytest.fail.Exception))
            said = f"{item.nodeid}, {call.when}: {call.excinfo and call.excinfo.exconly()}"
            (self.broken if is_promise and call.when == "call" else self.others).append(said)
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if not report.passed:
            self.others.append(f"{report.nodeid} is not collected: {report.longreprtext}")


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.disable()  # a child ends before its memory matters
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            run(Path(asked["folder"]), Path(asked["databases"]), asked["tests"])
        os.waitpid(child, 0)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def run(folder: Path, databases: Path, tests: list[str]) -> None:
    """In the child: the tests of the code in `folder`, until the first that fails; then it ends."""
    signal.alarm(LONGEST_SECONDS)
    with (folder / "said").open("w", encoding="utf-8") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.chdir(folder)
    sys.path[0] = str(folder)
    Witness.databases, witness = databases, Witness()
    options = ["-x", "-p", "no:cacheprovider", "-p", "no:unraisableexception", f"--basetemp={folder / 'var'}"]
    status = pytest.main([*tests, *options], plugins=[witness])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        witness.others.append(f"pytest ended with {status!r}")
    (folder / "seen").write_text(json.dumps(witness.seen()), encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    main()
