"""Figures as people read them: from the pages, the JSON, the list workbook and the mid-term workbook.

Who draws a page anew changes its reader here: `figures_of_home` and `rows_of_list`.
"""

import io
import json
import re
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from tests.stories.pages import by_class, words_of
from tests.stories.walk import every_page
from tests.strict_client import HTML, StrictClient, text_of
from tracker.level_words import level_word, words_of_counts, words_of_point
from tracker.models.levels import Disagreement, Level, ShownLevel, Voice, VoiceLevels

STRENGTH = [Disagreement.AGREE, Disagreement.DIFFERS, Disagreement.CONTRADICTS]
MIDTERM = "/reports/KGZ-3-live/midterm.xlsx"


@dataclass(frozen=True)
class Point:
    """What the JSON says of a point, voice by voice, organisation by organisation."""

    ref: str
    entries: dict[Voice, list[dict[str, Any]]]

    def of(self, voice: Voice) -> VoiceLevels:
        return VoiceLevels(tuple(_level(entry) for entry in self.entries[voice]))

    @property
    def compared(self) -> list[dict[str, Any]]:
        every = (entry for entries in self.entries.values() for entry in entries)
        return [entry for entry in every if entry["against_the_state"]]

    @property
    def disagreement(self) -> Disagreement | None:
        found = [Disagreement(entry["against_the_state"]) for entry in self.compared]
        return max(found, key=STRENGTH.index, default=None)


@dataclass(frozen=True)
class ListedItem:
    """A recommendation of the JSON."""

    row: dict[str, Any]
    points: list[Point]

    @property
    def ref(self) -> str:
        return str(self.row["ref"])

    def words(self, voice: Voice) -> str:
        """The distribution of its points in words."""
        if len(self.points) == 1:
            said = self.points[0].of(voice)
            return words_of_point(said.codes, said.organisations)
        return words_of_counts(dict(count(self.points, voice)))

    def wholes(self, voice: Voice, *, in_words: bool = False) -> list[str]:
        """“Regressed, Open Justice”; with a small letter within a sentence."""
        return [
            f"{level_word(each['level']) if in_words else Level(each['level']).label}, {signed(each)}"
            for each in self.row["voices"][voice]["wholes"]
        ]


def _level(entry: dict[str, Any]) -> Level | None:
    return Level(entry["level"]) if entry["level"] else None


def signed(entry: dict[str, Any]) -> str:
    return f"{entry['organisation']}{' (self-assessment)' if entry['self_assessment'] else ''}"


def items_of_json(client: StrictClient) -> list[ListedItem]:
    found = json.loads(client.get("/recommendations.json").data)["recommendations"]
    return [ListedItem(row, _points(row)) for row in found]


def _points(row: dict[str, Any]) -> list[Point]:
    by_voice = {voice: row["voices"][voice.value]["points"] for voice in Voice}
    refs = [point["ref"] for point in by_voice[Voice.STATE]]
    return [
        Point(ref, {voice: points[place]["entries"] for voice, points in by_voice.items()})
        for place, ref in enumerate(refs)
    ]


def count(points: list[Point], voice: Voice) -> dict[ShownLevel, int]:
    shown = [point.of(voice).shown for point in points]
    return {level: shown.count(level) for level in ShownLevel if level in shown}


def compared(points: list[Point]) -> dict[Disagreement, int]:
    found = [point.disagreement for point in points]
    return {each: found.count(each) for each in STRENGTH}


def with_entry(points: list[Point], voice: Voice) -> int:
    return sum(1 for point in points if point.entries[voice])


def with_level(points: list[Point], voice: Voice) -> int:
    return sum(1 for point in points if point.of(voice).levels)


@dataclass(frozen=True)
class HomeFigures:
    """What the home page says in figures, each with its “of”. `fully` is of all points; the bars say how many have a
    level, `words` what each voice says of the points."""

    with_level: dict[Voice, tuple[int, int]]
    fully: tuple[int, int]
    contradict: tuple[int, int]
    words: dict[Voice, str]


NAMES_ON_HOME = {
    Voice.STATE: "State",
    Voice.CIVIL_SOCIETY: "Civil society",
    Voice.NHRI: "National human rights institution (NHRI)",
    Voice.UN: "UN",
}


def figures_of_home(client: StrictClient) -> HomeFigures:
    """Reads the sentences and the bars. Without a level of the State, or without anything to compare, the page says so
    in words and gives no number."""
    page = client.get("/")
    words = text_of(page)
    names, bars = by_class(page, "bars__name"), by_class(page, "bar__words")
    voices = {name: voice for voice, name in NAMES_ON_HOME.items()}
    with_level, said = {}, {}
    for name, bar in zip(names, bars, strict=True):
        found = re.fullmatch(r"(.+?) (?:a level )?on (\d+) of (\d+) points", words_of(name))
        assert found, words_of(name)
        with_level[voices[found[1]]] = int(found[2]), int(found[3])
        said[voices[found[1]]] = words_of(bar)
    total = with_level[Voice.STATE][1]
    fully = re.search(r"The State reports (\d+) of (\d+) points fully implemented", words)
    compared = re.search(
        r"On (\d+) points? the State and another voice both give a level. On (\d+) they", words
    )
    return HomeFigures(
        with_level,
        (int(fully[1]), int(fully[2])) if fully else (0, total),
        (int(compared[2]), int(compared[1])) if compared else (0, 0),
        said,
    )


@dataclass(frozen=True)
class ListRow:
    """A line of the list as a page shows it: by voice the words of its points and of assessments of the whole."""

    text: str
    words: dict[str, str]
    wholes: dict[str, list[str]]


def rows_of_list(client: StrictClient, address: str = "/recommendations") -> dict[str, ListRow]:
    rows = {}
    for page in every_page(client, address):
        lines = [node for table in by_class(page, "levels-table") for node in table.iter(f"{HTML}tr")]
        for line in lines:
            refs = [words_of(node) for node in line if "levels-table__ref" in node.get("class", "")]
            if not refs:
                continue  # the head of the table
            said, wholes = {}, {}
            for cell in line:
                if "levels-table__voice" not in cell.get("class", "").split():
                    continue
                name = cell.get("data-label")
                [strip] = [each for each in cell.iter() if "strip-row__words" in each.get("class", "")]
                said[name] = words_of(strip)
                wholes[name] = [
                    words_of(each).partition(": ")[2]
                    for each in cell.iter()
                    if each.get("class") == "on-the-whole"
                ]
            rows[refs[0].split()[-1]] = ListRow(words_of(line), said, wholes)
    return rows


def book(client: StrictClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype.startswith("application/vnd.openxmlformats")
    return load_workbook(io.BytesIO(answer.data))


def table(sheet: Any) -> list[dict[str, Any]]:
    """Each row by its headers."""
    headers, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headers, row, strict=True)) for row in rows]


def lines_of_summary(sheet: Any) -> dict[str, dict[str, Any]]:
    """The numbers of each line by the words above them, until the next title; a name that stands in two tables has the
    title of its table before it."""
    lines: dict[str, dict[str, Any]] = {}
    header: tuple[Any, ...] = ()
    title = ""
    for row in sheet.iter_rows(values_only=True):
        if row[0] == "Action points":
            header = row
        elif header and row[0] and all(cell is None for cell in row[1:]):
            title = row[0]
        elif header and row[0]:
            named = {word: number for word, number in zip(header[1:], row[1:], strict=True) if word}
            lines[f"{title}: {row[0]}" if title else row[0]] = named
    return lines
