"""What the pages about accounts and links say is true for whoever reads it, and is said before it is too late."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import PEOPLE, REVIEW, Cast, read_account
from tests.seconds import add_second
from tests.stories.invitations import OWN, id_of_account, invite, path_of
from tests.stories.pages import by_class, by_id, link_of, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, names_of, parse, text_of, token_of
from tracker.database import Database
from tracker.models.accounts import Role
from tracker.models.milestones import Milestone
from tracker.models.reviews import Review
from tracker.policy.mails import may_get_mail
from tracker.queries.recipients import list_recipients


def errors_of(answer: TestResponse) -> list[str]:
    summary = by_class(answer, "govuk-error-summary")[0]
    return [link.get("href") for link in summary.iter(f"{HTML}a")]


def test_reminders_go_to_those_whose_page_says_so(session: Session, cast: Cast) -> None:
    """Everybody is assigned, so that only the role decides."""
    review = session.scalars(select(Review).where(Review.code == REVIEW)).one()
    for handle in PEOPLE:
        account = read_account(session, handle)
        account.email, account.wants_mail = f"{handle.replace('_', '-')}@example.org", True
    session.flush()
    with session.no_autoflush:  # a milestone that nobody stores
        sent = {each.handle for each in list_recipients(session, Milestone(review=review, is_by_hand=False))}
    assert sent == {handle for handle in PEOPLE if may_get_mail(cast[handle])}
    assert "validating_officer" not in sent


def test_an_officer_is_told_of_no_reminders_and_asked_for_no_address(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    officer, coordinator = signed_in("validating_officer"), signed_in("coordinator")
    assert "This site sends you no mail." in text_of(officer.get("/account"))
    assert "email" not in names_of(find_form(officer.get("/account/settings"), None))
    link = invite(coordinator, "ministry-a", "validating_officer")
    assert "email" not in names_of(find_form(client.get(link), None))
    assert "email" in names_of(find_form(client.get(invite(coordinator, "ministry-a", "alternate")), None))
    # And nobody is asked to get one from them
    with database.transaction() as session:
        read_account(session, "validating_officer").email = None
    person = coordinator.get(f"/people/{id_of_account(database, 'validating_officer')}")
    assert "not needed: no reminders go to these roles" in text_of(person)
    assert "no e-mail address" not in text_of(coordinator.get("/organisations/ministry-a"))


def test_an_invitation_names_all_mistakes_at_once_in_the_order_of_its_fields(
    signed_in: SignIn, client: StrictClient
) -> None:
    link = invite(signed_in("coordinator"), "ministry-a", "focal_point")
    answer = client.send(link, handle="a b", choice="own", own="short", again="short", email="nobody")
    assert answer.status_code == 422
    assert errors_of(answer) == ["#handle", "#own", "#email"]
    assert client.send(link, handle="", choice="own", own=OWN, again="", email="").status_code == 422


@pytest.mark.parametrize(
    ("person", "page"),
    [("focal_point", "/updates/new/KGZ-3/A12.1"), ("silent_contributor", "/account/second-factor")],
)
def test_the_summary_of_errors_has_the_order_of_the_page(signed_in: SignIn, person: str, page: str) -> None:
    client = signed_in(person)
    button = "submit" if person == "focal_point" else None
    answer = client.send(page, None, button)
    assert answer.status_code == 422
    places = [each.get("id") for each in parse(answer).iter() if each.get("id")]
    linked = [places.index(each.removeprefix("#")) for each in errors_of(answer)]
    assert len(linked) > 1
    assert linked == sorted(linked)


def test_the_lead_reads_on_the_own_page_of_work_that_a_link_would_end_the_account(
    signed_in: SignIn,
) -> None:
    registrar, lead = signed_in("registrar"), signed_in("lead")
    assert link_of(lead.get("/work"), "See the open links") is None
    # When the registrar makes one, the page says who reads the note
    form = registrar.get("/invitations/new/cso-a")
    assert "You and the present lead of this organisation can read it." in text_of(form)
    registrar.send_from(form, None, role="organisation_lead", note="asked by telephone")
    # Then the lead is told at once, and by whom it is and what it does
    work = lead.get("/work")
    assert "Using it ends your account. If you did not ask for it, withdraw it." in text_of(work)
    address = link_of(work, "See the open links")
    row = text_of(lead.get(str(address)))
    assert "By the registrar: whoever uses it leads the organisation, and the account of lead ends" in row
    assert "asked by telephone" in row
    # And nobody else is
    assert "The registrar made a link" not in text_of(signed_in("contributor").get("/work"))


@pytest.mark.parametrize(
    ("handle", "said"), [("lead", "the only lead"), ("administrator", "the only administrator")]
)
def test_who_is_alone_is_not_told_of_somebody_else(
    signed_in: SignIn, database: Database, handle: str, said: str
) -> None:
    person = f"/people/{id_of_account(database, handle)}"
    client = signed_in(handle)
    assert said in text_of(client.get(person))
    with database.transaction() as session:
        add_second(session, handle)
    assert "Only somebody else who manages accounts can change it." in text_of(client.get(person))


def test_a_link_to_a_second_factor_claims_nothing_that_was_not_there(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    lead, token = signed_in("lead"), {"kind": "new_second_factor"}
    person = f"/people/{id_of_account(database, 'contributor')}/renew"
    link = path_of(lead.post(person, data={**token_of(lead), **token}))
    done = client.send(link)
    assert "lost" not in text_of(done)
    assert "Now you can set up a new second factor" in text_of(done)


def test_a_role_that_is_given_or_removed_is_named(signed_in: SignIn, database: Database) -> None:
    client, person = signed_in("coordinator"), f"/people/{id_of_account(database, 'focal_point')}"
    for verb, said in (
        ("give", "now has the role “Alternate”"),
        ("take", "no longer has the role “Alternate”"),
    ):
        client.post(f"{person}/{verb}-role", data={**token_of(client), "role": Role.ALTERNATE.value})
        assert f"focal_point {said}" in text_of(client.get(person))


def test_the_note_of_a_hand_over_says_when_it_is_used(signed_in: SignIn, database: Database) -> None:
    page = signed_in("coordinator").get(f"/people/{id_of_account(database, 'focal_point')}/hand-over")
    assert "Only for the link of somebody who has no account yet" in words_of(by_id(page, "note-hint"))


def test_what_will_happen_is_told_as_what_will_happen(signed_in: SignIn) -> None:
    client = signed_in("silent_contributor")
    for page in ("passphrase", "second-factor", "second-factor/recovery-codes"):
        said = text_of(client.get(f"/account/{page}"))
        assert "All other browsers will be signed out." in said
    assert link_of(client.get("/account/second-factor"), "Back") == "/account"
    assert link_of(signed_in("coordinator").get("/account/second-factor"), "Back") == "/account"
