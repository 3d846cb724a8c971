"""What an organisation says on a recommendation that it supports and another leads."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tests.cast import GOOD_UPDATE, NOW, Cast, point
from tracker.models.updates import ProgressUpdate
from tracker.services.updates import workflow as updates

SUPPORTERS_TEXT = replace(
    GOOD_UPDATE, reason="Our part is small.", done="Two bridges to the court were repaired."
)


def publish_as_supporter(session: Session, cast: Cast, now: datetime = NOW) -> ProgressUpdate:
    """Published, of ministry B, which supports A12 and has no officer."""
    update = updates.write_update(session, cast["other_focal_point"], point(session), SUPPORTERS_TEXT, now)
    updates.submit_update(session, cast["other_focal_point"], update, now)
    updates.publish_update(session, cast["coordinator"], update, now)
    session.flush()
    return update
