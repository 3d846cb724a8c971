"""A mail that was given up: the coordinator has it tried again, when the cause is mended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.mail.mails import deliver, queue, read_mail
from tests.mail.post_office import post_office
from tests.strict_client import StrictClient, find_form, text_of, values_of
from tracker import clock
from tracker.database import Database
from tracker.history.sentences import sentence_of
from tracker.mail.outbox import LEASE, MOST_ATTEMPTS
from tracker.models.history import HistoryLine
from tracker.models.reminders import OutgoingMail

SignIn = Callable[[str], StrictClient]
ERROR = "ConnectionRefusedError"
GIVEN_UP = f"given up after {MOST_ATTEMPTS} attempts: {ERROR}"
ALL_DAYS = timedelta(days=400)


def give_up(database: Database, handle: str = "focal_point", **more: Any) -> UUID:
    """A mail whose attempts have all failed."""
    mail_id = queue(database, handle)
    change(database, mail_id, **{"attempts": MOST_ATTEMPTS, "last_error": ERROR, **more})
    return mail_id


def change(database: Database, mail_id: UUID, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(**values))


def stored(database: Database, mail_id: UUID) -> dict[str, Any]:
    mail = read_mail(database, mail_id)
    return {column.name: getattr(mail, column.name) for column in OutgoingMail.__table__.columns}


def lines(database: Database) -> list[HistoryLine]:
    with database.reading() as session:
        return list(session.scalars(select(HistoryLine).where(HistoryLine.verb == "try_again")))


def address(mail_id: UUID) -> str:
    return f"/reminders/{mail_id}/try-again"


def token_of(client: StrictClient) -> dict[str, str]:
    return {"csrf_token": values_of(find_form(client.get("/work"), "/sign-out"))["csrf_token"]}


def test_the_coordinator_has_it_tried_again_and_it_arrives(database: Database, signed_in: SignIn) -> None:
    # Given a mail that was given up, beside one that waits
    mail_id, other = give_up(database), queue(database, "other_focal_point")
    coordinator = signed_in("coordinator")
    page = coordinator.get("/reminders")
    assert GIVEN_UP in text_of(page)
    assert page.get_data(as_text=True).count("/try-again") == 1
    # When the coordinator presses its button
    answer = coordinator.send_from(page, address(mail_id))
    # Then it waits again, and the history says who wanted it
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reminders")
    said = text_of(coordinator.get("/reminders"))
    assert "The mail is tried again with the next delivery." in said
    assert GIVEN_UP not in said
    assert said.count("waiting") == 2
    [line] = lines(database)
    assert sentence_of(line) == "coordinator asked for another attempt at the mail to focal_point"
    assert (line.subject, line.before) == (f"mail {mail_id}", {"attempts": MOST_ATTEMPTS, "error": ERROR})
    # And the next delivery sends it
    with post_office() as office:
        assert deliver(database, f"smtp://127.0.0.1:{office.port}", ALL_DAYS) == "2 sent, 0 failed"
    assert set(office.copies()) == {f"<{each}@example.org>" for each in (mail_id, other)}
    assert "sent on" in text_of(coordinator.get("/reminders"))


def test_it_has_all_its_attempts_again(database: Database, signed_in: SignIn) -> None:
    mail_id = give_up(database)
    assert signed_in("coordinator").send("/reminders", address(mail_id)).status_code == 303
    after = stored(database, mail_id)
    assert (after["attempts"], after["last_error"], after["claimed_by"]) == (0, None, None)
    assert clock.now() - after["next_try_at"] < timedelta(minutes=5)


def test_a_second_press_changes_nothing(database: Database, signed_in: SignIn) -> None:
    # Given a page that two people have open, and one who was faster
    mail_id, coordinator = give_up(database), signed_in("coordinator")
    page = coordinator.get("/reminders")
    coordinator.send_from(page, address(mail_id))
    before = stored(database, mail_id)
    # When the other presses, too
    assert coordinator.send_from(page, address(mail_id)).status_code == 303
    # Then that is said, and nothing is done twice
    assert "Nothing was changed: this mail is not given up any more." in text_of(
        coordinator.get("/reminders")
    )
    assert stored(database, mail_id) == before
    assert len(lines(database)) == 1


@pytest.mark.parametrize("case", ["waiting", "failed once", "sent", "last attempt under way"])
def test_what_is_not_given_up_has_no_button_and_is_left_alone(
    database: Database, signed_in: SignIn, case: str
) -> None:
    now = clock.now()
    values: dict[str, Any] = {
        "waiting": {"attempts": 0, "last_error": None},
        "failed once": {"attempts": 1},
        "sent": {"sent_at": now, "last_error": None},
        "last attempt under way": {"claimed_at": now, "claimed_by": "there:2"},
    }[case]
    mail_id, coordinator = give_up(database, **values), signed_in("coordinator")
    page = coordinator.get("/reminders")
    assert "/try-again" not in page.get_data(as_text=True)
    assert ("being sent" in text_of(page)) == (case == "last attempt under way")
    before = stored(database, mail_id)
    assert coordinator.post(address(mail_id), data=token_of(coordinator)).status_code == 303
    assert stored(database, mail_id) == before
    assert lines(database) == []


def test_one_whose_last_sender_died_can_be_tried_again(database: Database, signed_in: SignIn) -> None:
    died_at = clock.now() - LEASE - timedelta(seconds=1)
    mail_id = give_up(database, claimed_at=died_at, claimed_by="there:2", last_error=None)
    coordinator = signed_in("coordinator")
    assert f"given up after {MOST_ATTEMPTS} attempts: reason unknown" in text_of(
        coordinator.get("/reminders")
    )
    coordinator.send("/reminders", address(mail_id))
    assert len(lines(database)) == 1


@pytest.mark.parametrize(
    "person",
    [
        "focal_point",
        "alternate",
        "validating_officer",
        "other_focal_point",
        "administrator",
        "lead",
        "contributor",
        "registrar",
    ],
)
def test_nobody_else_has_it_tried_again(database: Database, signed_in: SignIn, person: str) -> None:
    mail_id, reader = give_up(database), signed_in(person)
    before = stored(database, mail_id)
    assert reader.post(address(mail_id), data=token_of(reader)).status_code == 403
    assert stored(database, mail_id) == before
    assert lines(database) == []


def test_a_mail_to_independent_people_is_as_unknown_as_one_that_is_not_there(
    database: Database, signed_in: SignIn
) -> None:
    # Given a mail to a contributor, which should never be
    mail_id, coordinator = give_up(database, "contributor"), signed_in("coordinator")
    before = stored(database, mail_id)
    token = token_of(coordinator)
    # When the coordinator guesses its address, or one that leads to nothing
    answers = [coordinator.post(address(each), data=token) for each in (mail_id, uuid4())]
    # Then both are the same page, and nothing was changed
    assert [answer.status_code for answer in answers] == [404, 404]
    assert text_of(answers[0]) == text_of(answers[1])
    assert stored(database, mail_id) == before
    assert lines(database) == []


def test_without_the_token_of_the_form_or_signed_out_nothing_is_changed(
    database: Database, client: StrictClient, signed_in: SignIn
) -> None:
    mail_id = give_up(database)
    before = stored(database, mail_id)
    assert signed_in("coordinator").post(address(mail_id)).status_code == 400
    visitor = {"csrf_token": values_of(find_form(client.get("/sign-in"), "/sign-in"))["csrf_token"]}
    assert client.post(address(mail_id), data=visitor).status_code == 401
    assert stored(database, mail_id) == before
    assert lines(database) == []
