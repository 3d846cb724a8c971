"""Drafts that an import makes for ministries, whose own table said what was done; never published entries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotAllowed, OpenUpdateExists, Refused, Retired, ValidationFailed
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.imports import Import, ImportItem
from tracker.models.levels import Level
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.services.updates.carrying import carry_update, is_untouched, take_back_update
from tracker.services.updates.texts import UpdateText


def is_draft(item: ImportItem) -> bool:
    return "draft" in item.values


class DraftWriter:
    """Makes the drafts of an import, and takes them back."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self.made = 0

    def write(self, items: Sequence[ImportItem]) -> None:
        for item in items:
            try:
                update = self._carry(item.values["draft"])
            except (NotAllowed, OpenUpdateExists, Retired, ValidationFailed) as refusal:
                raise Refused(_out_of_date(item.ref or item.place)) from refusal
            item.before = {"values": None, "imported": {}, "draft": str(update.id)}
            self.made += 1
        self._session.flush()

    def forget_words(self, found: Import) -> None:
        """Of every line about a draft, once the import is applied: from then on the draft alone holds them, and they
        go with it. Those of lines that made none were refused, left out, or stand in another entry."""
        query = select(ImportItem).where(
            ImportItem.import_id == found.id, ImportItem.values["draft"].as_string().is_not(None)
        )
        for item in self._session.scalars(query):
            item.values, item.changes, item.problems = {"draft": {}}, {}, []
        self._session.flush()

    def _carry(self, draft: dict[str, Any]) -> ProgressUpdate:
        if not draft["can_be_made"]:
            raise NotAllowed
        point = self._session.get_one(
            ActionPoint,
            draft["point"],
            options=[joinedload(ActionPoint.recommendation).joinedload(Recommendation.review)],
            populate_existing=True,
        )
        same = Organisation.key == draft["organisation"]
        organisation = self._session.scalars(select(Organisation).where(same)).one_or_none()
        if organisation is None:
            raise NotAllowed  # the succession in which it began was taken back
        text = UpdateText(done=draft.get("done", ""), language=draft["language"])
        if "level" in draft:
            text = replace(text, level=Level(draft["level"]))
        if "as_of_on" in draft:
            text = replace(text, as_of_on=date.fromisoformat(draft["as_of_on"]))
        return carry_update(self._session, self._actor, organisation, point, text, self._now)

    def restore(self, items: Sequence[ImportItem]) -> None:
        for item in items:
            draft_id = (item.before or {}).get("draft")
            update = self._session.get(ProgressUpdate, UUID(draft_id)) if draft_id else None
            if update is not None:  # its people may have discarded it
                take_back_update(self._session, self._actor, update, self._now)


def _out_of_date(ref: str) -> str:
    return gettext(
        "No draft can be made for %(ref)s: its line says why, or its organisation writes there by now. Leave the"
        " line out, or read the file again.",
        ref=ref,
    )


def list_untouched(session: Session, drafts: Sequence[UUID]) -> list[UUID]:
    """Of the drafts that an import made those that nobody touched since."""
    query = select(ProgressUpdate).where(
        ProgressUpdate.id.in_(drafts), ProgressUpdate.state == UpdateState.DRAFT
    )
    return [update.id for update in session.scalars(query) if is_untouched(update)]
