"""Loads the invented country at work under `seed/demo/`, through the same verbs that people use.

Days in the files count back from the day of seeding; rows keep their identity, so that twice changes
nothing. The passphrases of the accounts are made anew and given back once, never stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.exchange.seed_files import SeedRow, read_rows
from tracker.models.accounts import Account, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.levels import Level
from tracker.models.organisations import Assignment, AssignmentKind, Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM, Actor
from tracker.services import accounts, assessments, organisations, updates
from tracker.services.passphrases import STRONG, Hashing, make_passphrase
from tracker.services.seed_rows import look_up
from tracker.services.sign_ins import actor_of

DEMO_REVIEW = "KGZ-3"
LIFE_BEGAN = timedelta(days=760)


@dataclass(frozen=True)
class DemoAccount:
    """What the operator is told once about an account of the demonstration."""

    handle: str
    passphrase: str
    role: str
    roles: list[str]
    organisation: str | None


@dataclass
class _Country:
    """What has been laid so far, by its keys."""

    session: Session
    now: datetime
    organisations: dict[str, Organisation]
    recommendations: dict[str, Recommendation]
    points: dict[str, ActionPoint]
    people: dict[str, Actor]

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)


def seed_demonstration(
    session: Session, folder: Path, now: datetime, hashing: Hashing = STRONG
) -> list[DemoAccount]:
    """Lays what is not there yet; gives the accounts that were made, with their passphrases."""
    files = {
        name: read_rows(folder / f"{name}.json")
        for name in ("organisations", "people", "assignments", "updates", "assessments")
    }
    if session.get(Setting, DEMONSTRATION) is None:
        session.add(Setting(name=DEMONSTRATION, value="yes"))
    country = _country(session, now)
    _lay_organisations(country, files["organisations"])
    made = _lay_people(country, files["people"], hashing)
    _lay_assignments(country, files["assignments"])
    for _, deed in sorted(
        [*_update_deeds(country, files["updates"]), *_assessment_deeds(country, files["assessments"])],
        key=lambda each: each[0],
    ):
        deed()
    return made


def _country(session: Session, now: datetime) -> _Country:
    inside = select(Recommendation).join(Review).where(Review.code == DEMO_REVIEW)
    recommendations = {found.ref: found for found in session.scalars(inside)}
    points = select(ActionPoint).join(Recommendation).join(Review).where(Review.code == DEMO_REVIEW)
    points = points.options(joinedload(ActionPoint.recommendation))
    return _Country(
        session,
        now,
        organisations={found.key: found for found in session.scalars(select(Organisation))},
        recommendations=recommendations,
        points={found.ref: found for found in session.scalars(points)},
        people={},
    )


def _lay_organisations(country: _Country, rows: list[SeedRow]) -> None:
    for row in rows:
        if row.text("key") not in country.organisations:
            country.organisations[row.text("key")] = organisations.create_organisation(
                country.session,
                SYSTEM,
                row.text("key"),
                row.code("kind", OrganisationKind),
                {language: row.text(f"name_{language}") for language in ("en", "ru", "ky")},
                "KGZ",
                country.now - LIFE_BEGAN,
            )


def _lay_people(country: _Country, rows: list[SeedRow], hashing: Hashing) -> list[DemoAccount]:
    made = []
    known = {
        account.handle: account
        for account in country.session.scalars(
            select(Account).options(joinedload(Account.organisation), selectinload(Account.roles))
        )
    }
    for row in rows:
        handle, key = row.text("handle"), row.optional_text("organisation")
        organisation = look_up(row, "organisation", country.organisations) if key else None
        account = known.get(handle)
        if account is None:
            roles = [Role(role) for role in row.texts("roles")]
            passphrase = make_passphrase()
            account = accounts.create_account(
                country.session,
                SYSTEM,
                handle,
                roles,
                organisation,
                passphrase,
                country.now - LIFE_BEGAN,
                email=row.optional_text("email"),
                may_publish=row.flag("may_publish"),
                hashing=hashing,
            )
            name = organisation.name_en if organisation else None
            made.append(DemoAccount(handle, passphrase, roles[0], [*roles], name))
        country.people[handle] = actor_of(account)
    return made


def _lay_assignments(country: _Country, rows: list[SeedRow]) -> None:
    began = country.now - LIFE_BEGAN
    held = select(Assignment.recommendation_id, Assignment.organisation_id)
    known = {(recommendation_id, key) for recommendation_id, key in country.session.execute(held)}
    for row in rows:
        recommendation = look_up(row, "ref", country.recommendations)
        organisation = look_up(row, "organisation", country.organisations)
        if (recommendation.id, organisation.id) in known:
            continue  # people may have changed it since
        organisations.assign(
            country.session,
            SYSTEM,
            recommendation,
            organisation,
            row.code("kind", AssignmentKind),
            began.date(),
            began,
        )


def demo_key(kind: str, key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:upr-follow-up:demo:{kind}:{key}")


Deed = tuple[datetime, Callable[[], None]]


def _update_deeds(country: _Country, rows: list[SeedRow]) -> list[Deed]:
    deeds = []
    for row in rows:
        key = demo_key("update", row.text("key"))
        if country.session.get(ProgressUpdate, key) is None:
            deeds.append((country.ago(row.number("recorded_days_ago")), _update_deed(country, row, key)))
    return deeds


def _update_deed(country: _Country, row: SeedRow, key: UUID) -> Callable[[], None]:
    """The whole way of one update, as far as its row says."""

    def write() -> None:
        session, at = country.session, country.ago(row.number("recorded_days_ago"))
        point, author = look_up(row, "ref", country.points), look_up(row, "author", country.people)
        update = updates.write_update(session, author, point, _update_text(row, at, country.now), at, key)
        state = row.code("state", UpdateState)
        if state == UpdateState.DRAFT:
            return
        updates.submit_update(session, author, update, at + timedelta(hours=1))
        if state == UpdateState.SUBMITTED:
            return
        checker = _checker(country, update)
        if state == UpdateState.RETURNED:
            updates.return_update(session, checker, update, row.text("comment"), at + timedelta(hours=2))
            return
        updates.validate_update(session, checker, update, at + timedelta(hours=2))
        if state == UpdateState.PUBLISHED:
            updates.publish_update(session, _coordinator(country, update), update, at + timedelta(hours=3))

    return write


def _update_text(row: SeedRow, at: datetime, now: datetime) -> updates.UpdateText:
    wait = row.optional_number("next_step_in_days")
    return updates.UpdateText(
        level=row.optional_code("level", Level),
        reason=row.text("reason"),
        done=row.text("done"),
        obstacles=row.text("obstacles"),
        support_needed=row.text("support_needed"),
        next_step=row.text("next_step"),
        next_step_on=(at + timedelta(days=wait)).date() if wait is not None else None,
        as_of_on=(now - timedelta(days=row.number("fact_days_ago"))).date(),
        source_link=row.text("source_link"),
        language=row.text("language"),
    )


def _checker(country: _Country, update: ProgressUpdate) -> Actor:
    """The organisation's officer, or the coordinator where it has none."""
    for person in country.people.values():
        if (
            person.has(Role.VALIDATING_OFFICER)
            and person.organisation_id == update.organisation_id
            and person.account_id != update.author_id
        ):
            return person
    return _coordinator(country, update)


