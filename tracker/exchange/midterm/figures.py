"""Groups of points for Cover and Summary; what is counted of them is counted as on the pages (`queries/figures.py`)."""

from collections.abc import Callable, Iterable

from tracker.language import sort_key
from tracker.queries.figures import PointFigures
from tracker.queries.midterm import MidtermReport, ReportRecommendation

Groups = dict[str, PointFigures]


def by_heading(report: MidtermReport, nameless: str) -> Groups:
    """Groups in the order of the source; recommendations without a heading come last, under the name `nameless`."""
    headings = [each.heading for each in report.recommendations]
    return _group(
        report, [*(each for each in headings if each), nameless], lambda each: each.heading or nameless
    )


def by_lead(report: MidtermReport, nameless: str) -> Groups:
    """Groups alphabetically; what nobody leads comes last, under the name `nameless`."""
    names = {each.lead_organisation for each in report.recommendations if each.lead_organisation}
    order = [*sorted(names, key=sort_key), nameless]
    return _group(report, order, lambda each: each.lead_organisation or nameless)


def _group(
    report: MidtermReport, order: Iterable[str], name_of: Callable[[ReportRecommendation], str]
) -> Groups:
    groups: dict[str, list[ReportRecommendation]] = {name: [] for name in order}
    for recommendation in report.recommendations:
        groups[name_of(recommendation)].append(recommendation)
    return {
        name: PointFigures(tuple(point.levels for each in members for point in each.points))
        for name, members in groups.items()
        if members
    }
