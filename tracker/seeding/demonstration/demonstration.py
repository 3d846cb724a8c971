"""Loads the demonstration, an invented country under `seed/demo/`, through the same services that people use.

Days in the files count back from the day of seeding. Rows keep their identity, so a second run changes nothing.
Passphrases are made anew for each account, returned once and never stored. Every run checks what the rows refer to;
only the run that writes a row finds out what a service refuses.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.exchange.seed_files import SeedRow, read_rows
from tracker.identity import accounts
from tracker.identity.passphrases import STRONG, HashCost, make_passphrase
from tracker.identity.second_factors import make_secret
from tracker.identity.sign_ins import actor_of, plain_handle
from tracker.language import LANGUAGES
from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import OrganisationKind
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.policy.accounts import must_have_second_factor
from tracker.policy.actors import SYSTEM
from tracker.seeding.demonstration.context import DemoContext, read_context
from tracker.seeding.demonstration.entries import assessment_steps, update_steps
from tracker.seeding.demonstration.evidence import read_files
from tracker.seeding.table import errors_at, look_up
from tracker.services import assignments
from tracker.services.organisations.creation import create_organisation

FILES = {
    "organisations": ("key",),
    "people": ("handle",),
    "assignments": ("ref", "organisation"),
    "updates": ("key",),
    "assessments": ("key",),
    "evidence": ("entry", "file"),
}
"""The files, and the fields that identify an entry in each."""


@dataclass(frozen=True)
class DemoAccount:
    """What the operator is told, once, about a new account of the demonstration."""

    handle: str
    passphrase: str
    role: str
    roles: list[str]
    organisation: str | None
    totp_secret: str | None


def seed_demonstration(
    session: Session, folder: Path, now: datetime, hashing: HashCost = STRONG
) -> list[DemoAccount]:
    """Adds what is not there yet; returns the accounts that it made, with their passphrases."""
    files = {name: read_rows(folder / f"{name}.json", *key) for name, key in FILES.items()}
    if session.get(Setting, DEMONSTRATION) is None:
        session.add(Setting(name=DEMONSTRATION, value="yes"))
    context = read_context(session, now)
    _seed_organisations(context, files["organisations"])
    made = _seed_people(context, files["people"], hashing)
    _seed_assignments(context, files["assignments"])
    entries = {name: files[name] for name in ("updates", "assessments")}
    evidence = read_files(folder / "files", files["evidence"], entries)
    steps = [
        *update_steps(context, files["updates"], evidence["updates"]),
        *assessment_steps(context, files["assessments"], evidence["assessments"]),
    ]
    for step in sorted(steps, key=lambda each: each.at):
        with errors_at(step.row):
            step.write()
    return made


def _seed_organisations(context: DemoContext, rows: list[SeedRow]) -> None:
    for row in rows:
        key, kind = row.text("key"), row.code("kind", OrganisationKind)
        known = [language for language in LANGUAGES if language == "en" or row.has(f"name_{language}")]
        names = {language: row.text(f"name_{language}") for language in known}
        if key not in context.organisations:
            with errors_at(row):
                context.organisations[key] = create_organisation(
                    context.session,
                    SYSTEM,
                    key,
                    kind,
                    names,
                    kind.usual_state(context.state_code),
                    context.starts_at,
                )


def _seed_people(context: DemoContext, rows: list[SeedRow], hashing: HashCost) -> list[DemoAccount]:
    made = []
    known = {
        account.handle: account
        for account in context.session.scalars(
            select(Account).options(joinedload(Account.organisation), selectinload(Account.roles))
        )
    }
    for row in rows:
        handle, roles = _handle(row), row.codes("roles", Role)
        has_organisation = row.optional_text("organisation") is not None
        organisation = look_up(row, "organisation", context.organisations) if has_organisation else None
        email, may_publish = row.optional_text("email"), row.flag("may_publish")
        account = known.get(handle)
        if account is None:
            passphrase = make_passphrase()
            with errors_at(row):
                account = accounts.create_account(
                    context.session,
                    SYSTEM,
                    handle,
                    roles,
                    organisation,
                    passphrase,
                    context.starts_at,
                    email=email,
                    may_publish=may_publish,
                    hashing=hashing,
                )
            account.totp_secret = make_secret() if must_have_second_factor(actor_of(account)) else None
            name = organisation.names["en"] if organisation else None
            made.append(DemoAccount(handle, passphrase, roles[0], [*roles], name, account.totp_secret))
        context.people[handle] = actor_of(account)
    return made


def _handle(row: SeedRow) -> str:
    """Refuses a handle that accounts store in another form: the next run would not find its account."""
    handle = row.text("handle")
    if handle != plain_handle(handle):
        raise row.broken(f"“handle” must be in small letters without space around it, not {handle!r}")
    return handle


def _seed_assignments(context: DemoContext, rows: list[SeedRow]) -> None:
    held = select(Assignment.recommendation_id, Assignment.organisation_id)
    known = {(row.recommendation_id, row.organisation_id) for row in context.session.execute(held)}
    leads: dict[int, SeedRow] = {}
    for row in rows:
        recommendation = look_up(row, "ref", context.recommendations)
        organisation = look_up(row, "organisation", context.organisations)
        kind = row.code("kind", AssignmentKind)
        if kind == AssignmentKind.LEAD and leads.setdefault(recommendation.id, row) is not row:
            lead = leads[recommendation.id]
            sentence = (
                f"{recommendation.ref!r} is led by {lead.text('organisation')!r} already, in line {lead.line}"
            )
            raise row.broken(sentence)
        if (recommendation.id, organisation.id) not in known:  # people may have changed it since
            with errors_at(row):
                assignments.assign(
                    context.session,
                    SYSTEM,
                    recommendation,
                    organisation,
                    kind,
                    context.starts_at.date(),
                    context.starts_at,
                )
