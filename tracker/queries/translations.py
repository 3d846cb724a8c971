"""Texts of recommendations and points in the reader's language where there is a translation, else the authentic ones.
Who sees a recommendation sees its translations, so these columns go into selects that ask for sight already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, null, select
from sqlalchemy.orm import Bundle, Session, aliased

from tracker.language import TextIn, current, gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Source
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationKind,
    digest_of,
)
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations

_OfWhole, _OfPoint = aliased(RecommendationTranslation), aliased(ActionPointTranslation)
_Source, _Recommendation = aliased(Source), aliased(Recommendation)
"""With names of their own, so that they are subqueries of any select."""


class Translated(TextIn):
    """The text of a recommendation in another language, with what is said of the translation."""

    kind: TranslationKind
    source: str
    is_checked: bool
    is_of_earlier: bool

    @property
    def is_official(self) -> bool:
        return self.kind == TranslationKind.OFFICIAL

    @property
    def words(self) -> str:
        """For files: pages mark it in components/translations.html."""
        if self.is_official:
            said = gettext("Official translation: %(source)s", source=self.source)
        elif self.is_checked:
            said = gettext("Unofficial working translation, checked")
        else:
            said = gettext("Unofficial working translation, not checked")
        behind = gettext("Made of an earlier wording: the text was changed since.")
        return f"{said}. {behind}" if self.is_of_earlier else said


class _Shown(Bundle[Any]):
    """The columns are one value of the row: the translation, else the authentic text, with its language."""

    def create_row_processor(
        self, _query: Any, procs: Sequence[Callable[[Row[Any]], Any]], _labels: Sequence[str]
    ) -> Callable[[Row[Any]], TextIn]:
        text, own_language, translated, *details = procs
        language = current()

        def shown(row: Row[Any]) -> TextIn:
            authentic, found = TextIn(text(row), own_language(row)), translated(row)
            if not found:
                return authentic
            if not details:
                return TextIn(found, language, authentic)
            made = Translated(found, language, authentic)
            made.kind, made.source, made.is_checked = (each(row) for each in details[:3])
            made.is_of_earlier = details[3](row) != digest_of(authentic)
            return made

        return shown


def shown_title() -> Any:
    """`short_title` of a select of `Recommendation`, as a `TextIn` in the reader's language where there is one."""
    return _shown("short_title", Recommendation.short_title, _own_language(), _of_whole("short_title"))


def shown_text() -> Any:
    """Its text the same way, as `Translated` where it is a translation."""
    details = [_of_whole(name) for name in ("kind", "source", "is_checked", "of_digest")]
    return _shown("text", Recommendation.text, _own_language(), _of_whole("text"), *details)


def shown_point_text(name: str = "text") -> Any:
    """The text of a point of a select of `ActionPoint`, as `shown_title`."""
    translated = select(_OfPoint.text).where(
        _OfPoint.action_point_id == ActionPoint.id, _OfPoint.language == current()
    )
    own = select(_Source.language).join(_Recommendation, _Recommendation.source_id == _Source.id)
    own = own.where(_Recommendation.id == ActionPoint.recommendation_id)
    return _shown(name, ActionPoint.text, own.scalar_subquery(), translated)


def _own_language() -> Any:
    return select(_Source.language).where(_Source.id == Recommendation.source_id).scalar_subquery()


def _of_whole(column: str) -> Any:
    return select(getattr(_OfWhole, column)).where(
        _OfWhole.recommendation_id == Recommendation.id, _OfWhole.language == current()
    )


def _shown(name: str, authentic: Any, own_language: Any, *translated: Any) -> _Shown:
    """A translation is looked for only where the text itself is in another language."""
    found = [case((own_language == current(), null()), else_=each.scalar_subquery()) for each in translated]
    columns = [each.label(f"{name}_{number}") for number, each in enumerate([own_language, *found])]
    return _Shown(name, authentic, *columns)


