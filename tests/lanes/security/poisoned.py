"""The demonstration in which everything that somebody wrote is a payload, past every check of a form."""

from itertools import count

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from tests.cast import read_account
from tests.demonstration import read_people
from tests.lanes.security.payloads import PAYLOADS
from tracker import clock
from tracker.identity import sign_ins
from tracker.identity.invitations import invite
from tracker.language import LANGUAGES
from tracker.models.accounts import Role
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.communications import Communication, CommunicationRequest
from tracker.models.evidence import Evidence, Visibility
from tracker.models.history import HistoryLine
from tracker.models.milestones import Milestone
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reminders import OutgoingMail
from tracker.models.updates import ProgressUpdate

TYPED = {
    ProgressUpdate: ("reason", "done", "obstacles", "support_needed", "next_step", "comment", "source_link"),
    Assessment: ("reason", "narrative", "source_link"),
    Milestone: ("label", "note", "source"),
    Communication: ("reference", "public_url"),
    CommunicationRequest: ("text",),
    Recommendation: ("short_title", "text", "context_note"),
    ActionPoint: ("text",),
    OutgoingMail: ("subject", "body", "last_error"),
}
"""Texts that come from people, their files or imports."""
LINKS = ("source_link", "public_url")


def poison(session: Session) -> None:
    numbers = count()
    for table, names in TYPED.items():
        key = inspect(table).primary_key
        rows = (
            select(*key) if table is not Assessment else select(*key).where(Assessment.withdrawn_on.is_(None))
        )
        for row in session.execute(rows).all():
            same = [column == value for column, value in zip(key, row, strict=True)]
            values = {name: typed(name, next(numbers)) for name in names}
            session.execute(update(table).where(*same).values(values))
    for organisation in session.scalars(select(Organisation)):
        organisation.names = {language: payload(next(numbers)) for language in LANGUAGES}
    for line in session.scalars(select(HistoryLine)):
        line.facts = {name: payload(next(numbers)) for name in ("who", "handle", "role", "recommendation")}


def add_files_and_links(session: Session) -> None:
    """Names of files at a published entry of each side, and notes of links."""
    entry, said = session.scalars(select(ProgressUpdate)).first(), session.scalars(select(Assessment)).first()
    assert entry is not None
    assert said is not None
    for number, name in enumerate(PAYLOADS):
        where = {"update_id": entry.id} if number % 2 else {"assessment_id": said.id}
        session.add(
            Evidence(
                **where,
                sha256=f"{number:064x}",
                size_bytes=1,
                media_type="application/pdf",
                name=f"{name}.pdf",
                visibility=Visibility.PUBLIC,
                added_at=clock.now(),
            )
        )
    lead = sign_ins.actor_of(read_account(session, read_people(session).lead))
    own = session.get_one(Organisation, lead.organisation_id)
    for note in PAYLOADS:
        invite(session, lead, own, Role.CONTRIBUTOR, clock.now(), note=note)


def typed(name: str, number: int) -> str:
    """A link begins as the forms demand it."""
    found = payload(number)
    return f"https://example.org/{''.join(found.split())}" if name in LINKS else found


def payload(number: int) -> str:
    return PAYLOADS[number % len(PAYLOADS)]
