"""The list of recommendations as a workbook and as JSON: one row for each, streamed in the given order."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import Content, WebLink, put
from tracker.language import gettext, long_date, mark, mark_in, ngettext
from tracker.models.levels import Voice
from tracker.queries.levels import Said
from tracker.queries.recommendations.rows import RecommendationRow
from tracker.queries.translations import Translated, authentic_of, said_of

LICENCE = "CC BY 4.0"
LICENCE_COVERS = (
    "levels, counts, dates and the texts of the State; the words of independent organisations stay theirs"
)
ABOUT = [
    mark(
        "One row per recommendation. Of each voice the action points are counted by level; of a recommendation with one"
        " action point the level stands alone. Nothing is averaged."
    ),
    mark("No entry means that a voice has published nothing. It never counts as not implemented."),
    mark(
        "Disagreement is counted of the points on which the State and another voice both give a level."
        " On the whole: an assessment of the whole recommendation, with its author; no number counts it."
    ),
    mark("Short titles and topics are this project's own reading; texts and headings are the source's."),
    mark("Licence of levels, counts, dates and the State's texts: CC BY 4.0"),
    mark("The words of independent organisations stay theirs: quote them with their name."),
]
_ABOUT_WIDTH, _ABOUT_POINTS = 90, 30
LinkOf = Callable[[RecommendationRow], str]
"""Gives the absolute address of a row's page."""


class Extent(NamedTuple):
    """Which part of the list the file holds. `review` is empty for all reviews; `filters` are title and label of each
    active filter, as the page shows them."""

    review: str
    filters: Sequence[tuple[str, str]]
    exported_on: date


class RecommendationColumn(NamedTuple):
    """`content` gets the row and the absolute address of its page."""

    header: str
    content: Callable[[RecommendationRow, str], Content]
    width: float


def _said(voice: Voice) -> Callable[[RecommendationRow, str], Content]:
    """“1 planned, 3 no entry”: the points by level; of a single point its word or range alone."""
    return lambda row, _: row.levels.of(voice).words


def _with_entry(voice: Voice) -> Callable[[RecommendationRow, str], Content]:
    return lambda row, _: row.levels.of(voice).with_entry


def _wholes(row: RecommendationRow) -> str:
    """Assessments of the whole recommendation, each with its author."""
    lines = (f"{voice.label}: {whole.label}" for voice in Voice for whole in row.levels.of(voice).wholes)
    return "\n".join(lines)


def _disagreement(row: RecommendationRow) -> str:
    strongest = row.comparison.strongest
    return strongest.label if strongest else ""


COLUMNS: list[RecommendationColumn] = [
    RecommendationColumn(mark("Review"), lambda row, _: row.review, 10),
    RecommendationColumn(mark("Ref"), lambda row, _: row.ref, 9),
    RecommendationColumn(mark("Kind"), lambda row, _: row.kind.label, 18),
    RecommendationColumn(mark("Position"), lambda row, _: row.position and row.position.label, 13),
    RecommendationColumn(
        mark("Position now"), lambda row, _: row.position_now and row.position_now.label, 13
    ),
    RecommendationColumn(mark("Short title"), lambda row, _: row.short_title, 30),
    RecommendationColumn(mark("Recommendation"), lambda row, _: row.text, 60),
    RecommendationColumn(mark("Heading"), lambda row, _: row.heading, 26),
    RecommendationColumn(mark("Topics"), lambda row, _: "\n".join(row.topics), 18),
    RecommendationColumn(mark("Lead organisation"), lambda row, _: row.lead_organisation, 26),
    RecommendationColumn(mark("State: levels of the points"), _said(Voice.STATE), 24),
    RecommendationColumn(mark("State: points with an entry"), _with_entry(Voice.STATE), 12),
    RecommendationColumn(mark("Civil society: levels of the points"), _said(Voice.CIVIL_SOCIETY), 24),
    RecommendationColumn(mark("Civil society: points with an entry"), _with_entry(Voice.CIVIL_SOCIETY), 12),
    RecommendationColumn(mark("NHRI: levels of the points"), _said(Voice.NHRI), 24),
    RecommendationColumn(mark("NHRI: points with an entry"), _with_entry(Voice.NHRI), 12),
    RecommendationColumn(mark("UN: levels of the points"), _said(Voice.UN), 24),
    RecommendationColumn(mark("UN: points with an entry"), _with_entry(Voice.UN), 12),
    RecommendationColumn(mark("On the whole"), lambda row, _: _wholes(row), 30),
    RecommendationColumn(mark("Disagreement"), lambda row, _: _disagreement(row), 14),
    RecommendationColumn(mark("Points that contradict"), lambda row, _: row.comparison.contradict, 12),
    RecommendationColumn(mark("Points that differ"), lambda row, _: row.comparison.differ, 12),
    RecommendationColumn(mark("Points on which both give a level"), lambda row, _: row.comparison.total, 14),
    RecommendationColumn(mark("Action points"), lambda row, _: row.total_points, 10),
    RecommendationColumn(mark("Link"), lambda _, link: WebLink(link, gettext("Open the page")), 14),
]


