"""Loads the reference data under `seed/reference/`: twice changes nothing, a changed file that change."""

from datetime import date, datetime
from pathlib import Path

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow, read_rows
from tracker.models.communications import (
    Communication,
    CommunicationKind,
    CommunicationRecommendation,
    CommunicationRequest,
    ReplyState,
)
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Mechanism, Review, Source
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.settings import SET_UP_ON, Setting
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.services.levels import touch_review
from tracker.services.seed_recommendations import lay_recommendations, look_up
from tracker.services.seed_rows import Layer, Outcome


def seed_reference(session: Session, folder: Path, today: date, now: datetime) -> Outcome:
    """Everything or nothing: the first problem raises `SeedBroken` with file and line."""
    files = {path.stem: read_rows(path) for path in sorted(folder.glob("*.json"))}
    for name in FILES:
        files.setdefault(name, read_rows(folder / f"{name}.json") if name not in files else files[name])
    outcome = Outcome()
    with session.no_autoflush:
        _lay_states(session, files["states"], files["state_name_corrections"], outcome)
        _lay_vocabularies(session, files, outcome)
        session.flush()
        reviews = _lay_reviews(session, files, outcome)
        lay_recommendations(session, files["recommendations"], reviews, outcome, now)
        session.flush()
        _lay_milestones(session, files["milestones"], reviews, outcome)
        _lay_communications(session, files["communications"], outcome)
        session.flush()
    if session.get(Setting, SET_UP_ON) is None:
        session.add(Setting(name=SET_UP_ON, value=today.isoformat()))
    if not outcome.is_nothing:
        for review in reviews.values():
            touch_review(session, review.id)
    return outcome


FILES = (
    "states",
    "state_name_corrections",
    "themes",
    "groups",
    "sdg_goals",
    "sdg_targets",
    "reviews",
    "sources",
    "recommendations",
    "milestones",
    "communications",
)


def _lay_states(session: Session, rows: list[SeedRow], corrections: list[SeedRow], outcome: Outcome) -> None:
    """Names come from Babel's CLDR; where the UN's differ, from the table of corrections."""
    corrected = {(row.text("code"), row.text("language")): row.text("name") for row in corrections}
    territories = {language: Locale.parse(language).territories for language in ("en", "ru", "ky")}
    layer = Layer(session, "states", State, ("code",), outcome)
    for row in rows:
        code, alpha2 = row.text("code"), row.text("alpha2")
        names = {}
        for language, known in territories.items():
            name = corrected.get((code, language)) or known.get(alpha2)
            if not name:
                raise row.broken(f"no name is known for {code} in {language}: add it to the corrections")
            names[f"name_{language}"] = name
        layer.lay((code,), {"alpha2": alpha2, **names})


def _state_codes(session: Session) -> dict[str, str]:
    return {code: code for code in session.scalars(select(State.code))}


def _lay_vocabularies(session: Session, files: dict[str, list[SeedRow]], outcome: Outcome) -> None:
    themes = Layer(session, "themes", Theme, ("scheme", "version", "code"), outcome)
    for row in files["themes"]:
        themes.lay(
            (row.code("scheme", Scheme), row.text("version"), row.text("code")),
            {
                "label": row.text("label"),
                "section": row.optional_text("section"),
                "order": row.number("order"),
            },
        )
    groups = Layer(session, "groups", Group, ("code",), outcome)
    for row in files["groups"]:
        groups.lay(
            (row.text("code"),),
            {
                "label": row.text("label"),
                "is_duty_bearer": row.flag("is_duty_bearer"),
                "order": row.number("order"),
            },
        )
    goals = Layer(session, "sdg_goals", SdgGoal, ("code",), outcome)
    for row in files["sdg_goals"]:
        goals.lay((row.text("code"),), {"label": row.text("label"), "order": row.number("order")})
    session.flush()
    known = set(session.scalars(select(SdgGoal.code)))
    targets = Layer(session, "sdg_targets", SdgTarget, ("code",), outcome)
    for row in files["sdg_targets"]:
        if row.text("goal") not in known:
            raise row.broken(f"there is no goal {row.text('goal')!r}")
        targets.lay((row.text("code"),), {"goal_code": row.text("goal"), "order": row.number("order")})


def _lay_reviews(session: Session, files: dict[str, list[SeedRow]], outcome: Outcome) -> dict[str, Review]:
    states = _state_codes(session)
    layer = Layer(session, "reviews", Review, ("code",), outcome)
    for row in files["reviews"]:
        layer.lay(
            (row.text("code"),),
            {
                "state_code": look_up(row, "state", states),
                "mechanism": row.code("mechanism", Mechanism),
                "cycle": row.number("cycle"),
            },
        )
    session.flush()
    reviews = {review.code: review for review in session.scalars(select(Review))}
    sources = Layer(session, "sources", Source, ("key",), outcome)
    for row in files["sources"]:
        sources.lay(
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
    session.flush()
    return reviews


def _lay_milestones(
    session: Session, rows: list[SeedRow], reviews: dict[str, Review], outcome: Outcome
) -> None:
    states = _state_codes(session)
    layer = Layer(session, "milestones", Milestone, ("key",), outcome)
    for row in rows:
        starts_on, ends_on = row.day("starts_on"), row.day("ends_on")
        if ends_on < starts_on:
            raise row.broken("“ends_on” is before “starts_on”")
        review = look_up(row, "review", reviews) if row.optional_text("review") else None
        layer.lay(
            (row.text("key"),),
            {
                "state_code": look_up(row, "state", states),
                "review_id": review.id if review else None,
                "kind": row.code("kind", MilestoneKind),
                "starts_on": starts_on,
                "ends_on": ends_on,
                "label": row.text("label"),
                "note": row.text("note"),
                "certainty": row.code("certainty", Certainty),
                "source": row.text("source"),
            },
        )
    layer.remove_rest()


def _lay_communications(session: Session, rows: list[SeedRow], outcome: Outcome) -> None:
    layer = Layer(session, "communications", Communication, ("state_code", "reference"), outcome)
    states = _state_codes(session)
    laid = []
    for order, row in enumerate(rows, start=1):
        values = {
            "order": order,
            "kind": row.code("kind", CommunicationKind),
            "sent_on": row.optional_day("sent_on"),
            "response_days": row.optional_number("response_days"),
            "due_on": row.optional_day("due_on"),
            "mandates": row.texts("mandates"),
            "reply_state": row.code("reply_state", ReplyState),
            "reply_as_of_on": row.optional_day("reply_as_of_on"),
            "public_url": row.optional_text("public_url"),
        }
        identity = (look_up(row, "state", states), row.text("reference"))
        laid.append((row, layer.lay(identity, values)))
    session.flush()
    refs = dict(
        session.execute(
            select(Recommendation.ref, Recommendation.id).join(Review).where(Review.code == LETTERS_REVIEW)
        ).all()
    )
    requests = Layer(
        session, "communication_requests", CommunicationRequest, ("communication_id", "number"), outcome
    )
    links = Layer(
        session,
        "communication_recommendations",
        CommunicationRecommendation,
        ("communication_id", "recommendation_id"),
        outcome,
    )
    for row, communication in laid:
        if communication is None:
            continue
        for number, text in enumerate(row.texts("requests"), start=1):
            requests.lay((communication.id, number), {"text": text})
        for ref in row.texts("recommendations"):
            if ref not in refs:
                raise row.broken(f"there is no recommendation {ref!r}")
            links.lay((communication.id, refs[ref]), {})
    requests.remove_rest()
    links.remove_rest()


LETTERS_REVIEW = "KGZ-3"
"""The register of communications names the items of this review's letter."""
