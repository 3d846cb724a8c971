"""A second State in the same instance: a published review, one that is not published yet, and people of its own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import (
    GOOD_ASSESSMENT,
    GOOD_UPDATE,
    NOW,
    PASSPHRASE,
    Cast,
    give_second_factor,
    point,
    read_account,
)
from tracker.identity import accounts, sign_ins
from tracker.identity.passphrases import CHEAP
from tracker.models.accounts import Role
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.models.reviews import Mechanism, Review, Source
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.policy.mails import would_get_mail
from tracker.services import assessments, assignments
from tracker.services.organisations.creation import create_organisation
from tracker.services.updates import workflow

STATE = "UZB"
PUBLISHED, UNPUBLISHED = "UZB-3", "UZB-4"
REF, HIDDEN_REF = "U1", "V1"
ORGANISATIONS = {
    "other-ministry": (OrganisationKind.GOVERNMENT, "Ministry of Rivers"),
    "other-secretariat": (OrganisationKind.GOVERNMENT, "Secretariat beyond the Border"),
    "other-cso": (OrganisationKind.CSO, "Third Lantern"),
    "other-ombudsperson": (OrganisationKind.NHRI, "Ombudsperson beyond the Border"),
}
PEOPLE: dict[str, tuple[tuple[Role, ...], str]] = {
    "foreign_focal_point": ((Role.FOCAL_POINT,), "other-ministry"),
    "foreign_officer": ((Role.VALIDATING_OFFICER,), "other-ministry"),
    "foreign_coordinator": ((Role.COORDINATOR,), "other-secretariat"),
    "foreign_administrator": ((Role.VALIDATING_OFFICER, Role.ADMINISTRATOR), "other-secretariat"),
    "foreign_lead": ((Role.ORGANISATION_LEAD,), "other-cso"),
    "foreign_registrar": ((Role.REGISTRAR,), "other-ombudsperson"),
}


def add_neighbours(session: Session) -> None:
    """As the command line would make them."""
    for key, (kind, name) in ORGANISATIONS.items():
        create_organisation(session, SYSTEM, key, kind, {"en": name}, STATE, NOW)
    for handle, (roles, key) in PEOPLE.items():
        organisation = organisation_of(session, key)
        email = (
            f"{handle.replace('_', '-')}@example.org" if would_get_mail(roles, organisation.kind) else None
        )
        made = accounts.create_account(
            session, SYSTEM, handle, roles, organisation, PASSPHRASE, NOW, email=email, hashing=CHEAP
        )
        give_second_factor(made)
    for cycle, is_published, ref in ((3, True, REF), (4, False, HIDDEN_REF)):
        recommendation = _add_review(session, cycle, ref, is_published=is_published)
        ministry = organisation_of(session, "other-ministry")
        assignments.assign(session, SYSTEM, recommendation, ministry, AssignmentKind.LEAD, NOW.date(), NOW)


def read_neighbours(session: Session, cast: Cast) -> Cast:
    """The cast with the people of the second State."""
    actors = {handle: sign_ins.actor_of(read_account(session, handle)) for handle in PEOPLE}
    return Cast({**cast.actors, **actors})


def organisation_of(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def make_foreign_update(session: Session, cast: Cast, state: UpdateState) -> ProgressUpdate:
    """By the second State's ministry, as far as `state`."""
    author, officer = cast["foreign_focal_point"], cast["foreign_officer"]
    where = point(session, f"{REF}.1", PUBLISHED)
    update = people.write_update(session, author, where, GOOD_UPDATE, NOW)
    if state == UpdateState.DRAFT:
        return update
    workflow.submit_update(session, author, update, NOW)
    if state == UpdateState.RETURNED:
        workflow.return_update(session, officer, update, "Name the river.", NOW)
    if state in (UpdateState.VALIDATED, UpdateState.PUBLISHED):
        workflow.validate_update(session, officer, update, NOW)
    if state == UpdateState.PUBLISHED:
        workflow.publish_update(session, cast["foreign_coordinator"], update, NOW)
    return update


def make_foreign_assessment(session: Session, cast: Cast) -> Assessment:
    """By the second State's CSO, of the point on which its ministry writes."""
    where = point(session, f"{REF}.1", PUBLISHED)
    made = assessments.publish_assessment(
        session, cast["foreign_lead"], where.recommendation, where, GOOD_ASSESSMENT, NOW
    )
    session.flush()
    return made


def _add_review(session: Session, cycle: int, ref: str, *, is_published: bool) -> Recommendation:
    code = f"{STATE}-{cycle}"
    review = Review(
        code=code, state_code=STATE, mechanism=Mechanism.UPR, cycle=cycle, is_published=is_published
    )
    session.add(review)
    session.flush()
    source = Source(
        key=f"source of {code}",
        review_id=review.id,
        title=f"Report on {code}",
        dated_on=NOW.date(),
        language="en",
    )
    session.add(source)
    session.flush()
    recommendation = Recommendation(
        review=review,
        source=source,
        kind=RecommendationKind.WG_RECOMMENDATION,
        ref=ref,
        order=1,
        short_title=f"Rivers of {code}",
        text=f"Keep the rivers of {code} clean.",
    )
    session.add(recommendation)
    session.flush()
    session.add(
        ActionPoint(
            recommendation=recommendation, ref=f"{ref}.1", order=1, text=f"Measure the rivers of {code}."
        )
    )
    session.flush()
    return recommendation
