"""The page of mails in the pseudo-language: every state of a mail, and the answer to another attempt."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from config import Config
from tests.mail.mails import WORDS
from tests.stories.test_given_up_mail import address, change, give_up
from tests.strict_client import StrictClient, parse
from tests.web.pseudo import left_over, read_data, shown_texts
from tracker import clock
from tracker.database import Database
from tracker.language import PSEUDO


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, LANGUAGES=PSEUDO)


def test_the_page_of_mails_holds_no_unmarked_word(
    database: Database, signed_in: Callable[[str], StrictClient]
) -> None:
    given_up = give_up(database)
    change(database, give_up(database, "alternate"), attempts=2)
    change(database, give_up(database, "other_focal_point"), attempts=0, last_error=None)
    change(database, give_up(database, "validating_officer"), sent_at=clock.now())
    give_up(database, "coordinator", last_error=None)
    coordinator = signed_in("coordinator")
    before = coordinator.get("/reminders")
    assert before.get_data(as_text=True).count("/try-again") == 2
    coordinator.send_from(before, address(given_up))
    done = coordinator.get("/reminders")
    coordinator.send_from(before, address(given_up))
    in_vain = coordinator.get("/reminders")
    with database.reading() as session:
        data = read_data(session) | {WORDS.subject}
    faults = {left_over(text, data) for page in (before, done, in_vain) for text in shown_texts(parse(page))}
    assert faults == {""}