@dataclass(frozen=True)
class Translation:
    """Of a recommendation and its points into one language. `points`: by the id of the point. `is_of_earlier`: another
    authentic text stands now than the one it was made of; `earlier_points`: of which points this is so."""

    language: str
    kind: TranslationKind
    source: str
    is_checked: bool
    short_title: str
    text: str
    written_at: datetime | None
    is_of_earlier: bool
    points: dict[int, str]
    earlier_points: frozenset[int]

    @property
    def is_official(self) -> bool:
        return self.kind == TranslationKind.OFFICIAL


def list_translations(session: Session, actor: Actor, recommendation_id: int) -> list[Translation]:
    """In all languages that there are, in one statement."""
    query = (
        select(
            RecommendationTranslation,
            Recommendation.text.label("authentic"),
            ActionPoint.id.label("point_id"),
            ActionPoint.text.label("of_point"),
            ActionPointTranslation.text.label("point_text"),
            ActionPointTranslation.of_digest.label("point_digest"),
        )
        .join(Recommendation, Recommendation.id == RecommendationTranslation.recommendation_id)
        .outerjoin(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
        .outerjoin(
            ActionPointTranslation,
            (ActionPointTranslation.action_point_id == ActionPoint.id)
            & (ActionPointTranslation.language == RecommendationTranslation.language),
        )
        .where(Recommendation.id == recommendation_id, visible_recommendations(actor))
        .order_by(RecommendationTranslation.language, ActionPoint.order, ActionPoint.id)
    )
    found: dict[str, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.RecommendationTranslation.language, []).append(row)
    return [_translation(rows) for rows in found.values()]


def _translation(rows: Sequence[Any]) -> Translation:
    own, translated = rows[0].RecommendationTranslation, [row for row in rows if row.point_text]
    return Translation(
        language=own.language,
        kind=own.kind,
        source=own.source,
        is_checked=own.is_checked,
        short_title=own.short_title,
        text=own.text,
        written_at=own.written_at,
        is_of_earlier=own.of_digest != digest_of(rows[0].authentic),
        points={row.point_id: row.point_text for row in translated},
        earlier_points=frozenset(
            row.point_id for row in translated if row.point_digest != digest_of(row.of_point)
        ),
    )


def find_for_reader(translations: Sequence[Translation], own_language: str) -> Translation | None:
    """The one in the reader's language; None where the text itself is in it, or nobody translated it."""
    wanted = current()
    if wanted == own_language:
        return None
    return next((each for each in translations if each.language == wanted), None)


def title_of(recommendation: Recommendation, translation: Translation | None) -> TextIn:
    """Its source is loaded."""
    authentic = TextIn(recommendation.short_title, recommendation.source.language)
    if translation is None or not translation.short_title:
        return authentic
    return TextIn(translation.short_title, translation.language, authentic)


def text_of_point(point: ActionPoint, own_language: str, translation: Translation | None) -> TextIn:
    authentic = TextIn(point.text, own_language)
    found = translation.points.get(point.id) if translation else None
    return TextIn(found, translation.language, authentic) if translation and found else authentic


def said_of(text: str) -> str:
    """Of a text that stands in a file: what translation it is; empty for an authentic one."""
    return text.words if isinstance(text, Translated) else ""


def authentic_of(text: str | None) -> TextIn | None:
    """The text behind a translation; None for an authentic one."""
    return text.authentic if isinstance(text, TextIn) else None


def get_answered(
    session: Session, _actor: Actor, recommendation: Recommendation, point: ActionPoint | None = None
) -> TextIn:
    """The text that a form is about, of what the actor sees already: of the point, or of the whole. Asks nothing where
    the text is in the reader's language. Source and review are loaded."""
    authentic = TextIn(point.text if point else recommendation.text, recommendation.source.language)
    language = current()
    if authentic.language == language:
        return authentic
    if point is not None:
        of_point = select(ActionPointTranslation.text).where(
            ActionPointTranslation.action_point_id == point.id, ActionPointTranslation.language == language
        )
        found = session.scalar(of_point)
    else:
        of_whole = select(RecommendationTranslation.text).where(
            RecommendationTranslation.recommendation_id == recommendation.id,
            RecommendationTranslation.language == language,
        )
        found = session.scalar(of_whole)
    return TextIn(found, language, authentic) if found else authentic
