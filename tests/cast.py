"""The fixed cast of every test, and builders of what they write. Ministry A leads A12, ministry B leads A24."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import OpenUpdateExists
from tracker.history.lines import write_line
from tracker.identity import accounts, sign_ins
from tracker.identity.passphrases import CHEAP
from tracker.models.accounts import Account, Role
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.assignments import AssignmentKind
from tracker.models.levels import Level
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.accounts import must_have_second_factor
from tracker.policy.actors import SYSTEM, VISITOR, Actor
from tracker.policy.mails import would_get_mail
from tracker.queries.recommendations.recommendation import get_action_point, get_recommendation
from tracker.services import assessments, assignments
from tracker.services.levels import recompute_levels
from tracker.services.organisations.creation import create_organisation
from tracker.services.updates import workflow as updates
from tracker.services.updates.texts import UpdateText

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
REVIEW = "KGZ-3"
PASSPHRASE = "quiet-harbour-lantern-seven"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of everybody of the cast who must have a second factor."""

ORGANISATIONS = {
    "ministry-a": (OrganisationKind.GOVERNMENT, "Ministry of Clocks"),
    "ministry-b": (OrganisationKind.GOVERNMENT, "Ministry of Bridges"),
    "secretariat": (OrganisationKind.GOVERNMENT, "Secretariat of the Mechanism"),
    "cso-a": (OrganisationKind.CSO, "Open Window"),
    "cso-b": (OrganisationKind.CSO, "Second Lamp"),
    "ombudsperson": (OrganisationKind.NHRI, "Office of the Ombudsperson"),
}
PEOPLE: dict[str, tuple[tuple[Role, ...], str | None, bool]] = {
    "focal_point": ((Role.FOCAL_POINT,), "ministry-a", False),
    "alternate": ((Role.ALTERNATE,), "ministry-a", False),
    "validating_officer": ((Role.VALIDATING_OFFICER,), "ministry-a", False),
    "other_focal_point": ((Role.FOCAL_POINT,), "ministry-b", False),
    "coordinator": ((Role.COORDINATOR,), "secretariat", False),
    "contributor": ((Role.CONTRIBUTOR,), "cso-a", True),
    "silent_contributor": ((Role.CONTRIBUTOR,), "cso-a", False),
    "lead": ((Role.ORGANISATION_LEAD,), "cso-a", False),
    "other_lead": ((Role.ORGANISATION_LEAD,), "cso-b", False),
    "ombudsperson": ((Role.ORGANISATION_LEAD,), "ombudsperson", False),
    "registrar": ((Role.REGISTRAR,), None, False),
    "administrator": ((Role.ADMINISTRATOR,), None, False),
}
TEN = (
    "focal_point",
    "other_focal_point",
    "coordinator",
    "validating_officer",
    "contributor",
    "lead",
    "other_lead",
    "ombudsperson",
    "administrator",
    "visitor",
)
"""The ten actors of the policy tables."""

GOOD_UPDATE = UpdateText(
    level=Level.PARTIALLY_IMPLEMENTED,
    reason="An instruction is in force, two regions are left.",
    done="The instruction on time limits was issued and eleven officers were trained.",
    obstacles="Two regions lack staff.",
    support_needed="A trainer for the south.",
    next_step="Train the two regions that are left.",
    next_step_on=date(2027, 3, 31),
    as_of_on=date(2026, 11, 20),
    source_link="https://example.org/instruction",
    language="en",
)
GOOD_ASSESSMENT = assessments.AssessmentText(
    level=Level.NOT_IMPLEMENTED,
    reason="No complaint led to a charge.",
    narrative="Of fourteen complaints that we followed none led to a charge.",
    source_link="https://example.net/fourteen",
    language="en",
)


@dataclass(frozen=True)
class Cast:
    """Actors by name; `visitor` is there too."""

    actors: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]


def add_cast(session: Session) -> None:
    """Organisations, people and two assignments, as the command line would make them."""
    for own, (kind, name) in ORGANISATIONS.items():
        create_organisation(session, SYSTEM, own, kind, {"en": name}, "KGZ", NOW)
    session.flush()
    for handle, (roles, key, may_publish) in PEOPLE.items():
        organisation = _organisation(session, key) if key else None
        gets_mail = would_get_mail(roles, organisation.kind if organisation else None)
        email = f"{handle.replace('_', '-')}@example.org" if gets_mail else None
        made = accounts.create_account(
            session,
            SYSTEM,
            handle,
            roles,
            organisation,
            PASSPHRASE,
            NOW,
            email=email,
            may_publish=may_publish,
            hashing=CHEAP,
        )
        give_second_factor(made)
    for ref, key, assigned in (
        ("A12", "ministry-a", AssignmentKind.LEAD),
        ("A12", "ministry-b", AssignmentKind.SUPPORTING),
        ("A24", "ministry-b", AssignmentKind.LEAD),
    ):
        recommendation = get_recommendation(session, SYSTEM, REVIEW, ref)
        assignments.assign(
            session, SYSTEM, recommendation, _organisation(session, key), assigned, date(2025, 1, 1), NOW
        )


