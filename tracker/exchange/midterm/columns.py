"""The columns of the Matrix: one list of header, function and width; its order is the file's order."""

from collections.abc import Callable
from typing import NamedTuple

from tracker.exchange.cells import Content, WebLink, set_apart
from tracker.language import gettext, mark
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.queries.midterm import AssessmentLine, MatrixRow


class MatrixColumn(NamedTuple):
    header: str
    content: Callable[[MatrixRow], Content]
    width: float


def level_of(row: MatrixRow, voice: Voice) -> ShownLevel:
    """Returns the level of a voice; without an entry that is *not assessed*, never *not implemented*."""
    return row.levels.get(voice, ShownLevel.NOT_ASSESSED)


def _assessment(line: AssessmentLine) -> str:
    """Returns one line: line breaks inside the reason become spaces."""
    reason = set_apart(" ".join(line.reason.split()))
    source = f" ({line.source_link})" if line.source_link else ""
    return f"{set_apart(line.organisation)}, {line.published_on.isoformat()}: {line.level.label}. {reason}{source}"


def _assessments(row: MatrixRow) -> str:
    return "\n".join(_assessment(line) for line in row.assessments)


def _evidence(row: MatrixRow) -> Content:
    """Returns a link for one address; several become text, one on each line, because a cell holds one link."""
    if len(row.evidence_links) == 1:
        return WebLink(row.evidence_links[0], row.evidence_links[0])
    return "\n".join(row.evidence_links)


def _disagreement(row: MatrixRow) -> str:
    return "" if row.disagreement == Disagreement.NONE else row.disagreement.label


STATE_LEVEL = mark("State's level")
"""The only column for people to fill in."""

# The point's ref stands beside the recommendation's, so that both stay in view when the rest scrolls.
COLUMNS: list[MatrixColumn] = [
    MatrixColumn(mark("Ref"), lambda row: row.recommendation_ref, 8),
    MatrixColumn(mark("Action point ref"), lambda row: row.point_ref, 9),
    MatrixColumn(mark("Source"), lambda row: row.source_title, 26),
    MatrixColumn(mark("Symbol"), lambda row: row.source_symbol, 16),
    MatrixColumn(mark("Heading"), lambda row: row.heading, 22),
    MatrixColumn(mark("Topics"), lambda row: "\n".join(row.topics), 16),
    MatrixColumn(mark("OHCHR themes"), lambda row: "\n".join(row.ohchr_themes), 26),
    MatrixColumn(mark("Recommendation"), lambda row: row.recommendation_text, 50),
    MatrixColumn(mark("Action point"), lambda row: row.point_text, 42),
    MatrixColumn(mark("Recommending States"), lambda row: ", ".join(row.recommending_states), 18),
    MatrixColumn(mark("Position"), lambda row: row.position and row.position.label, 13),
    MatrixColumn(mark("Groups of persons"), lambda row: "\n".join(row.groups), 24),
    MatrixColumn(mark("SDG targets"), lambda row: ", ".join(row.sdg_targets), 10),
    MatrixColumn(mark("Lead organisation"), lambda row: row.lead_organisation, 24),
    MatrixColumn(mark("Supporting organisations"), lambda row: "\n".join(row.supporting_organisations), 26),
    MatrixColumn(STATE_LEVEL, lambda row: level_of(row, Voice.STATE), 18),
    MatrixColumn(mark("State's reason"), lambda row: row.state_reason, 36),
    MatrixColumn(mark("What was done"), lambda row: row.state_done, 40),
    MatrixColumn(mark("Obstacles"), lambda row: row.obstacles, 30),
    MatrixColumn(mark("Support needed"), lambda row: row.support_needed, 30),
    MatrixColumn(mark("Next step"), lambda row: row.next_step, 30),
    MatrixColumn(mark("Next step by"), lambda row: row.next_step_on, 12),
    MatrixColumn(mark("Date of the fact"), lambda row: row.state_as_of_on, 12),
    MatrixColumn(mark("Civil society's level"), lambda row: level_of(row, Voice.CIVIL_SOCIETY), 18),
    MatrixColumn(mark("NHRI and UN's level"), lambda row: level_of(row, Voice.NHRI_UN), 18),
    MatrixColumn(mark("Independent assessments"), _assessments, 52),
    MatrixColumn(mark("Disagreement"), _disagreement, 16),
    MatrixColumn(mark("Evidence links"), _evidence, 36),
    MatrixColumn(mark("Last updated"), lambda row: row.updated_on, 12),
    MatrixColumn(mark("Link"), lambda row: WebLink(row.link, gettext("Open the page")), 14),
]
