"""What was said last on an action point: by the actor's organisation, and by each of the others."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint
from tracker.policy.actors import Actor
from tracker.queries.entries import Entry, list_entries


@dataclass(frozen=True)
class LastEntries:
    """The newest published entry of the own organisation, and of every other one, newest first."""

    own: Entry | None
    others: list[Entry]


def get_last_entries(session: Session, actor: Actor, point: ActionPoint) -> LastEntries:
    newest: dict[tuple[object, object], Entry] = {}
    entries = list_entries(session, actor, [point.recommendation_id], most_of_each=1)
    for entry in sorted(entries, key=lambda each: str(each.published_at), reverse=True):
        if entry.action_point_id == point.id:
            newest.setdefault((entry.voice, entry.organisation_id), entry)
    own = [entry for entry in newest.values() if _is_own(actor, entry)]
    return LastEntries(
        own[0] if own else None, [each for each in newest.values() if not _is_own(actor, each)]
    )


def _is_own(actor: Actor, entry: Entry) -> bool:
    return entry.organisation_id is not None and entry.organisation_id == actor.organisation_id
