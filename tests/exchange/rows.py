"""Rows of reports and lists made by hand, and readers of what was written."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tracker.exchange.midterm.workbook import write_midterm
from tracker.exchange.recommendations import Extent, write_recommendations_xlsx
from tracker.models.levels import Disagreement, Level, RollUp, ShownLevel, Voice
from tracker.models.recommendations import RecommendationKind
from tracker.queries.midterm import AssessmentLine, MatrixRow, MidtermReport
from tracker.queries.recommendations.rows import RecommendationRow

ADDRESS = "https://tracker.example.org/recommendations/KGZ-3/"
_ROW = MatrixRow(
    key="KGZ-3/A1/A1.1",
    review="KGZ-3",
    recommendation_ref="A1",
    kind=RecommendationKind.LETTER_ANNEX,
    source_title="Letter of 4 December 2020",
    source_symbol=None,
    heading="Women",
    topics=("Women",),
    ohchr_themes=("Violence against women",),
    recommendation_text="Ratifying the convention; amending the law.",
    point_ref="A1.1",
    point_text="Ratifying the convention",
    recommending_states=(),
    position=None,
    groups=("Women & girls", "General"),
    sdg_targets=("5.1", "16.3"),
    lead_organisation="Ministry of Justice",
    supporting_organisations=("Supreme Court",),
    levels={},
    state_reason="",
    state_done="",
    obstacles="",
    support_needed="",
    next_step="",
    next_step_on=None,
    state_as_of_on=None,
    assessments=(),
    disagreement=Disagreement.NONE,
    evidence_links=(),
    updated_on=None,
    link=f"{ADDRESS}A1#A1.1",
)


def matrix_row(ref: str = "A1", point: str = "A1.1", **changes: Any) -> MatrixRow:
    return replace(
        _ROW,
        key=f"KGZ-3/{ref}/{point}",
        recommendation_ref=ref,
        point_ref=point,
        link=f"{ADDRESS}{ref}#{point}",
        **changes,
    )


def three_rows() -> list[MatrixRow]:
    """One point where the voices contradict each other, one where only the State speaks, one of nobody."""
    assessment = AssessmentLine(
        Voice.CIVIL_SOCIETY, "Open Justice", Level.NOT_IMPLEMENTED, "Nothing\nchanged.", date(2026, 11, 3), ""
    )
    contradicted = matrix_row(
        levels={
            Voice.STATE: ShownLevel.PARTIALLY_IMPLEMENTED,
            Voice.CIVIL_SOCIETY: ShownLevel.NOT_IMPLEMENTED,
        },
        state_done="Тергөө башталды, өкүлдөр ү менен ң тамгаларын окушту.",
        next_step_on=date(2027, 3, 31),
        state_as_of_on=date(2026, 9, 1),
        assessments=(assessment,),
        disagreement=Disagreement.CONTRADICTS,
        evidence_links=("https://example.org/law?a=1&b=2",),
        updated_on=date(2026, 11, 3),
    )
    fully = {Voice.STATE: ShownLevel.FULLY_IMPLEMENTED}
    return [
        contradicted,
        matrix_row("A1", "A1.2", levels=fully),
        matrix_row("A10", "A10.1", heading="Children", lead_organisation=None),
    ]


def report(rows: Iterable[MatrixRow] | None = None, *, is_demonstration: bool = False) -> MidtermReport:
    return MidtermReport(
        review="KGZ-3",
        edition="KGZ-3-live",
        state_name="Kyrgyzstan",
        cycle=3,
        source_line="Letter of the High Commissioner of 4 December 2020",
        as_of_on=date(2026, 12, 8),
        is_demonstration=is_demonstration,
        rows=tuple(three_rows() if rows is None else rows),
    )


def recommendation(ref: str = "A1", **changes: Any) -> RecommendationRow:
    row = RecommendationRow(
        id=1,
        review="KGZ-3",
        ref=ref,
        kind=RecommendationKind.LETTER_ANNEX,
        position=None,
        short_title="Ratify",
        text="Ратифицировать конвенцию",
        heading="Women",
        topics=("Women",),
        lead_organisation="Ministry of Justice",
        voices={Voice.STATE: RollUp(Level.PARTIALLY_IMPLEMENTED, 3, 8, is_regressed=True)},
        disagreement=Disagreement.CONTRADICTS,
        contradicting_points=2,
        total_points=8,
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


def parts(data: bytes, pattern: str) -> str:
    """The text of the files inside whose names match."""
    with ZipFile(BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name))
