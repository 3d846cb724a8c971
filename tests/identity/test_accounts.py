"""Accounts: who makes them, which role needs which organisation, who may hold an address, what is written."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, Cast, read_account
from tests.services.refusals import refused
from tracker.failures import BadInput, NotAllowed, ValidationFailed
from tracker.history.sentences import sentence_of
from tracker.identity.accounts import create_account, read_address
from tracker.identity.passphrases import CHEAP, is_passphrase
from tracker.models.accounts import Account, Role
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation
from tracker.policy.actors import SYSTEM, Actor


def make(
    session: Session, handle: str, roles: list[Role], key: str | None, actor: Actor = SYSTEM, **more: object
) -> Account:
    found = session.scalars(select(Organisation).where(Organisation.key == key)).one() if key else None
    return create_account(session, actor, handle, roles, found, PASSPHRASE, NOW, hashing=CHEAP, **more)  # type: ignore[arg-type]


def lines(session: Session) -> list[str]:
    session.flush()
    written = select(HistoryLine).where(HistoryLine.verb == "create_account")
    return [sentence_of(line) for line in session.scalars(written)]


def test_an_account_opens_with_its_passphrase_and_keeps_only_a_hash(session: Session) -> None:
    made = make(
        session, "  Quiet-Owl ", [Role.FOCAL_POINT, Role.ALTERNATE], "ministry-a", email="o@example.org"
    )
    assert made.handle == "quiet-owl"
    assert PASSPHRASE not in made.passphrase_hash
    assert is_passphrase(PASSPHRASE, made.passphrase_hash)
    session.expire_all()
    found = read_account(session, "quiet-owl")
    assert {held.role for held in found.roles} == {Role.FOCAL_POINT, Role.ALTERNATE}
    assert found.organisation is not None
    assert (found.organisation.key, found.email, found.may_publish) == ("ministry-a", "o@example.org", False)


def test_only_the_operator_makes_accounts(session: Session, cast: Cast) -> None:
    for name in cast.actors:
        refused(
            session,
            Account,
            NotAllowed,
            lambda name=name: make(session, "x", [Role.FOCAL_POINT], "ministry-a", cast[name]),
        )


@pytest.mark.parametrize(
    ("roles", "key"),
    [
        *(([role], key) for role in ("focal_point", "alternate", "validating_officer", "coordinator")
          for key in ("cso-a", "ombudsperson", None)),
        *(([role], key) for role in ("contributor", "organisation_lead") for key in ("ministry-a", None)),
        (["coordinator", "organisation_lead"], "cso-a"),
        (["coordinator", "organisation_lead"], "ministry-a"),
        (["registrar"], "ministry-a"),
        (["registrar", "administrator"], None),
        (["registrar", "administrator"], "ombudsperson"),
        (["registrar", "organisation_lead"], "ombudsperson"),
        (["registrar", "contributor"], "cso-a"),
    ],
)  # fmt: skip
def test_a_role_in_the_wrong_organisation_is_refused(
    session: Session, roles: list[str], key: str | None
) -> None:
    refused(session, Account, BadInput, lambda: make(session, "wrong", [Role(role) for role in roles], key))


@pytest.mark.parametrize("handle", ["", "   ", "lead", " LEAD "])
def test_a_handle_is_given_and_given_once(session: Session, handle: str) -> None:
    refused(session, Account, BadInput, lambda: make(session, handle, [Role.FOCAL_POINT], "ministry-a"))


@pytest.mark.parametrize(
    ("role", "key"),
    [("contributor", "cso-a"), ("organisation_lead", "ombudsperson"), ("registrar", None),
     ("registrar", "ombudsperson")],
)  # fmt: skip
def test_an_independent_account_leaves_no_line(session: Session, role: str, key: str | None) -> None:
    before = lines(session)
    make(session, "silent", [Role(role)], key)
    with pytest.raises(BadInput, match="Leave out the e-mail address"):
        make(session, "spoken", [Role(role)], key, email="silent@example.net")
    assert lines(session) == before


@pytest.mark.parametrize(
    ("role", "key"),
    [("validating_officer", "ministry-a"), ("administrator", None), ("administrator", "ministry-a")],
)
def test_no_address_is_taken_of_somebody_of_the_state_who_gets_no_mail(
    session: Session, role: str, key: str | None
) -> None:
    with pytest.raises(BadInput, match="no mail is sent to this role"):
        make(session, "seen", [Role(role)], key, email="seen@example.org")
    assert make(session, "seen", [Role(role)], key).email is None


@pytest.mark.parametrize(("role", "key"), [("coordinator", "secretariat"), ("administrator", None)])
def test_an_account_of_the_state_leaves_a_line(session: Session, role: str, key: str | None) -> None:
    before = lines(session)
    make(session, "seen", [Role(role)], key)
    assert lines(session) == [*before, "system created seen"]


def test_the_lines_of_the_cast_name_nobody_independent(session: Session) -> None:
    said = " ".join(lines(session))
    assert "focal_point" in said
    for handle in ("contributor", "lead", "ombudsperson", "registrar"):
        assert f"created {handle}" not in said


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (None, None),
        ("", None),
        ("Focal.Point+upr@Example.ORG", "Focal.Point+upr@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("name@ministry.local", "name@ministry.local"),
        ("name@пример.рф", "name@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_address_is_stored_as_every_mail_server_takes_it(typed: str | None, stored: str | None) -> None:
    assert read_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "name",
        "name@localhost",
        "name..surname@example.org",
        "name@-example.org",
        "name@[127.0.0.1]",
        "Name <name@example.org>",
        "имя@example.org",  # servers that take it are few
        "name@example.org\r\nBcc: other@example.org",
        "name@example.org, other@example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_no_mail_server_takes_as_an_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationFailed) as failure:
        read_address(typed)
    [(field, sentence)] = failure.value.sentences.items()
    assert (field, sentence) == (
        "email",
        "Enter an e-mail address such as name@example.org, or leave the field empty.",
    )
