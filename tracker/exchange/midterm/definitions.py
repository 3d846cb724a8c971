"""The sheet Definitions: what each level and disagreement means, and what is this project's own reading."""

from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at
from tracker.exchange.midterm.matrix import LEVELS_NAME
from tracker.language import gettext, mark
from tracker.models.levels import DEFINITIONS, Disagreement, Level, ShownLevel, Voice
from tracker.queries.midterm import MidtermReport

_WIDTHS: list[float] = [28, 90]

DISAGREEMENTS: dict[Disagreement, str] = {
    Disagreement.AGREE: mark("The State and the other organisation give the same level."),
    Disagreement.DIFFERS: mark(
        "Their levels are one step apart on the scale regressed, not implemented, planned, partially implemented,"
        " fully implemented. A level outside the scale (overtaken by events, no information) differs from every"
        " other one."
    ),
    Disagreement.CONTRADICTS: mark(
        "Their levels are two or more steps apart. A level outside the scale contradicts “regressed”. A point"
        " contradicts where one organisation does; the organisations that contradict are named. Where none does, those"
        " that differ are."
    ),
}
VOICES: dict[Voice, str] = {
    Voice.STATE: mark(
        "Of the updates that an organisation published while it led the recommendation, the one about the newest"
        " situation. What a supporting organisation publishes has no level."
    ),
    Voice.CIVIL_SOCIETY: mark(
        "The newest published assessment of each civil society organisation or coalition."
    ),
    Voice.NHRI: mark(
        "The newest published assessment of the national human rights institution (NHRI). Where it is itself what a"
        " recommendation is about, its entry is marked as a self-assessment."
    ),
    Voice.UN: mark("The newest published assessment of each body of the United Nations."),
}
COUNTS: dict[str, str] = {
    mark("Action points"): mark(
        "All points that are followed up. Retired ones are in no figure; the Cover says how many they are."
    ),
    mark("With an entry"): mark(
        "Points on which the voice has published anything that counts. Entries that were made before"
        " the point was split or merged do not count; the Cover says how many they are."
    ),
    mark("With a level"): mark("Points on which an organisation of the voice gives a level."),
    mark("Both give a level"): mark(
        "Points on which the State and another voice both give a level. Disagreement is counted of these only."
    ),
    mark("By heading, by lead"): mark(
        "Each point counts once, under the first heading and the present lead organisation of its recommendation."
    ),
}
NOTES: dict[str, str] = {
    mark("No level of a recommendation"): mark(
        "A level is shown only where somebody gave it: to an action point, or to a whole recommendation, whose"
        " assessments stand apart with their author. Points are counted by level; nothing is averaged."
    ),
    mark("Range"): mark(
        "Organisations of one voice give different levels to a point: the lowest and the highest are named, and how"
        " many organisations there are. What lies between them is nobody's level. A point counts once."
    ),
    mark("Said of an earlier wording"): mark(
        "The wording of the point, or of the recommendation, was improved after the entry was made. The entry counts"
        " as before, and the wording on which it was made stands beside it."
    ),
    mark("Languages"): mark(
        "An entry in another language than this workbook's is given as it was published, after a sign for its"
        " language: [en] English, [ky] Kyrgyz, [ru] Russian."
    ),
    mark("Own reading"): mark(
        "Short titles, the split of recommendations into action points, topics, groups of persons and"
        " development goals (targets) are this site's own reading. The texts and headings are those of the source."
    ),
}


def write_definitions(workbook: Workbook, sheet: Worksheet, report: MidtermReport) -> None:
    put_at(sheet, 1, 1, gettext("Definitions"), styles.TITLE)
    sheet.row_dimensions[1].height = 36
    row = _write_levels(workbook, sheet, 3)
    row = _write_pairs(
        sheet, row, gettext("Voices"), [(voice.label, gettext(VOICES[voice])) for voice in Voice]
    )
    pairs = [(disagreement.label, gettext(text)) for disagreement, text in DISAGREEMENTS.items()]
    row = _write_pairs(sheet, row, gettext("Disagreement on an action point"), pairs)
    row = _write_pairs(sheet, row, gettext("Figures, and what each is counted of"), _translated(COUNTS))
    _write_pairs(sheet, row, gettext("Please note"), _translated(NOTES))
    workbooks.set_widths(sheet, _WIDTHS)
    workbooks.fit_heights(sheet, _WIDTHS, first_row=2)
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}", landscape=False)


def _write_levels(workbook: Workbook, sheet: Worksheet, top: int) -> int:
    """Writes first the seven levels that can be chosen: the drop-downs list exactly these cells."""
    headers = [gettext("Level"), gettext("Definition")]
    for column, header in enumerate(headers, start=1):
        put_at(sheet, top, column, header, styles.HEADER)
    chosen = [ShownLevel(level.value) for level in Level]
    levels = [*chosen, ShownLevel.MIXED, ShownLevel.NO_LEVEL, ShownLevel.NO_ENTRY]
    for row, level in enumerate(levels, start=top + 1):
        put_at(sheet, row, 1, level)
        put_at(sheet, row, 2, gettext(DEFINITIONS[level]))
    title = sheet.title.replace("'", "''")
    place = f"'{title}'!$A${top + 1}:$A${top + len(chosen)}"
    workbook.defined_names[LEVELS_NAME] = DefinedName(LEVELS_NAME, attr_text=place)
    return top + len(levels) + 2


def _write_pairs(sheet: Worksheet, top: int, title: str, pairs: list[tuple[str, str]]) -> int:
    put_at(sheet, top, 1, title, styles.HEADER)
    put_at(sheet, top, 2, None, styles.HEADER)
    for row, (label, text) in enumerate(pairs, start=top + 1):
        put_at(sheet, row, 1, label, styles.LABEL)
        put_at(sheet, row, 2, text)
    return top + len(pairs) + 2


def _translated(pairs: dict[str, str]) -> list[tuple[str, str]]:
    return [(gettext(title), gettext(text)) for title, text in pairs.items()]
