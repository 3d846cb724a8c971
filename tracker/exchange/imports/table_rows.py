"""A row of any table as a recommendation, by what a person chose for its columns."""

from datetime import date

from tracker.codes import Level, Position
from tracker.exchange.imports.level_readings import read_level
from tracker.exchange.imports.plain_cells import JOINED, clean_cell, clean_cell_lines, read_date, split_list
from tracker.exchange.imports.position_readings import read_position
from tracker.exchange.imports.refs import may_have_lost_zero, read_ref
from tracker.exchange.imports.row_sentences import no_text, unknown_date, unknown_position, unknown_states
from tracker.exchange.imports.rows import Asked, Column, FileRow, Problem, Weight
from tracker.exchange.imports.sheets import Numeral, Row, Sheet
from tracker.exchange.imports.state_names import find_states, split_states
from tracker.exchange.imports.texts import split_ref
from tracker.exchange.imports.theme_lists import read_goals, read_theme_lists
from tracker.language import gettext

_OF_LABELS = frozenset([Column.THEMES, Column.GROUPS, Column.SDGS])
SplitStates = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Cells with States, and what they name: many rows have the same."""
_OF_ITS_OWN = frozenset([Column.REF, Column.TEXT])


class TableRow:
    """Problems go to the list that is given; `found` is shared by all rows of a file."""

    def __init__(
        self, sheet: Sheet, row: Row, asked: Asked, problems: list[Problem], found: SplitStates
    ) -> None:
        self._sheet, self._row, self._asked, self._problems = sheet, row, asked, problems
        self._found = found
        self._cells: dict[Column, list[tuple[int, str]]] = {}
        for position, (column, cell) in enumerate(zip(asked.columns, row.cells, strict=False)):
            if cell and column != Column.NONE:
                self._cells.setdefault(column, []).append((position, cell))

    def as_heading(self) -> str | None:
        filled = [(position, cell) for position, cell in enumerate(self._row.cells) if cell]
        position, cell = filled[0]
        is_alone = len(filled) == 1 and len(set(self._asked.columns)) > 2
        if not is_alone or self._cells.keys() & _OF_ITS_OWN:
            return None
        sentence = gettext(
            "Only this cell of the row is filled. It was read as a heading of the rows beneath it."
        )
        self._problems.append(self._sheet.problem(self._row.number, position, sentence))
        return clean_cell(cell)

    def as_recommendation(self, heading: str) -> FileRow | None:
        """None, with a problem, where the row has no text, and no number where the table has no texts."""
        ref, text = self._ref_and_text()
        if not text and (Column.TEXT in self._asked.columns or ref is None):
            sentence = no_text() if Column.TEXT in self._asked.columns else no_ref_and_text()
            self._tell(Column.TEXT, sentence, Weight.REFUSED)
            return None
        text, codes, unknown = self._states(text)
        themes, groups, sdgs = self._labels()
        return FileRow(
            self._place(Column.TEXT if text else Column.REF),
            text,
            ref=ref,
            state_code=self._asked.state_code,
            state_codes=codes,
            unknown_states=unknown,
            position=self._position(),
            heading=clean_cell(self._cell(Column.HEADING)) or heading,
            themes=themes,
            groups=groups,
            sdgs=sdgs,
            level=self._level(),
            done="\n".join(clean_cell_lines(cell) for _, cell in self._cells.get(Column.DONE, ())),
            as_of_on=self._as_of_on(),
            organisation=clean_cell(self._cell(Column.ORGANISATION)),
        )

    def _cell(self, column: Column) -> str:
        return "\n".join(cell for _, cell in self._cells.get(column, ()))

    def _place(self, column: Column) -> str:
        """Of its first cell; where that is empty, of the column."""
        found = self._cells.get(column)
        columns = self._asked.columns
        position = found[0][0] if found else columns.index(column) if column in columns else 0
        return self._sheet.place(self._row.number, position)

    def _tell(self, column: Column, sentence: str, weight: Weight = Weight.DOUBTFUL) -> None:
        """What is said of the cell of the number leaves open which recommendation the row is about."""
        self._problems.append(Problem(self._place(column), sentence, weight, column is Column.REF))

    def _ref_and_text(self) -> tuple[str | None, str]:
        """The number may stand before the text, too, or only there."""
        text = clean_cell(self._cell(Column.TEXT))
        glued, rest = split_ref(text)
        cell = self._cells.get(Column.REF, [(0, "")])[0][1]
        ref = read_ref(clean_cell(cell)) or split_ref(cell)[0]
        if cell and ref is None:
            sentence = gettext("“%(cell)s” is no number of a recommendation, such as 140.7.", cell=cell[:80])
            self._tell(Column.REF, sentence)
        if ref is None:
            return glued, rest
        if isinstance(cell, Numeral) and may_have_lost_zero(ref) and glued is None:
            self._tell(Column.REF, _may_be_another(ref))
        is_same = glued == ref or (
            glued is not None and isinstance(cell, Numeral) and glued.rstrip("0") == ref
        )
        return (glued, rest) if is_same else (ref, text)

    def _states(self, text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The text without the States in brackets behind it, where no column names them."""
        if Column.STATES not in self._asked.columns:
            found = find_states(text, self._asked.states)
            return (found.text, found.codes, found.unknown) if found.codes else (text, (), ())
        cell = self._cell(Column.STATES)
        if cell not in self._found:
            self._found[cell] = split_states(cell, self._asked.states)
        codes, unknown = self._found[cell]
        if unknown:
            self._tell(Column.STATES, unknown_states(unknown))
        return text, codes, unknown

    def _position(self) -> Position | None:
        if Column.POSITION not in self._asked.columns:
            return None
        cell = clean_cell(self._cell(Column.POSITION))
        position = read_position(cell)
        if position is None:
            self._tell(Column.POSITION, unknown_position(cell))
        return position

    def _labels(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """OHCHR writes themes, groups of persons and goals into one cell."""
        if not self._cells.keys() & _OF_LABELS:
            return (), (), ()
        found = read_theme_lists(self._cell(Column.THEMES).replace(";", "\n"))
        groups = [*found.groups, *split_list(self._cell(Column.GROUPS).replace(";", "\n"))]
        parts = [part for item in split_list(self._cell(Column.SDGS)) for part in JOINED.split(item)]
        codes, odd = read_goals("\n".join(parts))
        if odd and not codes:
            sentence = gettext(
                "“%(cell)s” names no Sustainable Development Goal by its number.", cell=odd[0][:80]
            )
            self._tell(Column.SDGS, sentence)
        return found.themes, tuple(dict.fromkeys(groups)), tuple(dict.fromkeys([*found.sdgs, *codes]))

    def _level(self) -> Level | None:
        cell = clean_cell(self._cell(Column.LEVEL))
        level, is_sure = read_level(cell)
        if level is None and not is_sure:
            self._tell(Column.LEVEL, _unknown_level(cell))
        elif level is not None and not is_sure:
            self._tell(Column.LEVEL, _doubtful_level(cell, level))
        return level

    def _as_of_on(self) -> date | None:
        cell = clean_cell(self._cell(Column.AS_OF_ON))
        day = read_date(cell) if cell else None
        if cell and day is None:
            self._tell(Column.AS_OF_ON, unknown_date(cell))
        return day


def no_ref_and_text() -> str:
    return gettext("This row holds no number of a recommendation, so it was not read.")


def _may_be_another(ref: str) -> str:
    return gettext(
        "This cell holds the number %(ref)s, not a text: %(ref)s0 would look the same. Compare it with the report, and"
        " format the column as text.",
        ref=ref,
    )


def _unknown_level(cell: str) -> str:
    return gettext(
        "“%(cell)s” is no level that is known here, so this row was read without one.", cell=cell[:80]
    )


def _doubtful_level(cell: str, level: Level) -> str:
    return gettext(
        "“%(cell)s” was read as “%(level)s”, though it may mean less. Check it.",
        cell=cell[:80],
        level=level.label,
    )
