"""Reports and lists made by hand, and readers of what was written."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tracker.exchange.midterm.workbook import write_midterm
from tracker.exchange.recommendations import Extent, write_recommendations_xlsx
from tracker.models.levels import Level, Voice, disagreement, steps_apart
from tracker.models.recommendations import RecommendationKind
from tracker.queries.levels import PointLevels, RecommendationLevels, Said
from tracker.queries.midterm import (
    MidtermReport,
    ReportEntry,
    ReportPoint,
    ReportRecommendation,
    RetiredPoints,
)
from tracker.queries.recommendations.rows import RecommendationRow

ADDRESS = "https://tracker.example.org/recommendations/KGZ-3/"
_ENTRY = ReportEntry(
    voice=Voice.STATE,
    organisation="Ministry of Justice",
    organisation_key="ministry-of-justice",
    level=Level.PARTIALLY_IMPLEMENTED,
    disagreement=None,
    is_self_assessment=False,
    reason="",
    text="",
    obstacles="",
    support_needed="",
    next_step="",
    next_step_on=None,
    as_of_on=None,
    published_on=date(2026, 9, 30),
    language="en",
    source_link="",
    evidence_links=(),
    earlier_wording="",
)
_RECOMMENDATION = ReportRecommendation(
    review="KGZ-3",
    ref="A1",
    kind=RecommendationKind.LETTER_ANNEX,
    short_title="Ratify",
    text="Ratifying the convention; amending the law.",
    source_title="Letter of 4 December 2020",
    source_symbol=None,
    heading="Women",
    topics=("Women",),
    ohchr_themes=("Violence against women",),
    recommending_states=(),
    position=None,
    position_source="",
    position_now=None,
    position_now_on=None,
    position_now_source="",
    groups=("Women & girls", "General"),
    sdg_targets=("5.1", "16.3"),
    lead_organisation="Ministry of Justice",
    supporting_organisations=("Supreme Court",),
    points=(),
    wholes=(),
    link=f"{ADDRESS}A1",
)


def state(level: Level | None = Level.PARTIALLY_IMPLEMENTED, **changes: Any) -> ReportEntry:
    return replace(_ENTRY, level=level, **changes)


def independent(
    organisation: str, level: Level, voice: Voice = Voice.CIVIL_SOCIETY, **changes: Any
) -> ReportEntry:
    given = {"reason": "Nothing\nchanged.", "published_on": date(2026, 11, 3), **changes}
    key = organisation.lower().replace(" ", "-")
    return replace(_ENTRY, voice=voice, organisation=organisation, organisation_key=key, level=level, **given)


def said(*entries: ReportEntry) -> tuple[Said, ...]:
    """The same entries as figures take them, compared with the State's level."""
    of_state = next((entry.level for entry in entries if entry.voice == Voice.STATE), None)
    return tuple(
        Said(
            entry_id=UUID(int=number),
            voice=entry.voice,
            organisation_id=number,
            organisation=entry.organisation,
            organisation_key=entry.organisation_key,
            level=entry.level,
            steps_apart=_steps(of_state, entry),
            is_self_assessment=entry.is_self_assessment,
            published_at=datetime.combine(entry.published_on, datetime.min.time(), UTC),
        )
        for number, entry in enumerate(entries)
    )


def _steps(of_state: Level | None, entry: ReportEntry) -> int | None:
    if entry.voice == Voice.STATE or of_state is None or entry.level is None:
        return None
    return steps_apart(of_state, entry.level)


def levels(ref: str, *entries: ReportEntry, text: str = "Ratifying the convention") -> PointLevels:
    given = said(*entries)
    steps = [each.steps_apart for each in given if each.steps_apart is not None]
    return PointLevels(hash(ref), 1, ref.partition(".")[0], ref, text, max(steps, default=None), given)


def point(
    ref: str,
    *entries: ReportEntry,
    text: str = "Ratifying the convention",
    newest_on: date | None = None,
) -> ReportPoint:
    """`newest_on`: of an entry that does not count, where it is newer than those that do."""
    given = levels(ref, *entries, text=text)
    compared = (
        replace(entry, disagreement=disagreement(each.steps_apart))
        for entry, each in zip(entries, given.said, strict=True)
    )
    newest = newest_on or max((entry.published_on for entry in entries), default=None)
    return ReportPoint(given, tuple(compared), newest, f"{ADDRESS}{ref.partition('.')[0]}#{ref}")


