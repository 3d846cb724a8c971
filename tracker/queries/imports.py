"""Imports of a review and their items, and what stands of its recommendations, as plain values by field."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.language import sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.imports import UNKNOWN_STATES, Import, ImportItem, ItemKind, StateSpelling
from tracker.models.recommendations import (
    Position,
    Recommendation,
    RecommendationGroup,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Review
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import Actor
from tracker.policy.imports import visible_imports

PAGE = 50
MOST_ASKED = 1000


@dataclass(frozen=True)
class Present:
    """A recommendation as it stands; `values` are those of `services/imports/values.py`. `former_refs`: the numbers
    that it had while it was public. `points`: ref, text and whether it is retired, in their order."""

    id: int
    values: dict[str, Any]
    short_title: str
    retired_at: datetime | None
    former_refs: list[str]
    points: list[tuple[str, str, bool]]


def get_import(session: Session, actor: Actor, import_id: UUID) -> Import:
    query = select(Import).where(Import.id == import_id, visible_imports(actor))
    found = session.scalar(query.options(joinedload(Import.review)))
    if found is None:
        raise NotFound
    return found


def list_imports(session: Session, actor: Actor, review_id: int) -> Sequence[Import]:
    """Newest first."""
    query = select(Import).where(Import.review_id == review_id, visible_imports(actor))
    return session.scalars(query.order_by(Import.uploaded_at.desc(), Import.id)).all()


IS_DRAFT = ImportItem.values["draft"].as_string().is_not(None)
"""Is the item a draft for a ministry? Such items are counted and listed apart from recommendations."""


def count_items(session: Session, actor: Actor, import_id: UUID) -> dict[ItemKind, int]:
    """Without drafts."""
    query = _items(actor, select(ImportItem.kind, func.count()), import_id).where(~IS_DRAFT)
    counted = dict(session.execute(query.group_by(ImportItem.kind)).all())
    return {kind: counted[kind] for kind in ItemKind if kind in counted}


def list_items(
    session: Session, actor: Actor, import_id: UUID, kind: ItemKind | None, page: int
) -> tuple[Sequence[ImportItem], bool]:
    """One page of 50, in the order of the file, and whether there is another one: items of a kind without drafts, or
    the drafts of every kind where it is None."""
    which = (IS_DRAFT,) if kind is None else (~IS_DRAFT, ImportItem.kind == kind)
    query = _items(actor, select(ImportItem), import_id).where(*which)
    rows = session.scalars(query.order_by(ImportItem.number).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


@dataclass(frozen=True)
class DraftCounts:
    """Of the drafts for ministries that a file holds: all, those that applying makes, and those that it leaves out;
    one that stands here already is neither."""

    held: int = 0
    taken: int = 0
    left: int = 0


def count_drafts(session: Session, actor: Actor, import_id: UUID) -> DraftCounts:
    is_left = and_(~ImportItem.is_taken, ImportItem.kind != ItemKind.UNCHANGED)
    numbers = (func.count(), func.count().filter(ImportItem.is_taken), func.count().filter(is_left))
    return DraftCounts(*session.execute(_items(actor, select(*numbers), import_id).where(IS_DRAFT)).one())


@dataclass(frozen=True)
class Counts:
    """What the file holds, to compare with the printed report: recommendations in all, by position, and by heading in
    the order of the file; None where the file says none. `pairs`: of a recommendation and a State that made it, as
    UPR Info counts."""

    recommendations: int
    pairs: int
    positions: dict[str | None, int]
    headings: dict[str | None, int]


def count_held(session: Session, actor: Actor, import_id: UUID) -> Counts:
    """Of everything that was read, whether it is taken or not."""
    by_position = dict(_count_said(session, actor, import_id, "position"))
    return Counts(
        recommendations=sum(by_position.values()),
        pairs=_count_pairs(session, actor, import_id),
        positions={said: by_position[said] for said in (*map(str, Position), None) if said in by_position},
        headings=dict(_count_said(session, actor, import_id, "heading")),
    )


def _count_said(session: Session, actor: Actor, import_id: UUID, field: str) -> list[tuple[str | None, int]]:
    """In the order in which the file says them first."""
    values = ImportItem.values[field].as_string().label("said")
    said = (
        _items(actor, select(values, ImportItem.number), import_id)
        .where(ImportItem.values["kind"].as_string().is_not(None))
        .subquery()
    )
    query = select(said.c.said, func.count()).group_by(said.c.said).order_by(func.min(said.c.number))
    return [(value, number) for value, number in session.execute(query)]


def _count_pairs(session: Session, actor: Actor, import_id: UUID) -> int:
    states = ImportItem.values["states"]
    said = (states.as_string().is_not(None), ImportItem.values["kind"].as_string().is_not(None))
    query = _items(actor, select(states), import_id).where(*said)
    return sum(len(codes) for codes in session.scalars(query))


def count_taken(session: Session, actor: Actor, import_id: UUID) -> dict[ItemKind, int]:
    """What applying would do, by kind; without drafts."""
    query = _items(actor, select(ImportItem.kind, func.count()), import_id)
    query = query.where(ImportItem.is_taken, ~IS_DRAFT)
    return dict(session.execute(query.group_by(ImportItem.kind)).all())


def count_applied(session: Session, actor: Actor, import_id: UUID) -> tuple[int, int]:
    """Of an import that was applied: how many recommendations it added, and how many it touched in all. A draft for a
    ministry touches none."""
    query = _items(actor, select(func.count(ImportItem.recommendation_id.distinct())), import_id).where(
        ImportItem.before.is_not(None), ImportItem.before["draft"].as_string().is_(None)
    )
    was_there = ImportItem.before["values"].as_string().is_not(None)
    touched, added = session.scalar(query) or 0, session.scalar(query.where(~was_there)) or 0
    return added, touched


def list_unknown_states(session: Session, actor: Actor, import_id: UUID) -> list[str]:
    """The names in the file that stand for no State that is known, as spelled, at most 50."""
    said = ImportItem.values[UNKNOWN_STATES]
    query = _items(actor, select(said), import_id).where(said.as_string().is_not(None))
    names = {
        name for row in session.scalars(query.order_by(ImportItem.number).limit(MOST_ASKED)) for name in row
    }
    return sorted(names, key=sort_key)[:PAGE]


def list_explained_states(session: Session, actor: Actor, found: Import) -> Sequence[StateSpelling]:
    """The names in the file that a person of the State had explained, as they are understood now."""
    seen = select(Review.state_code).join(Import).where(Import.id == found.id, visible_imports(actor))
    query = select(StateSpelling).where(
        StateSpelling.state_code.in_(seen), StateSpelling.spelling.in_(found.explained)
    )
    return sorted(session.scalars(query), key=lambda each: (sort_key(each.name), each.spelling))


def list_every_item(session: Session, actor: Actor, import_id: UUID) -> Sequence[ImportItem]:
    """In the order of the file."""
    query = _items(actor, select(ImportItem), import_id)
    return session.scalars(query.order_by(ImportItem.number)).all()


def list_present(session: Session, review_id: int, only: Sequence[int] | None = None) -> list[Present]:
    """What stands of the review in seven statements, in the order of the source; of `only` these recommendations."""
    chosen = [Recommendation.review_id == review_id]
    if only is not None:
        chosen.append(Recommendation.id.in_(only))
    columns = (getattr(Recommendation, field) for field in _COLUMNS)
    query = select(Recommendation.id, Recommendation.short_title, Recommendation.retired_at)
    query = query.add_columns(Recommendation.former_refs, *columns)
    rows = session.execute(query.where(*chosen).order_by(Recommendation.order)).all()
    ids = select(Recommendation.id).where(*chosen)
    tags, points = _tags(session, ids), _points(session, ids)
    return [
        Present(
            id=row.id,
            values={**_columns(row), **tags[row.id]},
            short_title=row.short_title,
            retired_at=row.retired_at,
            former_refs=[each["ref"] for each in row.former_refs],
            points=points[row.id],
        )
        for row in rows
    ]


_COLUMNS = ("ref", "text", "kind", "position", "position_source", "action_category", "external_id")


def _columns(row: Any) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "text": row.text,
        "kind": row.kind.value,
        "position": row.position.value if row.position else None,
        "position_source": row.position_source,
        "action_category": row.action_category,
        "external_id": row.external_id,
    }


def _points(session: Session, of_review: Select[Any]) -> dict[int, list[tuple[str, str, bool]]]:
    found: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    query = select(ActionPoint.recommendation_id, ActionPoint.ref, ActionPoint.text, ActionPoint.retired_at)
    query = query.where(ActionPoint.recommendation_id.in_(of_review))
    for row in session.execute(query.order_by(ActionPoint.order, ActionPoint.id)):
        found[row.recommendation_id].append((row.ref, row.text, row.retired_at is not None))
    return found


def _tags(session: Session, of_review: Select[Any]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(
        lambda: {"states": [], "heading": "", "themes": [], "groups": [], "sdgs": [], "issues": []}
    )
    states = select(RecommendingState.recommendation_id, RecommendingState.state_code)
    states = states.where(RecommendingState.recommendation_id.in_(of_review))
    for recommendation_id, code in session.execute(states.order_by(RecommendingState.state_code)):
        found[recommendation_id]["states"].append(code)
    themes = select(
        RecommendationTheme.recommendation_id, RecommendationTheme.is_heading, Theme.scheme, Theme.label
    )
    themes = themes.join(Theme).where(RecommendationTheme.recommendation_id.in_(of_review))
    for recommendation_id, is_heading, scheme, label in session.execute(
        themes.order_by(Theme.order, Theme.id)
    ):
        if is_heading:
            found[recommendation_id]["heading"] = label
        if scheme == Scheme.UPR_INFO:
            found[recommendation_id]["issues"].append(label)
        elif scheme == Scheme.OHCHR:
            found[recommendation_id]["themes"].append(label)
    groups = select(RecommendationGroup.recommendation_id, Group.label).join(Group)
    groups = groups.where(RecommendationGroup.recommendation_id.in_(of_review))
    for recommendation_id, label in session.execute(groups.order_by(Group.order)):
        found[recommendation_id]["groups"].append(label)
    targets = select(RecommendationSdgTarget.recommendation_id, RecommendationSdgTarget.sdg_target_code)
    targets = targets.where(RecommendationSdgTarget.recommendation_id.in_(of_review))
    goals = select(RecommendationSdgGoal.recommendation_id, RecommendationSdgGoal.sdg_goal_code)
    goals = goals.where(RecommendationSdgGoal.recommendation_id.in_(of_review))
    for recommendation_id, code in session.execute(union_all(goals, targets)):
        found[recommendation_id]["sdgs"].append(code)
    return found


def _items(actor: Actor, query: Select[*tuple[Any, ...]], import_id: UUID) -> Select[*tuple[Any, ...]]:
    seen = select(Import.id).where(Import.id == import_id, visible_imports(actor))
    return query.where(ImportItem.import_id.in_(seen))
