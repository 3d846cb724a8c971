"""Who brings recommendations in, and prepares a review: the coordinator, in the reviews of the own State."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import neighbours
from tests.cast import NOW, Cast
from tests.services.imports.files import matrix, preview
from tracker.failures import NotFound
from tracker.models.imports import Import
from tracker.models.reviews import Review
from tracker.policy import imports, reviews, updates
from tracker.policy.actors import SYSTEM
from tracker.queries.imports import get_import, list_imports, list_items

REVIEWS = ("KGZ-3", "KGZ-4", neighbours.PUBLISHED, neighbours.UNPUBLISHED)
COORDINATORS = {"coordinator": "KGZ", "foreign_coordinator": neighbours.STATE}


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def everybody(session: Session, cast: Cast) -> Cast:
    return neighbours.read_neighbours(session, cast)


@pytest.fixture
def found(session: Session, everybody: Cast) -> dict[str, Import]:
    """A preview in each of four reviews of two States."""
    rows = {code: session.scalars(select(Review).where(Review.code == code)).one() for code in REVIEWS}
    return {code: preview(session, SYSTEM, review, matrix()) for code, review in rows.items()}


def test_a_coordinator_sees_and_applies_those_of_the_own_state(
    session: Session, everybody: Cast, found: dict[str, Import]
) -> None:
    for name, actor in {**everybody.actors, "system": SYSTEM}.items():
        seen = set(session.scalars(select(Import.id).where(imports.visible_imports(actor))))
        for code, each in found.items():
            review = session.get_one(Review, each.review_id)
            allowed = name == "system" or COORDINATORS.get(name) == review.state_code
            assert (each.id in seen) is allowed, (name, code)
            assert imports.can_see_import(actor, review) is allowed, (name, code)
            assert imports.can_import(actor, review) is allowed, (name, code)
            assert reviews.can_prepare_review(actor, review) is allowed, (name, code)
            assert updates.can_carry_update(actor, review) is allowed, (name, code)
        assert imports.may_import(actor) is (name in COORDINATORS)


def test_a_closed_review_takes_no_import_and_its_imports_are_still_seen(
    session: Session, everybody: Cast, found: dict[str, Import]
) -> None:
    review = session.get_one(Review, found["KGZ-3"].review_id)
    review.closed_at = NOW
    assert not imports.can_import(everybody["coordinator"], review)
    assert not imports.can_import(SYSTEM, review)
    assert imports.can_see_import(everybody["coordinator"], review)


def test_an_import_of_another_state_is_unknown(
    session: Session, everybody: Cast, found: dict[str, Import]
) -> None:
    foreign = found[neighbours.PUBLISHED]
    for name in everybody.actors:
        if COORDINATORS.get(name) == neighbours.STATE:
            continue
        with pytest.raises(NotFound):
            get_import(session, everybody[name], foreign.id)
        assert list_imports(session, everybody[name], foreign.review_id) == []
        for item_kind in ("new", "changed", "doubtful"):
            from tracker.models.imports import ItemKind

            shown, _ = list_items(session, everybody[name], foreign.id, ItemKind(item_kind), 1)
            assert shown == []
    assert get_import(session, everybody["foreign_coordinator"], foreign.id) is foreign
