"""A measure with its limit, and the table in which a run says what it has measured."""

from dataclasses import dataclass

LEAN_LIST = "lean list"


@dataclass(frozen=True)
class Measure:
    """`value` is the median of the rounds where there are rounds, and `fastest` the cheapest of them, which is judged:
    what others do on the machine makes a round dearer, never cheaper. `ratio` is of the fastest rounds, too.
    `limit` None: reported only."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None = None
    fastest: float | None = None
    is_least: bool = False
    """The limit is the least that will do, not the most."""

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        # As the table shows them.
        judged = round(self.value if self.fastest is None else self.fastest, 2)
        limit = round(self.limit, 2)
        return judged >= limit if self.is_least else judged <= limit


def table(measures: list[Measure], ratio_to: str = LEAN_LIST) -> str:
    """In Markdown: median, fastest round, limit, ratio of the fastest round to another row's, verdict."""
    lines = [
        f"| what | median | fastest round | limit | × {ratio_to} | verdict |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for measure in measures:
        least = "≥ " if measure.is_least else ""
        limit = f"{least}{_amount(measure.limit, measure.unit)}" if measure.limit is not None else "–"
        ratio = f"{measure.ratio:.2f}" if measure.ratio is not None else "–"
        verdict = "reported" if measure.limit is None else "met" if measure.is_met else "BEYOND"
        value = _amount(measure.value, measure.unit)
        fastest = _amount(measure.fastest, measure.unit) if measure.fastest is not None else "–"
        lines.append(f"| {measure.name} | {value} | {fastest} | {limit} | {ratio} | {verdict} |")
    return "\n".join(lines)


def _amount(value: float, unit: str) -> str:
    """What has no unit was counted."""
    return f"{value:.2f} {unit}" if unit else f"{value:.0f}"
