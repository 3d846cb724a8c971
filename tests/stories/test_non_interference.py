"""No page, file, order, count, date or error depends on what its reader may not see: the whole site is walked
twice, with and without it, and not a byte differs."""

from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Config
from tests import cast as people
from tests import neighbours
from tests.cast import ORGANISATIONS, Cast
from tests.policy.rows import lay_mails
from tests.stories.test_protection import INDEPENDENT
from tests.web.crawl import Answers, browser, crawl, differences
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.updates import UpdateState
from tracker.services import assessments

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

NOBODY_INDEPENDENT = ("visitor", "focal_point", "validating_officer", "coordinator", "administrator")
SILENT = ("cso-b", "ombudsperson")
"""Organisations that have published nothing (and one that withdrew all has left no name)."""
STRANGERS_TO_MINISTRY_A = ("visitor", "other_focal_point", "lead", "registrar", "administrator")
WITHIN_A_STATE = ("visitor", "focal_point", "validating_officer", "coordinator", "lead", "ombudsperson")
FOREIGN_PROBES = [
    f"/reviews/{neighbours.UNPUBLISHED}",
    f"/recommendations?review={neighbours.UNPUBLISHED}",
    f"/recommendations/{neighbours.UNPUBLISHED}/{neighbours.HIDDEN_REF}",
    f"/reports/{neighbours.UNPUBLISHED}-live/midterm.xlsx",
    *(f"/organisations/{key}" for key in neighbours.ORGANISATIONS),
    *(f"/recommendations?review=all&q={name}" for name in ("rivers", "Rivers", neighbours.UNPUBLISHED)),
]
FILTERS = (
    "/recommendations/KGZ-3/A12",
    "/recommendations/KGZ-3/A24",
    "/recommendations?review=all",
    "/recommendations?disagreement=contradicts",
    "/recommendations?voice=civil_society&level=not_implemented",
    "/recommendations?voice=nhri_un&level=not_assessed",
    "/recommendations.json?review=all",
)


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, SECRET_KEY="the same in both walks " * 2)


def published(session: Session, cast: Cast) -> None:
    """What everybody sees: an update, an assessment, and one that was withdrawn."""
    people.make_update(session, cast, UpdateState.PUBLISHED)
    people.make_assessment(session, cast)
    gone = people.make_assessment(session, cast, by="other_lead", ref="A24.1")
    assessments.withdraw_assessment(session, cast["other_lead"], gone, people.TODAY, people.NOW)


def walk(config: Config, tokens: dict[str, str | None], probes: list[str]) -> dict[str, Answers]:
    """Everything that each of them can open, on a server that has just started."""
    app = create_app(config)
    app.config["TESTING"] = True
    starts = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<" not in rule.rule
    ]
    found = {name: crawl(browser(app, token), [*starts, *probes]) for name, token in tokens.items()}
    app.extensions["database"].dispose()
    return found


def sign_in_all(database: Database, names: tuple[str, ...]) -> dict[str, str | None]:
    tokens: dict[str, str | None] = {"visitor": None}
    with database.transaction() as session:
        for name in names:
            if name != "visitor":
                account = people.read_account(session, name)
                tokens[name] = begin_sign_in(session, account.id, clock.now())
    return tokens


def probes_of(database: Database) -> list[str]:
    """Guesses at what may not be seen: by the names and identifiers that the database holds."""
    names = [*SILENT, *INDEPENDENT, *(ORGANISATIONS[key][1] for key in SILENT)]
    guesses = [f"/recommendations?{by}={quote(name)}" for name in names for by in ("organisation", "q")]
    guesses += [f"/recommendations?review=all&organisation={name}" for name in SILENT]
    with database.reading() as session:
        for table in ("accounts", "progress_updates", "outgoing_mails"):
            for row in session.execute(text(f"SELECT id FROM {table}")):
                found = UUID(str(row.id))
                guesses += [f"/updates/{found}", f"/assessments/{found}/withdraw"]
    return [*guesses, *FILTERS]


def delete_independent(database: Database) -> None:
    """As if no independent account had ever been made, and no organisation that has published nothing."""
    handles, keys = tuple(INDEPENDENT), SILENT
    with database.engine.begin() as connection:
        held = f"(SELECT id FROM accounts WHERE handle IN {handles})"
        silent = f'(SELECT id FROM organisations WHERE "key" IN {keys})'
        for statement in (
            f"DELETE FROM sign_ins WHERE account_id IN {held}",
            f"DELETE FROM outgoing_mails WHERE account_id IN {held}",
            f"DELETE FROM reminders WHERE account_id IN {held}",
            f"DELETE FROM recovery_codes WHERE account_id IN {held}",
            f"DELETE FROM invitations WHERE organisation_id IN {silent} OR account_id IN {held}",
            f"DELETE FROM account_roles WHERE account_id IN {held}",
            f"DELETE FROM accounts WHERE handle IN {handles}",
            f'DELETE FROM organisations WHERE "key" IN {keys}',
        ):
            connection.execute(text(statement))


