"""How many of the first suggestions of links are right, on real files. Run it with
`TRACKER_REAL_DATA=… python -m bench.similarity`.

Labels: between two reviews a suggestion counts as right where OHCHR gave both recommendations a theme in common (of the
third cycle by the table of correspondences). That is weak: some pairs ask for the same under different themes, and
some share only a wide theme. The strong label is one review in two layouts: there the right pair is the same text.
"""

import csv
import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from config import ROOT
from tracker.exchange.imports.ohchr_matrix import read_matrix
from tracker.exchange.imports.rows import Asked
from tracker.exchange.imports.texts import clean_text
from tracker.exchange.similarity import Candidates, plain_text

MOST, FIRST = 1, (20, 50, 100)
VOLUME, PAGE = 20_000, 20


@dataclass(frozen=True)
class Labelled:
    text: str
    labels: frozenset[str]


Pairs = tuple[list[Labelled], list[Labelled]]


def real() -> Path:
    return Path(os.environ["TRACKER_REAL_DATA"])


def china() -> Pairs:
    """The later review, 2018, and the earlier one, 2013."""
    return _exploded("china-2018-exploded.csv"), _matrix("china-2013.docx", "CHN")


def slovenia() -> Pairs:
    """2025 and 2019: themes of the fourth cycle, and those of the third by the table of correspondences."""
    newer = _correspondences()
    earlier = [
        Labelled(row.text, frozenset(new for label in row.labels for new in newer.get(label, (label,))))
        for row in _matrix("slovenia-2019.docx", "SVN")
    ]
    return _matrix("slovenia-2025.docx", "SVN"), earlier


def china_in_two_layouts() -> Pairs:
    """2013: rows of UPR Info and the matrix. The label is the text itself, without number and States."""
    rows = dict.fromkeys(row for row, _ in _upr_info("14-17.csv", "China"))
    return [_by_text(row) for row in rows], [_by_text(row.text) for row in _matrix("china-2013.docx", "CHN")]


def kyrgyzstan() -> Pairs:
    """2010 with itself, by the issues of UPR Info: near-duplicates within one review. Each text stands once."""
    issues: dict[str, set[str]] = defaultdict(set)
    for text, labels in _upr_info("6-9.csv", "Kyrgyzstan"):
        issues[text].update(labels)
    rows = [Labelled(text, frozenset(labels)) for text, labels in issues.items()]
    return rows, rows


def suggest(later: Sequence[Labelled], earlier: Sequence[Labelled]) -> list[tuple[float, Labelled, Labelled]]:
    """The best suggestion for each, the best of all first; a text is not suggested for itself."""
    candidates = Candidates([row.text for row in earlier])
    found = []
    for row in later:
        others = [each for each in candidates.find(row.text, MOST + 1) if earlier[each.at] is not row]
        found += [(each.score, row, earlier[each.at]) for each in others[:MOST]]
    return sorted(found, key=lambda each: (-each[0], each[1].text))


def precision(later: Sequence[Labelled], earlier: Sequence[Labelled], first: int) -> float:
    shown = suggest(later, earlier)[:first]
    return sum(bool(row.labels & other.labels) for _, row, other in shown) / len(shown)


def main() -> None:
    for name, pairs in {
        "China 2018 to 2013, theme in common": china(),
        "Slovenia 2025 to 2019, theme in common": slovenia(),
        "Kyrgyzstan 2010, issue in common": kyrgyzstan(),
        "China 2013 in two layouts, same text": china_in_two_layouts(),
    }.items():
        began = time.perf_counter()
        found = suggest(*pairs)
        spent = time.perf_counter() - began
        figures = ", ".join(
            f"{number}: {precision(*pairs, number):.2f}" for number in FIRST if number <= len(found)
        )
        print(f"{name}: {len(pairs[0])} × {len(pairs[1])} texts, {len(found)} suggestions in {spent:.2f} s")
        print(f"  precision of the first {figures}, all: {precision(*pairs, len(found)):.2f}")
        if os.environ.get("SHOW"):
            for score, row, other in found[:20]:
                print(
                    f"  {score:5.1f} {bool(row.labels & other.labels)!s:5} {row.text[:90]} | {other.text[:90]}"
                )
    _volume()


def _volume() -> None:
    """A page of suggestions among 20,000 texts."""
    texts = [text for name in ("6-9.csv", "10-13.csv", "14-17.csv") for text, _ in _upr_info(name, "")]
    began = time.perf_counter()
    candidates = Candidates(texts[:VOLUME])
    indexed = time.perf_counter()
    for text in texts[VOLUME : VOLUME + PAGE]:
        candidates.find(text, 3)
    print(
        f"{VOLUME} texts: indexed in {indexed - began:.2f} s,"
        f" {PAGE} looked up in {time.perf_counter() - indexed:.2f} s"
    )


def _matrix(name: str, code: str) -> list[Labelled]:
    content = (real() / "ohchr-matrix" / name).read_bytes()
    rows = read_matrix(content, Asked(code, {})).rows
    return [Labelled(row.text, _labels([*row.themes, row.heading])) for row in rows]


def _exploded(name: str) -> list[Labelled]:
    """One line per recommendation, theme and State; some run theme and groups together."""
    themes: dict[str, set[str]] = defaultdict(set)
    with (real() / "ohchr-matrix" / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            themes[row["recommendations"].strip()].add(row["description"].partition("Affected persons")[0])
    return [Labelled(text, _labels(labels)) for text, labels in themes.items()]


def _upr_info(name: str, state: str) -> list[tuple[str, tuple[str, ...]]]:
    content = (real() / "upr-info" / name).read_bytes().decode("mac_roman")
    rows = csv.reader(StringIO(content, newline=""))
    next(rows)
    return [(clean_text(row[3]), tuple(row[9].split(","))) for row in rows if state in ("", row[0].strip())]


def _by_text(text: str) -> Labelled:
    return Labelled(text, frozenset([plain_text(text)]))


def _labels(labels: Sequence[str] | set[str]) -> frozenset[str]:
    """Without the code before them, in small letters and without signs. Development goals are no themes."""
    plain = (re.sub(r"^[A-Z]\d+\s+", "", label) for label in labels)
    return frozenset(re.sub(r"[^a-z]", "", label.lower()) for label in plain if label and "SDG" not in label)


def _correspondences() -> dict[str, list[str]]:
    folder = ROOT / "seed" / "reference"
    themes = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    names = {f"{row['scheme']} {row['version']} {row['code']}": row["label"] for row in themes}
    newer: dict[str, list[str]] = defaultdict(list)
    for row in json.loads((folder / "theme_correspondences.json").read_text(encoding="utf-8")):
        [older] = _labels([names[row["older"]]])
        newer[older] += _labels([names[row["newer"]]])
    return newer


if __name__ == "__main__":
    main()
