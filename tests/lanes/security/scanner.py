"""Wapiti, a public scanner, against a server on loopback: how it is called, and what its report says."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

MODULES = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "methods",
    "permanentxss", "redirect", "shellshock", "spring4shell", "sql", "ssrf", "upload", "xss", "xxe",
)  # fmt: skip
LEFT_OUT = {
    "brute_login_form": "guesses passphrases, which test_brute_force.py does by the ten thousand",
    "buster": "31,546 guessed names of pages; every address there is stands in the URL map",
    "cms": "knows the files of other people's products",
    "htp": "fetches its database from the internet",
    "https_redirect": "speaks to a port of TLS, which is the proxy's",
    "ldap": "no directory is asked here; what its comparing of answers calls critical is told in docs/security.md",
    "log4shell": "asks a name server on the internet about a library of Java",
    "network_device": "knows the pages of routers and firewalls",
    "nikto": "fetches its database from the internet",
    "ssl": "speaks TLS, which is the proxy's, and asks a public register of certificates",
    "takeover": "asks name servers on the internet about subdomains",
    "timesql": "waits for sleep(), which SQLite does not have; `sql` reads errors and compares answers",
    "wapp": "fetches its database from the internet",
    "wp_enum": "knows the files of WordPress",
}
SCAN_SECONDS = 15
MODULE_SECONDS = 6
WHOLE_SECONDS = 400
PATIENCE = 30
TRIES = 2
OWN_FILE_LOCKED = re.compile(r"aiosqlite.*database is locked", re.DOTALL)
"""Wapiti ended by itself: several of its tasks write its session, and one waited too long for the others."""
REFUSED, REPORT = "refused", "report.json"
CUT = re.compile(r"Max attack time was reached for module (\w+)")
LOOPBACK_ONLY = Path(__file__).parent / "loopback_only"


@dataclass(frozen=True)
class Finding:
    """What the scanner holds for wrong: 0 is for information, 1 low, 2 medium, 3 high, 4 critical."""

    category: str
    level: int
    request: str
    said: str


@dataclass(frozen=True)
class ScannerRun:
    """Pages that it reached, forms that it sent with their answers, all answers to its crawl, what it found, modules
    whose time was up, whether something broke in itself, the seconds of the last run and how many runs it took."""

    pages: set[str]
    forms: dict[str, int]
    statuses: Counter[int]
    findings: list[Finding]
    cut: list[str]
    broke: bool
    seconds: float
    runs: int


class _Endpoint(BaseHTTPRequestHandler):
    """Where the scanner wants a server to be led to. It asks here who came: nobody that it knows of."""

    def do_GET(self) -> None:
        asked: list[str] = self.server.asked  # type: ignore[attr-defined]
        asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """A test prints nothing."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """A server on a port of its own, with a list of what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def find_wapiti() -> str | None:
    """Where `make security` installs it."""
    return shutil.which("wapiti", path=os.environ.get("SCANNERS"))