def give_second_factor(account: Account) -> None:
    """To an account with its organisation and roles that must have one and has none yet."""
    if account.totp_secret is None and must_have_second_factor(sign_ins.actor_of(account)):
        account.totp_secret = TOTP_SECRET


def read_cast(session: Session) -> Cast:
    actors = {"visitor": VISITOR}
    for handle in PEOPLE:
        actors[handle] = sign_ins.actor_of(read_account(session, handle))
    return Cast(actors)


def read_account(session: Session, handle: str) -> Account:
    """With its organisation and roles."""
    found = select(Account).where(Account.handle == handle)
    found = found.options(joinedload(Account.organisation), selectinload(Account.roles))
    return session.scalars(found).one()


def _organisation(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def point(session: Session, ref: str = "A12.1", review: str = REVIEW) -> ActionPoint:
    return get_action_point(session, SYSTEM, review, ref)


def recommendation(session: Session, ref: str = "A12") -> Recommendation:
    return get_recommendation(session, SYSTEM, REVIEW, ref)


def write_update(
    session: Session, actor: Actor, where: ActionPoint, text: UpdateText, now: datetime
) -> ProgressUpdate:
    """A draft. Beside an open one on the same point it is laid as an older version of the application stored it: that
    one let several stand, which still go on."""
    try:
        return updates.write_update(session, actor, where, text, now)
    except OpenUpdateExists as refused:
        first = session.get(ProgressUpdate, refused.update_id)
    if first is None:  # somebody else has discarded it meanwhile
        return write_update(session, actor, where, text, now)
    values = asdict(text if first.level else replace(text, level=None))
    organisation = session.get_one(Organisation, first.organisation_id)
    places = {"action_point": where, "organisation": organisation, "author_id": actor.account_id}
    update = ProgressUpdate(**places, state=UpdateState.DRAFT, recorded_at=now, **values)
    session.add(update)
    session.flush()
    write_line(session, actor, "write_update", f"update {update.id}", at=now)
    return update


def make_update(
    session: Session,
    cast: Cast,
    state: UpdateState,
    ref: str = "A12.1",
    text: UpdateText = GOOD_UPDATE,
    now: datetime = NOW,
) -> ProgressUpdate:
    """An update by ministry A's focal point that went as far as `state`."""
    update = write_update(session, cast["focal_point"], point(session, ref), text, now)
    if state == UpdateState.DRAFT:
        return update
    updates.submit_update(session, cast["focal_point"], update, now)
    if state == UpdateState.RETURNED:
        updates.return_update(session, cast["validating_officer"], update, "Name the region.", now)
    if state in (UpdateState.VALIDATED, UpdateState.PUBLISHED):
        updates.validate_update(session, cast["validating_officer"], update, now)
    if state == UpdateState.PUBLISHED:
        updates.publish_update(session, cast["coordinator"], update, now)
    session.flush()
    return update


def make_assessment(
    session: Session,
    cast: Cast,
    by: str = "lead",
    ref: str = "A12.1",
    text: assessments.AssessmentText = GOOD_ASSESSMENT,
    now: datetime = NOW,
) -> Assessment:
    found = point(session, ref)
    made = assessments.publish_assessment(session, cast[by], found.recommendation, found, text, now)
    session.flush()
    return made


def retire_point(session: Session, ref: str, at: datetime = NOW) -> None:
    """As the seed does it with a point that its file no longer has."""
    retired = point(session, ref)
    retired.retired_at = at
    session.flush()
    recompute_levels(session, retired.recommendation_id)
    session.flush()


def reword_point(
    session: Session, ref: str, until: datetime, text: str = "A wider text", *, was_split: bool = False
) -> None:
    """`text` is what the point said until then."""
    reworded = point(session, ref)
    session.add(PointWording(action_point_id=reworded.id, text=text, until=until, was_split=was_split))
    session.flush()
    recompute_levels(session, reworded.recommendation_id)
    session.flush()
