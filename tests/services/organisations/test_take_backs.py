"""A merger or rename is taken back only while everything that passed is as it was: the words, the steps and the people
of one ministry never come back under the name of another."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, Cast, make_update, read_account
from tests.services.organisations.test_successions import DAY, everything, organisation
from tests.services.refusals import refused
from tracker.failures import Refused
from tracker.identity.invitation_acceptance import accept_invitation
from tracker.identity.invitations import invite
from tracker.identity.people import end_account, give_role
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.updates import get_update
from tracker.services.organisations.successions import merge_organisations
from tracker.services.organisations.take_backs import take_back_succession
from tracker.services.updates.texts import UpdateText
from tracker.services.updates.workflow import change_update, recall_update, return_update

pytestmark = pytest.mark.database
LATER = NOW + timedelta(hours=1)
Deed = Callable[[Session, Cast, ProgressUpdate, str], object]


def rewrite(session: Session, cast: Cast, update: ProgressUpdate, _token: str) -> None:
    recall_update(session, cast["other_focal_point"], update, LATER)
    words = UpdateText(done="Words of the Ministry of Bridges")
    change_update(session, cast["other_focal_point"], update, update.version, words, LATER)


def send_back(session: Session, cast: Cast, update: ProgressUpdate, _token: str) -> None:
    return_update(session, cast["coordinator"], update, "Say how many", LATER)


def end_somebody(session: Session, cast: Cast, _update: ProgressUpdate, _token: str) -> None:
    end_account(session, cast["coordinator"], read_account(session, "alternate"), LATER)


def give_a_role(session: Session, cast: Cast, _update: ProgressUpdate, _token: str) -> None:
    officer = read_account(session, "focal_point")
    give_role(session, cast["coordinator"], officer, Role.VALIDATING_OFFICER, LATER)


def use_the_link(session: Session, _cast: Cast, _update: ProgressUpdate, token: str) -> None:
    accept_invitation(session, token, "newcomer", "a hash", LATER)


DEEDS: dict[str, Deed] = {
    "an update is rewritten by the other ministry": rewrite,
    "an update takes a step": send_back,
    "an account is ended": end_somebody,
    "a role is given": give_a_role,
    "a link that passed makes an account": use_the_link,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_merger_stays_once_what_passed_has_changed(session: Session, cast: Cast, deed: str) -> None:
    coordinator = cast["coordinator"]
    update = make_update(session, cast, UpdateState.SUBMITTED)
    a, b = organisation(session, "ministry-a"), organisation(session, "ministry-b")
    link = invite(session, coordinator, a, Role.ALTERNATE, NOW)
    merge_organisations(session, coordinator, [a], b, DAY)
    session.flush()
    session.expire_all()
    moved = get_update(session, SYSTEM, update.id)
    DEEDS[deed](session, people.read_cast(session), moved, link.token)
    refused(session, Organisation, Refused, lambda: take_back_succession(session, coordinator, a, LATER))


def test_a_link_that_nobody_used_passes_back(session: Session, cast: Cast) -> None:
    coordinator, a = cast["coordinator"], organisation(session, "ministry-a")
    link = invite(session, coordinator, a, Role.ALTERNATE, NOW)
    before = everything(session)
    merge_organisations(session, coordinator, [a], organisation(session, "ministry-b"), DAY)
    take_back_succession(session, coordinator, a, LATER)
    assert everything(session) == before
    assert accept_invitation(session, link.token, "newcomer", "a hash", LATER).organisation_id == a.id
