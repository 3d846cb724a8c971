"""Adds a recommendation by hand, and corrects what stands of one."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.failures import ChangedMeanwhile, ValidationFailed
from tracker.language import fold_ref, gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendation_fields import RecommendationFields
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review, Source
from tracker.policy.actors import Actor
from tracker.queries.recommendations.fields import get_fields, list_choices
from tracker.services.imports.rows import short_title_of
from tracker.services.imports.vocabularies import ohchr_version
from tracker.services.levels import recompute_levels
from tracker.services.recommendations.locking import lock_recommendation, lock_review, write_edit
from tracker.services.recommendations.tags import replace_tags, split_sdgs
from tracker.services.recommendations.wordings import (
    list_all_points,
    moment_after_entries,
    renumber,
    reword,
    reword_recommendation,
)

COLUMNS = ("kind", "source_id", "text", "short_title", "position", "position_source")


def add_recommendation(
    session: Session, actor: Actor, review: Review, wanted: RecommendationFields, now: datetime
) -> Recommendation:
    """The last of its review, with one action point: its own text."""
    review = lock_review(session, actor, review.id)
    wanted = _complete(wanted)
    _refuse_wrong(session, review, wanted, None)
    last = select(func.max(Recommendation.order)).where(Recommendation.review_id == review.id)
    added = Recommendation(
        review_id=review.id,
        ref=wanted.ref,
        order=(session.scalar(last) or 0) + 1,
        **{name: getattr(wanted, name) for name in COLUMNS},
    )
    session.add(added)
    session.flush()
    session.add(ActionPoint(recommendation_id=added.id, ref=f"{added.ref}.1", order=1, text=added.text))
    replace_tags(session, added, wanted)
    after = {"text": wanted.text}
    write_edit(session, actor, "add_recommendation", added, review, now, after=after)
    return added


def correct_recommendation(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    wanted: RecommendationFields,
    now: datetime,
    *,
    seen: str | None = None,
    is_slip: bool = False,
) -> list[str]:
    """Returns the names of the fields that changed. `seen`: the digest of the fields that the person had read; where
    somebody changed them since, nothing is done. The position at adoption never changes, unless it was entered wrongly
    (`is_slip`)."""
    review = lock_recommendation(session, actor, recommendation)
    before = get_fields(session, actor, recommendation)
    if seen is not None and seen != before.digest:
        raise ChangedMeanwhile(before)
    wanted = _complete(wanted)
    changed = wanted.changed_from(before)
    if "position" in changed and before.position is not None and not is_slip:
        raise ValidationFailed({"is_slip": position_sentence()})
    _refuse_wrong(session, review, wanted, recommendation.id)
    if not changed:
        return []
    now = moment_after_entries(session, now, Recommendation.id == recommendation.id)
    _write(session, recommendation, review, before, wanted, now)
    told = _tell(session, actor, review, before, wanted, changed)
    facts = {"fields": changed}
    write_edit(session, actor, "correct_recommendation", recommendation, review, now, facts=facts, **told)
    recompute_levels(session, recommendation.id)
    return changed


def position_sentence() -> str:
    return gettext(
        "The position at adoption never changes. If the State changed its mind later, enter that as the position now;"
        " if the position was entered wrongly, tick the box below it"
    )


def _complete(wanted: RecommendationFields) -> RecommendationFields:
    """Without margins; a short title that is missing is the beginning of the text."""
    title = wanted.short_title.strip() or short_title_of(wanted.text.strip())
    return replace(wanted, ref=wanted.ref.strip(), text=wanted.text.strip(), short_title=title)


def _write(
    session: Session,
    recommendation: Recommendation,
    review: Review,
    before: RecommendationFields,
    wanted: RecommendationFields,
    now: datetime,
) -> None:
    reword_recommendation(session, recommendation, wanted.text, now)
    for name in COLUMNS:
        setattr(recommendation, name, getattr(wanted, name))
    points = list_all_points(session, recommendation.id)
    for point in points:
        if point.text == before.text and point.retired_at is None:  # it asks for the whole
            reword(session, point, wanted.text, now)
    if wanted.ref != before.ref:
        renumber(recommendation, points, wanted.ref, review, now)
    replace_tags(session, recommendation, wanted)


def _refuse_wrong(session: Session, review: Review, wanted: RecommendationFields, own_id: int | None) -> None:
    """Raises `ValidationFailed` with a sentence for each field."""
    wrong = {}
    if not wanted.text:
        wrong["text"] = gettext("Enter the text of the recommendation")
    if sentence := _wrong_ref(session, review, wanted.ref, own_id):
        wrong["ref"] = sentence
    source = session.get(Source, wanted.source_id)
    if source is None or source.review_id != review.id:
        wrong["source_id"] = gettext("Choose the document that the recommendation comes from")
    goals, targets = split_sdgs(session, wanted.sdg_codes)
    if unknown := sorted(wanted.sdg_codes - goals - targets):
        wrong["sdg_codes"] = gettext(
            "There is no goal or target %(codes)s: write goals as 5 and targets as 5.1",
            codes=", ".join(unknown),
        )
    if wrong:
        raise ValidationFailed(wrong)


def _wrong_ref(session: Session, review: Review, ref: str, own_id: int | None) -> str | None:
    """28.1, 28.10 and 28.100 are three; A9 with a Latin and with a Cyrillic letter are one."""
    if not ref:
        return gettext("Enter the number of the recommendation, as it is printed")
    if "/" in ref:
        return gettext("Write the number without a slash: it stands in the address of the page")
    columns = select(Recommendation.id, Recommendation.ref, Recommendation.former_refs)
    rows = session.execute(columns.where(Recommendation.review_id == review.id)).all()
    others = [row for row in rows if row.id != own_id]
    if any(fold_ref(row.ref) == fold_ref(ref) for row in others):
        return gettext("Another recommendation of this review has the number %(ref)s already", ref=ref)
    for row in others:
        if any(fold_ref(former["ref"]) == fold_ref(ref) for former in row.former_refs):
            return gettext(
                "%(ref)s was the number of %(now)s, and whoever cited it means that one: write another, for example"
                " %(another)s",
                ref=ref,
                now=row.ref,
                another=f"{ref}a",
            )
    return None


def _tell(
    session: Session,
    actor: Actor,
    review: Review,
    before: RecommendationFields,
    wanted: RecommendationFields,
    changed: list[str],
) -> dict[str, dict[str, Any]]:
    """Before and after of the changed fields, with labels in the place of ids."""
    choices = list_choices(session, actor, review, ohchr_version(review.cycle))

    def told(fields: RecommendationFields, name: str) -> Any:
        value = getattr(fields, name)
        if isinstance(value, frozenset):
            is_coded = name in ("state_codes", "sdg_codes")
            return sorted(value if is_coded else (choices.label_of(name, each) for each in value))
        if name in ("source_id", "heading_id"):
            return choices.label_of(name, value) if value else None
        return value

    return {
        "before": {name: told(before, name) for name in changed},
        "after": {name: told(wanted, name) for name in changed},
    }
