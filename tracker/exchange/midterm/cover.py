"""The sheet Cover: title, facts with the day, figures with their denominators, how to read it, contents."""

from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import Content, SheetLink, put_at, words_of
from tracker.exchange.text_lines import count_lines
from tracker.language import gettext, mark, ngettext
from tracker.models.levels import Disagreement, ShownLevel
from tracker.queries.midterm import MidtermReport

_WIDTHS: list[float] = [34, 32, 32]
_LINE_POINTS, _SENTENCE_POINTS = 15, 11

HOW_TO_READ: list[str] = [
    mark(
        "A recommendation asks for one or more distinct things, its action points. Levels are recorded for"
        " each action point, so the sheet Matrix has one row per action point."
    ),
    mark(
        "The State, civil society, the national human rights institution (NHRI) and the UN are separate voices."
        " Nothing adds them up, and no level is shown that nobody gave."
    ),
    mark(
        "No entry means that a voice has published nothing on a point. It is counted apart and never as not"
        " implemented."
    ),
    mark(
        "Licence of levels, counts, dates and the State's texts: CC BY 4.0. The words of independent organisations"
        " stay theirs: quote them with their name."
    ),
    mark(
        "In a copy of your own you can choose levels from a list in the column State's level of the Matrix. No"
        " program reads that copy: what should change here is entered on the site."
    ),
]


def write_cover(sheet: Worksheet, report: MidtermReport, contents: list[tuple[str, str]]) -> None:
    """`contents` are pairs: the title of a sheet, and what is in it."""
    workbooks.set_widths(sheet, _WIDTHS)
    sheet.sheet_view.showGridLines = False
    row = _write_heading(sheet, report)
    row = _write_facts(sheet, row, report)
    row = _write_figures(sheet, row, report)
    row = _write_left_out(sheet, row, report)
    row = _write_section(sheet, row, gettext("How to read this workbook"))
    for text in HOW_TO_READ:
        row = _write_sentence(sheet, row, gettext(text))
    row = _write_section(sheet, row + 1, gettext("Contents"))
    for title, text in contents:
        put_at(sheet, row, 1, SheetLink(title, title))
        _write_wide(sheet, row, text)
        row += 1
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}", landscape=False)


def report_title(report: MidtermReport) -> str:
    return gettext("Mid-term report: %(state)s, cycle %(cycle)s", state=report.state_name, cycle=report.cycle)


def _write_heading(sheet: Worksheet, report: MidtermReport) -> int:
    row = 1
    if report.is_demonstration:
        row = _write_merged(sheet, row, workbooks.demonstration_line(), styles.BANNER, 34) + 1
    row = _write_merged(sheet, row, gettext("Mid-term report"), styles.TITLE, 40)
    line = gettext("Follow-up to UN human rights recommendations, as each voice sees it")
    return _write_merged(sheet, row, line, styles.SENTENCE, 22) + 1


def _write_facts(sheet: Worksheet, row: int, report: MidtermReport) -> int:
    facts: list[tuple[str, Content]] = [
        (gettext("State under review"), report.state_name),
        (
            gettext("Review"),
            gettext(
                "Universal Periodic Review (UPR), %(review)s, cycle %(cycle)s",
                review=report.review,
                cycle=report.cycle,
            ),
        ),
        (gettext("Edition"), report.edition),
        (gettext("Source"), report.source_line),
        (gettext("Made on"), report.as_of_on),
        (gettext("Recommendations"), len(report.recommendations)),
        (gettext("Action points"), _points(report)),
    ]
    for label, content in facts:
        put_at(sheet, row, 1, label, styles.LABEL)
        style = styles.DATE if label == gettext("Made on") else styles.TEXT
        _write_wide(sheet, row, content, style)
        row += 1
    return row + 1


def _points(report: MidtermReport) -> Content:
    """Figures leave out the retired points and say so."""
    total, retired = report.figures.total, report.retired
    if not retired.total:
        return total
    return ngettext(
        "%(num)s; left out: %(retired)s retired, %(with_entries)s of them with entries",
        "%(num)s; left out: %(retired)s retired, %(with_entries)s of them with entries",
        total,
        retired=retired.total,
        with_entries=retired.with_entries,
    )


def _write_figures(sheet: Worksheet, row: int, report: MidtermReport) -> int:
    row = _write_section(sheet, row, gettext("Figures"))
    headers = [
        gettext("Voice"),
        gettext("Action points with an entry"),
        gettext("Of those with a level, fully implemented"),
    ]
    for column, header in enumerate(headers, start=1):
        put_at(sheet, row, column, header, styles.HEADER)
    lines = max(
        count_lines(header, width, is_bold=True) for header, width in zip(headers, _WIDTHS, strict=True)
    )
    sheet.row_dimensions[row].height = _LINE_POINTS * lines + 3
    figures = report.figures
    for voice in figures.voices:
        row += 1
        said = figures.of(voice)
        put_at(sheet, row, 1, voice.label, styles.LABEL)
        put_at(sheet, row, 2, _of(said.with_entry, said.total))
        put_at(sheet, row, 3, _of(figures.count(voice, ShownLevel.FULLY_IMPLEMENTED), said.with_level))
    compared = figures.comparison
    counts = {
        Disagreement.CONTRADICTS: compared.contradict,
        Disagreement.DIFFERS: compared.differ,
        Disagreement.AGREE: compared.agree,
    }
    row += 1
    put_at(sheet, row, 1, gettext("The State and others"), styles.HEADER)
    title = gettext("Of the points on which the State and another voice both give a level")
    _write_wide(sheet, row, title, styles.HEADER)
    for disagreement, number in counts.items():
        row += 1
        put_at(sheet, row, 1, disagreement.label, styles.LABEL)
        _write_wide(sheet, row, _of(number, compared.total))
    return row + 2


def _write_left_out(sheet: Worksheet, row: int, report: MidtermReport) -> int:
    """What splitting and merging points took out of the figures, where there is any of it."""
    if not report.on_split_wordings:
        return row
    sentence = ngettext(
        "%(num)s entry was made before its point was split or merged and is left out of the figures.",
        "%(num)s entries were made before their points were split or merged and are left out of the figures.",
        report.on_split_wordings,
    )
    return _write_sentence(sheet, row - 1, sentence) + 1


def _of(number: int, total: int) -> str:
    return gettext("%(number)s of %(total)s", number=number, total=total)


def _write_section(sheet: Worksheet, row: int, title: str) -> int:
    return _write_merged(sheet, row, title, styles.SECTION, 26)


def _write_sentence(sheet: Worksheet, row: int, text: str) -> int:
    height = _LINE_POINTS * count_lines(text, sum(_WIDTHS), _SENTENCE_POINTS) + 5
    return _write_merged(sheet, row, text, styles.SENTENCE, height)


def _write_merged(sheet: Worksheet, row: int, text: str, style: str, height: float) -> int:
    """Sets the height of the row, because merged cells do not grow with their text."""
    put_at(sheet, row, 1, text, style)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    sheet.row_dimensions[row].height = height
    return row + 1


def _write_wide(sheet: Worksheet, row: int, content: Content, style: str = styles.TEXT) -> None:
    put_at(sheet, row, 2, content, style)
    put_at(sheet, row, 3, None, style)
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=3)
    lines = count_lines(words_of(content), sum(_WIDTHS[1:]), is_bold=style == styles.HEADER)
    sheet.row_dimensions[row].height = _LINE_POINTS * lines + 3
