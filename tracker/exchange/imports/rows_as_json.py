"""What readers are given and return, as JSON and back: it goes through the pipes of a process."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from tracker.codes import Level, Position, RecommendationKind
from tracker.exchange.imports.assignments import AssignmentRow, ReadAssignments
from tracker.exchange.imports.matching import Known, Match
from tracker.exchange.imports.merging import Item
from tracker.exchange.imports.rows import Asked, Column, FileRow, Layout, Problem, ReadFile, Weight


def plain(value: Any) -> Any:
    """Dates become texts, and tuples lists; codes are texts already."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def asked_from(said: dict[str, Any]) -> Asked:
    columns = tuple(map(Column, said["columns"]))
    layout = Layout(said["layout"]) if said["layout"] else None
    explained = tuple(said["explained"])
    return Asked(**{**said, "columns": columns, "layout": layout, "explained": explained})


def known_as_json(known: Known) -> dict[str, Any]:
    """What a row that stands here is matched by, and no more."""
    return {
        str(key): [[row.place, row.text, row.ref, row.state_codes] for row in wordings]
        for key, wordings in known.items()
    }


def known_from(said: dict[str, Any]) -> Known:
    return {
        int(key): tuple(
            FileRow(place, text, ref, state_codes=tuple(codes)) for place, text, ref, codes in wordings
        )
        for key, wordings in said.items()
    }


def matched_as_json(read: ReadFile, matches: Sequence[Match]) -> dict[str, Any]:
    """The rows of a match by their places among those of the file; most are alone, and are its item, too."""
    places = {id(row): place for place, row in enumerate(read.rows)}
    found = []
    for match in matches:
        item = match.item
        is_one = item.rows == (item.row,)
        found.append(
            {
                "row": None if is_one else asdict(item.row),
                "rows": [places[id(row)] for row in item.rows],
                "problems": [asdict(problem) for problem in item.problems],
                "positions": item.positions,
                "keys": match.keys,
                "is_other": match.is_other,
                "of_others": match.of_others,
            }
        )
    return {"file": plain(asdict(read)), "matches": plain(found)}


def matched_from(said: dict[str, Any]) -> tuple[ReadFile, tuple[Match, ...]]:
    read = file_from(said["file"])
    return read, tuple(_match(each, read.rows) for each in said["matches"])


def _match(said: dict[str, Any], of_file: Sequence[FileRow]) -> Match:
    rows = tuple(of_file[place] for place in said["rows"])
    item = Item(
        _row(said["row"]) if said["row"] else rows[0],
        rows,
        tuple(map(_problem, said["problems"])),
        tuple(map(Position, said["positions"])),
    )
    return Match(item, tuple(said["keys"]), said["is_other"], tuple(said["of_others"]))


def file_from(said: dict[str, Any]) -> ReadFile:
    return ReadFile(
        Layout(said["layout"]),
        tuple(map(_row, said["rows"])),
        tuple(map(_problem, said["problems"])),
        said["left_out"],
        said["language"],
        tuple(said["headers"]),
        tuple(map(tuple, said["samples"])),
        tuple(said["explained"]),
    )


def assignments_from(said: dict[str, Any]) -> ReadAssignments:
    rows = (AssignmentRow(**{**row, "supporting": tuple(row["supporting"])}) for row in said["rows"])
    return ReadAssignments(tuple(rows), tuple(map(_problem, said["problems"])))


def _row(said: dict[str, Any]) -> FileRow:
    found: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in said.items()
    }
    found["kind"] = RecommendationKind(said["kind"])
    found["position"] = Position(said["position"]) if said["position"] else None
    found["level"] = Level(said["level"]) if said["level"] else None
    for field in ("published_on", "as_of_on"):
        found[field] = date.fromisoformat(said[field]) if said[field] else None
    return FileRow(**found)


def _problem(said: dict[str, Any]) -> Problem:
    return Problem(**{**said, "weight": Weight(said["weight"])})
