"""What every reader of a file of recommendations is given, and what it returns.

A reader never raises for what a file holds. It returns the rows that it could read and a `Problem` for each thing that
it could not, or is not sure of. It raises `NotReadable` only where nothing of the file can be read.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.codes import Level, Position, RecommendationKind


class NotReadable(Exception):
    """The file as a whole; the text says why, and what to do."""


class Layout(StrEnum):
    """The layouts that are recognised. `TABLE` is any other table, whose columns a person chooses."""

    OHCHR_MATRIX = "ohchr-matrix"
    UPR_INFO = "upr-info"
    UHRI = "uhri"
    WORKING_GROUP = "working-group"
    POSITIONS = "positions"
    TABLE = "table"


class Weight(StrEnum):
    """`DOUBTFUL`: the row was read, and a person should look at it. `REFUSED`: the row was not read."""

    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True)
class Problem:
    """`place` is as the program shows it that opens the file: “Sheet1!B12”, “table 1, row 12”, “line 12”,
    “paragraph 12”. `sentence` says what was found there and what to do, in the reader's language. `is_about_which`: its
    number or text leaves open which recommendation the row is about."""

    place: str
    sentence: str
    weight: Weight = Weight.DOUBTFUL
    is_about_which: bool = False


@dataclass(frozen=True)
class FileRow:
    """One row of a file. Everything but `place` and `text` may be missing.

    `ref`: as printed, without the full stop at its end (140.7). `state_code`: the State under review.
    `state_codes`: the recommending States; `unknown_states`: names that stand for none that we know, as spelled.
    `position_source`: the document and paragraph that give the position, as printed.
    `themes`, `groups`, `issues`: labels as printed, without the bullets and codes before them; `heading`: the heading
    under which the row stands. `sdgs`: codes of goals (16) and targets (16.3). `action_category`: UPR Info's, 1 to 5.
    `level`, `done`, `as_of_on`, `organisation`: what a ministry's own tracker says of it.
    """

    place: str
    text: str
    ref: str | None = None
    kind: RecommendationKind = RecommendationKind.WG_RECOMMENDATION
    state_code: str | None = None
    session: int | None = None
    state_codes: tuple[str, ...] = ()
    unknown_states: tuple[str, ...] = ()
    position: Position | None = None
    position_source: str = ""
    heading: str = ""
    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    action_category: int | None = None
    symbol: str = ""
    published_on: date | None = None
    external_id: str = ""
    comment: str = ""
    level: Level | None = None
    done: str = ""
    as_of_on: date | None = None
    organisation: str = ""

    def but(self, **changed: Any) -> "FileRow":
        return replace(self, **changed)


@dataclass(frozen=True)
class ReadFile:
    """`left_out` counts the rows of other States or reviews. `headers` and `samples` (the first rows beneath them) of a
    table whose columns a person must choose; `rows` is empty then. `explained`: those names of `Asked.explained` that
    stand in the file."""

    layout: Layout
    rows: tuple[FileRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: int = 0
    language: str = "en"
    headers: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = field(default=())
    explained: tuple[str, ...] = ()


class Column(StrEnum):
    """What a column of any table may hold."""

    REF = "ref"
    TEXT = "text"
    STATES = "states"
    POSITION = "position"
    HEADING = "heading"
    THEMES = "themes"
    GROUPS = "groups"
    SDGS = "sdgs"
    LEAD = "lead"
    SUPPORTING = "supporting"
    LEVEL = "level"
    DONE = "done"
    AS_OF_ON = "as_of_on"
    ORGANISATION = "organisation"
    NONE = "none"


@dataclass(frozen=True)
class Asked:
    """What the reader is told: the review, the spellings of States, and what a person chose.

    `states`: every known spelling of every State, folded (`state_names.fold_name`), and its code. `cycle`: 1 to 4, to
    choose among the sessions of a file that holds many reviews. `columns`: what each column of a table holds, by its
    position from the left; empty where nobody chose yet. `layout`: None to recognise it. `explained`: those of `states`
    that only a person's word stands for.
    """

    state_code: str
    states: dict[str, str]
    cycle: int | None = None
    layout: Layout | None = None
    columns: tuple[Column, ...] = ()
    most_rows: int = 20_000
    explained: tuple[str, ...] = ()
