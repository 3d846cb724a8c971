"""Writes items of an import into the tables, many at once, and takes them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.imports import OF_NEW, Import, ImportItem
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationKind,
    RecommendationWording,
)
from tracker.models.reviews import Review, Source
from tracker.models.settings import SeededRow
from tracker.services.imports.tags import NOT_LOADED, TAGS, TagWriter
from tracker.services.imports.translations import FIELD as TRANSLATION
from tracker.services.imports.translations import write_translation
from tracker.services.imports.values import WITHOUT_NUMBER, fields_of
from tracker.services.imports.written_on import list_assessed, list_points_with_entries
from tracker.services.recommendations.wordings import renumber

IMPORTED = "imports"
"""The name under which `SeededRow` remembers what the last import of each layout said of a recommendation."""
LONGEST_TITLE = 90
_COLUMNS = ("position_source", "action_category", "external_id")


def remembered_key(review_code: str, recommendation_id: int | None, layout: str | None) -> str:
    return f"{review_code}|{recommendation_id}|{layout}"


def short_title_of(text: str) -> str:
    """The beginning of the text, to a whole word."""
    if len(text) <= LONGEST_TITLE:
        return text
    return text[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def was_written(item: ImportItem) -> bool:
    return item.before is not None


def was_added(item: ImportItem) -> bool:
    """Did the import add its recommendation?"""
    return item.before is not None and item.before["values"] is None and "draft" not in item.before


class RowWriter:
    """Writes the items of one import into its review. An item keeps in `before` what it takes to undo it: `values`
    (None where it added the recommendation) and `imported`, what the file before had said."""

    def __init__(self, session: Session, review: Review, found: Import, applied_at: datetime) -> None:
        self._session, self._review, self._found = session, review, found
        self._applied_at = applied_at
        self._source_id = found.source_id or self._find_source()
        self._tags = TagWriter(session, review.cycle)
        here = select(Recommendation.ref, Recommendation.former_refs, Recommendation.order)
        rows = session.execute(here.where(Recommendation.review_id == review.id)).all()
        self._refs = {row.ref for row in rows} | {each["ref"] for row in rows for each in row.former_refs}
        self._order = max((row.order for row in rows), default=0)
        self._recommendations: dict[int, Recommendation] = {}
        self._points: dict[int, list[ActionPoint]] = {}
        self._with_entries: set[int] = set()
        self._assessed: set[int] = set()
        self._remembered: dict[int, SeededRow] = {}
        self._added: dict[str, int] = {}
        self._with_position: set[int] = set()
        self.added = self.changed = self.removed = 0

    def write(self, items: Sequence[ImportItem]) -> None:
        self._load([item.recommendation_id for item in items if item.recommendation_id is not None])
        new = [item for item in items if item.recommendation_id is None]
        self._add([item for item in new if item.values.get("text")])
        known = [item for item in items if item not in new]
        for item in known:
            self._change(item)
        self.changed += sum(bool(item.changes) for item in known)
        self._session.flush()
        self._decide([item for item in new if item.values.get(OF_NEW) in self._added])

    def _decide(self, items: Sequence[ImportItem]) -> None:
        """What a person chose of recommendations that the import adds."""
        for item in items:
            item.recommendation_id = self._added[item.values[OF_NEW]]
        self._load([item.recommendation_id for item in items])
        for item in items:
            self._change(item)
        self._session.flush()

    def restore(self, items: Sequence[ImportItem]) -> None:
        """As it was before `write`: the items are those that were written, the last one first."""
        written = [item for item in items if item.recommendation_id is not None and was_written(item)]
        self._load([item.recommendation_id for item in written if not was_added(item)])
        for item in written:
            if not was_added(item):
                self._restore(item)
        self._session.flush()
        self._remove([item for item in written if was_added(item)])

    def _load(self, ids: Sequence[Any]) -> None:
        """The rows that stand here, of many recommendations in a few statements."""
        self._tags.load(ids)
        self._recommendations, self._points, self._remembered = {}, {}, {}
        if not ids:
            return
        rows = self._session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
        self._recommendations = {row.id: row for row in rows}
        points = select(ActionPoint).where(ActionPoint.recommendation_id.in_(ids)).order_by(ActionPoint.order)
        for point in self._session.scalars(points):
            self._points.setdefault(point.recommendation_id, []).append(point)
        self._with_entries = list_points_with_entries(self._session, ids)
        self._assessed = list_assessed(self._session, ids)
        keys = {self._key(each): each for each in ids}
        known = select(SeededRow).where(SeededRow.file == IMPORTED, SeededRow.key.in_(keys))
        self._remembered = {keys[row.key]: row for row in self._session.scalars(known)}

    def _key(self, recommendation_id: int) -> str:
        return remembered_key(self._review.code, recommendation_id, self._found.layout)

    def _add(self, items: Sequence[ImportItem]) -> None:
        added = [self._make(fields_of(item.values)) for item in items]
        self._session.add_all(added)
        self._session.flush()
        for item, recommendation in zip(items, added, strict=True):
            ref, text = f"{recommendation.ref}.1", recommendation.text
            self._session.add(ActionPoint(recommendation_id=recommendation.id, ref=ref, order=1, text=text))
            for field in item.values.keys() & TAGS - {"heading"}:
                self._tags.replace(recommendation.id, field, item.values[field])
            if "heading" in item.values:
                self._tags.replace(recommendation.id, "heading", item.values["heading"])
            item.recommendation_id = self._added[item.place] = recommendation.id
            item.before = {"values": None, "imported": {}}
            self._remember(item)
        self.added += len(items)

    def _make(self, said: dict[str, Any]) -> Recommendation:
        self._order += 1
        ref = said.get("ref") or self._own_ref()
        self._refs.add(ref)
        return Recommendation(
            review_id=self._review.id,
            source_id=self._source_id,
            kind=RecommendationKind(said.get("kind", RecommendationKind.WG_RECOMMENDATION)),
            ref=ref,
            order=self._order,
            short_title=short_title_of(said["text"]),
            text=said["text"],
            position=Position(said["position"]) if "position" in said else None,
            **{field: said[field] for field in _COLUMNS if field in said},
        )

    def _own_ref(self) -> str:
        number = self._order
        while f"{WITHOUT_NUMBER}{number}" in self._refs:
            number += 1
        return f"{WITHOUT_NUMBER}{number}"

    def _change(self, item: ImportItem) -> None:
        recommendation = self._recommendations[item.recommendation_id or 0]
        self._refuse_two_positions(recommendation, item)
        remembered = self._remembered.get(recommendation.id)
        before = {field: stood for field, (stood, _) in item.changes.items()}
        if "heading" in before:  # it may become a theme, too; themes are restored after it
            before["themes"] = self._tags.list_themes(recommendation.id)
        item.before = {"values": before, "imported": dict(remembered.values) if remembered else {}}
        self._set(recommendation, {field: wanted for field, (_, wanted) in item.changes.items()})
        if item.changes:
            self._remember(item)

    def _refuse_two_positions(self, recommendation: Recommendation, item: ImportItem) -> None:
        if "position" in item.changes and recommendation.id in self._with_position:
            ref = recommendation.ref
            raise BadInput(
                gettext("Two lines of %(ref)s say different positions: take one of them.", ref=ref)
            )
        if "position" in item.changes:
            self._with_position.add(recommendation.id)

    def _restore(self, item: ImportItem) -> None:
        recommendation, before = self._recommendations[item.recommendation_id or 0], item.before or {}
        self._set(recommendation, before["values"], is_undone=True)
        remembered = self._remembered.get(recommendation.id)
        if remembered is not None and item.changes:
            if before["imported"]:
                remembered.values = before["imported"]
            else:
                self._session.delete(self._remembered.pop(recommendation.id))

    def _set(
        self, recommendation: Recommendation, values: dict[str, Any], *, is_undone: bool = False
    ) -> None:
        for field, value in values.items():
            if field in TAGS:
                self._tags.replace(recommendation.id, field, value or [])
            elif field == "position":
                recommendation.position = Position(value) if value else None
            elif field == "kind":
                recommendation.kind = RecommendationKind(value)
            elif field == "text":
                self._reword(recommendation, value, is_undone=is_undone)
            elif field == TRANSLATION:
                title, points = short_title_of(value["text"]), self._points.get(recommendation.id, [])
                write_translation(
                    self._session, recommendation, points, value, self._applied_at, title, is_undone=is_undone
                )
            elif field == "ref":
                self._renumber(recommendation, value, is_undone=is_undone)
            else:
                setattr(recommendation, field, value)

    def _reword(self, recommendation: Recommendation, text: str, *, is_undone: bool) -> None:
        """Its only point follows while it still has the whole text, and the short title while it is made of it. What
        entries were made on stays readable."""
        before = recommendation.text
        if recommendation.short_title == short_title_of(before):
            recommendation.short_title = short_title_of(text)
        recommendation.text = text
        if recommendation.id in self._assessed:
            place = {"recommendation_id": recommendation.id}
            self._note(RecommendationWording, place, before, is_undone=is_undone)
        for point in self._points.get(recommendation.id, []):
            if point.text != before:
                continue
            point.text = text
            if point.id in self._with_entries:
                place = {"action_point_id": point.id, "was_split": False}
                self._note(PointWording, place, before, is_undone=is_undone)

    def _note(
        self,
        wording: type[PointWording] | type[RecommendationWording],
        place: dict[str, Any],
        before: str,
        *,
        is_undone: bool,
    ) -> None:
        """Notes the text that stood there, or takes the note back."""
        until = self._found.applied_at
        if is_undone:
            self._session.execute(delete(wording).filter_by(**place, until=until))
        else:
            self._session.add(wording(**place, text=before, until=until))

    def _renumber(self, recommendation: Recommendation, ref: str, *, is_undone: bool) -> None:
        """An undo also takes back that a number was a former one."""
        former = recommendation.former_refs
        points = self._points.get(recommendation.id, [])
        renumber(recommendation, points, ref, self._review, self._applied_at)
        if is_undone:
            own = self._applied_at.isoformat()
            recommendation.former_refs = [each for each in former if each["until"] != own]
        self._refs.add(ref)

    def _remove(self, items: Sequence[ImportItem]) -> None:
        ids = [item.recommendation_id for item in items if item.recommendation_id is not None]
        if not ids:
            return
        session = self._session
        self._tags.remove_all(ids)
        session.execute(
            delete(ActionPoint).where(ActionPoint.recommendation_id.in_(ids)), execution_options=NOT_LOADED
        )
        session.execute(
            delete(SeededRow).where(SeededRow.file == IMPORTED, SeededRow.key.in_(map(self._key, ids))),
            execution_options=NOT_LOADED,
        )
        elsewhere = update(ImportItem).where(ImportItem.recommendation_id.in_(ids))
        session.execute(elsewhere.values(recommendation_id=None))
        session.execute(delete(Recommendation).where(Recommendation.id.in_(ids)))
        self.removed += len(ids)

    def _remember(self, item: ImportItem) -> None:
        recommendation_id = item.recommendation_id or 0
        row = self._remembered.get(recommendation_id)
        if row is None:
            row = SeededRow(file=IMPORTED, key=self._key(recommendation_id), values=fields_of(item.values))
            self._session.add(row)
            self._remembered[recommendation_id] = row
        else:
            row.values = row.values | fields_of(item.values)

    def _find_source(self) -> int:
        """The newest document of the review."""
        query = select(Source.id).where(Source.review_id == self._review.id)
        source_id = self._session.scalar(query.order_by(Source.dated_on.desc(), Source.id.desc()).limit(1))
        if source_id is None:
            raise BadInput(gettext("Say first which document the recommendations of this review come from."))
        return source_id