TRANSLATED: list[RecommendationColumn] = [
    RecommendationColumn(mark("Translation"), lambda row, _: said_of(row.text), 24),
    RecommendationColumn(mark("Authentic text"), lambda row, _: authentic_of(row.text), 60),
]
"""Behind the others, in a file of which the first row is a translation."""


def write_recommendations_xlsx(
    rows: Iterable[RecommendationRow],
    file: BinaryIO,
    *,
    title: str,
    extent: Extent,
    is_demonstration: bool,
    link: LinkOf,
) -> None:
    """Writes row by row, so that 20,000 rows need little memory. Labels are in the current language."""
    workbook = workbooks.new_workbook(title, write_only=True)
    name = gettext("Recommendations (demonstration)") if is_demonstration else gettext("Recommendations")
    sheet = workbook.create_sheet(workbooks.sheet_title(name))
    first = list(islice(rows := iter(rows), 1))
    columns = COLUMNS + (TRANSLATED if any(authentic_of(row.text) for row in first) else [])
    widths = [column.width for column in columns]
    _set_layout(sheet, title, widths)
    if is_demonstration:
        workbooks.mark_demonstration(sheet)
    _append(sheet, 1, [gettext(column.header) for column in columns], widths, styles.HEADER)
    number = 1  # afterwards the last row of the filter
    for number, row in enumerate(chain(first, rows), start=2):
        address = link(row)
        contents = [column.content(row, address) for column in columns]
        _append(sheet, number, contents, widths, whole_text_at=address)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(number, 2)}"
    about = workbook.create_sheet(workbooks.sheet_title(gettext(mark_in("title of a sheet", "About"))))
    _add_about(about, title, _extent_lines(extent, number - 1), is_demonstration)
    workbooks.write_workbook(workbook, file)


def _set_layout(sheet: Worksheet, title: str, widths: list[float]) -> None:
    """Must run before the first row: a streamed sheet writes its head only once."""
    workbooks.set_widths(sheet, widths)
    workbooks.set_page(sheet, title, pages_wide=2)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:B"


def _append(
    sheet: Worksheet,
    number: int,
    contents: list[Content],
    widths: list[float],
    style: str = "",
    whole_text_at: str = "",
) -> None:
    """Appends a row, then deletes its height: otherwise the heights of all rows would stay in memory."""
    cells = []
    for content in contents:
        cell = WriteOnlyCell(sheet)
        put(cell, content, style, whole_text_at)
        cells.append(cell)
    sheet.row_dimensions[number].height = workbooks.height_of(contents, widths)
    sheet.append(cells)
    del sheet.row_dimensions[number]


def _extent_lines(extent: Extent, rows: int) -> list[str]:
    """Says which part of what the file holds, and of which day, for readers who got it from somebody else."""
    if extent.filters and extent.review:
        first = gettext("Only what this filter finds in the review %(review)s is here:", review=extent.review)
    elif extent.filters:
        first = gettext("Only what this filter finds in all reviews is here:")
    elif extent.review:
        first = gettext("All recommendations of the review %(review)s are here.", review=extent.review)
    else:
        first = gettext("All recommendations of all reviews are here.")
    last = ngettext(
        "%(num)s recommendation, on %(day)s",
        "%(num)s recommendations, on %(day)s",
        rows,
        day=long_date(extent.exported_on),
    )
    return [first, *(f"{title}: {label}" for title, label in extent.filters), last]


