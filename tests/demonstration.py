"""The demonstration, read from its database: people by what they do, and every address that they open."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState

REVIEW = "KGZ-3"
EMPTY_REVIEW = "KGZ-2"
"""It is known, and holds no recommendations."""
VISITOR = "visitor"
ROLES = (
    VISITOR,
    "focal_point",
    "alternate",
    "validating_officer",
    "coordinator",
    "lead",
    "contributor",
    "silent_contributor",
    "registrar",
    "administrator",
)
SOUGHT = "nothingmatchesthis"
PUBLIC = (
    "/",
    f"/reviews/{REVIEW}",
    "/reviews",
    f"/reviews/{EMPTY_REVIEW}",
    "/recommendations",
    f"/recommendations?review={REVIEW}&disagreement=contradicts",
    "/recommendations?review=all",
    f"/recommendations?q={SOUGHT}",
    f"/recommendations/{REVIEW}/A12",
    f"/recommendations/{REVIEW}/A24",
    f"/recommendations/{REVIEW}/A12/entries?point=A12.1",
    "/disagreement",
    "/disagreement?state_says=partially_implemented&others_say=not_implemented",
    "/method",
    "/method/themes",
    "/links/repeated",
    "/about",
    "/calendar",
    "/calendar/sources",
    "/communications",
    "/reports",
    "/organisations",
    "/organisations/employment",
    "/protection",
    "/history",
    "/sign-in",
)
OWN = (
    "/work",
    "/account",
    "/account/passphrase",
    "/account/settings",
    "/account/second-factor",
    "/account/second-factor/recovery-codes",
)
REFUSED = {
    VISITOR: {"/recommendations?voice=nobody": 400, "/no-such-page": 404, "/invitations/no-such-link": 404},
    "focal_point": {"/organisations/admit": 403},
    "administrator": {"/reminders": 403, "/updates/00000000-0000-0000-0000-000000000000": 403},
}


@dataclass(frozen=True)
class People:
    """Handles by role. The first four work on `point` of `ref`, which the focal point's organisation leads."""

    focal_point: str
    alternate: str
    validating_officer: str
    coordinator: str
    lead: str
    contributor: str
    silent_contributor: str
    registrar: str
    administrator: str
    ministry: str
    organisation: str
    ref: str
    point: str
    other_point: str


def read_people(session: Session) -> People:
    """A ministry with a focal point, an alternate and an officer that leads a recommendation of two points."""
    ministry = next(found for found in _leading(session) if _has_all(session, found))
    points = _points(session, ministry)
    organisation = session.scalars(
        select(Organisation)
        .join(Assessment, Assessment.organisation_id == Organisation.id)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.CSO, Account.may_publish)
        .order_by(Organisation.id)
    ).first()
    assert organisation is not None
    return People(
        focal_point=_handle(session, Role.FOCAL_POINT, ministry.id),
        alternate=_handle(session, Role.ALTERNATE, ministry.id),
        validating_officer=_handle(session, Role.VALIDATING_OFFICER, ministry.id),
        coordinator=_handle(session, Role.COORDINATOR),
        lead=_handle(session, Role.ORGANISATION_LEAD, organisation.id),
        contributor=_handle(session, Role.CONTRIBUTOR, organisation.id),
        silent_contributor=_handle(session, Role.CONTRIBUTOR, may_publish=False),
        registrar=_handle(session, Role.REGISTRAR),
        administrator=_handle(session, Role.ADMINISTRATOR),
        ministry=ministry.name,
        organisation=organisation.name,
        ref=points[0].partition(".")[0],
        point=points[0],
        other_point=points[1],
    )


def list_addresses(session: Session, who: People, role: str) -> dict[str, int]:
    """What a person of that role opens, forms and refusals included, with the status of the answer."""
    point, whole = f"{REVIEW}/{who.point}", f"{REVIEW}/{who.ref}"
    own = {
        "focal_point": [f"/recommendations/{whole}", f"/updates/new/{point}"],
        "alternate": [f"/updates/new/{point}"],
        "validating_officer": [find_update(session, UpdateState.PUBLISHED, who.validating_officer)],
        "coordinator": [
            "/organisations",
            *_places(session, who.focal_point),
            f"{find_person(session, who.focal_point)}/hand-over",
            find_update(session, UpdateState.VALIDATED),
            find_update(session, UpdateState.VALIDATED) + "/return",
            find_update(session, UpdateState.VALIDATED) + "/publish",
            f"/recommendations/{whole}",
            "/reminders",
            "/links",
            f"/links/{whole}",
            "/history",
            *_prepared(session, who),
        ],
        "lead": [
            *_places(session, who.contributor),
            f"/recommendations/{whole}",
            f"/assessments/new/{point}",
            f"/assessments/new/{whole}",
            find_assessment(session, who.lead),
            "/account/second-factor/remove",
        ],
        "registrar": ["/organisations", "/organisations/admit", *_places(session, who.lead)[:2]],
        "administrator": ["/organisations", "/invitations/administrator", *_places(session, who.coordinator)],
        "contributor": [f"/assessments/new/{point}", find_assessment(session, who.contributor)],
    }
    opened = PUBLIC if role == VISITOR else (*OWN, *own.get(role, []))
    return {**dict.fromkeys(opened, 200), **REFUSED.get(role, {})}


