"""How the theme filter names themes in addresses, and which themes a value finds: those of older editions, too, by the
table of correspondences (`models/themes.py`)."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.models.recommendations import RecommendationTheme
from tracker.models.themes import Scheme, Theme, ThemeCorrespondence

PREFIXES = {Scheme.LETTER: "", Scheme.OHCHR: "ohchr-", Scheme.UPR_INFO: "upr-info-"}
_Newer = aliased(Theme)


def filter_of(scheme: Scheme, code: str, *, is_heading: bool = False) -> tuple[str, str]:
    """The facet and the value that find the recommendations with a theme or topic; or only those that the source prints
    under it."""
    if scheme == Scheme.TOPIC:
        return "topic", code
    facet = "heading" if is_heading and scheme != Scheme.LETTER else "theme"
    return facet, PREFIXES[scheme] + code


def scheme_of(value: str) -> Scheme:
    """Which vocabulary a value of the theme filter is of."""
    found = (scheme for scheme, prefix in PREFIXES.items() if prefix and value.startswith(prefix))
    return next(found, Scheme.LETTER)


def heading_pairs() -> Select[Any, Any]:
    """Recommendation and value of the theme under which its source prints it."""
    tagged = select(RecommendationTheme.recommendation_id.label("id"), _value_of(Theme).label("value"))
    tagged = tagged.join(Theme, Theme.id == RecommendationTheme.theme_id)
    return tagged.where(RecommendationTheme.is_heading, Theme.scheme != Scheme.LETTER)


def theme_pairs() -> Select[Any, Any]:
    """Recommendation and value: of its own theme, and of those that correspond to it in a newer edition."""
    tagged = select(RecommendationTheme.recommendation_id.label("id"))
    own = tagged.add_columns(_value_of(Theme).label("value"))
    own = own.join(Theme, Theme.id == RecommendationTheme.theme_id).where(Theme.scheme != Scheme.TOPIC)
    newer = tagged.add_columns(_value_of(_Newer).label("value"))
    newer = newer.join(ThemeCorrespondence, ThemeCorrespondence.older_id == RecommendationTheme.theme_id)
    newer = newer.join(_Newer, _Newer.id == ThemeCorrespondence.newer_id)
    pairs = union_all(own, newer).subquery()
    return select(pairs.c.id, pairs.c.value)


def has_theme(recommendation_id: Any, value: str) -> ColumnElement[bool]:
    """The same as a condition. The database finds the few themes of the value first, then asks an index."""
    older = select(ThemeCorrespondence.older_id).join(_Newer, _Newer.id == ThemeCorrespondence.newer_id)
    found = select(Theme.id).where(Theme.scheme != Scheme.TOPIC)
    found = found.where(or_(_value_of(Theme) == value, Theme.id.in_(older.where(_value_of(_Newer) == value))))
    tagged = select(RecommendationTheme.theme_id).where(
        RecommendationTheme.recommendation_id == recommendation_id, RecommendationTheme.theme_id.in_(found)
    )
    return tagged.exists()


def _value_of(theme: Any) -> ColumnElement[str]:
    prefixed = [
        (theme.scheme == scheme, prefix + theme.code) for scheme, prefix in PREFIXES.items() if prefix
    ]
    return case(*prefixed, else_=theme.code)
