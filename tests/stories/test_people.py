"""People come, go and are let in again, through links that open once: the way of both worlds."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.cast import PASSPHRASE
from tests.stories import assessments, updates
from tests.stories.invitations import OWN, accept, id_of_account, invite, lines, path_of
from tests.stories.pages import ask, contents, is_anywhere, link_of, tell
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of
from tracker import clock
from tracker.database import Database


def test_a_body_of_the_un_that_is_admitted_belongs_to_no_state(signed_in: SignIn, database: Database) -> None:
    registrar = signed_in("registrar")
    for kind, name in (("un", "Agency of Wells"), ("cso", "Third Bridge")):
        assert registrar.send("/organisations/admit", kind=kind, name_en=name).status_code == 200
    states = dict(ask(database, "SELECT names ->> 'en', state_code FROM organisations"))
    assert (states["Agency of Wells"], states["Third Bridge"]) == (None, "KGZ")


def test_a_setting_that_names_no_seeded_state_gives_the_form_back(app: Flask, signed_in: SignIn) -> None:
    app.config["TRACKER"] = replace(app.config["TRACKER"], STATE="KRG")
    answer = signed_in("registrar").send("/organisations/admit", kind="cso", name_en="Third Bridge")
    assert answer.status_code == 422
    assert "There is no State KRG" in text_of(answer)
    assert values_of(find_form(answer, None))["name_en"] == "Third Bridge"


def test_a_registrar_admits_a_lead_invites_and_a_contributor_publishes_once_the_lead_gave_the_right(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    before = lines(database)
    # Given a registrar who admits an organisation and hands the link to its first lead
    registrar = signed_in("registrar")
    link = path_of(registrar.send("/organisations/admit", kind="cso", name_en="Third Bridge"))
    assert "link open until" in text_of(registrar.get("/organisations"))
    # When the lead opens it
    said = text_of(client.get(link))
    assert "You are invited to Third Bridge" in said
    assert "Never your legal name" in said
    lead = accept(app, link, "quiet-owl")
    # Then the registrar sees that it was used, and not by whom
    assert "has a lead" in text_of(registrar.get("/organisations"))
    assert "quiet-owl" not in text_of(registrar.get("/organisations"))
    # And the lead is led to the own organisation, and invites a contributor
    own = str(link_of(lead.get("/organisations"), "Third Bridge"))
    assert "quiet-owl" in text_of(lead.get(own))
    contributor = accept(app, invite(lead, own.rpartition("/")[2], "contributor"), "grey-fox")
    # Who may not publish
    assert contributor.get(assessments.NEW).status_code == 403
    # Until the lead gives the right
    person = link_of(lead.get(own), "grey-fox")
    assert person is not None
    assert lead.send(person, action="/publishing", button=None, given="1").status_code == 303
    preview = contributor.send(assessments.NEW, button="preview", **assessments.TEXT)
    published = contributor.send_from(preview, action="/publish", button="publish")
    assert published.status_code == 303, text_of(published)
    assert "Third Bridge" in text_of(client.get(assessments.PAGE))
    # And all of it left no line of history
    assert lines(database) == before


def test_a_focal_point_is_invited_hands_over_and_the_successor_continues_the_draft(
    app: Flask, signed_in: SignIn, database: Database
) -> None:
    # Given a focal point whom the coordinator invited, with a draft
    coordinator = signed_in("coordinator")
    invited = invite(coordinator, "ministry-a", "focal_point", note="the new one on the second floor")
    assert "the new one on the second floor" in text_of(coordinator.get("/organisations/ministry-a"))
    focal_point = accept(app, invited, "tall-reed", email="tall-reed@example.org")
    draft = updates.write(focal_point)
    # When the coordinator hands the work over to somebody new
    person = f"/people/{id_of_account(database, 'tall-reed')}"
    answer = coordinator.send(f"{person}/hand-over", successor="new")
    # Then nothing changes before the link is used
    assert focal_point.get(f"/updates/{draft}/change").status_code == 200
    successor = accept(app, path_of(answer), "bright-fern")
    # And then the predecessor is out with the next request, and the successor goes on with the draft
    assert focal_point.get(f"/updates/{draft}").headers["Location"].startswith("/sign-in")
    assert successor.send(f"/updates/{draft}/change", button="submit").status_code == 303
    assert updates.row(database, draft).state == "submitted"
    said = text_of(coordinator.get(f"/updates/{draft}"))
    assert "tall-reed" in said
    assert "bright-fern" in said
    assert lines(database)[-3:-1] == [
        "coordinator invited a successor of tall-reed",
        "bright-fern took over from tall-reed",
    ]
    # And the address of whoever left is gone
    [row] = ask(database, "SELECT * FROM accounts WHERE handle = 'tall-reed'")
    assert row.email is None
    assert row.ended_at is not None


def test_work_is_handed_over_to_a_colleague_in_one_step(signed_in: SignIn, database: Database) -> None:
    focal_point, coordinator = signed_in("focal_point"), signed_in("coordinator")
    draft = updates.write(focal_point)
    person, colleague = (id_of_account(database, each) for each in ("focal_point", "alternate"))
    answer = coordinator.send(f"/people/{person}/hand-over", successor=colleague)
    assert answer.status_code == 303
    assert focal_point.get("/work").status_code == 302
    assert signed_in("alternate").get(f"/updates/{draft}/change").status_code == 200
    assert "Focal point" in text_of(coordinator.get(f"/people/{colleague}"))
    assert lines(database)[-1] == "coordinator handed the work of focal_point over to alternate"


def test_a_link_to_the_place_of_somebody_closes_when_that_place_is_taken_or_gone(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    for handle, way_out in (("focal_point", "hand-over"), ("other_focal_point", "end")):
        person = f"/people/{id_of_account(database, handle)}"
        link = path_of(coordinator.send(f"{person}/hand-over", successor="new"))
        assert client.get(link).status_code == 200
        more = {"successor": id_of_account(database, "alternate")} if way_out == "hand-over" else {}
        assert coordinator.send(f"{person}/{way_out}", **more).status_code == 303
        assert client.get(link).status_code == 404
    assert not ask(database, "SELECT * FROM invitations")


def test_a_successor_gets_the_roles_of_the_day_on_which_the_link_is_used(
    app: Flask, signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    person = f"/people/{id_of_account(database, 'focal_point')}"
    # Given a link to the successor of somebody who held two roles, one of which is taken before it is used
    token = token_of(coordinator)
    coordinator.post(f"{person}/give-role", data={**token, "role": "validating_officer"})
    link = path_of(coordinator.send(f"{person}/hand-over", successor="new"))
    coordinator.post(f"{person}/take-role", data={**token, "role": "validating_officer"})
    # When it is used, then it gives what is left
    accept(app, link, "bright-fern")
    assert ask(
        database,
        "SELECT role FROM account_roles JOIN accounts ON id = account_id WHERE handle = 'bright-fern'",
    ) == [("focal_point",)]


@pytest.mark.parametrize("successor", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_a_hand_over_to_nobody_says_so_and_changes_nothing(
    signed_in: SignIn, database: Database, successor: str
) -> None:
    coordinator, person = signed_in("coordinator"), id_of_account(database, "focal_point")
    before = contents(database)
    answer = coordinator.send(f"/people/{person}/hand-over", successor=successor)
    assert answer.status_code == 422
    assert "Choose who takes over" in text_of(answer)
    stranger = id_of_account(database, "other_focal_point")
    assert coordinator.send(f"/people/{person}/hand-over", successor=stranger).status_code == 422
    assert contents(database) == before


def test_a_lost_passphrase_is_renewed_by_a_link_that_ends_every_sign_in(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    focal_point, coordinator = signed_in("focal_point"), signed_in("coordinator")
    person = f"/people/{id_of_account(database, 'focal_point')}"
    token = token_of(coordinator)
    old = path_of(coordinator.post(f"{person}/renew", data={**token, "kind": "new_passphrase"}))
    link = path_of(coordinator.post(f"{person}/renew", data={**token, "kind": "new_passphrase"}))
    # The newest link alone opens
    assert client.get(old).status_code == 404
    assert focal_point.get("/work").status_code == 200
    answer = client.send(link, choice="own", own=OWN, again=OWN)
    assert "Your new passphrase works" in text_of(answer)
    assert focal_point.get("/work").status_code == 302
    assert client.get(link).status_code == 404
    assert client.sign_in("focal_point", PASSPHRASE).status_code == 422
    assert client.sign_in("focal_point", OWN).status_code == 303
    assert lines(database)[-1] == "focal_point set a new passphrase by a link"
    assert lines(database)[-2] == "coordinator made a link to a new passphrase for focal_point"


def test_a_lost_second_factor_is_dropped_by_a_link_and_of_independents_nothing_is_written(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    before = lines(database)
    tell(database, "UPDATE accounts SET totp_last_step = 7 WHERE handle = 'contributor'")
    lead, contributor = signed_in("lead"), signed_in("contributor")
    person = f"/people/{id_of_account(database, 'contributor')}"
    answer = lead.post(f"{person}/renew", data={**token_of(lead), "kind": "new_second_factor"})
    link = path_of(answer)
    assert "A new second factor for contributor" in text_of(client.get(link))
    assert "Now you can set up a new second factor" in text_of(client.send(link))
    assert contributor.get("/work").status_code == 302
    [row] = ask(database, "SELECT * FROM accounts WHERE handle = 'contributor'")
    assert row.totp_last_step is None
    assert lines(database) == before


def test_a_lead_who_is_alone_is_let_in_by_the_registrar_and_two_leads_by_each_other(
    app: Flask, signed_in: SignIn, database: Database
) -> None:
    registrar, lead = signed_in("registrar"), signed_in("lead")
    # Given a lead alone: the registrar's link is seen by the lead, who may withdraw it
    link = invite(registrar, "cso-a", "organisation_lead")
    assert "the account of lead ends" in text_of(lead.get("/organisations/cso-a"))
    # When it is used
    again = accept(app, link, "second-reed")
    # Then the account that nobody opens any more has ended, and the people are still there
    assert lead.get("/work").status_code == 302
    assert "silent_contributor" in text_of(again.get("/organisations/cso-a"))
    # And the registrar, whose next link would replace the new lead, never reads that lead's handle
    invite(registrar, "cso-a", "organisation_lead")
    assert "the account of second-reed ends" in text_of(again.get("/organisations/cso-a"))
    seen = registrar.get("/organisations/cso-a")
    assert "Lets the only lead in again" in text_of(seen)
    assert "second-reed" not in seen.get_data(as_text=True)
    # Given two leads
    accept(app, invite(again, "cso-a", "organisation_lead"), "third-reed")
    # Then no registrar puts anybody into their organisation
    assert "nothing for you to do" in text_of(registrar.get("/organisations/cso-a"))
    refused = registrar.send("/invitations/new/cso-a", role="organisation_lead")
    assert refused.status_code == 409
    assert "two leads" in text_of(refused)
    assert not ask(database, "SELECT * FROM invitations")


def test_a_registrars_link_opens_nothing_once_a_second_lead_came(
    app: Flask, signed_in: SignIn, client: StrictClient
) -> None:
    link = invite(signed_in("registrar"), "cso-a", "organisation_lead")
    accept(app, invite(signed_in("lead"), "cso-a", "organisation_lead"), "second-reed")
    assert client.get(link).status_code == 404


def test_what_a_registrar_sees_never_tells_of_people(app: Flask, signed_in: SignIn) -> None:
    registrar, lead = signed_in("registrar"), signed_in("lead")
    before = (registrar.get("/organisations").data, registrar.get("/organisations/cso-a").data)
    accept(app, invite(lead, "cso-a", "contributor", note="from the market"), "grey-fox")
    invite(lead, "cso-a", "contributor_publishing", note="from the square")
    invite(lead, "cso-a", "organisation_lead", note="from the bridge")
    after = (registrar.get("/organisations").data, registrar.get("/organisations/cso-a").data)
    assert [_plain(each) for each in after] == [_plain(each) for each in before]


def _plain(page: bytes) -> bytes:
    """Without the tokens of forms, which differ each time."""
    return re.sub(rb'name="csrf_token" value="[^"]+"', b"", page)


def test_removal_and_a_lost_right_act_at_the_next_request(signed_in: SignIn, database: Database) -> None:
    lead, coordinator = signed_in("lead"), signed_in("coordinator")
    contributor = signed_in("contributor")
    theirs = f"/people/{id_of_account(database, 'contributor')}"
    # A right is taken and given a hundred times, and each next page knows it
    token = token_of(lead)
    for given, status in (("0", 403), ("1", 200)) * 50:
        assert lead.post(f"{theirs}/publishing", data={**token, "given": given}).status_code == 303
        assert contributor.get(assessments.NEW).status_code == status
    # An account that ended opens nothing, on any device
    for who, by, place in (("contributor", lead, "cso-a"), ("focal_point", coordinator, "ministry-a")):
        devices = [signed_in(who) for _ in range(5)]
        address = f"/people/{id_of_account(database, who)}"
        assert by.send(f"{address}/end").headers["Location"] == f"/organisations/{place}"
        assert {device.get("/work").status_code for device in devices} == {302}
        assert by.get(address).status_code == 404
    found = ask(database, "SELECT handle FROM accounts JOIN sign_ins ON account_id = accounts.id")
    assert {row.handle for row in found} == {"lead", "coordinator"}


def test_a_role_of_the_state_is_given_and_taken_and_the_last_one_stays(
    signed_in: SignIn, database: Database
) -> None:
    coordinator, alternate = signed_in("coordinator"), signed_in("alternate")
    person = f"/people/{id_of_account(database, 'alternate')}"
    token = token_of(coordinator)
    for verb, role, status in (
        ("give-role", "validating_officer", 303),
        ("take-role", "alternate", 303),
        ("take-role", "validating_officer", 409),  # end the account instead
        ("give-role", "organisation_lead", 403),  # no role of the State
        ("give-role", "administrator", 403),
        ("give-role", "registrar", 403),
        ("give-role", "king", 400),
    ):
        answer = coordinator.post(f"{person}/{verb}", data={**token, "role": role})
        assert answer.status_code == status, (verb, role)
    assert alternate.get(updates.NEW).status_code == 403
    assert "Validating officer" in text_of(alternate.get("/work"))
    assert lines(database)[-2:] == ["coordinator changed the roles of alternate"] * 2


def test_nobody_ends_or_changes_the_own_account_here(signed_in: SignIn, database: Database) -> None:
    before = contents(database)
    for who in ("lead", "coordinator", "administrator"):
        mine, address = signed_in(who), f"/people/{id_of_account(database, who)}"
        assert "This is you" in text_of(mine.get(address))
        token = token_of(mine)
        for verb in ("end", "renew"):
            assert mine.post(f"{address}/{verb}", data={**token, "kind": "new_passphrase"}).status_code == 403
    assert contents(database) == before


def test_a_note_and_a_token_stand_nowhere_in_the_database(signed_in: SignIn, database: Database) -> None:
    link = invite(signed_in("lead"), "cso-a", "contributor", note="from the market")
    assert not is_anywhere(database, "from the market")
    assert not is_anywhere(database, link.rpartition("/")[2])
    [row] = ask(database, "SELECT * FROM invitations")
    assert len(row.token_hash) == 64
    assert clock.now() + timedelta(hours=71) < _instant(row.expires_at) < clock.now() + timedelta(hours=73)


def _instant(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def test_a_person_without_anything_to_do_is_told_where_to_go(signed_in: SignIn) -> None:
    for who in ("registrar", "administrator"):
        assert link_of(signed_in(who).get("/work"), "Organisations") == "/organisations"
