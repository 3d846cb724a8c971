"""The updates and assessments of the demonstration: when each was written, and which state it reached."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow
from tracker.language import LANGUAGES
from tracker.models.accounts import Role
from tracker.models.assessments import Assessment
from tracker.models.history import HistoryLine
from tracker.models.levels import Level
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates_state
from tracker.seeding.demonstration.context import DemoContext
from tracker.seeding.demonstration.evidence import ENOUGH, DemoFile, Files
from tracker.seeding.table import look_up
from tracker.services import assessments
from tracker.services.evidence.attachments import attach_to_update
from tracker.services.updates import workflow as updates
from tracker.services.updates.texts import UpdateText

HUNDRED_YEARS = 36_500
PUBLISHED, WITHDRAWN = "published", "withdrawn"


class Step(NamedTuple):
    """One entry that is still to be written: when, for which row, and the function that writes it."""

    at: datetime
    row: SeedRow
    write: Callable[[], None]


def demo_key(kind: str, key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:upr-follow-up:demo:{kind}:{key}")


def update_steps(context: DemoContext, rows: list[SeedRow], files: Files) -> list[Step]:
    steps = []
    for row in rows:
        step = _update_step(context, row, files.get(row.text("key"), ()))
        if not _was_written(context.session, demo_key("update", row.text("key"))):
            steps.append(step)
    return steps


def _was_written(session: Session, key: UUID) -> bool:
    """Asks the history, which also knows a draft that somebody has discarded since."""
    return bool(session.scalar(select(exists().where(HistoryLine.subject == f"update {key}"))))


def _update_step(context: DemoContext, row: SeedRow, files: Sequence[DemoFile]) -> Step:
    """Its `write` writes the update and moves it on to the state that the row names."""
    at = context.now - timedelta(days=context.days_ago(row))
    author, point = context.author_of(row), look_up(row, "ref", context.points)
    text, state, comment = (
        _update_text(row, at, context.now),
        row.code("state", UpdateState),
        row.free_text("comment"),
    )
    key = demo_key("update", row.text("key"))

    def write() -> None:
        session = context.session
        update = updates.write_update(session, author, point, text, at, key)
        for file in files:
            attach_to_update(session, author, update, [file.upload], file.visibility, ENOUGH, at)
        if state == UpdateState.DRAFT:
            return
        updates.submit_update(session, author, update, at + timedelta(hours=1))
        if state == UpdateState.SUBMITTED:
            return
        checker = _checker(context, row, update)
        if state == UpdateState.RETURNED:
            updates.return_update(session, checker, update, comment, at + timedelta(hours=2))
            return
        updates.validate_update(session, checker, update, at + timedelta(hours=2))
        if state == UpdateState.PUBLISHED:
            coordinator = _coordinator(context, row, update)
            updates.publish_update(session, coordinator, update, at + timedelta(hours=3))

    return Step(at, row, write)


def _update_text(row: SeedRow, at: datetime, now: datetime) -> UpdateText:
    next_step_in = row.optional_number("next_step_in_days", least=0, most=HUNDRED_YEARS)
    fact_age = timedelta(days=row.number("fact_days_ago", least=0, most=HUNDRED_YEARS))
    return UpdateText(
        level=row.optional_code("level", Level),
        reason=row.free_text("reason"),
        done=row.free_text("done"),
        obstacles=row.free_text("obstacles"),
        support_needed=row.free_text("support_needed"),
        next_step=row.free_text("next_step"),
        next_step_on=(at + timedelta(days=next_step_in)).date() if next_step_in is not None else None,
        as_of_on=(now - fact_age).date(),
        source_link=row.free_text("source_link"),
        language=row.one_of("language", LANGUAGES),
    )


def _checker(context: DemoContext, row: SeedRow, update: ProgressUpdate) -> Actor:
    """Returns the validating officer of the organisation, or the coordinator where it has none."""
    for person in context.people.values():
        if (
            person.has(Role.VALIDATING_OFFICER)
            and person.organisation_id == update.organisation_id
            and person.account_id != update.author_id
        ):
            return person
    return _coordinator(context, row, update)


def _coordinator(context: DemoContext, row: SeedRow, update: ProgressUpdate) -> Actor:
    for person in context.people.values():
        is_author = person.account_id == update.author_id
        if coordinates_state(person, update.organisation.state_code) and not is_author:
            return person
    raise row.broken("nobody among the people coordinates, but for the author")


def assessment_steps(context: DemoContext, rows: list[SeedRow], files: Files) -> list[Step]:
    steps = []
    for row in rows:
        step = _assessment_step(context, row, files.get(row.text("key"), ()))
        if context.session.get(Assessment, demo_key("assessment", row.text("key"))) is None:
            steps.append(step)
    return steps


def _assessment_step(context: DemoContext, row: SeedRow, files: Sequence[DemoFile]) -> Step:
    at = context.now - timedelta(days=context.days_ago(row))
    author, point = context.author_of(row), context.points.get(row.text("ref"))
    recommendation = point.recommendation if point else look_up(row, "ref", context.recommendations)
    text = assessments.AssessmentText(
        level=row.code("level", Level),
        reason=row.free_text("reason"),
        narrative=row.free_text("narrative"),
        source_link=row.free_text("source_link"),
        language=row.one_of("language", LANGUAGES),
        **_second_text(row),
    )
    withdrawn_at, key = _withdrawn_at(context, row), demo_key("assessment", row.text("key"))

    def write() -> None:
        uploads = [file.upload for file in files]
        assessment = assessments.publish_assessment(
            context.session, author, recommendation, point, text, at, key, uploads, ENOUGH
        )
        if withdrawn_at is not None:
            assessments.withdraw_assessment(context.session, author, assessment, withdrawn_at.date())

    return Step(at, row, write)


def _second_text(row: SeedRow) -> dict[str, str]:
    """The same in a second language, which most entries of the file leave out."""
    if not row.has("second_language"):
        return {}
    words = {name: row.text(name) for name in ("second_reason", "second_narrative")}
    return {"second_language": row.one_of("second_language", LANGUAGES), **words}


def _withdrawn_at(context: DemoContext, row: SeedRow) -> datetime | None:
    days = row.optional_number("withdrawn_days_ago", least=0, most=context.days_ago(row))
    if (row.one_of("state", (PUBLISHED, WITHDRAWN)) == WITHDRAWN) != (days is not None):
        raise row.broken(f"“withdrawn_days_ago” is for entries whose “state” is {WITHDRAWN}, and all of them")
    return None if days is None else context.now - timedelta(days=days)
