"""Which rows of a file that holds many reviews are of the review asked for. The others are counted, so that no row is
lost silently."""

from collections import Counter

from tracker.exchange.imports.rows import Asked, Problem
from tracker.exchange.imports.state_names import split_states
from tracker.language import gettext, ngettext

_NAMED = 10
"""How many States of a file are named where the one asked for is missing."""


class ReviewFilter:
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._codes: dict[str, tuple[str, ...]] = {}
        self._others: Counter[str] = Counter()
        self._other_cycles: Counter[int] = Counter()
        self._unknown: dict[str, tuple[str, int]] = {}
        self._of_no_review = 0

    @property
    def left_out(self) -> int:
        others = self._others.total() + self._other_cycles.total() + self._of_no_review
        return others + sum(number for _, number in self._unknown.values())

    def codes_of(self, spelling: str) -> tuple[str, ...]:
        """The States that a cell names: mostly one."""
        if spelling not in self._codes:
            self._codes[spelling], _ = split_states(spelling, self._asked.states)
        return self._codes[spelling]

    def takes(self, spelling: str, cycle: int | None, place: str) -> bool:
        """Whether a row is of the State and cycle asked for. One of no known State is told by `problems`; one of no
        known cycle is taken, and told by whoever reads it."""
        codes = self.codes_of(spelling)
        if not codes:
            first, number = self._unknown.get(spelling, (place, 0))
            self._unknown[spelling] = first, number + 1
        elif self._asked.state_code not in codes:
            self._others[spelling] += 1
        elif cycle is not None and self._asked.cycle not in (None, cycle):
            self._other_cycles[cycle] += 1
        else:
            return True
        return False

    def leave_out(self) -> None:
        """Counts a row that is of no review, such as one of a treaty body."""
        self._of_no_review += 1

    def problems(self) -> list[Problem]:
        """One for each name that stands for no State."""
        return [
            Problem(
                place,
                ngettext(
                    "“%(name)s” names no State that is known here, so %(num)s row of it was left out. Correct the name,"
                    " or say which State it is.",
                    "“%(name)s” names no State that is known here, so %(num)s rows of it were left out. Correct the"
                    " name, or say which State it is.",
                    number,
                    name=name[:80],
                ),
            )
            for name, (place, number) in self._unknown.items()
        ]

    def why_nothing(self) -> str:
        """The sentence where no row was taken: what the file holds instead."""
        if self._other_cycles:
            return gettext(
                "The file holds this State's recommendations of other cycles only: %(cycles)s. Choose the file of the"
                " cycle %(cycle)s, or another review.",
                cycles=", ".join(map(str, sorted(self._other_cycles))),
                cycle=self._asked.cycle,
            )
        named = [
            name.replace("\n", ", ") for name, _ in (self._others + self._unknown_counts()).most_common()
        ]
        if not named and self._of_no_review:
            return gettext(
                "The file holds records of other mechanisms only, and none of the UPR. Choose another file."
            )
        if not named:
            return gettext("The file has headers and no row beneath them. Choose another file.")
        return gettext(
            "The file holds no recommendation to this State. It holds those to %(states)s. Choose another file.",
            states=", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else ""),
        )

    def _unknown_counts(self) -> Counter[str]:
        return Counter({name[:80]: number for name, (_, number) in self._unknown.items() if name})
