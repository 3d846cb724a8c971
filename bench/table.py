"""A measure with its limit, and the table in which a run says what it found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`limit` None: reported only. `ratio` is to the lean list of the same run."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None = None
    is_least: bool = False
    """The limit is the least that will do, not the most."""

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.is_least else self.value <= self.limit


def table(measures: list[Measure]) -> str:
    """In Markdown: value, limit, ratio to the lean list, verdict."""
    lines = ["| what | value | limit | × lean list | verdict |", "|---|---:|---:|---:|---|"]
    for measure in measures:
        least = "≥ " if measure.is_least else ""
        limit = f"{least}{_amount(measure.limit, measure.unit)}" if measure.limit is not None else "–"
        ratio = f"{measure.ratio:.2f}" if measure.ratio is not None else "–"
        verdict = "reported" if measure.limit is None else "kept" if measure.is_kept else "BEYOND"
        value = _amount(measure.value, measure.unit)
        lines.append(f"| {measure.name} | {value} | {limit} | {ratio} | {verdict} |")
    return "\n".join(lines)


def _amount(value: float, unit: str) -> str:
    """What has no unit was counted."""
    return f"{value:.2f} {unit}" if unit else f"{value:.0f}"
