"""The history: the coordinator reads every line, everybody the public deeds."""

from sqlalchemy import ColumnElement, true

from tracker.models.history import HistoryLine
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates


def may_follow_history(actor: Actor) -> bool:
    """Every line, with who did it: also of drafts, accounts and mails of the State."""
    return actor.sees_all or coordinates(actor)


def visible_history_lines(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_history_line` allows, as an SQL condition. SQLite stores any number as a truth
    value: a line that is hidden so that the chain still holds must not be."""
    return true() if may_follow_history(actor) else HistoryLine.is_public.is_not(False)


def can_see_history_line(actor: Actor, line: HistoryLine) -> bool:
    return may_follow_history(actor) or line.is_public
