"""A coordinator brings in what a ministry wrote in its own table, and takes it back."""

from tests.cast import Cast, point
from tests.services.imports.test_drafts import GOOD, apply, one_point, read
from tests.strict_client import SignIn, text_of
from tracker.database import Database


def test_a_draft_that_is_taken_back_is_told_to_its_ministry_and_to_nobody_else(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        review = point(session).recommendation.review
        found = read(session, cast, review, (one_point(session), *GOOD))
        [update] = apply(session, cast, found)
        page, draft = f"/imports/{found.id}", f"/updates/{update.id}"
    coordinator, ministry = signed_in("coordinator"), signed_in("other_focal_point")
    assert GOOD[1] in text_of(ministry.get(draft))
    assert coordinator.send(f"{page}/undo").status_code == 303
    assert (ministry.get(draft).status_code, signed_in("focal_point").get(draft).status_code) == (410, 404)
    assert "discarded" in text_of(ministry.get(draft))
