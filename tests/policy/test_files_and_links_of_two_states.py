"""Files of evidence and open links of two States in one instance: who sees them, in SQL and by row alike, and nobody
of one State does anything to those of the other."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tests import neighbours
from tests.cast import NOW, TODAY, Cast, make_assessment
from tests.neighbours import STATE
from tests.policy.rows import file_row, link_row
from tests.policy.test_two_states import everybody, filled, rows, selected
from tracker.failures import NotAllowed, NotFound
from tracker.identity.invitations import withdraw_invitation
from tracker.models.accounts import Account, Invitation, InvitationKind, Role
from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.accounts import can_change_account
from tracker.policy.actors import VISITOR
from tracker.policy.assessments import can_withdraw_assessment
from tracker.policy.evidence import can_see_evidence, visible_evidence
from tracker.policy.invitations import can_see_invitation, has_lead, visible_invitations
from tracker.queries.evidence import get_evidence
from tracker.queries.invitations import SeenInvitation, get_invitation
from tracker.services.assessments import withdraw_assessment
from tracker.services.evidence.attachments import remove_from_update

__all__ = ["everybody", "filled", "rows"]  # fixtures

Updates = dict[tuple[str, UpdateState], ProgressUpdate]
INSIDERS = {
    "KGZ": {"focal_point", "alternate", "validating_officer", "coordinator"},
    STATE: {"foreign_focal_point", "foreign_officer", "foreign_coordinator"},
}
"""Who sees everything of the updates of a State's ministry."""
MANAGERS = {
    "KGZ": {"coordinator", "administrator"},
    STATE: {"foreign_coordinator", "foreign_administrator", "administrator"},
}
"""Who sees the links to the ministries of a State: its coordinator, its administrators and those of the instance."""


@pytest.fixture
def assessments(session: Session, everybody: Cast) -> dict[str, Assessment]:
    """One in each State."""
    return {
        "KGZ": make_assessment(session, everybody),
        STATE: neighbours.make_foreign_assessment(session, everybody),
    }


def test_files_that_are_not_public_stay_within_their_state(
    session: Session, everybody: Cast, rows: Updates, assessments: dict[str, Assessment]
) -> None:
    of_updates = {
        (state_code, state, visibility): file_row(visibility, update_id=update.id)
        for (state_code, state), update in rows.items()
        for visibility in Visibility
    }
    of_assessments = {
        state_code: file_row(Visibility.PUBLIC, assessment_id=assessment.id)
        for state_code, assessment in assessments.items()
    }
    session.add_all([*of_updates.values(), *of_assessments.values()])
    session.flush()
    for name, actor in everybody.actors.items():
        by_sql = selected(session, Evidence, visible_evidence(actor))
        for (state_code, state, visibility), file in of_updates.items():
            is_open = state == UpdateState.PUBLISHED and visibility == Visibility.PUBLIC
            expected = is_open or name in INSIDERS[state_code]
            case = (name, state_code, state, visibility)
            assert (file.id in by_sql) == expected, case
            assert can_see_evidence(actor, file, rows[state_code, state]) == expected, case
            if not expected:
                with pytest.raises(NotFound):
                    get_evidence(session, actor, file.id)
        for state_code, file in of_assessments.items():
            assert file.id in by_sql, (name, state_code)
            assert can_see_evidence(actor, file, assessments[state_code]), (name, state_code)


def test_nobody_removes_a_file_or_withdraws_an_assessment_of_another_state(
    session: Session, everybody: Cast, rows: Updates, assessments: dict[str, Assessment]
) -> None:
    files = {key: file_row(Visibility.CONFIDENTIAL, update_id=update.id) for key, update in rows.items()}
    session.add_all(files.values())
    session.flush()
    for name, actor in everybody.actors.items():
        for key, file in files.items():
            if key[0] != actor.state_code:
                with pytest.raises(NotAllowed):
                    remove_from_update(session, actor, rows[key], [file.id], NOW)
        for state_code, assessment in assessments.items():
            if state_code != actor.state_code:
                assert not can_withdraw_assessment(actor, assessment), (name, state_code)
                with pytest.raises(NotAllowed):
                    withdraw_assessment(session, actor, assessment, TODAY)


def test_open_links_stay_within_their_state(session: Session, everybody: Cast) -> None:
    # Given links to every organisation of both States and to a new passphrase for everybody in them, and one of a
    # registrar's to each State's lead
    holders = {
        each.handle: each
        for each in session.scalars(
            select(Account)
            .where(Account.organisation_id.is_not(None))
            .options(joinedload(Account.organisation), selectinload(Account.roles))
        )
    }
    links: dict[str, tuple[str | None, Invitation]] = {}
    for place in session.scalars(select(Organisation)):
        roles = [Role.FOCAL_POINT if place.kind.is_of_the_state else Role.ORGANISATION_LEAD]
        links[f"to {place.key}"] = (place.state_code, link_row(place, roles))
    for handle, holder in holders.items():
        place, kind = holder.organisation, InvitationKind.NEW_PASSPHRASE
        assert place is not None
        renews = link_row(place, [each.role for each in holder.roles], kind=kind, account_id=holder.id)
        links[f"renews {handle}"] = (place.state_code, renews)
    for handle in ("other_lead", "foreign_lead"):
        place = holders[handle].organisation
        assert place is not None
        readmits = link_row(place, [Role.ORGANISATION_LEAD], replaces_id=holders[handle].id)
        links[f"readmits {handle}"] = (place.state_code, readmits)
    session.add_all([link for _, link in links.values()])
    session.flush()
    led = selected(session, Invitation, has_lead())
    accounts = {each.id: each for each in holders.values()}
    seen_by: dict[str, set[str]] = {about: set() for about in links}
    for name, actor in everybody.actors.items():
        by_sql = selected(session, Invitation, visible_invitations(actor))
        for about, (state_code, link) in links.items():
            account = accounts.get(link.account_id) if link.account_id else None
            has_led = link.id in led
            sees = can_see_invitation(actor, link, account, has_lead=has_led)
            assert (link.id in by_sql) == sees, (name, about)
            if sees:
                seen_by[about].add(name)
            is_of_another_state = state_code != actor.state_code and (
                actor.state_code is not None or actor == VISITOR
            )
            if is_of_another_state:
                # Then nobody of the other State sees it, withdraws it or changes whom it is for
                assert not sees, (name, about)
                with pytest.raises(NotFound):
                    get_invitation(session, actor, link.id)
                with pytest.raises(NotAllowed):
                    withdraw_invitation(session, actor, SeenInvitation(link, account, has_led), NOW)
                assert account is None or not can_change_account(actor, account), (name, about)
    # And the people of its own State see what is theirs
    assert seen_by["to ministry-a"] == MANAGERS["KGZ"]
    assert seen_by["to other-ministry"] == MANAGERS[STATE]
    assert seen_by["renews focal_point"] == MANAGERS["KGZ"]
    assert seen_by["renews foreign_focal_point"] == MANAGERS[STATE]
    assert seen_by["renews foreign_administrator"] == {"foreign_administrator", "administrator"}
    assert seen_by["to other-cso"] == {"foreign_lead"}
    assert seen_by["readmits foreign_lead"] == {"foreign_lead", "foreign_registrar", "registrar"}
    assert seen_by["to other-ombudsperson"] == {"foreign_registrar", "registrar"}
    assert seen_by["renews foreign_registrar"] == set()
