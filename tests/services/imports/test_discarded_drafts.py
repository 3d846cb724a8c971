"""A draft that an import brought in and that is discarded, or taken back with the import: its words are nowhere any
more, and those who could see it are told that it is gone."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, make_update, point
from tests.services.imports.test_drafts import GOOD, LATER, apply, one_point, read
from tests.services.organisations.test_successions import DAY, new, organisation
from tracker.failures import DraftDiscarded
from tracker.models.reviews import Review
from tracker.models.updates import UpdateState
from tracker.policy.actors import Actor
from tracker.queries.updates import get_update, refuse_discarded
from tracker.services.imports.applying import undo_import
from tracker.services.organisations.successions import merge_organisations, rename_organisation
from tracker.services.updates.workflow import discard_update

pytestmark = pytest.mark.database
WORDS = GOOD[1]


@pytest.fixture
def review(session: Session) -> Review:
    return point(session).recommendation.review


def tables_with(session: Session, words: str) -> set[str]:
    session.flush()
    connection = session.connection()
    rows = {
        name: repr(connection.execute(text(f'SELECT * FROM "{name}"')).all())
        for name in inspect(connection).get_table_names()
    }
    return {name for name, said in rows.items() if words in said}


def is_told(session: Session, actor: Actor, update_id: UUID) -> bool:
    try:
        refuse_discarded(session, actor, update_id)
    except DraftDiscarded:
        return True
    return False


@pytest.mark.parametrize("deed", ["discarded by the ministry", "taken back with the import"])
def test_its_words_are_gone_and_its_ministry_is_told(
    session: Session, cast: Cast, review: Review, deed: str
) -> None:
    row = (one_point(session), *GOOD)
    found = read(session, cast, review, row)
    [update] = apply(session, cast, found)
    apply(session, cast, read(session, cast, review, row))  # the same words once more, in another import
    assert tables_with(session, WORDS) == {"progress_updates"}
    if deed == "discarded by the ministry":
        mine = get_update(session, cast["other_focal_point"], update.id)
        discard_update(session, cast["other_focal_point"], mine, LATER)
    else:
        undo_import(session, cast["coordinator"], found, LATER)
    assert tables_with(session, WORDS) == set()
    colleague = replace(cast["focal_point"], organisation_id=cast["coordinator"].organisation_id)
    told = {name: is_told(session, cast[name], update.id) for name in ("focal_point", "visitor", "lead")}
    assert not any(told.values())
    assert not is_told(session, colleague, update.id)
    assert is_told(session, cast["other_focal_point"], update.id)
    assert is_told(session, cast["coordinator"], update.id)


def test_whose_draft_it_was_decides_not_where_its_author_works_now(session: Session, cast: Cast) -> None:
    """Ministry A is renamed after the draft was discarded, and then merged into ministry B."""
    who, draft = cast["coordinator"], make_update(session, cast, UpdateState.DRAFT)
    gone = draft.id
    discard_update(session, cast["focal_point"], draft, NOW)
    heir = rename_organisation(session, who, organisation(session, "ministry-a"), new("Hours"), DAY)
    renamed = replace(cast["focal_point"], organisation_id=heir.id, original_organisation_id=heir.original_id)
    assert is_told(session, renamed, gone)
    merge_organisations(session, who, [heir], organisation(session, "ministry-b"), DAY)
    assert not is_told(session, cast["other_focal_point"], gone)