def list_modules(folder: Path) -> set[str]:
    """All that this version of the scanner has."""
    done = subprocess.run(
        [_wapiti(), "--list-modules"], env=confined(folder), capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^\t(\w+)(?: \(used by default\))?$", done.stdout, re.MULTILINE))


def call_a_stranger(folder: Path) -> str:
    """Tries, as the scanner would, an address that is nobody's (RFC 5737); gives what was written down."""
    tried = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run(
        [Path(_wapiti()).with_name("python"), "-c", tried], env=confined(folder), capture_output=True
    )
    assert done.returncode != 0
    return (folder / REFUSED).read_text()


def _wapiti() -> str:
    found = find_wapiti()
    assert found is not None, "no wapiti: run make security"
    return found


def confined(folder: Path) -> dict[str, str]:
    """An environment in which Python reaches this machine alone, and writes down in `refused` whom else it wanted."""
    return os.environ | {
        "HOME": str(folder),
        "PYTHONPATH": str(LOOPBACK_ONLY),
        "REFUSED_ADDRESSES": str(folder / REFUSED),
    }


def scan(address: str, folder: Path, cookie: str, starts: Sequence[str], left: Sequence[str]) -> ScannerRun:
    """Scans the pages of `starts`, what they link to and the forms there, with this cookie; never what is `left`.

    Begins once more, from nothing, where the scanner could not write its own session; whatever else ends it fails."""
    for attempt in range(1, TRIES + 1):
        own = folder / f"scan-{attempt}"
        own.mkdir()
        seconds, code, said = _run(address, own, cookie, starts, left)
        if code == 0 or not OWN_FILE_LOCKED.search(said):
            break
    assert code == 0, said[-3000:]
    for module in MODULES:
        assert f"Launching module {module}" in said, said[-3000:]
    return _read(own / REPORT, said, seconds, attempt)


def _run(
    address: str, folder: Path, cookie: str, starts: Sequence[str], left: Sequence[str]
) -> tuple[float, int, str]:
    """Its seconds, its exit code, and what it said. Whatever became of it, it reached for nobody else."""
    refused, output = folder / REFUSED, folder / "wapiti.log"
    with listening(_Endpoint) as endpoint, output.open("wb") as log:
        call = _call(address, folder, f"http://127.0.0.1:{endpoint.server_port}/")
        call += [part for path in starts for part in ("-s", address + path)]
        call += [part for path in left for part in ("-x", address + path)]
        call += ["-C", cookie] if cookie else []
        begun = time.perf_counter()
        done = subprocess.run(
            call, stdout=log, stderr=subprocess.STDOUT, env=confined(folder), timeout=WHOLE_SECONDS
        )
        seconds = time.perf_counter() - begun
        visitors = [path for path in endpoint.asked if not path.startswith("/get_")]  # type: ignore[attr-defined]
    assert not refused.exists(), f"the scanner called strangers: {refused.read_text()}"
    assert not visitors, f"the server was led to an address of the scanner: {visitors}"
    return seconds, done.returncode, output.read_text(errors="replace")


def _call(address: str, folder: Path, endpoint: str) -> list[str]:
    places = {
        "--url": f"{address}/",
        "--output": folder / REPORT,
        "--store-session": folder / "session",
        "--store-config": folder / "configuration",
        "--endpoint": endpoint,
        "--dns-endpoint": "127.0.0.1",
    }
    limits = {
        "--module": ",".join(MODULES),
        "--scope": "domain",
        "--depth": 1,
        "--scan-force": "paranoid",
        "--max-files-per-dir": 40,
        "--tasks": 4,
        "--timeout": PATIENCE,
        "--max-scan-time": SCAN_SECONDS,
        "--max-attack-time": MODULE_SECONDS,
        "--format": "json",
        "--detailed-report": 2,
        "--skip": "csrf_token",
        "--verbose": 1,
    }
    named = [str(part) for pair in (places | limits).items() for part in pair]
    return [_wapiti(), *named, "--no-bugreport"]


def _read(report: Path, said: str, seconds: float, runs: int) -> ScannerRun:
    found = json.loads(report.read_text())
    findings = [
        Finding(category, each["level"], f"{each['method']} {each['path']} {each['parameter']}", each["info"])
        for part in ("vulnerabilities", "anomalies", "additionals")
        for category, of_it in found[part].items()
        for each in of_it
    ]
    asked = [
        (each["request"]["method"], urlsplit(each["request"]["url"]).path, each["response"]["status_code"])
        for each in found["infos"]["crawled_pages"]
    ]
    return ScannerRun(
        pages={path for method, path, status in asked if method == "GET" and status == HTTPStatus.OK},
        forms={path: status for method, path, status in asked if method == "POST"},
        statuses=Counter(status for _, _, status in asked),
        findings=findings,
        cut=CUT.findall(said),
        broke="Traceback" in said,
        seconds=seconds,
        runs=runs,
    )