def _coordinator(country: _Country, update: ProgressUpdate) -> Actor:
    return next(
        person
        for person in country.people.values()
        if person.has(Role.COORDINATOR) and person.account_id != update.author_id
    )


def _assessment_deeds(country: _Country, rows: list[SeedRow]) -> list[Deed]:
    deeds = []
    for row in rows:
        key = demo_key("assessment", row.text("key"))
        if country.session.get(Assessment, key) is None:
            at = country.ago(row.number("recorded_days_ago"))
            deeds.append((at, _assessment_deed(country, row, key, at)))
    return deeds


def _assessment_deed(country: _Country, row: SeedRow, key: UUID, at: datetime) -> Callable[[], None]:
    def write() -> None:
        author, point = look_up(row, "author", country.people), country.points.get(row.text("ref"))
        recommendation = point.recommendation if point else look_up(row, "ref", country.recommendations)
        text = assessments.AssessmentText(
            level=row.code("level", Level),
            reason=row.text("reason"),
            narrative=row.text("narrative"),
            source_link=row.text("source_link"),
            language=row.text("language"),
        )
        made = assessments.publish_assessment(country.session, author, recommendation, point, text, at, key)
        days = row.optional_number("withdrawn_days_ago")
        if days is not None:
            gone = country.ago(days)
            today: date = gone.date()
            assessments.withdraw_assessment(country.session, author, made, today, gone)

    return write
