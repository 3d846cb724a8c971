"""No page, file, order, count, date or error depends on what its reader may not see: the whole site is walked
twice, with and without it, and not a byte differs."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Config
from tests import cast as people
from tests import neighbours
from tests.cast import ORGANISATIONS, Cast
from tests.policy.rows import add_mails, file_row, link_row
from tests.stories.deletions import (
    HIDDEN,
    SILENT,
    delete_drafts,
    delete_independent,
    delete_unpublished_of,
)
from tests.stories.test_protection import INDEPENDENT
from tests.web.crawl import Answers, browser, crawl, differences
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Role
from tracker.models.evidence import Visibility
from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services import assessments
from tracker.storage import Storage

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

NOBODY_INDEPENDENT = ("visitor", "focal_point", "validating_officer", "coordinator", "administrator")
STRANGERS_TO_MINISTRY_A = ("visitor", "other_focal_point", "lead", "registrar", "administrator")
READERS = {
    "KGZ": ("visitor", "focal_point", "validating_officer", "coordinator", "lead", "ombudsperson"),
    neighbours.STATE: ("visitor", *neighbours.PEOPLE),
}
"""Who reads what the other State has published, and must learn no more."""
PROBES = [
    f"/recommendations/{neighbours.UNPUBLISHED}/{neighbours.HIDDEN_REF}",
    *(
        address
        for code in HIDDEN.values()
        for address in (
            f"/reviews/{code}",
            f"/recommendations?review={code}",
            f"/recommendations?review=all&q={code}",
            f"/reports/{code}-live/midterm.xlsx",
        )
    ),
    *(f"/organisations/{key}" for key in (*ORGANISATIONS, *neighbours.ORGANISATIONS)),
    *(f"/recommendations?review=all&q={name}" for name in ("rivers", "Rivers")),
]
"""Guesses at what the other State has not published."""
FILTERS = (
    "/recommendations/KGZ-3/A12",
    "/recommendations/KGZ-3/A24",
    "/recommendations?review=all",
    "/recommendations?disagreement=contradicts",
    "/recommendations?voice=civil_society&level=not_implemented",
    "/recommendations?voice=nhri&level=no_entry",
    "/recommendations?voice=un&level=planned&sort=newest",
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
    assessments.withdraw_assessment(session, cast["other_lead"], gone, people.TODAY)


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
        for row in session.execute(text("SELECT id FROM evidence")):
            guesses.append(f"/evidence/{UUID(str(row.id))}")
    return [*guesses, *FILTERS]


def test_nobody_of_the_state_no_administrator_and_no_visitor_learns_of_an_independent_account(
    config: Config, database: Database, cast: Cast
) -> None:
    # Given a site where the State and one organisation have published, and a mail to an independent person
    with database.transaction() as session:
        published(session, cast)
        people.make_update(session, cast, UpdateState.SUBMITTED, ref="A12.2")
        add_mails(session, ("focal_point", "lead", "registrar"))
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
    delete_drafts(database)
    without = walk(config, tokens, probes)
    for name in STRANGERS_TO_MINISTRY_A:
        assert differences(with_drafts[name], without[name]) == [], name


class TestTwoStates:
    @pytest.fixture
    def filled(self) -> str:
        return "two_states"

    @pytest.mark.parametrize("state_code", READERS)
    def test_nobody_learns_of_what_another_state_has_not_published(
        self, config: Config, database: Database, cast: Cast, state_code: str
    ) -> None:
        """The administrator and the registrar of the cast belong to no State: they see organisations of both."""
        # Given two States with everything that one can have: updates in every state with confidential files, an
        # assessment, open links, mails and a review that is not published
        with database.transaction() as session:
            storage = Storage(Path(config.STORAGE_DIR))
            lock = storage.shared_lock()
            fill_both(session, neighbours.read_neighbours(session, cast), storage.keep(b"1"))
            lock.release()
        tokens, probes = sign_in_all(database, READERS[state_code]), [*probes_of(database), *PROBES]
        # When everybody of one reads the whole site, before and after what the other has not published is gone
        with_them = walk(config, tokens, probes)
        [other] = {*READERS} - {state_code}
        delete_unpublished_of(database, other)
        without = walk(config, tokens, probes)
        # Then they read what both published, and nothing differs
        for name in READERS[state_code]:
            read = {address for address, (status, _, _) in with_them[name].items() if status == 200}
            assert read >= {"/recommendations/KGZ-3/A12", "/recommendations/UZB-3/U1", "/history"}, name
            assert differences(with_them[name], without[name]) == [], name


def fill_both(session: Session, everybody: Cast, sha256: str) -> None:
    """Of every file the bytes have that hash."""
    published(session, everybody)
    neighbours.make_foreign_update(session, everybody, UpdateState.PUBLISHED)
    neighbours.make_foreign_assessment(session, everybody)
    for state in UpdateState:
        if state != UpdateState.PUBLISHED:
            people.make_update(session, everybody, state, ref="A12.2")
            neighbours.make_foreign_update(session, everybody, state)
    session.flush()
    for update in session.scalars(select(ProgressUpdate)):
        session.add(file_row(Visibility.CONFIDENTIAL, sha256, update_id=update.id))
        update.has_files = True
    for place in session.scalars(select(Organisation)):
        role = Role.FOCAL_POINT if place.kind.is_of_the_state else Role.ORGANISATION_LEAD
        session.add(link_row(place, [role]))
    add_mails(session, ("focal_point", "coordinator", "foreign_focal_point", "foreign_coordinator"))
    session.scalars(select(Review).where(Review.code == HIDDEN["KGZ"])).one().is_published = False


def test_a_walk_would_notice_a_single_word(app: Flask) -> None:
    once = {"/": (200, [("Vary", "Cookie")], b"three of eight")}
    again = {"/": (200, [("Vary", "Cookie")], b"four of eight")}
    assert differences(once, again) == ["/: b'three of eight' and b'four of eight'"]
    assert differences(once, {**once, "/more": once["/"]}) == ["only once: /more"]
    assert differences(once, dict(once)) == []
