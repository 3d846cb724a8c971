"""The columns of the Matrix: one list of header, function and width; its order is the file's order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tracker.exchange.cells import Content, WebLink, set_apart
from tracker.exchange.midterm import entries
from tracker.language import gettext, mark
from tracker.models.levels import ShownLevel, Voice, VoiceLevels
from tracker.queries.midterm import MidtermReport, ReportEntry, ReportPoint, ReportRecommendation
from tracker.queries.translations import authentic_of, said_of


@dataclass(frozen=True)
class MatrixRow:
    """A row is an action point, or (`point` is None) what one organisation says of a whole recommendation."""

    recommendation: ReportRecommendation
    point: ReportPoint | None = None
    whole: ReportEntry | None = None

    @property
    def key(self) -> str:
        """Never changes, so that the rows of two reports can be compared: “KGZ-3/A12/A12.1”."""
        last = self.point.ref if self.point else f"whole/{self.whole.organisation_key}" if self.whole else ""
        return f"{self.recommendation.review}/{self.recommendation.ref}/{last}"

    @property
    def link(self) -> str:
        return self.point.link if self.point else self.recommendation.link

    @property
    def entries(self) -> tuple[ReportEntry, ...]:
        return self.point.entries if self.point else (self.whole,) if self.whole else ()

    @property
    def of_state(self) -> ReportEntry | None:
        return self.point.of_state if self.point else None

    def of(self, voice: Voice) -> VoiceLevels:
        return VoiceLevels(tuple(entry.level for entry in self.entries if entry.voice == voice))


def list_rows(report: MidtermReport) -> list[MatrixRow]:
    """The points of each recommendation, then the assessments of the whole."""
    return [
        row
        for recommendation in report.recommendations
        for row in (
            *(MatrixRow(recommendation, point=point) for point in recommendation.points),
            *(MatrixRow(recommendation, whole=whole) for whole in recommendation.wholes),
        )
    ]


class MatrixColumn(NamedTuple):
    header: str
    content: Callable[[MatrixRow], Content]
    width: float


def _level(row: MatrixRow, voice: Voice) -> Content:
    """A level that one organisation or all give; else the range in words. The State speaks of points only."""
    if row.point is None and voice == Voice.STATE:
        return None
    said = row.of(voice)
    return said.label if said.shown == ShownLevel.MIXED else said.shown


def _assessment(entry: ReportEntry) -> str:
    """Returns one line: line breaks inside the reason become spaces."""
    reason = entries.in_its_language(entry, set_apart(" ".join(entry.reason.split())))
    source = f" ({entry.source_link})" if entry.source_link else ""
    level = entry.level.label if entry.level else ""
    return f"{entries.signature(entry)}, {entry.published_on.isoformat()}: {level}. {reason}{source}"


def _assessments(row: MatrixRow) -> str:
    return "\n".join(_assessment(entry) for entry in row.entries if entry.voice != Voice.STATE)


def _earlier_wordings(row: MatrixRow) -> str:
    """One line for each entry that was made on an earlier wording of its place: who made it, then that wording."""
    marked = ((entries.signature(entry), entries.earlier_wording(entry)) for entry in row.entries)
    return "\n".join(f"{name}: {wording}" for name, wording in marked if wording)


def _of_state(name: str) -> Callable[[MatrixRow], Content]:
    """A text or day of the State's current entry."""

    def content(row: MatrixRow) -> Content:
        value: Content = getattr(row.of_state, name, None)
        return value

    return content


def _evidence(row: MatrixRow) -> Content:
    """Returns a link for one address; several become text, one on each line, because a cell holds one link."""
    links = [link for entry in row.entries for link in entry.evidence_links]
    return WebLink(links[0], links[0]) if len(links) == 1 else "\n".join(links)


def _disagreement(row: MatrixRow) -> str:
    """“Contradict, 1 of 2 organisations: …”; empty where there is nothing to compare. A row of the whole has one
    organisation, which is named beside."""
    if row.point:
        return entries.disagreement_with_who(row.point)
    return row.whole.disagreement.label if row.whole and row.whole.disagreement else ""


def _updated_on(row: MatrixRow) -> Content:
    """The day of the newest published entry, also of one that does not count."""
    if row.point:
        return row.point.newest_on
    return row.whole.published_on if row.whole else None


def _position_now(recommendation: ReportRecommendation) -> str:
    """“Noted, 2026-05-04 (letter to the Council)”: a later change of mind, with its day and source."""
    if recommendation.position_now is None or recommendation.position_now_on is None:
        return ""
    source = f" ({recommendation.position_now_source})" if recommendation.position_now_source else ""
    return f"{recommendation.position_now.label}, {recommendation.position_now_on.isoformat()}{source}"


