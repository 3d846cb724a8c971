"""A ministry's own table says what was done: the lines of a preview that would make drafts, and why some do not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.exchange.imports.rows import FileRow, Problem
from tracker.language import LANGUAGES, day_of, fold, gettext
from tracker.models.accounts import Account, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.imports import Import, ImportItem, ItemKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.roles import STATE_KINDS, holds
from tracker.services.updates.texts import AHEAD_OF_UTC, UpdateText, as_assigned, wrong_days

_SHOWN = ("level", "done", "as_of_on")


def has_draft(row: FileRow) -> bool:
    """Does the row say what was done, or how far it is?"""
    return bool(row.level or row.done)


@dataclass(frozen=True)
class _Place:
    """Where a row would make a draft. `point` and `organisation` may be unknown; `doubts` say why there is none."""

    organisation: Organisation | None
    kind: AssignmentKind | None
    point_id: int | None
    doubts: tuple[str, ...]


class DraftReader:
    """Makes the lines of the preview; what they are compared with is read once."""

    def __init__(self, session: Session, review: Review, found: Import, language: str) -> None:
        self._review, self._found = review, found
        self._language = language if language in LANGUAGES else "en"
        self._organisations = _organisations(session, review.state_code, day_of(found.uploaded_at))
        self._assigned = _assignments(session, review.id)
        self._points = _open_points(session, review.id)
        self._entries = _entries(session, review.id)
        speaking = select(Account.organisation_id).where(Account.ended_at.is_(None), holds(Role.FOCAL_POINT))
        self._with_focal_point = set(session.scalars(speaking))

    def read(self, row: FileRow, recommendation_id: int | None, told: Sequence[Problem]) -> ImportItem:
        """`recommendation_id`: None where the recommendation is new. Where a row may be about another one, a person
        decides: a ministry must not be quoted on what it did not speak of."""
        place = self._place(row, recommendation_id)
        text = as_assigned(self._text(row), place.kind)
        if not (text.done or text.level):  # a level of an organisation that supports
            place = replace(place, doubts=(*place.doubts, _level_alone()))
        doubts = [*place.doubts, *wrong_days(text, self._found.uploaded_at).values()]
        if text.as_of_on and text.as_of_on > (self._found.uploaded_at + AHEAD_OF_UTC).date():
            doubts.append(gettext("“Situation on” must be today or in the past"))
        kind = ItemKind.DOUBTFUL if doubts or told else ItemKind.NEW
        if not doubts and place.organisation and place.point_id:
            entries = self._entries[place.organisation.id, place.point_id]
            if any(_says(entry, text) for entry in entries):
                kind = ItemKind.UNCHANGED
            elif any(entry.published_at is None for entry in entries):
                doubts.append(_open(place.organisation.name))
                kind = ItemKind.DOUBTFUL
        said = {field: _plain(getattr(text, field)) for field in _SHOWN if getattr(text, field)}
        key = place.organisation.key if place.organisation else None
        name = place.organisation.name if place.organisation else row.organisation
        draft = {**said, "organisation": key, "point": place.point_id, "language": self._language}
        draft["can_be_made"] = not doubts
        return ImportItem(
            place=row.place,
            ref=row.ref,
            kind=kind,
            values={"draft": draft},
            changes={field: ["", value] for field, value in {"organisation": name, **said}.items()},
            problems=[[row.place, each] for each in (*doubts, *(problem.sentence for problem in told))],
            is_taken=kind != ItemKind.UNCHANGED
            and not doubts
            and not any(each.is_about_which for each in told),
            recommendation_id=recommendation_id,
        )

    def _text(self, row: FileRow) -> UpdateText:
        return UpdateText(level=row.level, done=row.done, as_of_on=row.as_of_on, language=self._language)

    def _place(self, row: FileRow, recommendation_id: int | None) -> _Place:
        assigned = self._assigned[recommendation_id or 0]
        organisation, doubt = self._organisation(row, assigned)
        points = self._points[recommendation_id or 0]
        doubts = [doubt] if doubt else []
        if not self._review.is_published:
            doubts.append(gettext("No draft can be made before the review is published."))
        if organisation is not None and organisation.id not in assigned:
            doubts.append(_not_assigned(organisation.name))
        elif organisation is not None and organisation.id not in self._with_focal_point:
            doubts.append(_no_focal_point(organisation.name))
        if recommendation_id is not None and not points:
            doubts.append(gettext("This recommendation was retired: it takes no draft."))
        elif recommendation_id is not None and len(points) > 1:
            sentence = gettext(
                "This recommendation has %(number)s action points: enter what was done on one of them."
            )
            doubts.append(sentence % {"number": len(points)})
        kind = assigned.get(organisation.id) if organisation else None
        return _Place(organisation, kind, points[0] if len(points) == 1 else None, tuple(doubts))

    def _organisation(
        self, row: FileRow, assigned: dict[int, AssignmentKind]
    ) -> tuple[Organisation | None, str]:
        """By its name; the lead where the table names none."""
        if row.organisation:
            found = self._organisations.get(fold(row.organisation))
            return found, "" if found else _unknown(row.organisation)
        leads = [each for each, kind in assigned.items() if kind == AssignmentKind.LEAD]
        known = {each.id: each for each in self._organisations.values()}
        if leads and leads[0] in known:
            return known[leads[0]], ""
        return None, gettext(
            "The row names no organisation, and nobody leads this recommendation: assign it first."
        )


def _unknown(name: str) -> str:
    return gettext(
        "“%(name)s” is no organisation that is known here. Create it, or write its name as it stands here.",
        name=name,
    )


def _not_assigned(name: str) -> str:
    return gettext("%(name)s neither leads nor supports this recommendation: assign it first.", name=name)


def _no_focal_point(name: str) -> str:
    return gettext("%(name)s has no focal point who could read a draft: invite one first.", name=name)


def _level_alone() -> str:
    return gettext(
        "The organisation supports, so that its level does not count, and the row does not say what was done."
    )


def _open(name: str) -> str:
    return gettext(
        "%(name)s has an update here that is not published yet. This line would be a second one: it was left out.",
        name=name,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


def _says(entry: ProgressUpdate, text: UpdateText) -> bool:
    """Does the entry, or draft, say the same?"""
    is_same_day = text.as_of_on is None or entry.as_of_on == text.as_of_on
    is_same_level = text.level is None or entry.level == text.level
    return is_same_day and is_same_level and fold(entry.done).split() == fold(text.done).split()


def _organisations(session: Session, state_code: str, today: date) -> dict[str, Organisation]:
    """By each of their names, folded."""
    query = select(Organisation).where(
        Organisation.state_code == state_code,
        Organisation.kind.in_(STATE_KINDS),
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
    )
    found: dict[str, Organisation] = {}
    for each in session.scalars(query.order_by(Organisation.id)):
        for name in (*each.names.values(), each.key):
            found.setdefault(fold(name), each)
    return found


def _assignments(session: Session, review_id: int) -> dict[int, dict[int, AssignmentKind]]:
    query = select(Assignment.recommendation_id, Assignment.organisation_id, Assignment.kind)
    query = query.join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    query = query.where(Recommendation.review_id == review_id, Assignment.to_on.is_(None))
    found: dict[int, dict[int, AssignmentKind]] = defaultdict(dict)
    for recommendation_id, organisation_id, kind in session.execute(query):
        found[recommendation_id][organisation_id] = kind
    return found


def _open_points(session: Session, review_id: int) -> dict[int, list[int]]:
    query = select(ActionPoint.recommendation_id, ActionPoint.id)
    query = query.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    query = query.where(Recommendation.review_id == review_id, ActionPoint.retired_at.is_(None))
    found: dict[int, list[int]] = defaultdict(list)
    for recommendation_id, point_id in session.execute(query.order_by(ActionPoint.order)):
        found[recommendation_id].append(point_id)
    return found


def _entries(session: Session, review_id: int) -> dict[tuple[int, int], list[ProgressUpdate]]:
    """By organisation and point."""
    query = select(ProgressUpdate).join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    query = query.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    found: dict[tuple[int, int], list[ProgressUpdate]] = defaultdict(list)
    for each in session.scalars(query.where(Recommendation.review_id == review_id)):
        found[each.organisation_id, each.action_point_id].append(each)
    return found
