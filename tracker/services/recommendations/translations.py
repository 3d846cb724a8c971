"""Translations of a recommendation and its points by hand: added, corrected, removed. The authentic text stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.failures import ChangedMeanwhile, Refused, ValidationFailed
from tracker.language import LANGUAGES, gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationFields,
    TranslationKind,
    digest_of,
)
from tracker.policy.actors import Actor
from tracker.services.recommendations.locking import lock_recommendation, write_edit
from tracker.services.recommendations.wordings import list_all_points

COLUMNS = ("kind", "source", "is_checked", "short_title", "text")


def get_translation(
    session: Session, _actor: Actor, recommendation: Recommendation, language: str
) -> TranslationFields | None:
    """What stands, read again, for a recommendation that the actor sees."""
    row = _find(session, recommendation.id, language)
    if row is None:
        return None
    points, texts = list_all_points(session, recommendation.id), _texts(session, recommendation.id, language)
    found = tuple((point.ref, texts[point.id].text) for point in points if point.id in texts)
    return TranslationFields(row.kind, row.source, row.is_checked, row.short_title, row.text, found)


def seen_of(session: Session, recommendation: Recommendation, stands: TranslationFields | None) -> str:
    """What the form carries: the digest of the translation that stands, and of the authentic texts beside it."""
    points = list_all_points(session, recommendation.id)
    authentic = [recommendation.text, *(point.text for point in points if point.retired_at is None)]
    return digest_of(repr((stands, authentic)))


def correct_translation(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    language: str,
    wanted: TranslationFields,
    now: datetime,
    *,
    seen: str | None = None,
) -> bool:
    """Adds it where there is none. Whoever stores it says that it is of the texts that stand now. Where one of these,
    or the translation, was changed since the person read them (`seen`), nothing is done. Returns whether anything
    differs. A point with an empty text is not translated."""
    review = lock_recommendation(session, actor, recommendation)
    own_language = recommendation.source.language
    _refuse_wrong(language, own_language, wanted)
    before = get_translation(session, actor, recommendation, language)
    if seen is not None and seen != seen_of(session, recommendation, before):
        raise ChangedMeanwhile(before)
    points = [point for point in list_all_points(session, recommendation.id) if point.retired_at is None]
    is_renewed = _write(session, recommendation, points, language, wanted, now)
    after = get_translation(session, actor, recommendation, language)
    assert after is not None
    if after == before and not is_renewed:
        return False
    facts = {"language": language, "kind": after.kind.value, "checked": after.is_checked}
    told = {"before": _told(before, after), "after": _told(after, before)}
    if before is None:
        write_edit(
            session, actor, "translate_recommendation", recommendation, review, now, facts=facts, **told
        )
    else:
        write_edit(session, actor, "correct_translation", recommendation, review, now, facts=facts, **told)
    return True


def remove_translation(
    session: Session, actor: Actor, recommendation: Recommendation, language: str, now: datetime
) -> None:
    """With the texts of its points. The history keeps what it said."""
    review = lock_recommendation(session, actor, recommendation)
    before = get_translation(session, actor, recommendation, language)
    if before is None:
        raise Refused(gettext("This translation was removed already."))
    delete_translations(session, recommendation.id, language)
    facts = {"language": language, "kind": before.kind.value, "checked": before.is_checked}
    told = _told(before, None)
    write_edit(session, actor, "remove_translation", recommendation, review, now, facts=facts, before=told)


def delete_translations(session: Session, recommendation_id: int, language: str | None = None) -> None:
    """All of them, or the one into a language."""
    points = select(ActionPoint.id).where(ActionPoint.recommendation_id == recommendation_id)
    of_points = delete(ActionPointTranslation).where(ActionPointTranslation.action_point_id.in_(points))
    of_whole = delete(RecommendationTranslation).where(
        RecommendationTranslation.recommendation_id == recommendation_id
    )
    if language is not None:
        of_points = of_points.where(ActionPointTranslation.language == language)
        of_whole = of_whole.where(RecommendationTranslation.language == language)
    session.execute(of_points)
    session.execute(of_whole)


def _refuse_wrong(language: str, own_language: str, wanted: TranslationFields) -> None:
    if language not in LANGUAGES or language == own_language:
        raise Refused(gettext("The text is in this language itself: correct the recommendation instead."))
    wrong = {}
    if not wanted.text:
        wrong["text"] = gettext("Write the translation of the text")
    if wanted.kind == TranslationKind.OFFICIAL and not wanted.source:
        wrong["source"] = gettext("Name the document of the official translation, or its address")
    if wrong:
        raise ValidationFailed(wrong)


def _find(session: Session, recommendation_id: int, language: str) -> RecommendationTranslation | None:
    query = select(RecommendationTranslation).where(
        RecommendationTranslation.recommendation_id == recommendation_id,
        RecommendationTranslation.language == language,
    )
    return session.scalar(query, execution_options={"populate_existing": True})


def _texts(session: Session, recommendation_id: int, language: str) -> dict[int, ActionPointTranslation]:
    query = select(ActionPointTranslation).join(
        ActionPoint, ActionPoint.id == ActionPointTranslation.action_point_id
    )
    query = query.where(
        ActionPoint.recommendation_id == recommendation_id, ActionPointTranslation.language == language
    )
    return {row.action_point_id: row for row in session.scalars(query)}


def _write(
    session: Session,
    recommendation: Recommendation,
    points: list[ActionPoint],
    language: str,
    wanted: TranslationFields,
    now: datetime,
) -> bool:
    """Returns whether a text that was of an earlier wording is now of the one that stands."""
    row = _find(session, recommendation.id, language)
    if row is None:
        row = RecommendationTranslation(recommendation_id=recommendation.id, language=language, of_digest="")
        session.add(row)
    is_renewed = _store(
        row, digest_of(recommendation.text), now, **{name: getattr(wanted, name) for name in COLUMNS}
    )
    texts, said = _texts(session, recommendation.id, language), dict(wanted.points)
    for point in points:
        text, stored = said.get(point.ref, ""), texts.get(point.id)
        if not text:
            if stored is not None:
                session.delete(stored)
            continue
        if stored is None:
            stored = ActionPointTranslation(action_point_id=point.id, language=language, of_digest="")
            session.add(stored)
        is_renewed |= _store(stored, digest_of(point.text), now, text=text)
    session.flush()
    return is_renewed


def _store(
    row: RecommendationTranslation | ActionPointTranslation, digest: str, now: datetime, **values: Any
) -> bool:
    is_renewed = bool(row.of_digest) and row.of_digest != digest
    if is_renewed or any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.of_digest, row.written_at = digest, now
    return is_renewed


def _told(fields: TranslationFields | None, other: TranslationFields | None) -> dict[str, Any] | None:
    """What differs from `other`, for a line of the history."""
    if fields is None:
        return None
    values, others = _plain(fields), _plain(other) if other else {}
    return {name: value for name, value in values.items() if value != others.get(name)} or None


def _plain(fields: TranslationFields) -> Mapping[str, Any]:
    return {
        "short_title": fields.short_title,
        "text": fields.text,
        "points": [f"{ref} {text}" for ref, text in fields.points],
        "translation_kind": fields.kind.value,
        "translation_source": fields.source,
        "is_checked": fields.is_checked,
    }