STATE_LEVEL = mark("State's level")
"""The only column for people to fill in."""

# The point's ref stands beside the recommendation's, so that both stay in view when the rest scrolls.
COLUMNS: list[MatrixColumn] = [
    MatrixColumn(mark("Ref"), lambda row: row.recommendation.ref, 8),
    MatrixColumn(
        mark("Action point ref"), lambda row: row.point.ref if row.point else gettext("the whole"), 9
    ),
    MatrixColumn(mark("Source"), lambda row: row.recommendation.source_title, 40),
    MatrixColumn(mark("Symbol"), lambda row: row.recommendation.source_symbol, 16),
    MatrixColumn(mark("Heading"), lambda row: row.recommendation.heading, 22),
    MatrixColumn(mark("Topics"), lambda row: "\n".join(row.recommendation.topics), 16),
    MatrixColumn(
        mark("Themes of the UN Human Rights Office"),
        lambda row: "\n".join(row.recommendation.ohchr_themes),
        34,
    ),
    MatrixColumn(mark("Recommendation"), lambda row: row.recommendation.text, 84),
    MatrixColumn(mark("Action point"), lambda row: row.point.text if row.point else None, 42),
    MatrixColumn(mark("Translation"), lambda row: said_of(row.recommendation.text), 24),
    MatrixColumn(
        mark("Authentic text of the recommendation"), lambda row: authentic_of(row.recommendation.text), 84
    ),
    MatrixColumn(
        mark("Authentic text of the point"),
        lambda row: authentic_of(row.point.text) if row.point else None,
        42,
    ),
    MatrixColumn(
        mark("Recommending States"), lambda row: ", ".join(row.recommendation.recommending_states), 18
    ),
    MatrixColumn(
        mark("Position"), lambda row: row.recommendation.position and row.recommendation.position.label, 13
    ),
    MatrixColumn(mark("Position now"), lambda row: _position_now(row.recommendation), 20),
    MatrixColumn(mark("Groups of persons"), lambda row: "\n".join(row.recommendation.groups), 32),
    MatrixColumn(
        mark("Development goals (targets)"), lambda row: ", ".join(row.recommendation.sdg_targets), 10
    ),
    MatrixColumn(mark("Lead organisation"), lambda row: row.recommendation.lead_organisation, 24),
    MatrixColumn(
        mark("Supporting organisations"),
        lambda row: "\n".join(row.recommendation.supporting_organisations),
        26,
    ),
    MatrixColumn(STATE_LEVEL, lambda row: _level(row, Voice.STATE), 18),
    MatrixColumn(mark("State's reason"), _of_state("reason"), 36),
    MatrixColumn(mark("What was done"), _of_state("text"), 40),
    MatrixColumn(mark("Obstacles"), _of_state("obstacles"), 30),
    MatrixColumn(mark("Support needed"), _of_state("support_needed"), 30),
    MatrixColumn(mark("Next step"), _of_state("next_step"), 30),
    MatrixColumn(mark("Date of the next step"), _of_state("next_step_on"), 12),
    MatrixColumn(mark("Situation on"), _of_state("as_of_on"), 12),
    MatrixColumn(mark("Language of the State's entry"), _of_state("language"), 12),
    MatrixColumn(mark("Civil society's level"), lambda row: _level(row, Voice.CIVIL_SOCIETY), 18),
    MatrixColumn(mark("NHRI's level"), lambda row: _level(row, Voice.NHRI), 18),
    MatrixColumn(mark("UN's level"), lambda row: _level(row, Voice.UN), 18),
    MatrixColumn(mark("Independent assessments"), _assessments, 52),
    MatrixColumn(mark("Said of an earlier wording"), _earlier_wordings, 42),
    MatrixColumn(mark("Disagreement"), _disagreement, 24),
    MatrixColumn(mark("Evidence links"), _evidence, 36),
    MatrixColumn(mark("Last updated"), _updated_on, 12),
    MatrixColumn(mark("Link"), lambda row: WebLink(row.link, gettext("Open the page")), 14),
]


class FilledColumn(NamedTuple):
    """A column that says something in this review, with what it says in each row."""

    column: MatrixColumn
    contents: list[Content]


def fill_columns(rows: list[MatrixRow]) -> list[FilledColumn]:
    """The columns in their order without those that are empty in the whole review. The State's level stays: it is there
    to be filled in."""
    filled = [FilledColumn(column, [column.content(row) for row in rows]) for column in COLUMNS]
    return [
        each
        for each in filled
        if each.column.header == STATE_LEVEL or any(map(_says_something, each.contents))
    ]


def _says_something(content: Content) -> bool:
    return content is not None and content not in ("", ShownLevel.NO_ENTRY)
