"""What people changed meanwhile is respected: a returned update, another lead, an organisation without people."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from tests.cast import NOW, TODAY, Cast, make_update, point
from tests.stories.pages import ask
from tests.strict_client import SignIn, StrictClient, text_of
from tracker import cli
from tracker.database import Database
from tracker.models.levels import Disagreement, Level, Voice, disagreement, of_voice
from tracker.models.organisations import Assignment, AssignmentKind, Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.services import organisations, updates
from tracker.services.demo_seed import DemoAccount, seed_demonstration
from tracker.services.passphrases import CHEAP


def test_a_returned_update_may_be_saved_unfinished(signed_in: SignIn, database: Database, cast: Cast) -> None:
    # Given an update that the officer returned
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.RETURNED).id
    # When its author empties the reason and saves it for later
    answer = signed_in("focal_point").send(f"/updates/{made}/change", None, "keep", reason="", source_link="")
    # Then it is kept as it is, and asked for only when it is submitted
    assert answer.status_code == 303
    again = signed_in("alternate").send(f"/updates/{made}/change", None, "submit")
    assert again.status_code == 422
    assert "Say why you chose this level" in text_of(again)


def test_who_does_not_lead_when_it_is_published_gives_no_level(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.VALIDATED)
        other = session.scalars(select(Organisation).where(Organisation.key == "ministry-b")).one()
        found = point(session).recommendation
        organisations.assign(session, SYSTEM, found, other, AssignmentKind.LEAD, TODAY, NOW)
        updates.publish_update(session, cast["coordinator"], made, NOW)
    assert ask(database, "SELECT state, level FROM progress_updates") == [("published", None)]
    assert ask(database, "SELECT * FROM point_levels") == []


def test_an_organisation_that_lost_the_assignment_is_offered_to_discard_only(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.DRAFT).id
    writer = signed_in("focal_point")
    open_form = writer.get(f"/updates/{made}/change")
    with database.transaction() as session:
        for held in session.scalars(select(Assignment)):
            held.to_on = TODAY
    # Whoever is writing just then gets the text back
    refused = writer.send_from(open_form, None, "keep", done="Twelve judges were trained in two regions.")
    assert refused.status_code == 403
    assert "Twelve judges were trained in two regions." in text_of(refused)
    page = text_of(writer.get(f"/updates/{made}"))
    assert "Discard this draft" in page
    assert "This organisation is no longer assigned to the recommendation" in page
    assert "Change" not in page
    assert writer.get(f"/updates/{made}/change").status_code == 403
    # And the list of work says so, until it is discarded
    assert "Draft · no longer assigned: discard it" in text_of(writer.get("/work"))
    assert writer.send(f"/updates/{made}/discard").status_code == 303
    assert "no longer assigned" not in text_of(writer.get("/work"))


def test_a_leading_ministry_without_a_focal_point_alarms_the_coordinator(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    assert "A24 Violence against women" not in text_of(coordinator.get("/work"))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM account_roles WHERE role = 'focal_point'")
    page = text_of(coordinator.get("/work"))
    assert "A24 Violence against women" in page
    assert "No organisation with a focal point leads this recommendation" in page


def test_a_fault_of_the_database_is_logged_without_what_was_written(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "the witness lives beside the mill"

    def broken() -> str:
        with database.transaction() as session:
            session.add(ProgressUpdate(reason=secret))
        return ""

    app.add_url_rule("/broken", view_func=broken)
    assert app.test_client().get("/broken").status_code == 500
    assert "unexpected IntegrityError" in caplog.text
    assert secret not in caplog.text


def test_the_tag_of_a_level_says_whose_level_it_is(client: StrictClient) -> None:
    for review in ("", "&review=all"):
        page = client.get(f"/recommendations?level=not_assessed&voice=civil_society{review}")
        assert "Level (Civil society): Not assessed" in text_of(page)


def test_voices_half_a_step_apart_differ_whatever_the_rounding() -> None:
    high = of_voice([Level.FULLY_IMPLEMENTED] * 2 + [Level.PARTIALLY_IMPLEMENTED] * 3)
    low = of_voice([Level.PARTIALLY_IMPLEMENTED] * 2 + [Level.PLANNED] * 3)
    assert high is not None
    assert low is not None
    said = {Voice.CIVIL_SOCIETY: high, Voice.NHRI_UN: low}
    assert disagreement(said) == Disagreement.DIFFERS


def test_a_text_longer_than_a_form_takes_is_named(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    loaded = writer.get("/updates/new/KGZ-3/A12.1")
    answer = writer.send_from(loaded, None, "keep", done="ы" * 1_200_000)
    assert answer.status_code == 400
    assert "longer than this form can take" in text_of(answer)


def test_a_longest_text_in_cyrillic_is_taken(signed_in: SignIn) -> None:
    long = dict.fromkeys(("reason", "done", "obstacles", "support_needed", "next_step"), "ы" * 19999)
    answer = signed_in("focal_point").send("/updates/new/KGZ-3/A12.1", None, "keep", **long)
    assert answer.status_code == 303


def test_new_accounts_of_the_demonstration_join_the_old_ones(tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    for handle in ("first-1", "second-2"):
        made = DemoAccount(handle, "a-passphrase", "focal_point", ["focal_point"], None)
        cli._write_accounts(file, [made])
    assert [account["handle"] for account in json.loads(file.read_text())] == ["first-1", "second-2"]


class TestDemonstration:
    @pytest.fixture
    def filled(self) -> str:
        return "demo"

    def test_seeding_again_gives_no_recommendation_back_to_who_lost_it(self, database: Database) -> None:
        with database.transaction() as session:
            another = session.scalars(select(Organisation).where(Organisation.key == "external")).one()
            found = point(session).recommendation
            organisations.assign(session, SYSTEM, found, another, AssignmentKind.LEAD, TODAY, NOW)
        lead = "SELECT organisation_id FROM assignments WHERE to_on IS NULL AND kind = 'lead' ORDER BY 1"
        before = ask(database, lead)
        with database.transaction() as session:
            seed_demonstration(session, ROOT / "seed" / "demo", NOW, CHEAP)
        assert ask(database, lead) == before
