"""The rows that the policy tables speak of: every state of updates, of two ministries, and of assessments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from tests import cast as people
from tracker.models.accounts import Invitation, InvitationKind, Role
from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.reminders import MailKind, OutgoingMail
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services import assessments
from tracker.services.updates import workflow as updates

STATES = tuple(UpdateState)
ASSESSMENTS = (
    "point",
    "recommendation",
    "point withdrawn",
    "recommendation withdrawn",
    "other point",
    "nhri point",
)


def table(text: str) -> dict[str, list[str]]:
    """Cells of a table by the first word of the line."""
    return {line.split()[0]: line.split()[1:] for line in text.strip().splitlines()}


def ticked(cells: Iterable[str], names: Iterable[object]) -> set[object]:
    return {name for cell, name in zip(cells, names, strict=True) if cell != "-"}


@dataclass(frozen=True)
class PolicyEntries:
    """Updates by ministry and state, assessments by a name that says what they are."""

    updates: dict[tuple[str, UpdateState], ProgressUpdate]
    assessments: dict[str, Assessment]


def add_entries(session: Session, cast: people.Cast) -> PolicyEntries:
    made = {("a", state): people.make_update(session, cast, state) for state in STATES}
    made |= {("b", state): _of_ministry_b(session, cast, state) for state in STATES}
    said = {
        "point": people.make_assessment(session, cast),
        "recommendation": _on_recommendation(session, cast, "lead"),
        "point withdrawn": people.make_assessment(session, cast, ref="A12.2"),
        "recommendation withdrawn": _on_recommendation(session, cast, "other_lead"),
        "other point": people.make_assessment(session, cast, by="other_lead"),
        "nhri point": people.make_assessment(session, cast, by="ombudsperson"),
    }
    for name, by in (("point withdrawn", "lead"), ("recommendation withdrawn", "other_lead")):
        assessments.withdraw_assessment(session, cast[by], said[name], people.TODAY)
    session.flush()
    return PolicyEntries(made, said)


def add_mails(session: Session, handles: tuple[str, ...]) -> list[OutgoingMail]:
    """A mail to each, as if one had been queued: also to people who never get any."""
    added = []
    for handle in handles:
        added.append(
            OutgoingMail(
                kind=MailKind.REMINDER_DIGEST,
                account=people.read_account(session, handle),
                on_date=people.TODAY,
                language="en",
                subject=f"To {handle}",
                body="A date comes near.",
                created_at=people.NOW,
                next_try_at=people.NOW,
            )
        )
    session.add_all(added)
    session.flush()
    return added


def file_row(visibility: Visibility, sha256: str = "0" * 64, **entry: object) -> Evidence:
    """A file of the entry that `update_id` or `assessment_id` names. Its bytes are there if somebody stored them."""
    return Evidence(
        sha256=sha256,
        size_bytes=1,
        media_type="text/csv",
        name="table.csv",
        visibility=visibility,
        added_at=people.NOW,
        **entry,
    )


def link_row(organisation: Organisation | None, roles: list[Role], **more: object) -> Invitation:
    """An open link to a new account, or what `more` says."""
    lifetime = timedelta(hours=72)
    values = {"kind": InvitationKind.ACCOUNT, "expires_at": people.NOW + lifetime, **more}
    codes = [role.value for role in roles]
    return Invitation(
        token_hash=f"{codes} {organisation.key if organisation else ''} {more}",
        organisation=organisation,
        roles=codes,
        **values,
    )


def _of_ministry_b(session: Session, cast: people.Cast, state: UpdateState) -> ProgressUpdate:
    """Ministry B has no officer: the coordinator validates."""
    author, now = cast["other_focal_point"], people.NOW
    update = people.write_update(session, author, people.point(session, "A24.1"), people.GOOD_UPDATE, now)
    if state == UpdateState.DRAFT:
        return update
    updates.submit_update(session, author, update, now)
    if state == UpdateState.RETURNED:
        updates.return_update(session, cast["coordinator"], update, "Name the bridge.", now)
    if state in (UpdateState.VALIDATED, UpdateState.PUBLISHED):
        updates.validate_update(session, cast["coordinator"], update, now)
    if state == UpdateState.PUBLISHED:
        updates.publish_update(session, cast["coordinator"], update, now)
    return update


def _on_recommendation(session: Session, cast: people.Cast, by: str) -> Assessment:
    return assessments.publish_assessment(
        session, cast[by], people.recommendation(session), None, people.GOOD_ASSESSMENT, people.NOW
    )
