"""Loads the reference data under `seed/reference/`. A second run changes nothing, unless a file changed."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow, read_rows
from tracker.language import LANGUAGES
from tracker.models.current_entries import CurrentEntry
from tracker.models.milestone_fields import FIELD_NAMES
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.reviews import FigureCertainty, Mechanism, Review, ReviewFigures, Source
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.settings import SET_UP_ON, Setting
from tracker.models.states import State, StateStatus
from tracker.models.themes import Group, Scheme, Theme, ThemeCorrespondence
from tracker.seeding.communications import seed_communications
from tracker.seeding.recommendations import seed_recommendations
from tracker.seeding.table import Outcome, SeedTable, look_up, state_codes
from tracker.seeding.translations import seed_translations
from tracker.services.levels import bump_version, recompute_levels


def seed_reference(session: Session, folder: Path, today: date, now: datetime) -> Outcome:
    """Loads everything or nothing: the first problem raises `SeedBroken` with file and line."""
    files = {name: read_rows(folder / f"{name}.json", *key) for name, key in FILES.items()}
    outcome = Outcome()
    with session.no_autoflush:
        _seed_states(session, files["states"], files["state_name_corrections"], outcome)
        _seed_vocabularies(session, files, outcome)
        reviews = _seed_reviews(session, files, outcome)
        seed_recommendations(session, files["recommendations"], reviews, outcome, now)
        seed_translations(session, files["translations"], files["recommendations"], reviews, outcome)
        _seed_milestones(session, files["milestones"], reviews, outcome)
        seed_communications(session, files["communications"], outcome)
    if session.get(Setting, SET_UP_ON) is None:
        session.add(Setting(name=SET_UP_ON, value=today.isoformat()))
    if not outcome.is_nothing:
        for review in reviews.values():
            bump_version(session, review.id)
        for recommendation_id in session.scalars(select(CurrentEntry.recommendation_id).distinct()).all():
            recompute_levels(session, recommendation_id)  # points may have been retired or have come back
    return outcome


FILES = {
    "states": ("code",),
    "state_name_corrections": ("code", "language"),
    "themes": ("scheme", "version", "code"),
    "theme_correspondences": ("older", "newer"),
    "groups": ("code",),
    "sdg_goals": ("code",),
    "sdg_targets": ("code",),
    "reviews": ("code",),
    "review_figures": ("review",),
    "sources": ("key",),
    "recommendations": ("review", "ref"),
    "translations": ("review", "ref", "language"),
    "milestones": ("key",),
    "communications": ("state", "reference"),
}
"""The files, and the fields that identify an entry in each."""


def _seed_states(session: Session, rows: list[SeedRow], corrections: list[SeedRow], outcome: Outcome) -> None:
    """Takes the names from Babel's CLDR, or from the file of corrections where the UN's name differs. A State is a
    member State without aliases, unless the file says otherwise."""
    codes = {row.text("code"): row.text("code") for row in rows}
    corrected = {
        (look_up(row, "code", codes), row.one_of("language", LANGUAGES)): row.text("name")
        for row in corrections
    }
    territories = {language: Locale.parse(language).territories for language in LANGUAGES}
    with SeedTable(session, "states", State, ("code",), outcome) as table:
        for row in rows:
            code, alpha2 = row.text("code"), row.text("alpha2")
            names = {}
            for language, known in territories.items():
                name = corrected.get((code, language)) or known.get(alpha2)
                if not name:
                    raise row.broken(f"no name is known for {code} in {language}: add it to the corrections")
                names[language] = name
            values = {
                "alpha2": alpha2,
                "status": row.code("status", StateStatus) if row.has("status") else StateStatus.MEMBER_STATE,
                "aliases": row.names("aliases") if row.has("aliases") else [],
            }
            table.upsert(row, (code,), {**values, "names": names})
        table.keep_missing()


def _seed_vocabularies(session: Session, files: dict[str, list[SeedRow]], outcome: Outcome) -> None:
    with SeedTable(session, "themes", Theme, ("scheme", "version", "code"), outcome) as themes:
        for row in files["themes"]:
            themes.upsert(
                row,
                (row.code("scheme", Scheme), row.text("version"), row.text("code")),
                {
                    **_words(row),
                    "section": row.optional_text("section"),
                    "order": row.number("order"),
                },
            )
        themes.keep_missing()
    _seed_correspondences(session, files["theme_correspondences"], outcome)
    with SeedTable(session, "groups", Group, ("code",), outcome) as groups:
        for row in files["groups"]:
            groups.upsert(
                row,
                (row.text("code"),),
                {
                    **_words(row),
                    "is_duty_bearer": row.flag("is_duty_bearer"),
                    "order": row.number("order"),
                },
            )
        groups.keep_missing()
    with SeedTable(session, "sdg_goals", SdgGoal, ("code",), outcome) as goals:
        for row in files["sdg_goals"]:
            goals.upsert(row, (row.text("code"),), {**_words(row), "order": row.number("order")})
        goals.keep_missing()
    known = {code: code for code in session.scalars(select(SdgGoal.code))}
    with SeedTable(session, "sdg_targets", SdgTarget, ("code",), outcome) as targets:
        for row in files["sdg_targets"]:
            values = {"goal_code": look_up(row, "goal", known), "order": row.number("order")}
            targets.upsert(row, (row.text("code"),), values)
        targets.keep_missing()


def _words(row: SeedRow) -> dict[str, Any]:
    """Translations are unofficial and unchecked; a label without any is shown as it is."""
    has_some = row.has("translations")
    return {
        "label": row.text("label"),
        "translations": row.by_language("translations", LANGUAGES) if has_some else {},
    }


def _seed_correspondences(session: Session, rows: list[SeedRow], outcome: Outcome) -> None:
    """A theme is named by scheme, version and code, as in “ohchr 2020 racial-discrimination”."""
    ids = {f"{each.scheme} {each.version} {each.code}": each.id for each in session.scalars(select(Theme))}
    identity = ("older_id", "newer_id")
    with SeedTable(session, "theme_correspondences", ThemeCorrespondence, identity, outcome) as table:
        for row in rows:
            table.upsert(row, (look_up(row, "older", ids), look_up(row, "newer", ids)), {})
        table.remove_missing()


def _seed_reviews(session: Session, files: dict[str, list[SeedRow]], outcome: Outcome) -> dict[str, Review]:
    states = state_codes(session)
    observers = set(session.scalars(select(State.code).where(State.status == StateStatus.OBSERVER_STATE)))
    with SeedTable(session, "reviews", Review, ("code",), outcome) as table:
        for row in files["reviews"]:
            if look_up(row, "state", states) in observers:
                raise row.broken(
                    f"“state” names {row.text('state')!r}, an observer State: it is never under review"
                )
            table.upsert(
                row,
                (row.text("code"),),
                {
                    "state_code": look_up(row, "state", states),
                    "mechanism": row.code("mechanism", Mechanism),
                    "cycle": row.number("cycle", least=1),
                    "is_published": True,
                },
            )
        table.keep_missing()
    reviews = {review.code: review for review in session.scalars(select(Review))}
    with SeedTable(session, "sources", Source, ("key",), outcome) as sources:
        for row in files["sources"]:
            sources.upsert(
                row,
                (row.text("key"),),
                {
                    "review_id": look_up(row, "review", reviews).id,
                    "symbol": row.optional_text("symbol"),
                    "title": row.text("title"),
                    "dated_on": row.day("date"),
                    "language": row.text("language"),
                    "link": row.optional_text("link"),
                },
            )
        sources.keep_missing()
    _seed_review_figures(session, files["review_figures"], reviews, outcome)
    return reviews


def _seed_review_figures(
    session: Session, rows: list[SeedRow], reviews: dict[str, Review], outcome: Outcome
) -> None:
    with SeedTable(session, "review_figures", ReviewFigures, ("review_id",), outcome) as table:
        for row in rows:
            values = {
                "recommendations": row.optional_number("recommendations", least=1),
                "supported": row.optional_number("supported", least=0),
                "noted": row.optional_number("noted", least=0),
                "certainty": row.code("certainty", FigureCertainty),
                "source": row.free_text("source"),
                "note": row.free_text("note"),
                "as_of_on": row.day("as_of_on"),
            }
            table.upsert(row, (look_up(row, "review", reviews).id,), values)
        table.remove_missing()


def _seed_milestones(
    session: Session, rows: list[SeedRow], reviews: dict[str, Review], outcome: Outcome
) -> None:
    states = state_codes(session)
    with SeedTable(
        session, "milestones", Milestone, ("key",), outcome, adopts=False, together=FIELD_NAMES
    ) as table:
        for row in rows:
            starts_on, ends_on = row.day("starts_on"), row.day("ends_on")
            if ends_on < starts_on:
                raise row.broken("“ends_on” is before “starts_on”")
            review = look_up(row, "review", reviews) if row.optional_text("review") else None
            values = {
                "state_code": look_up(row, "state", states),
                "review_id": review.id if review else None,
                "kind": row.code("kind", MilestoneKind),
                "starts_on": starts_on,
                "ends_on": ends_on,
                **_words(row),
                "note": row.free_text("note"),
                "certainty": row.code("certainty", Certainty),
                "source": row.text("source"),
            }
            table.upsert(row, (row.text("key"),), values)
        table.remove_missing()
