"""Takes out of a database what some readers may not see, as if it had never been there."""

from uuid import UUID

from sqlalchemy import text

from tests import neighbours
from tests.stories.test_protection import INDEPENDENT
from tracker.database import Database

SILENT = ("cso-b", "ombudsperson")
"""Organisations that have published nothing (and one that withdrew all has left no name)."""
HIDDEN = {"KGZ": "KGZ-5", neighbours.STATE: neighbours.UNPUBLISHED}
"""The review of each State that is not published."""


def delete_independent(database: Database) -> None:
    """As if no independent account had ever been made, and no organisation that has published nothing."""
    handles, keys = tuple(INDEPENDENT), SILENT
    held = f"(SELECT id FROM accounts WHERE handle IN {handles})"
    silent = f'(SELECT id FROM organisations WHERE "key" IN {keys})'
    _execute(
        database,
        f"DELETE FROM sign_ins WHERE account_id IN {held}",
        f"DELETE FROM outgoing_mails WHERE account_id IN {held}",
        f"DELETE FROM reminders WHERE account_id IN {held}",
        f"DELETE FROM recovery_codes WHERE account_id IN {held}",
        f"DELETE FROM invitations WHERE organisation_id IN {silent} OR account_id IN {held}",
        f"DELETE FROM account_roles WHERE account_id IN {held}",
        f"DELETE FROM accounts WHERE handle IN {handles}",
        f'DELETE FROM organisations WHERE "key" IN {keys}',
    )


def delete_drafts(database: Database, state_code: str = "KGZ") -> None:
    """As if nobody of that State had written anything that is not published."""
    own = f"(SELECT id FROM organisations WHERE state_code = '{state_code}')"
    drafts = f"FROM progress_updates WHERE state <> 'published' AND organisation_id IN {own}"
    with database.engine.begin() as connection:
        made = connection.execute(text(f"SELECT id {drafts}")).all()
        assert len(made) == 4
        for row in made:
            subject = {"subject": f"update {UUID(str(row.id))}"}
            gone = connection.execute(text("DELETE FROM history_lines WHERE subject = :subject"), subject)
            assert gone.rowcount >= 1
        connection.execute(text(f"DELETE FROM evidence WHERE update_id IN (SELECT id {drafts})"))
        connection.execute(text(f"DELETE {drafts}"))


def delete_unpublished_of(database: Database, state_code: str) -> None:
    """As if that State had only what it published: its unpublished review, work, files, links, mails and people
    are gone. The dates of the seed are public, and the review that they belong to stays with them. Whoever wrote
    something that is published is an ended account."""
    own = f"(SELECT id FROM organisations WHERE state_code = '{state_code}')"
    held = f"(SELECT id FROM accounts WHERE organisation_id IN {own})"
    updates = f"(SELECT id FROM progress_updates WHERE organisation_id IN {own})"
    hidden = f"(SELECT id FROM reviews WHERE code = '{HIDDEN[state_code]}' AND NOT is_published)"
    dated = "(SELECT review_id FROM milestones WHERE review_id IS NOT NULL)"
    items = f"(SELECT id FROM recommendations WHERE review_id IN {hidden})"
    delete_drafts(database, state_code)
    _execute(
        database,
        f"DELETE FROM history_lines WHERE subject LIKE 'recommendation {HIDDEN[state_code]} %'",
        f"DELETE FROM sign_ins WHERE account_id IN {held}",
        f"DELETE FROM outgoing_mails WHERE account_id IN {held}",
        f"DELETE FROM invitations WHERE organisation_id IN {own}",
        f"DELETE FROM evidence WHERE visibility = 'confidential' AND update_id IN {updates}",
        f"UPDATE progress_updates SET has_files = false WHERE id IN {updates}",
        f"DELETE FROM assignments WHERE recommendation_id IN {items}",
        f"DELETE FROM action_points WHERE recommendation_id IN {items}",
        f"DELETE FROM recommendations WHERE review_id IN {hidden}",
        f"DELETE FROM sources WHERE review_id IN {hidden}",
        f"DELETE FROM milestones WHERE is_by_hand AND review_id IN {hidden}",
        f"DELETE FROM reviews WHERE id IN {hidden} AND id NOT IN {dated}",
        f"UPDATE accounts SET email = NULL, ended_at = created_at WHERE id IN {held}",
    )


def _execute(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
