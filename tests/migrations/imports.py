"""Rows of the tables that came with imports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, recommendation
from tracker.models.imports import ColumnChoice, Import, ImportItem, ImportState, ItemKind, StateSpelling
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.organisations import Organisation, OrganisationSuccession, SuccessionKind
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Position, RecommendationSdgGoal, RecommendationWording
from tracker.models.themes import Scheme, Theme, ThemeCorrespondence

TABLES = (
    "imports",
    "import_items",
    "recommendation_links",
    "recommendation_sdg_goals",
    "organisation_successions",
    "theme_correspondences",
    "state_spellings",
    "column_choices",
    "recommendation_wordings",
)
COLUMNS = {
    *("position_source", "position_now", "position_now_on", "position_now_source"),
    *("action_category", "external_id", "former_refs", "retired_at"),
}
"""Of recommendations."""


def add_import_rows(session: Session) -> None:
    """One in each of the tables, and a value in each of the columns."""
    first, second = recommendation(session), recommendation(session, "A24")
    first.position_source, first.action_category, first.external_id = "A/HRC/99/5", 4, "a-1"
    first.position_now, first.position_now_on, first.position_now_source = (
        Position.SUPPORTED,
        date(2026, 1, 1),
        "A letter",
    )
    first.former_refs = [{"ref": "A120", "until": NOW.isoformat()}]
    second.retired_at = NOW
    session.add(
        Milestone(
            key="by hand",
            is_by_hand=True,
            state_code="KGZ",
            review_id=first.review_id,
            kind=MilestoneKind.LETTER,
            starts_on=NOW.date(),
            ends_on=NOW.date(),
            label="",
            note="",
            certainty=Certainty.OWN,
            source="",
        )
    )
    found = Import(
        review_id=first.review_id,
        file_name="list.xlsx",
        sha256="0" * 64,
        content=b"x",
        columns=["ref"],
        headers=["Ref"],
        samples=[["1.1"]],
        explained=["landoffish"],
        state=ImportState.READ,
        problem="",
        left_out=3,
        uploaded_at=NOW,
    )
    session.add(found)
    session.flush()
    places = [session.scalars(select(Organisation.id).where(Organisation.key == key)).one() for key in KEYS]
    session.get_one(Organisation, places[1]).original_id = places[0]
    themes = session.scalars(select(Theme.id).where(Theme.scheme == Scheme.OHCHR).order_by(Theme.id)).all()
    session.add_all(
        (
            ImportItem(
                import_id=found.id,
                number=1,
                place="Sheet1!B2",
                kind=ItemKind.CHANGED,
                values={"ref": "A12"},
                is_taken=True,
                recommendation_id=first.id,
            ),
            RecommendationLink(
                later_id=first.id, earlier_id=second.id, kind=LinkKind.SIMILAR, decided_at=NOW
            ),
            RecommendationSdgGoal(recommendation_id=first.id, sdg_goal_code="16", is_own_reading=False),
            OrganisationSuccession(
                predecessor_id=places[0],
                successor_id=places[1],
                kind=SuccessionKind.RENAMED,
                on_date=date(2026, 1, 1),
            ),
            StateSpelling(
                state_code="KGZ", spelling="landoffish", name="The Land of Fish", means="FJI", chosen_at=NOW
            ),
            RecommendationWording(recommendation_id=first.id, text="As it was worded", until=NOW),
            ColumnChoice(state_code="KGZ", headers="ref", columns=["ref"]),
        )
    )
    known = session.get(ThemeCorrespondence, (themes[0], themes[-1]))
    if known is None:
        session.add(ThemeCorrespondence(older_id=themes[0], newer_id=themes[-1]))
    session.flush()


KEYS = ("ministry-a", "ministry-b")


def is_lost(table: str, row: Mapping[str, Any]) -> bool:
    """A row of UPR Info's vocabulary, or a date that a person entered: they came and leave with the revision."""
    if table == "themes":
        return row.get("scheme") == "upr_info"
    if table == "milestones":
        return bool(row.get("is_by_hand"))
    if table == "seeded_rows" and str(row["file"]).endswith("_translations"):
        return True  # of a later revision
    return table == "seeded_rows" and str(row["key"]).startswith("upr_info|")
