"""Action points by hand: add, reword, split, merge, retire, restore, order. Entries stay on the point that they were
made on, and the ref of a point is never given to another one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.failures import ChangedMeanwhile, NotFound, Refused, ValidationFailed
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.services.levels import recompute_levels
from tracker.services.recommendations.locking import lock_recommendation, write_edit
from tracker.services.recommendations.wordings import (
    list_all_points,
    moment_after_entries,
    next_ref,
    number_anew,
    reword,
)


class PointEditor:
    """What is done to the points of one recommendation, in one transaction. It locks the review first, and recomputes
    the levels last."""

    def __init__(self, session: Session, actor: Actor, recommendation: Recommendation, now: datetime) -> None:
        self._session, self._actor, self._recommendation = session, actor, recommendation
        self._review: Review = lock_recommendation(session, actor, recommendation)
        self._now = moment_after_entries(session, now, Recommendation.id == recommendation.id)
        if recommendation.retired_at is not None:
            raise Refused(gettext("This recommendation is retired: restore it before you change its points."))
        self._points = list(list_all_points(session, recommendation.id))

    @property
    def _open(self) -> list[ActionPoint]:
        return [point for point in self._points if point.retired_at is None]

    def add(self, text: str) -> ActionPoint:
        """The last of the recommendation."""
        added = self._new(_text(text), len(self._points))
        self._write("add_point", {"point": self._place(added)}, {}, {"text": added.text})
        return added

    def reword(self, ref: str, text: str, seen: str | None = None) -> None:
        """The words change, the meaning stays: so do the entries and what counts."""
        point = self._find(ref, seen)
        before = point.text
        if _text(text) == before:
            return
        reword(self._session, point, _text(text), self._now)
        self._write("reword_point", {"point": self._place(point)}, {"text": before}, {"text": point.text})

    def replace(self, ref: str, text: str, seen: str | None = None) -> ActionPoint:
        """Another meaning is a new point: it takes the place of the old one, which is retired with its entries."""
        point = self._find(ref, seen)
        if _text(text) == point.text:
            raise ValidationFailed({"text": gettext("Write the new text: this is the one that stands")})
        added = self._new(_text(text), self._points.index(point) + 1)
        point.retired_at = self._now
        facts = {"point": self._place(point), "points": [added.ref]}
        self._write("replace_point", facts, {"text": point.text}, {"text": added.text})
        return added

    def split(self, ref: str, texts: Sequence[str], seen: str | None = None) -> list[ActionPoint]:
        """The first text stays under the ref, the others become new points behind it. An earlier entry was about all
        of them, so that it leaves the figures and stays where it was made."""
        point = self._find(ref, seen)
        wanted = [text.strip() for text in texts if text.strip()]
        if len(wanted) < 2:
            raise ValidationFailed({"texts": gettext("Write at least two texts: one for each point")})
        before = point.text
        reword(self._session, point, wanted[0], self._now, was_split=True)
        at = self._points.index(point)
        added = [self._new(text, at + number) for number, text in enumerate(wanted[1:], start=1)]
        facts = {"point": self._place(point), "points": [each.ref for each in added]}
        self._write("split_point", facts, {"text": before}, {"text": wanted})
        return [point, *added]

    def merge(self, refs: Sequence[str], text: str, seen: str | None = None) -> ActionPoint:
        """The first of them, in their order, stays with the text; the others are retired. An earlier entry was about a
        part of it, so that it leaves the figures and stays where it was made."""
        chosen = [point for point in self._open if point.ref in refs]
        if len(chosen) < 2 or len(chosen) != len(set(refs)):
            raise ValidationFailed({"refs": gettext("Choose two points or more that are followed up")})
        if seen is not None and seen != texts_of(chosen):
            raise ChangedMeanwhile(None)
        before = [point.text for point in chosen]
        first, *others = chosen
        reword(self._session, first, _text(text), self._now, was_split=True)
        for point in others:
            point.retired_at = self._now
        facts = {"point": self._place(first), "points": [each.ref for each in others]}
        self._write("merge_points", facts, {"text": before}, {"text": first.text})
        return first

    def retire(self, ref: str) -> None:
        """It is no longer followed up; what was said on it stays readable. The last one stays: a recommendation without
        a point could not be followed up."""
        point = self._find(ref)
        if len(self._open) == 1:
            raise Refused(
                gettext("%(ref)s is the only point left: retire the recommendation as a whole.", ref=ref)
            )
        point.retired_at = self._now
        self._write("retire_point", {"point": self._place(point)}, {}, {})

    def restore(self, ref: str) -> None:
        point = next((each for each in self._points if each.ref == ref), None)
        if point is None:
            raise NotFound
        if point.retired_at is None:
            raise Refused(gettext("%(ref)s is followed up already.", ref=ref))
        point.retired_at = None
        self._write("restore_point", {"point": self._place(point)}, {}, {})

    def order(self, refs: Sequence[str]) -> None:
        """The open points in this order; the retired ones come last anyway."""
        by_ref = {point.ref: point for point in self._open}
        if sorted(refs) != sorted(by_ref):
            raise ChangedMeanwhile(None)
        before = [point.ref for point in self._open]
        if list(refs) == before:
            return
        retired = [point for point in self._points if point.retired_at is not None]
        self._points = [*(by_ref[ref] for ref in refs), *retired]
        self._write("order_points", {}, {"points": before}, {"points": list(refs)})

    def _find(self, ref: str, seen: str | None = None) -> ActionPoint:
        """An open point. `seen`: the text that the person had read."""
        point = next((each for each in self._open if each.ref == ref), None)
        if point is None:
            raise Refused(gettext("%(ref)s is not followed up any more.", ref=ref))
        if seen is not None and seen != point.text:
            raise ChangedMeanwhile(point)
        return point

    def _new(self, text: str, at: int) -> ActionPoint:
        added = ActionPoint(
            recommendation_id=self._recommendation.id,
            ref=next_ref(self._recommendation, self._points),
            order=0,
            text=text,
        )
        self._points.insert(at, added)
        self._session.add(added)
        return added

    def _place(self, point: ActionPoint) -> str:
        return f"{self._review.code} {point.ref}"

    def _write(
        self, verb: str, facts: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        number_anew(self._points)
        self._session.flush()
        write_edit(
            self._session,
            self._actor,
            verb,
            self._recommendation,
            self._review,
            self._now,
            facts=dict(facts),
            before=dict(before) or None,
            after=dict(after) or None,
        )
        recompute_levels(self._session, self._recommendation.id)


def texts_of(points: Sequence[ActionPoint]) -> str:
    """What a form carries, to find out whether somebody changed one of them meanwhile."""
    return "\n".join(f"{point.ref} {point.text}" for point in points)


def _text(text: str) -> str:
    if not text.strip():
        raise ValidationFailed({"text": gettext("Write the text of the point")})
    return text.strip()