def test_nobody_of_the_state_no_administrator_and_no_visitor_learns_of_an_independent_account(
    config: Config, database: Database, cast: Cast
) -> None:
    # Given a site where the State and one organisation have published, and a mail to an independent person
    with database.transaction() as session:
        published(session, cast)
        people.make_update(session, cast, UpdateState.SUBMITTED, ref="A12.2")
        lay_mails(session, ("focal_point", "lead", "registrar"))
    tokens, probes = sign_in_all(database, NOBODY_INDEPENDENT), probes_of(database)
    # When everybody who is not independent reads everything, before and after all independent accounts
    # and the organisations that have published nothing are gone
    with_them = walk(config, tokens, probes)
    delete_independent(database)
    without = walk(config, tokens, probes)
    # Then nothing differs
    for name in NOBODY_INDEPENDENT:
        assert with_them[name], name
        assert differences(with_them[name], without[name]) == [], name


def test_nobody_else_learns_of_unpublished_work_of_the_state(
    config: Config, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        published(session, cast)
        for state in (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.VALIDATED):
            people.make_update(session, cast, state, ref="A12.2")
    tokens, probes = sign_in_all(database, STRANGERS_TO_MINISTRY_A), probes_of(database)
    with_drafts = walk(config, tokens, probes)
    with database.engine.begin() as connection:
        made = connection.execute(text("SELECT id FROM progress_updates WHERE state <> 'published'")).all()
        assert len(made) == 4
        for row in made:
            subject = {"subject": f"update {UUID(str(row.id))}"}
            gone = connection.execute(text("DELETE FROM history_lines WHERE subject = :subject"), subject)
            assert gone.rowcount >= 1
        connection.execute(text("DELETE FROM progress_updates WHERE state <> 'published'"))
    without = walk(config, tokens, probes)
    for name in STRANGERS_TO_MINISTRY_A:
        assert differences(with_drafts[name], without[name]) == [], name


class TestTwoStates:
    @pytest.fixture
    def filled(self) -> str:
        return "two_states"

    def test_nobody_learns_of_work_people_or_mails_of_another_state(
        self, config: Config, database: Database, cast: Cast
    ) -> None:
        """The administrator and the registrar of the cast belong to no State: they see organisations of both."""
        with database.transaction() as session:
            everybody = neighbours.read_neighbours(session, cast)
            published(session, cast)
            neighbours.make_foreign_update(session, everybody, UpdateState.PUBLISHED)
            for state in UpdateState:
                if state != UpdateState.PUBLISHED:
                    neighbours.make_foreign_update(session, everybody, state)
            lay_mails(session, ("focal_point", "foreign_focal_point", "foreign_coordinator"))
        tokens, probes = sign_in_all(database, WITHIN_A_STATE), [*probes_of(database), *FOREIGN_PROBES]
        with_them = walk(config, tokens, probes)
        delete_foreign(database)
        without = walk(config, tokens, probes)
        for name in WITHIN_A_STATE:
            assert len(with_them[name]) > 60, name
            assert differences(with_them[name], without[name]) == [], name


def delete_foreign(database: Database) -> None:
    """As if the second State had only what it published: its unpublished review, drafts, mails and people are gone."""
    handles = tuple(neighbours.PEOPLE)
    with database.engine.begin() as connection:
        held = f"(SELECT id FROM accounts WHERE handle IN {handles})"
        drafts = f"(SELECT id FROM progress_updates WHERE state <> 'published' AND author_id IN {held})"
        hidden = f"(SELECT id FROM reviews WHERE code = '{neighbours.UNPUBLISHED}')"
        items = f"(SELECT id FROM recommendations WHERE review_id IN {hidden})"
        made = connection.execute(text(f"SELECT id FROM progress_updates WHERE id IN {drafts}")).all()
        assert made
        subjects = [f"update {UUID(str(row.id))}" for row in made]
        for subject in subjects:
            connection.execute(
                text("DELETE FROM history_lines WHERE subject = :subject"), {"subject": subject}
            )
        for statement in (
            f"DELETE FROM sign_ins WHERE account_id IN {held}",
            f"DELETE FROM outgoing_mails WHERE account_id IN {held}",
            f"DELETE FROM progress_updates WHERE id IN {drafts}",
            f"DELETE FROM assignments WHERE recommendation_id IN {items}",
            f"DELETE FROM action_points WHERE recommendation_id IN {items}",
            f"DELETE FROM recommendations WHERE review_id IN {hidden}",
            f"DELETE FROM sources WHERE review_id IN {hidden}",
            f"DELETE FROM reviews WHERE code = '{neighbours.UNPUBLISHED}'",
            f"UPDATE accounts SET email = NULL, ended_at = created_at WHERE id IN {held}",
        ):
            connection.execute(text(statement))


def test_a_walk_would_notice_a_single_word(app: Flask) -> None:
    once = {"/": (200, [("Vary", "Cookie")], b"three of eight")}
    again = {"/": (200, [("Vary", "Cookie")], b"four of eight")}
    assert differences(once, again) == ["/: b'three of eight' and b'four of eight'"]
    assert differences(once, {**once, "/more": once["/"]}) == ["only once: /more"]
    assert differences(once, dict(once)) == []
