"""Lays the register of communications: letters, what they request and the recommendations they are about."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import SeedRow
from tracker.models.communications import (
    Communication,
    CommunicationKind,
    CommunicationRecommendation,
    CommunicationRequest,
    ReplyState,
)
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.seeding.table import Outcome, SeedTable, look_up, look_up_each, state_codes

LETTERS_REVIEW = "KGZ-3"
"""The register names the items of this review's letter."""


def seed_communications(session: Session, rows: list[SeedRow], outcome: Outcome) -> None:
    states, laid = state_codes(session), []
    with SeedTable(session, "communications", Communication, ("state_code", "reference"), outcome) as layer:
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
            laid.append((row, layer.upsert(row, identity, values)))
    _seed_contents(session, [(row, there) for row, there in laid if there is not None], outcome)
    layer.remove_missing()
    session.flush()


def _seed_contents(session: Session, laid: list[tuple[SeedRow, Communication]], outcome: Outcome) -> None:
    inside = select(Recommendation.ref, Recommendation.id).join(Review).where(Review.code == LETTERS_REVIEW)
    refs = dict(session.execute(inside).all())
    part, link = ("communication_id", "number"), ("communication_id", "recommendation_id")
    with (
        SeedTable(session, "communication_requests", CommunicationRequest, part, outcome) as requests,
        SeedTable(
            session, "communication_recommendations", CommunicationRecommendation, link, outcome
        ) as links,
    ):
        for row, communication in laid:
            for number, text in enumerate(row.texts("requests"), start=1):
                requests.upsert(row, (communication.id, number), {"text": text})
            for found in look_up_each(row, "recommendations", refs):
                links.upsert(row, (communication.id, found), {})
        requests.remove_missing()
        links.remove_missing()
