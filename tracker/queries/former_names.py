"""Names under which something was published before they were corrected, so that nobody takes the corrected name for
the one that stood there then (docs/rules.md, "Organisations")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import current
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.updates import visible_updates


@dataclass(frozen=True)
class FormerName:
    """How the name of an organisation was written until it was corrected, in the reader's language."""

    organisation: Organisation
    name: str
    until: datetime


def list_former_names(
    session: Session, actor: Actor, organisations: Sequence[Organisation]
) -> list[FormerName]:
    """The oldest first. The lines of the corrections are the coordinator's; a name that stood on something published is
    everybody's, and no other one is told."""
    by_subject = {f"organisation {each.key}": each for each in organisations}
    query = select(HistoryLine).where(
        HistoryLine.verb == "correct_organisation", HistoryLine.subject.in_(by_subject)
    )
    found, since = [], dict[str, datetime]()
    for line in session.scalars(query.order_by(HistoryLine.id)):
        organisation = by_subject[line.subject]
        before, after = (_name(names) for names in (line.before, line.after))
        is_other = bool(before) and before != after
        if is_other and _has_published(session, actor, organisation, since.get(line.subject), line.at):
            found.append(FormerName(organisation, before, line.at))
        since[line.subject] = line.at
    return found


def _name(names: object) -> str:
    return str(names.get(current()) or names.get("en") or "") if isinstance(names, dict) else ""


def _has_published(
    session: Session, actor: Actor, organisation: Organisation, since: datetime | None, until: datetime
) -> bool:
    query = select(ProgressUpdate.id).where(
        ProgressUpdate.organisation_id == organisation.id,
        ProgressUpdate.published_at < until,
        visible_updates(actor),
    )
    if since is not None:
        query = query.where(ProgressUpdate.published_at >= since)
    return session.scalar(query.limit(1)) is not None
