"""The sheet Definitions: what each level and disagreement means, and what is this project's own reading."""

from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import Content, put_at
from tracker.exchange.midterm.matrix import LEVELS_NAME
from tracker.language import gettext, mark
from tracker.models.levels import DEFINITIONS, INDEX, Disagreement, Level, ShownLevel, Voice
from tracker.queries.midterm import MidtermReport

_WIDTHS: list[float] = [28, 76, 22]

DISAGREEMENTS: dict[Disagreement, str] = {
    Disagreement.DIFFERS: mark("Two voices are 0.5 or more apart on the index."),
    Disagreement.CONTRADICTS: mark(
        "The State says fully or partially implemented, and at least one organisation of another voice"
        " says not implemented or regressed."
    ),
}
VOICES: dict[Voice, str] = {
    Voice.STATE: mark("The newest published update of the organisation that leads."),
    Voice.CIVIL_SOCIETY: mark(
        "The newest published assessment of each civil society organisation or coalition."
    ),
    Voice.NHRI_UN: mark("The newest published assessment of each human rights institution or UN body."),
}
NOTES: list[str] = [
    mark(
        "Not assessed means that a voice has made no entry. It is shown apart, it has no index value"
        " and it is never counted as not implemented."
    ),
    mark(
        "The index is the mean of the values of the action points of one voice. Overtaken by events, no"
        " information and not assessed have no value and are left out."
    ),
    mark(
        "Short titles, the split of recommendations into action points, topics, groups of persons and SDG"
        " targets are this project's own reading. The texts and headings are those of the source."
    ),
]


def write_definitions(workbook: Workbook, sheet: Worksheet, report: MidtermReport) -> None:
    put_at(sheet, 1, 1, gettext("Definitions"), styles.TITLE)
    sheet.row_dimensions[1].height = 36
    row = _write_levels(workbook, sheet, 3)
    row = _write_pairs(
        sheet, row, gettext("Voices"), [(voice.label, gettext(VOICES[voice])) for voice in Voice]
    )
    pairs = [(disagreement.label, gettext(text)) for disagreement, text in DISAGREEMENTS.items()]
    row = _write_pairs(sheet, row, gettext("Disagreement on an action point"), pairs)
    _write_notes(sheet, row)
    workbooks.set_widths(sheet, _WIDTHS)
    workbooks.fit_heights(sheet, _WIDTHS, first_row=2)
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}", landscape=False)


def _write_levels(workbook: Workbook, sheet: Worksheet, top: int) -> int:
    """Writes first the seven levels that can be chosen: the drop-downs list exactly these cells."""
    headers = [gettext("Level"), gettext("Definition"), gettext("Value in the index")]
    for column, header in enumerate(headers, start=1):
        put_at(sheet, top, column, header, styles.HEADER)
    chosen = [ShownLevel(level.value) for level in Level]
    levels = [*chosen, ShownLevel.MIXED, ShownLevel.NOT_ASSESSED]
    for row, level in enumerate(levels, start=top + 1):
        put_at(sheet, row, 1, level)
        put_at(sheet, row, 2, gettext(DEFINITIONS[level]))
        put_at(sheet, row, 3, _value(level))
    title = sheet.title.replace("'", "''")
    place = f"'{title}'!$A${top + 1}:$A${top + len(chosen)}"
    workbook.defined_names[LEVELS_NAME] = DefinedName(LEVELS_NAME, attr_text=place)
    return top + len(levels) + 2


def _value(level: ShownLevel) -> Content:
    if level == ShownLevel.MIXED:
        return gettext("mean of its organisations")
    return INDEX.get(level, gettext("none: left out"))


def _write_pairs(sheet: Worksheet, top: int, title: str, pairs: list[tuple[str, str]]) -> int:
    put_at(sheet, top, 1, title, styles.HEADER)
    put_at(sheet, top, 2, gettext("Definition"), styles.HEADER)
    for row, (label, text) in enumerate(pairs, start=top + 1):
        put_at(sheet, row, 1, label, styles.LABEL)
        put_at(sheet, row, 2, text)
    return top + len(pairs) + 2


def _write_notes(sheet: Worksheet, top: int) -> None:
    put_at(sheet, top, 1, gettext("Please note"), styles.HEADER)
    put_at(sheet, top, 2, None, styles.HEADER)
    titles = [ShownLevel.NOT_ASSESSED.label, gettext("Index"), gettext("Own reading")]
    for row, (title, note) in enumerate(zip(titles, NOTES, strict=True), start=top + 1):
        put_at(sheet, row, 1, title, styles.LABEL)
        put_at(sheet, row, 2, gettext(note))