def find_update(session: Session, state: UpdateState, handle: str | None = None) -> str:
    """The address of an update in `state`: of that person's organisation, or of anybody's."""
    found = select(ProgressUpdate.id).where(ProgressUpdate.state == state).order_by(ProgressUpdate.id)
    if handle:
        own = select(Account.organisation_id).where(Account.handle == handle).scalar_subquery()
        found = found.where(ProgressUpdate.organisation_id == own)
    identity = session.scalars(found).first()
    assert identity is not None, f"no update is {state} for {handle}"
    return f"/updates/{identity}"


def find_assessment(session: Session, handle: str) -> str:
    """The address of an assessment that the person's organisation may withdraw."""
    own = select(Account.organisation_id).where(Account.handle == handle).scalar_subquery()
    found = select(Assessment.id).where(Assessment.organisation_id == own).order_by(Assessment.id)
    identity = session.scalars(found).first()
    assert identity is not None, f"{handle} has published nothing"
    return f"/assessments/{identity}/withdraw"


def find_person(session: Session, handle: str) -> str:
    """The address of a person, for those who keep the account."""
    return f"/people/{session.scalars(select(Account.id).where(Account.handle == handle)).one()}"


def find_organisation(session: Session, handle: str) -> str:
    """The key of the organisation that somebody belongs to."""
    found = select(Organisation.key).join(Account, Account.organisation_id == Organisation.id)
    return session.scalars(found.where(Account.handle == handle)).one()


def _places(session: Session, handle: str) -> list[str]:
    """Where a person is found: the organisation, an invitation to it, the person, the end of the account."""
    key, person = find_organisation(session, handle), find_person(session, handle)
    return [f"/organisations/{key}", f"/invitations/new/{key}", person, f"{person}/end"]


def _prepared(session: Session, who: People) -> list[str]:
    """What a coordinator opens to prepare and correct: reviews, imports, assignments, organisations, points."""
    whole, point = f"{REVIEW}/{who.ref}", f"{REVIEW}/{who.point}"
    organisation = f"/organisations/{find_organisation(session, who.focal_point)}"
    return [
        "/reviews/open",
        f"/reviews/{REVIEW}/prepare",
        f"/reviews/{REVIEW}/close",
        f"/reviews/{REVIEW}/dates/add",
        f"/reviews/{REVIEW}/dates/upr3_midterm",
        f"/imports?review={REVIEW}",
        f"/imports/new/{REVIEW}",
        f"/imports/new/{EMPTY_REVIEW}",
        f"/assignments/{REVIEW}",
        f"/assignments/{REVIEW}/table",
        f"/assignments/{REVIEW}/suggestions",
        f"/assignments/{whole}",
        f"/recommendations/assign?review={REVIEW}",
        "/organisations/create",
        *(f"{organisation}/{deed}" for deed in ("correct", "rename", "merge", "split", "end")),
        f"/editing/new/{REVIEW}",
        f"/editing/{whole}",
        *(f"/editing/{whole}/{deed}" for deed in ("position", "retire")),
        f"/editing/{whole}/translations/ru",
        f"/recommendations/{whole}/translations",
        f"/action-points/{whole}",
        *(f"/action-points/{whole}/{deed}" for deed in ("add", "merge")),
        *(f"/action-points/{point}/{deed}" for deed in ("reword", "split", "retire")),
    ]


def _leading(session: Session) -> list[Organisation]:
    found = select(Organisation).join(Assignment, Assignment.organisation_id == Organisation.id)
    found = found.where(Assignment.kind == AssignmentKind.LEAD).distinct().order_by(Organisation.id)
    return list(session.scalars(found))


def _has_all(session: Session, organisation: Organisation) -> bool:
    roles = select(AccountRole.role).join(Account, Account.id == AccountRole.account_id)
    held = set(session.scalars(roles.where(Account.organisation_id == organisation.id)))
    needed = {Role.FOCAL_POINT, Role.ALTERNATE, Role.VALIDATING_OFFICER}
    return needed <= held and bool(_points(session, organisation))


def _points(session: Session, organisation: Organisation) -> list[str]:
    """The points of the first recommendation with two that it leads and nobody works on."""
    led = (
        select(Recommendation.id)
        .join(Review)
        .join(Assignment, Assignment.recommendation_id == Recommendation.id)
        .where(Review.code == REVIEW, Assignment.organisation_id == organisation.id)
        .where(Assignment.kind == AssignmentKind.LEAD)
        .order_by(Recommendation.order)
    )
    busy = select(ProgressUpdate.action_point_id).where(ProgressUpdate.state != UpdateState.PUBLISHED)
    for identity in session.scalars(led):
        points = select(ActionPoint.ref).where(ActionPoint.recommendation_id == identity)
        points = points.where(ActionPoint.id.not_in(busy)).order_by(ActionPoint.id)
        refs = list(session.scalars(points))
        if len(refs) > 1:
            return refs
    return []


def _handle(
    session: Session, role: Role, organisation_id: int | None = None, *, may_publish: bool | None = None
) -> str:
    found = select(Account.handle).join(AccountRole, AccountRole.account_id == Account.id)
    found = found.where(AccountRole.role == role).order_by(Account.handle)
    if organisation_id is not None:
        found = found.where(Account.organisation_id == organisation_id)
    if may_publish is not None:
        found = found.where(Account.may_publish.is_(may_publish))
    handle = session.scalars(found).first()
    assert handle is not None, f"nobody is {role}"
    return handle
