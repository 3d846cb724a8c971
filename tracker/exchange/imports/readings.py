"""What a reader gathers on its way through a file: rows, problems, and the place where it is."""

from dataclasses import dataclass, field

from tracker.codes import Position
from tracker.exchange.imports.position_words import UNDECIDED, letters_of, position_of_cell
from tracker.exchange.imports.rows import Asked, FileRow, Problem, Weight
from tracker.exchange.imports.texts import clean_text
from tracker.language import gettext

_LONGEST_SHOWN = 60


@dataclass
class Reading:
    """`place`: of the row that is being read."""

    asked: Asked
    place: str = ""
    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def doubt(self, sentence: str) -> None:
        self.problems.append(Problem(self.place, sentence))

    def refuse(self, sentence: str) -> None:
        self.problems.append(Problem(self.place, sentence, Weight.REFUSED))

    def is_full(self) -> bool:
        """Whether as many rows were read as may be; says so at the row that is too many."""
        if len(self.rows) < self.asked.most_rows:
            return False
        most = self.asked.most_rows
        self.refuse(gettext("More than %(most)s rows: the rest was not read. Split the file.", most=most))
        return True

    def position(self, cell: str) -> Position | None:
        """The position that a cell says; a doubt where it says none that is known."""
        position = position_of_cell(cell)
        if not cell.strip():
            self.doubt(gettext("The row says no position."))
        elif position is None and letters_of(cell) not in UNDECIDED:
            self.doubt(gettext("“%(text)s” is no position that is known. Choose one.", text=shown(cell)))
        return position

    def check_ref(self, ref: str | None) -> None:
        if ref is None:
            self.doubt(gettext("No number stands before the text."))

    def check_states(self, codes: tuple[str, ...], unknown: tuple[str, ...]) -> None:
        for name in unknown:
            self.doubt(
                gettext("“%(name)s” is no State that is known. Say which one it is.", name=shown(name))
            )
        if not codes and not unknown:
            self.doubt(gettext("No recommending State was found."))


def shown(text: str) -> str:
    """The beginning of a text, for sentences."""
    text = clean_text(text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
