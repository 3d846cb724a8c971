"""sqlmap, run on one request of a server of our own, and what it says about it."""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROGRAM = Path(os.environ.get("SCANNERS", ".venv-security/bin")) / "sqlmap"
DBMS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MOST_SECONDS = 900
HARMLESS = "all tested parameters do not appear to be injectable"
OPTIONS = (
    "--batch",
    "--level=3",
    "--risk=1",
    "--flush-session",
    "--disable-coloring",
    "--drop-set-cookie",  # whatever a payload ends, the next one comes with the cookies of the first
    "--ignore-redirects",
    "--skip-waf",
    "--time-sec=2",
    "--answers=keep testing=Y,URI injections=N",
)
"""Every technique: those by time take none where nothing waits, and what waits is told from a slow answer by two
seconds. No threads: sqlmap tests with one, whatever it is
told; they are for reading out what it found."""


@dataclass(frozen=True)
class SqlmapTarget:
    """One request, and the parameters in it to be tested; `*` in its address marks a part of the path."""

    name: str
    address: str
    asked: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    status: int = 200
    """Of the answer to the request as it stands."""

    @property
    def plain(self) -> str:
        return self.address.replace("*", "")

    @property
    def expected(self) -> set[str]:
        """What sqlmap calls the parameters."""
        return set(self.asked) | {f"#{number}*" for number in range(1, self.address.count("*") + 1)}


@dataclass(frozen=True)
class SqlmapRun:
    """`statuses`: how often it was answered by each error."""

    target: SqlmapTarget
    cleared: set[str]
    found: set[str]
    statuses: dict[int, int]
    said: str

    @property
    def first(self) -> int | None:
        """The error that answered the request as it stands."""
        told = re.search(r"responded with an HTTP error code \((\d+)\)", self.said)
        return int(told[1]) if told else None

    @property
    def troubles(self) -> list[str]:
        lines = re.findall(r"^.*\[(?:ERROR|CRITICAL)\].*$", self.said, re.M)
        return [line for line in lines if HARMLESS not in line]


def scan(target: SqlmapTarget, site: str, kind: str, folder: Path) -> SqlmapRun:
    """`site` begins every address; what sqlmap keeps stays in `folder`."""
    folder.mkdir()
    report = folder / "report.json"
    command = [
        str(PROGRAM),
        f"--url={site}{target.address}",
        f"--dbms={DBMS[kind]}",
        f"--output-dir={folder}",
        f"--tmp-dir={folder}",
        f"--report-json={report}",
        *OPTIONS,
        *_places(target),
        *target.more,
    ]
    # What it keeps for its user goes beside the rest: nothing is left where it runs
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
    homes["SQLMAP_UNSAFE_EVAL"] = "1"  # what is evaluated stands in these files
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        env=os.environ | homes,
    )
    said = done.stdout + done.stderr
    assert report.exists(), said[-3000:]
    return SqlmapRun(
        target,
        set(re.findall(r"parameter '([^']+)' does not seem to be injectable", said)),
        _found(json.loads(report.read_text())),
        {int(code): int(times) for code, times in re.findall(r"(\d{3}) \([^)]*\) - (\d+) times", said)},
        said,
    )


def _places(target: SqlmapTarget) -> list[str]:
    found = [f"-p{','.join(target.asked)}"] if target.asked else ["--param-filter=URI"]
    if target.fields:
        found.append(f"--data={urlencode(target.fields)}")
    if target.cookies:
        found.append("--cookie=" + "; ".join(f"{name}={value}" for name, value in target.cookies.items()))
    if target.headers:
        found.append("--headers=" + "\n".join(f"{name}: {value}" for name, value in target.headers.items()))
    return found


def _found(report: dict[str, Any]) -> set[str]:
    """Names of the parameters that are open, from the report's list of findings."""
    findings = [part["value"] for part in report["data"] if part["type_name"] == "TECHNIQUES"]
    return {each["parameter"] for values in findings for each in values}
