"""A measure with its limit, and the table in which a run says what it found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`limit` None: reported only. `ratio` is to the lean list of the same run. `fastest` is the cheapest round, beside
    the median that is judged: what others of the machine do can only make a round dearer."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None = None
    fastest: float | None = None
    is_least: bool = False
    """The limit is the least that will do, not the most."""

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        # As the table shows them: CPU is counted in ticks, and their sum would miss the limit by a last bit.
        value, limit = round(self.value, 2), round(self.limit, 2)
        return value >= limit if self.is_least else value <= limit


def table(measures: list[Measure]) -> str:
    """In Markdown: value, fastest round, limit, ratio to the lean list, verdict."""
    lines = [
        "| what | value | fastest round | limit | × lean list | verdict |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for measure in measures:
        least = "≥ " if measure.is_least else ""
        limit = f"{least}{_amount(measure.limit, measure.unit)}" if measure.limit is not None else "–"
        ratio = f"{measure.ratio:.2f}" if measure.ratio is not None else "–"
        verdict = "reported" if measure.limit is None else "kept" if measure.is_kept else "BEYOND"
        value = _amount(measure.value, measure.unit)
        fastest = _amount(measure.fastest, measure.unit) if measure.fastest is not None else "–"
        lines.append(f"| {measure.name} | {value} | {fastest} | {limit} | {ratio} | {verdict} |")
    return "\n".join(lines)


def _amount(value: float, unit: str) -> str:
    """What has no unit was counted."""
    return f"{value:.2f} {unit}" if unit else f"{value:.0f}"