def _add_about(sheet: Worksheet, title: str, extent_lines: list[str], is_demonstration: bool) -> None:
    """Describes the table on a sheet of its own: the table keeps its header in the first row, for programs."""
    workbooks.set_widths(sheet, [_ABOUT_WIDTH])
    workbooks.set_page(sheet, title, landscape=False)
    sentences = [*extent_lines, *map(gettext, ABOUT)]
    lines = [(title, styles.SECTION), *((text, styles.SENTENCE) for text in sentences)]
    if is_demonstration:
        workbooks.mark_demonstration(sheet)
        lines.insert(0, (workbooks.demonstration_line(), styles.BANNER))
    for number, (text, style) in enumerate(lines, start=1):
        cell = WriteOnlyCell(sheet)
        put(cell, text, style)
        sheet.row_dimensions[number].height = max(_ABOUT_POINTS, workbooks.height_of([text], [_ABOUT_WIDTH]))
        sheet.append([cell])


def write_recommendations_json(
    rows: Iterable[RecommendationRow], file: BinaryIO, *, is_demonstration: bool, link: LinkOf
) -> None:
    """Writes UTF-8 with `\\n`; levels, kinds and positions are codes, in no language. Texts are the authentic ones."""
    opening = {"licence": LICENCE, "licence_covers": LICENCE_COVERS, "demonstration": is_demonstration}
    file.write((_json(opening)[:-1] + ', "recommendations": [').encode())
    separator = "\n"
    for row in rows:
        file.write((separator + _json(_record(row, link(row)))).encode())
        separator = ",\n"
    file.write(b"\n]}\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _record(row: RecommendationRow, link: str) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "review": row.review,
        "kind": row.kind.value,
        "position": row.position.value if row.position else None,
        "position_now": row.position_now.value if row.position_now else None,
        "position_now_on": row.position_now_on.isoformat() if row.position_now_on else None,
        "short_title": authentic_of(row.short_title) or row.short_title,
        "text": authentic_of(row.text) or row.text,
        **_translation_record(row),
        "heading": row.heading,
        "topics": list(row.topics),
        "lead_organisation": row.lead_organisation,
        "voices": {voice.value: _voice_record(row, voice) for voice in Voice},
        "disagreement": row.comparison.strongest and row.comparison.strongest.value,
        "contradicting_points": row.comparison.contradict,
        "differing_points": row.comparison.differ,
        "compared_points": row.comparison.total,
        "total_points": row.total_points,
        "link": link,
    }


def _translation_record(row: RecommendationRow) -> dict[str, Any]:
    """In the language of the address, where it is another one and there is a translation."""
    text = row.text
    if not isinstance(text, Translated):
        return {}
    return {
        "translation": {
            "language": text.language,
            "short_title": row.short_title if authentic_of(row.short_title) else None,
            "text": text,
            "kind": text.kind.value,
            "source": text.source or None,
            "checked": text.is_checked,
            "of_earlier_wording": text.is_of_earlier,
        }
    }


def _voice_record(row: RecommendationRow, voice: Voice) -> dict[str, Any]:
    """Each open point with the level of each organisation, and the number of points at each level; `wholes` are
    assessments of the whole recommendation, which no number counts."""
    said = row.levels.of(voice)
    return {
        "points": [
            {"ref": point.ref, "entries": [_entry_record(each) for each in point.said if each.voice == voice]}
            for point in row.levels.points
        ],
        "counts": {shown.value: number for shown, number in said.counts.items()},
        "with_entry": said.with_entry,
        "with_level": said.with_level,
        "total": said.total,
        "wholes": [_entry_record(each) for each in row.levels.wholes if each.voice == voice],
    }


def _entry_record(said: Said) -> dict[str, Any]:
    return {
        "organisation": said.organisation,
        "level": said.level.value if said.level else None,
        "self_assessment": said.is_self_assessment,
        "against_the_state": said.disagreement.value if said.disagreement else None,
    }
