"""Loads the invented country at work under `seed/demo/`, through the same verbs that people use.

Days in the files count back from the day of seeding; rows keep their identity, so that twice changes
nothing. The passphrases of the accounts are made anew and given back once, never stored. What a row
names is checked on every run, also where its thing is there already; what a verb refuses, on the first.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.exchange.seed_files import LANGUAGES, SeedRow, read_rows
from tracker.identity import accounts
from tracker.identity.passphrases import STRONG, HashCost, make_passphrase
from tracker.identity.second_factors import make_secret
from tracker.identity.sign_ins import actor_of, plain_handle
from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import OrganisationKind
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.policy.accounts import must_have_second_factor
from tracker.policy.actors import SYSTEM
from tracker.seeding.demo_country import Country, read_country
from tracker.seeding.demo_entries import assessment_deeds, update_deeds
from tracker.seeding.demo_evidence import read_files
from tracker.seeding.table import blaming, look_up
from tracker.services import assignments, organisations

FILES = {
    "organisations": ("key",),
    "people": ("handle",),
    "assignments": ("ref", "organisation"),
    "updates": ("key",),
    "assessments": ("key",),
    "evidence": ("entry", "file"),
}
"""The files, and the fields that say which thing an entry is about."""


@dataclass(frozen=True)
class DemoAccount:
    """What the operator is told once about an account of the demonstration."""

    handle: str
    passphrase: str
    role: str
    roles: list[str]
    organisation: str | None
    totp_secret: str | None


def seed_demonstration(
    session: Session, folder: Path, now: datetime, hashing: HashCost = STRONG
) -> list[DemoAccount]:
    """Lays what is not there yet; gives the accounts that were made, with their passphrases."""
    files = {name: read_rows(folder / f"{name}.json", *key) for name, key in FILES.items()}
    if session.get(Setting, DEMONSTRATION) is None:
        session.add(Setting(name=DEMONSTRATION, value="yes"))
    country = read_country(session, now)
    _seed_organisations(country, files["organisations"])
    made = _seed_people(country, files["people"], hashing)
    _seed_assignments(country, files["assignments"])
    entries = {name: files[name] for name in ("updates", "assessments")}
    evidence = read_files(folder / "files", files["evidence"], entries)
    deeds = [
        *update_deeds(country, files["updates"], evidence["updates"]),
        *assessment_deeds(country, files["assessments"], evidence["assessments"]),
    ]
    for _, row, deed in sorted(deeds, key=lambda each: each[0]):
        with blaming(row):
            deed()
    return made


def _seed_organisations(country: Country, rows: list[SeedRow]) -> None:
    for row in rows:
        key, kind = row.text("key"), row.code("kind", OrganisationKind)
        names = {language: row.text(f"name_{language}") for language in LANGUAGES}
        if key not in country.organisations:
            with blaming(row):
                country.organisations[key] = organisations.create_organisation(
                    country.session, SYSTEM, key, kind, names, "KGZ", country.began
                )


def _seed_people(country: Country, rows: list[SeedRow], hashing: HashCost) -> list[DemoAccount]:
    made = []
    known = {
        account.handle: account
        for account in country.session.scalars(
            select(Account).options(joinedload(Account.organisation), selectinload(Account.roles))
        )
    }
    for row in rows:
        handle, roles = _handle(row), row.codes("roles", Role)
        has_organisation = row.optional_text("organisation") is not None
        organisation = look_up(row, "organisation", country.organisations) if has_organisation else None
        email, may_publish = row.optional_text("email"), row.flag("may_publish")
        account = known.get(handle)
        if account is None:
            passphrase = make_passphrase()
            with blaming(row):
                account = accounts.create_account(
                    country.session,
                    SYSTEM,
                    handle,
                    roles,
                    organisation,
                    passphrase,
                    country.began,
                    email=email,
                    may_publish=may_publish,
                    hashing=hashing,
                )
            account.totp_secret = make_secret() if must_have_second_factor(actor_of(account)) else None
            name = organisation.name_en if organisation else None
            made.append(DemoAccount(handle, passphrase, roles[0], [*roles], name, account.totp_secret))
        country.people[handle] = actor_of(account)
    return made


def _handle(row: SeedRow) -> str:
    """As accounts keep it; otherwise the next run would not find the account again."""
    handle = row.text("handle")
    if handle != plain_handle(handle):
        raise row.broken(f"“handle” must be in small letters without space around it, not {handle!r}")
    return handle


def _seed_assignments(country: Country, rows: list[SeedRow]) -> None:
    held = select(Assignment.recommendation_id, Assignment.organisation_id)
    known = {(recommendation_id, key) for recommendation_id, key in country.session.execute(held)}
    leads: dict[int, SeedRow] = {}
    for row in rows:
        recommendation = look_up(row, "ref", country.recommendations)
        organisation = look_up(row, "organisation", country.organisations)
        kind = row.code("kind", AssignmentKind)
        if kind == AssignmentKind.LEAD and leads.setdefault(recommendation.id, row) is not row:
            lead = leads[recommendation.id]
            said = (
                f"{recommendation.ref!r} is led by {lead.text('organisation')!r} already, in line {lead.line}"
            )
            raise row.broken(said)
        if (recommendation.id, organisation.id) not in known:  # people may have changed it since
            with blaming(row):
                assignments.assign(
                    country.session,
                    SYSTEM,
                    recommendation,
                    organisation,
                    kind,
                    country.began.date(),
                    country.began,
                )
