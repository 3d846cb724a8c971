"""The history: the coordinator reads every line of the own State, everybody reads the public ones."""

from sqlalchemy import ColumnElement, or_, true

from tracker.models.history import HistoryLine
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates


def may_follow_history(actor: Actor) -> bool:
    """Every line of the own State, with who did it: also of drafts, accounts and mails."""
    return actor.sees_all or coordinates(actor)


def visible_history_lines(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_history_line` allows, as an SQL condition. It asks for IS NOT FALSE: SQLite stores any
    number, and a public line with a 2 would be hidden, although its hash is still right."""
    is_public = HistoryLine.is_public.is_not(False)
    if actor.sees_all:
        return true()
    return or_(is_public, concerns_own_state(actor)) if coordinates(actor) else is_public


def concerns_own_state(actor: Actor) -> ColumnElement[bool]:
    """Lines of the actor's State, or of none: those about administrators, and those of the registrar."""
    return or_(HistoryLine.state_code.is_(None), HistoryLine.state_code == actor.state_code)


def can_see_history_line(actor: Actor, line: HistoryLine) -> bool:
    return line.is_public or can_see_who_did_it(actor, line)


def can_see_who_did_it(actor: Actor, line: HistoryLine) -> bool:
    """The handle of who did it, and those facts of a public line that not everybody may see."""
    return actor.sees_all or (coordinates(actor) and line.state_code in (None, actor.state_code))
