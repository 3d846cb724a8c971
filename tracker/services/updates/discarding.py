"""What is left of a draft that was discarded or taken back: a line of the history."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.history.lines import purge_lines, write_line
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.queries.updates import get_place


def write_discarding(session: Session, actor: Actor, update: ProgressUpdate, now: datetime) -> None:
    """Says on which point there was a draft, and of which organisation: that decides who is told of it. Purges the
    texts of the older lines. The caller removes the row."""
    subject, (review, point_ref) = f"update {update.id}", get_place(session, update)
    organisation = session.get_one(Organisation, update.organisation_id)
    purge_lines(session, subject)
    facts = {"organisation": organisation.key, "review": review, "point": point_ref}
    state_code = organisation.state_code
    write_line(session, actor, "discard_update", subject, at=now, state_code=state_code, facts=facts)