def item(
    ref: str = "A1", points: Sequence[ReportPoint] | None = None, **changes: Any
) -> ReportRecommendation:
    """A recommendation; its points may be left out, then it has one on which nobody spoke."""
    given = (point(f"{ref}.1"),) if points is None else tuple(points)
    return replace(_RECOMMENDATION, ref=ref, points=given, link=f"{ADDRESS}{ref}", **changes)


def one_point(*entries: ReportEntry, text: str = "Ratifying the convention") -> MidtermReport:
    """A report of one recommendation with one point."""
    return report([item(points=[point("A1.1", *entries, text=text)])])


def three_points() -> list[ReportRecommendation]:
    """One point where the voices contradict each other, one where only the State speaks, one of nobody."""
    speaks = state(
        text="Тергөө башталды, өкүлдөр ү менен ң тамгаларын окушту.",
        next_step_on=date(2027, 3, 31),
        as_of_on=date(2026, 9, 1),
        evidence_links=("https://example.org/law?a=1&b=2",),
    )
    contradicted = point("A1.1", speaks, independent("Open Justice", Level.NOT_IMPLEMENTED))
    alone = point("A1.2", state(Level.FULLY_IMPLEMENTED), text="Amending the law")
    return [
        item(points=[contradicted, alone]),
        item("A10", heading="Children", lead_organisation=None),
    ]


def report(
    recommendations: Iterable[ReportRecommendation] | None = None,
    *,
    is_demonstration: bool = False,
    retired: RetiredPoints | None = None,
    on_split_wordings: int = 0,
) -> MidtermReport:
    return MidtermReport(
        review="KGZ-3",
        edition="KGZ-3-live",
        state_name="Kyrgyzstan",
        cycle=3,
        source_line="Letter of the High Commissioner of 4 December 2020",
        as_of_on=date(2026, 12, 8),
        is_demonstration=is_demonstration,
        recommendations=tuple(three_points() if recommendations is None else recommendations),
        retired=retired or RetiredPoints(),
        on_split_wordings=on_split_wordings,
    )


def recommendation(
    ref: str = "A1", points: Sequence[PointLevels] = (), wholes: Sequence[Said] = (), **changes: Any
) -> RecommendationRow:
    """A row of the list."""
    row = RecommendationRow(
        id=1,
        review="KGZ-3",
        ref=ref,
        kind=RecommendationKind.LETTER_ANNEX,
        position=None,
        position_now=None,
        position_now_on=None,
        short_title="Ratify",
        text="Ратифицировать конвенцию",
        heading="Women",
        topics=("Women",),
        lead_organisation="Ministry of Justice",
        levels=RecommendationLevels(tuple(points), tuple(wholes)),
    )
    return replace(row, **changes)


def link(row: RecommendationRow) -> str:
    return f"{ADDRESS}{row.ref}"


def midterm_bytes(given: MidtermReport | None = None) -> bytes:
    file = BytesIO()
    write_midterm(given or report(), file)
    return file.getvalue()


def list_bytes(
    rows: Iterable[RecommendationRow],
    *,
    review: str = "KGZ-3",
    filters: Sequence[tuple[str, str]] = (),
    is_demonstration: bool = False,
) -> bytes:
    file = BytesIO()
    write_recommendations_xlsx(
        rows,
        file,
        title="Recommendations of KGZ-3",
        extent=Extent(review, filters, date(2026, 12, 8)),
        is_demonstration=is_demonstration,
        link=link,
    )
    return file.getvalue()


def read(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def rows_of(data: bytes, sheet: str = "") -> list[dict[str, object]]:
    """Each row of a table by its headers; of the first sheet, or of the named one."""
    workbook = read(data)
    headers, *rows = (workbook[sheet] if sheet else workbook.worksheets[0]).iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def parts(data: bytes, pattern: str) -> str:
    """The text of the files inside whose names match. Empty elements end alike, whichever library wrote them."""
    with ZipFile(BytesIO(data)) as archive:
        found = "".join(
            archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name)
        )
    return found.replace(" />", "/>")
