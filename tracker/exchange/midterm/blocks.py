"""The rows of the sheet Report: a block for each recommendation, its points, what each voice says of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.exchange import styles
from tracker.exchange.cells import Content, MixedWords, Words, set_apart, words_of
from tracker.exchange.midterm import entries
from tracker.exchange.text_lines import BOLD, LINE_POINTS, SPACE_POINTS, count_lines, split_text
from tracker.language import gettext, long_date
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.queries.midterm import MidtermReport, ReportEntry, ReportPoint, ReportRecommendation
from tracker.queries.translations import said_of

WIDTHS: list[float] = [25, 67]
"""Of the columns who and text: together what A4 portrait holds in letters of more than nine points."""
TEXT_WIDTH = WIDTHS[1] - 1.7
"""Without the indent."""
_TITLE_POINTS, _TITLE_LINE_POINTS = 12, 16.5
MOST_LINES = 24
"""In a cell: a row cannot be higher than 409 points, and a page breaks between rows only."""
BLOCK, POINT = "block", "point"
Look = styles.Look


@dataclass(frozen=True)
class Row:
    """`contents` and `looks` (names of styles) are those of who and text; a text that `is_wide` runs across both. A row
    `begins` a recommendation or a point, or belongs to the one above."""

    contents: tuple[Content, Content]
    looks: tuple[str, str]
    height: float
    begins: str = ""
    is_wide: bool = False


def source_of(recommendation: ReportRecommendation) -> str:
    return ", ".join(filter(None, (recommendation.source_title, recommendation.source_symbol)))


def shared_source(report: MidtermReport) -> str:
    """The source of all recommendations, or nothing where they come from several."""
    sources = {source_of(each) for each in report.recommendations}
    return sources.pop() if len(sources) == 1 else ""


def list_rows(report: MidtermReport) -> Iterator[Row]:
    source = shared_source(report)
    if source:
        yield _wide(gettext("Source of all recommendations: %(source)s", source=source), styles.FACTS)
    yield _wide(
        gettext("“No entry” alone: neither the State nor another voice has an entry there."), styles.FACTS
    )
    for recommendation in report.recommendations:
        yield from _block(recommendation, report)


def _block(recommendation: ReportRecommendation, report: MidtermReport) -> Iterator[Row]:
    yield _title(recommendation)
    for part in split_text(recommendation.text, sum(WIDTHS), MOST_LINES):
        yield _wide(part, styles.QUOTE)
    if words := said_of(recommendation.text):
        yield _wide(words, styles.FACTS)
    yield _facts(recommendation, report)
    for point in recommendation.points:
        yield from _point(recommendation, point)
    yield from _wholes(recommendation)


def _title(recommendation: ReportRecommendation) -> Row:
    title = recommendation.short_title or recommendation.heading
    height = count_lines(title, TEXT_WIDTH, _TITLE_POINTS, is_bold=True) * _TITLE_LINE_POINTS + 6
    return Row((recommendation.ref, title), (styles.BLOCK_REF, styles.BLOCK_TITLE), height, BLOCK)


def _facts(recommendation: ReportRecommendation, report: MidtermReport) -> Row:
    """Kind and source, heading, position (where the review has positions) and who leads and supports. A source that
    all share stands once, above."""
    position = recommendation.position.label if recommendation.position else "–"
    facts = [
        ("", recommendation.kind.label),
        (gettext("Source:"), "" if shared_source(report) else source_of(recommendation)),
        ("", recommendation.heading),
        (gettext("Position:"), position if report.has_positions else ""),
        (gettext("Position now:"), _position_now(recommendation)),
        (gettext("Recommended by:"), ", ".join(recommendation.recommending_states)),
        (gettext("Lead:"), recommendation.lead_organisation or gettext("no one leads it")),
        (gettext("Supporting:"), ", ".join(recommendation.supporting_organisations)),
    ]
    words = " · ".join(f"{label} {set_apart(fact)}".strip() for label, fact in facts if fact)
    return _wide(words, styles.FACTS)


def _position_now(recommendation: ReportRecommendation) -> str:
    """A later change of mind, since its day."""
    if recommendation.position_now is None or recommendation.position_now_on is None:
        return ""
    return gettext(
        "%(position)s since %(day)s",
        position=recommendation.position_now.label,
        day=long_date(recommendation.position_now_on),
    )


def _point(recommendation: ReportRecommendation, point: ReportPoint) -> Iterator[Row]:
    """Its text, then an entry of each organisation; voices that are silent are named beside its ref."""
    silence = _silence(point)
    ref = MixedWords((Words(point.ref, Look.BOLD), Words(f" · {silence}" if silence else "", Look.MUTED)))
    is_repeated = _plain(point.text) == _plain(recommendation.text)
    text = gettext("As the recommendation says") if is_repeated else point.text
    first, *rest = split_text(text, TEXT_WIDTH / BOLD, MOST_LINES)
    lines = max(count_lines(ref.text, WIDTHS[0]), count_lines(first, TEXT_WIDTH, is_bold=True))
    yield Row((ref, first), (styles.POINT_REF, styles.POINT), _height(lines), POINT)
    for part in rest:
        yield Row(
            (None, part), (styles.WHO, styles.POINT), _height(count_lines(part, TEXT_WIDTH, is_bold=True))
        )
    for entry in point.entries:
        yield from _entry(entry)
    yield from _ranges(point)
    if point.levels.disagreement:
        yield _disagreement(point.levels.disagreement, entries.who_disagrees(point))


def _plain(text: str) -> str:
    return text.strip(" .;\n").casefold()


def _silence(point: ReportPoint) -> str:
    """“State: no entry”. Other voices than the State and civil society are named where they speak only."""
    spoken = {entry.voice for entry in point.entries}
    if not spoken:
        return gettext("no entry")
    silent = [voice.label for voice in (Voice.STATE, Voice.CIVIL_SOCIETY) if voice not in spoken]
    return gettext("%(voices)s: no entry", voices=", ".join(silent)) if silent else ""


def _entry(entry: ReportEntry) -> Iterator[Row]:
    """Who signs it and of which day, beside its level and its words."""
    name, day = entries.signature(entry), entries.voice_and_day(entry)
    who = MixedWords((Words(name, Look.BOLD), Words(f"\n{day}", Look.MUTED)))
    level = ShownLevel(entry.level.value) if entry.level else ShownLevel.NO_LEVEL
    first, *rest = _parts(entry, level)
    lines_of_who = count_lines(name, WIDTHS[0], is_bold=True) + count_lines(day, WIDTHS[0])
    mark = styles.mark_of_level(level)
    yield Row((who, first), (styles.WHO, mark), _height(max(lines_of_who, _lines_of(first))))
    for part in rest:
        yield Row((None, part), (styles.WHO, mark), _height(_lines_of(part)))


def _parts(entry: ReportEntry, level: ShownLevel) -> Iterator[MixedWords]:
    """The level and the paragraphs in as many cells as they need."""
    gathered, taken = [Words(f"{level.label}. ", Look.BOLD)], 1
    for label, text in entries.list_paragraphs(entry):
        for number, part in enumerate(split_text(set_apart(text), TEXT_WIDTH, MOST_LINES - 2)):
            labelled = f"{label} " if label and number == 0 else ""
            lines = count_lines(labelled + part, TEXT_WIDTH)
            if taken + lines > MOST_LINES:
                yield MixedWords(tuple(gathered))
                gathered, taken = [], 0
            begins_line = taken > 1 or len(gathered) > 1
            gathered += [Words("\n" if begins_line else ""), Words(labelled, Look.MUTED), Words(part)]
            taken += lines
    yield MixedWords(tuple(gathered))


def _ranges(point: ReportPoint) -> Iterator[Row]:
    for voice in Voice:
        said = point.levels.of(voice)
        if said.shown == ShownLevel.MIXED:
            words = MixedWords((Words(f"{said.shown.label}. ", Look.BOLD), Words(said.label)))
            looks = (styles.ASIDE, styles.mark_of_level(ShownLevel.MIXED))
            yield Row((voice.label, words), looks, _height(_lines_of(words)))


def _disagreement(found: Disagreement, who: str) -> Row:
    look = styles.WARNING if found == Disagreement.CONTRADICTS else styles.ASIDE
    return Row((found.label, who), (look, styles.COMPARED), _height(count_lines(who, TEXT_WIDTH)))


def _wholes(recommendation: ReportRecommendation) -> Iterator[Row]:
    """Assessments of the whole recommendation: somebody's level, too, which no figure counts."""
    if not recommendation.wholes:
        return
    text = gettext("Assessments of the whole recommendation; figures count points only")
    lines = count_lines(text, TEXT_WIDTH, is_bold=True)
    looks = (styles.POINT_REF, styles.POINT)
    yield Row((gettext("On the whole"), text), looks, _height(lines), POINT)
    for whole in recommendation.wholes:
        yield from _entry(whole)
        if whole.disagreement:
            yield _disagreement(whole.disagreement, entries.signature(whole))


def _wide(text: str, look: str) -> Row:
    return Row((text, None), (look, look), _height(count_lines(text, sum(WIDTHS))), is_wide=True)


def _lines_of(content: Content) -> int:
    return count_lines(words_of(content), TEXT_WIDTH)


def _height(lines: int) -> float:
    return lines * LINE_POINTS + SPACE_POINTS
