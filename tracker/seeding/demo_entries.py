"""The entries of the demonstration: what was written when, and how far it went."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import LANGUAGES, SeedRow
from tracker.models.accounts import Role
from tracker.models.assessments import Assessment
from tracker.models.history import HistoryLine
from tracker.models.levels import Level
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.seeding.demo_country import Country
from tracker.seeding.demo_evidence import ENOUGH, DemoFile, Files
from tracker.seeding.table import look_up
from tracker.services import assessments
from tracker.services.evidence.attachments import attach_to_update
from tracker.services.updates import workflow as updates
from tracker.services.updates.texts import UpdateText

Deed = tuple[datetime, SeedRow, Callable[[], None]]
"""When, which row wants it, and what is to be done."""
HUNDRED_YEARS = 36_500
PUBLISHED, WITHDRAWN = "published", "withdrawn"


def demo_key(kind: str, key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:upr-follow-up:demo:{kind}:{key}")


def update_deeds(country: Country, rows: list[SeedRow], files: Files) -> list[Deed]:
    deeds = []
    for row in rows:
        at, deed = _update_deed(country, row, files.get(row.text("key"), ()))
        if not _was_laid(country.session, demo_key("update", row.text("key"))):
            deeds.append((at, row, deed))
    return deeds


def _was_laid(session: Session, key: UUID) -> bool:
    """Its history tells, also where somebody discarded the draft since."""
    return bool(session.scalar(select(exists().where(HistoryLine.subject == f"update {key}"))))


def _update_deed(
    country: Country, row: SeedRow, files: Sequence[DemoFile]
) -> tuple[datetime, Callable[[], None]]:
    """The whole way of one update, as far as its row says."""
    at = country.now - timedelta(days=country.days_ago(row))
    author, point = country.author_of(row), look_up(row, "ref", country.points)
    text, state, comment = (
        _update_text(row, at, country.now),
        row.code("state", UpdateState),
        row.free_text("comment"),
    )
    key = demo_key("update", row.text("key"))

    def write() -> None:
        session = country.session
        update = updates.write_update(session, author, point, text, at, key)
        for file in files:
            attach_to_update(session, author, update, [file.upload], file.visibility, ENOUGH, at)
        if state == UpdateState.DRAFT:
            return
        updates.submit_update(session, author, update, at + timedelta(hours=1))
        if state == UpdateState.SUBMITTED:
            return
        checker = _checker(country, row, update)
        if state == UpdateState.RETURNED:
            updates.return_update(session, checker, update, comment, at + timedelta(hours=2))
            return
        updates.validate_update(session, checker, update, at + timedelta(hours=2))
        if state == UpdateState.PUBLISHED:
            coordinator = _coordinator(country, row, update)
            updates.publish_update(session, coordinator, update, at + timedelta(hours=3))

    return at, write


def _update_text(row: SeedRow, at: datetime, now: datetime) -> UpdateText:
    wait = row.optional_number("next_step_in_days", least=0, most=HUNDRED_YEARS)
    fact = timedelta(days=row.number("fact_days_ago", least=0, most=HUNDRED_YEARS))
    return UpdateText(
        level=row.optional_code("level", Level),
        reason=row.free_text("reason"),
        done=row.free_text("done"),
        obstacles=row.free_text("obstacles"),
        support_needed=row.free_text("support_needed"),
        next_step=row.free_text("next_step"),
        next_step_on=(at + timedelta(days=wait)).date() if wait is not None else None,
        as_of_on=(now - fact).date(),
        source_link=row.free_text("source_link"),
        language=row.one_of("language", LANGUAGES),
    )


def _checker(country: Country, row: SeedRow, update: ProgressUpdate) -> Actor:
    """The organisation's officer, or the coordinator where it has none."""
    for person in country.people.values():
        if (
            person.has(Role.VALIDATING_OFFICER)
            and person.organisation_id == update.organisation_id
            and person.account_id != update.author_id
        ):
            return person
    return _coordinator(country, row, update)


def _coordinator(country: Country, row: SeedRow, update: ProgressUpdate) -> Actor:
    for person in country.people.values():
        if person.has(Role.COORDINATOR) and person.account_id != update.author_id:
            return person
    raise row.broken("nobody among the people coordinates, but for the author")


def assessment_deeds(country: Country, rows: list[SeedRow], files: Files) -> list[Deed]:
    deeds = []
    for row in rows:
        at, deed = _assessment_deed(country, row, files.get(row.text("key"), ()))
        if country.session.get(Assessment, demo_key("assessment", row.text("key"))) is None:
            deeds.append((at, row, deed))
    return deeds


def _assessment_deed(
    country: Country, row: SeedRow, files: Sequence[DemoFile]
) -> tuple[datetime, Callable[[], None]]:
    at = country.now - timedelta(days=country.days_ago(row))
    author, point = country.author_of(row), country.points.get(row.text("ref"))
    recommendation = point.recommendation if point else look_up(row, "ref", country.recommendations)
    text = assessments.AssessmentText(
        level=row.code("level", Level),
        reason=row.free_text("reason"),
        narrative=row.free_text("narrative"),
        source_link=row.free_text("source_link"),
        language=row.one_of("language", LANGUAGES),
    )
    gone, key = _withdrawn_at(country, row), demo_key("assessment", row.text("key"))

    def write() -> None:
        uploads = [file.upload for file in files]
        made = assessments.publish_assessment(
            country.session, author, recommendation, point, text, at, key, uploads, ENOUGH
        )
        if gone is not None:
            assessments.withdraw_assessment(country.session, author, made, gone.date(), gone)

    return at, write


def _withdrawn_at(country: Country, row: SeedRow) -> datetime | None:
    days = row.optional_number("withdrawn_days_ago", least=0, most=country.days_ago(row))
    if (row.one_of("state", (PUBLISHED, WITHDRAWN)) == WITHDRAWN) != (days is not None):
        raise row.broken(f"“withdrawn_days_ago” is for entries whose “state” is {WITHDRAWN}, and all of them")
    return None if days is None else country.now - timedelta(days=days)
