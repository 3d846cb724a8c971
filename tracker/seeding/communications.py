"""Seeds the register of communications: letters, what they request and the recommendations they are about."""

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


def seed_communications(session: Session, rows: list[SeedRow], outcome: Outcome) -> None:
    states, upserted = state_codes(session), []
    with SeedTable(session, "communications", Communication, ("state_code", "reference"), outcome) as table:
        for order, row in enumerate(rows, start=1):
            values = {
                "order": order,
                "kind": row.code("kind", CommunicationKind),
                "sent_on": row.optional_day("sent_on"),
                "response_days": row.optional_number("response_days"),
                "due_on": row.optional_day("due_on"),
                "mandates": row.texts("mandates"),
                "reply_state": row.code("reply_state", ReplyState),
                "reply_on": row.optional_day("reply_on"),
                "reply_as_of_on": row.optional_day("reply_as_of_on"),
                "note": row.free_text("note"),
                "source": row.text("source"),
                "public_url": row.optional_text("public_url"),
            }
            identity = (look_up(row, "state", states), row.text("reference"))
            upserted.append((row, table.upsert(row, identity, values)))
    present = [(row, communication) for row, communication in upserted if communication is not None]
    _seed_contents(session, present, outcome)
    table.remove_missing()
    session.flush()


def _seed_contents(
    session: Session, communications: list[tuple[SeedRow, Communication]], outcome: Outcome
) -> None:
    """`recommendations` holds review and ref, as in “KGZ-3/A12”."""
    query = select(Review.code, Recommendation.ref, Recommendation.id).join(Review)
    ids = {f"{review}/{ref}": each for review, ref, each in session.execute(query)}
    request, link = ("communication_id", "number"), ("communication_id", "recommendation_id")
    with (
        SeedTable(session, "communication_requests", CommunicationRequest, request, outcome) as requests,
        SeedTable(
            session, "communication_recommendations", CommunicationRecommendation, link, outcome
        ) as links,
    ):
        for row, communication in communications:
            for number, text in enumerate(row.texts("requests"), start=1):
                requests.upsert(row, (communication.id, number), {"text": text})
            for recommendation_id in look_up_each(row, "recommendations", ids):
                links.upsert(row, (communication.id, recommendation_id), {})
        requests.remove_missing()
        links.remove_missing()
