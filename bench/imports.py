"""What reading 20,000 rows costs, beside the bare library that reads the same cells, and what it costs to look for rows
without numbers among the recommendations of a large review: `python -m bench.imports`.

Each measurement is a process of its own. `apart` is the way of the application: a process that reads, and the pipes.
"""

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

from openpyxl import Workbook, load_workbook

from tracker.exchange.imports.matching import match_file
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.reading_apart import read_apart
from tracker.exchange.imports.rows import Asked, Column, FileRow, ReadFile

ROWS = 20_000
MOST_TIMES, MOST_MEGABYTES = 10, 250
STANDING, WITHOUT_NUMBERS, LONG, MOST_SECONDS = 10_000, 2_000, 10, 30
TEXT = "Continue its efforts to plant trees in each street of the city, and to water them in summer "
UPR_INFO = [
    "SuR",
    "Rgrp",
    "Org",
    "Recommendation",
    "RS",
    "Rgrp",
    "Org",
    "Response",
    "Action",
    "Issue",
    "Session",
]
COLUMNS = (Column.REF, Column.TEXT, Column.STATES, Column.POSITION, Column.LEVEL, Column.AS_OF_ON)
STATES = {"kyrgyzstan": "KGZ", "chile": "CHL", "peru": "PER"}


def upr_info() -> list[list[Any]]:
    row = ["Kyrgyzstan", "Asia", "OIC", TEXT, "Chile", "GRULAC", "OAS", "Accepted", 4.0, "Justice,Work", 8.0]
    return [UPR_INFO, *([*row[:3], f"{TEXT}{number}", *row[4:]] for number in range(ROWS))]


def table() -> list[list[Any]]:
    header = ["Ref", "Recommendation", "Recommending States", "Position", "Level", "Date"]
    rows = ([f"{number // 300}.{number % 300}", f"{TEXT}{number}", "Chile, Peru"] for number in range(ROWS))
    return [header, *([*row, "Supported", "Partially implemented", "20.11.2026"] for row in rows)]


def records() -> list[dict[str, Any]]:
    record = {"Countries": ["Kyrgyzstan"], "Body": "- UPR", "UprSession": ["35th Session - Cycle 3"]}
    record |= {
        "UprPositions": ["Supported"],
        "UprRecommendingCountry": ["Chile", "Peru"],
        "Themes": ["Trees", "Air"],
    }
    record |= {"AffectedPersons": ["Children"], "Sdgs": ["16.2 - Protect"], "Symbol": "A/HRC/44/4"}
    return [{**record, "Text": f"140.{number} {TEXT}", "AnnotationId": str(number)} for number in range(ROWS)]


def xlsx(rows: list[list[Any]]) -> bytes:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def csv_bytes(rows: list[list[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


WRITERS: dict[str, Callable[[], bytes]] = {
    "upr-info.xlsx": lambda: xlsx(upr_info()),
    "upr-info.csv": lambda: csv_bytes(upr_info()),
    "table.xlsx": lambda: xlsx(table()),
    "table.csv": lambda: csv_bytes(table()),
    "uhri.json": lambda: json.dumps(records()).encode(),
}


def bare(name: str, content: bytes) -> int:
    if name.endswith("xlsx"):
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return len(list(sheet.iter_rows(values_only=True)))
    if name.endswith("csv"):
        return len(list(csv.reader(io.StringIO(content.decode()))))
    return len(json.loads(content))


def texts(number: int, signs: int, chance: Random) -> list[str]:
    """Words as often as in a language: few of them are most of a text."""
    words = ["".join(chance.choices(ascii_lowercase, k=chance.randint(3, 9))) for _ in range(4_000)]
    weights = [1 / place for place in range(1, len(words) + 1)]
    return [" ".join(chance.choices(words, weights, k=signs // 3))[:signs] for _ in range(number)]


def match(standing: int, rows: int, signs: int) -> float:
    """Seconds of a processor, for texts of one State, none of which is like another."""
    known = {
        at: (FileRow(str(at), text, f"1.{at}", state_codes=("CHL",)),)
        for at, text in enumerate(texts(standing, signs, Random(1)))
    }
    read = [
        FileRow(f"line {at}", text, state_codes=("CHL",))
        for at, text in enumerate(texts(rows, signs, Random(2)))
    ]
    began = time.process_time()
    match_file(known, read, STATES)
    return time.process_time() - began


def measure(what: str, name: str, path: str) -> None:
    """Prints seconds of a processor, on the clock, and megabytes. The start of the program does not count for two."""
    content = Path(path).read_bytes()
    asked = Asked("KGZ", STATES, columns=COLUMNS if name.startswith("table") else ())
    if what == "apart":
        read_apart(name, b"Ref,Text\n1.1,Tree\n", Asked("KGZ", STATES), {})  # so that its files are in memory
    began, clock = time.process_time(), time.perf_counter()
    number = bare(name, content) if what == "bare" else len(_read(what, name, content, asked).rows)
    used = (
        resource.getrusage(resource.RUSAGE_CHILDREN if what == "apart" else resource.RUSAGE_SELF).ru_maxrss
        // 1024
    )
    print(time.process_time() - began, time.perf_counter() - clock, used, number)


def _read(what: str, name: str, content: bytes, asked: Asked) -> ReadFile:
    return read_file(name, content, asked) if what == "read" else read_apart(name, content, asked, {})[0]


def main() -> None:
    failed = False
    print(
        f"{ROWS:,} rows: seconds of a processor (of the library, of the reader, times), clock apart, MB of its process"
    )
    for name, write in WRITERS.items():
        with tempfile.NamedTemporaryFile() as file:
            file.write(write())
            file.flush()
            found = {what: _run(what, name, file.name) for what in ("bare", "read", "apart")}
        times, megabytes = found["read"][0] / found["bare"][0], found["apart"][2]
        failed |= times > MOST_TIMES or megabytes > MOST_MEGABYTES
        print(
            f"{name:14} {found['bare'][0]:6.2f} {found['read'][0]:6.2f} {times:5.1f}"
            f" {found['apart'][1]:6.1f} s {megabytes:4.0f} MB"
        )
    print("rows without numbers, looked for among others: seconds of a processor")
    for rows, standing, signs in ((WITHOUT_NUMBERS, STANDING, 150), (LONG, LONG, 20_000)):
        seconds = match(standing, rows, signs)
        failed |= seconds > MOST_SECONDS
        print(f"{rows:,} of {signs:,} signs among {standing:,}: {seconds:.1f}")
    sys.exit(failed)


def _run(what: str, name: str, path: str) -> list[float]:
    code = f"from bench.imports import measure; measure({what!r}, {name!r}, {path!r})"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    return [float(each) for each in done.stdout.split()]


if __name__ == "__main__":
    main()
