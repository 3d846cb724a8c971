"""What the database stores: one file per noun of the glossary. Tables, enums, constraints; no query, no commit."""

from tracker.models import (
    accounts,
    action_points,
    assessments,
    assignments,
    communications,
    evidence,
    history,
    milestones,
    organisations,
    recommendations,
    reminders,
    reviews,
    sdg_targets,
    settings,
    states,
    themes,
    updates,
)
from tracker.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "action_points",
    "assessments",
    "assignments",
    "communications",
    "evidence",
    "history",
    "milestones",
    "organisations",
    "recommendations",
    "reminders",
    "reviews",
    "sdg_targets",
    "settings",
    "states",
    "themes",
    "updates",
]
