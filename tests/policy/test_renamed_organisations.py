"""After a rename the people of a ministry read what is confidential behind its entries, as before; a merger or a
division gives it to nobody else (docs/rules.md, "Updates")."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import Cast, make_update
from tests.policy.rows import file_row
from tests.services.organisations.test_successions import DAY, new, organisation
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.policy.evidence import can_see_evidence, visible_evidence
from tracker.queries.updates import get_update
from tracker.services.organisations.successions import (
    Choices,
    merge_organisations,
    rename_organisation,
    split_organisation,
)

NAMES = ("focal_point", "validating_officer", "other_focal_point", "lead", "visitor", "coordinator")


@pytest.fixture
def file(session: Session, cast: Cast) -> Evidence:
    """Confidential, behind a published update of ministry A."""
    update = make_update(session, cast, UpdateState.PUBLISHED)
    made = file_row(Visibility.CONFIDENTIAL, update_id=update.id)
    session.add(made)
    session.flush()
    return made


def readers(session: Session, file: Evidence) -> set[str]:
    """Of whom SQL and row say the same."""
    session.flush()
    session.expire_all()
    now, update = people.read_cast(session), get_update(session, SYSTEM, file.update_id)
    by_sql = {
        name for name in NAMES if session.scalar(select(Evidence.id).where(visible_evidence(now[name])))
    }
    by_row = {name for name in NAMES if can_see_evidence(now[name], file, update)}
    assert by_sql == by_row
    return by_sql


def renamed(session: Session, cast: Cast, *names: str) -> Organisation:
    called = organisation(session, "ministry-a")
    for name in names:
        called = rename_organisation(session, cast["coordinator"], called, new(name), DAY)
    return called


def test_a_ministry_reads_its_files_under_every_name(session: Session, cast: Cast, file: Evidence) -> None:
    before = readers(session, file)
    assert before == {"focal_point", "validating_officer", "coordinator"}
    renamed(session, cast, "Ministry of Hours", "Ministry of Minutes")
    assert readers(session, file) == before


def test_whoever_it_is_merged_into_reads_none(session: Session, cast: Cast, file: Evidence) -> None:
    called, b = renamed(session, cast, "Ministry of Hours"), organisation(session, "ministry-b")
    merge_organisations(session, cast["coordinator"], [called], b, DAY)
    assert readers(session, file) == {"coordinator"}


def test_of_those_among_whom_it_is_divided_none_reads_them(
    session: Session, cast: Cast, file: Evidence
) -> None:
    parts = [new("Ministry of Hours"), new("Ministry of Minutes")]
    split_organisation(
        session, cast["coordinator"], organisation(session, "ministry-a"), parts, Choices({}, {}), DAY
    )
    assert readers(session, file) == {"coordinator"}
