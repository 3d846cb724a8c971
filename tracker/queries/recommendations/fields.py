"""The fields of a recommendation as a person corrects them, and what they can be chosen from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.recommendation_fields import RecommendationFields
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Review, Source
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations, visible_reviews
from tracker.policy.themes import known_groups, known_themes


@dataclass(frozen=True)
class Choices:
    """Id and label of what a form offers, in the order of the vocabularies. `themes` and `headings` by vocabulary."""

    sources: list[tuple[int, str]]
    headings: dict[Scheme, list[tuple[int, str]]]
    themes: dict[Scheme, list[tuple[int, str]]]
    groups: list[tuple[int, str]]

    def label_of(self, field: str, value: int) -> str:
        known = {
            "source_id": self.sources,
            "heading_id": [each for of_scheme in self.headings.values() for each in of_scheme],
            "theme_ids": [each for of_scheme in self.themes.values() for each in of_scheme],
            "group_ids": self.groups,
        }
        return dict(known[field]).get(value, str(value))


def get_fields(session: Session, actor: Actor, recommendation: Recommendation) -> RecommendationFields:
    """As they stand now: columns and tags are read again."""
    seen = select(Recommendation.id).where(Recommendation.id == recommendation.id)
    seen = seen.where(visible_recommendations(actor))
    own = recommendation
    columns = select(Recommendation.ref, Recommendation.kind, Recommendation.source_id, Recommendation.text)
    columns = columns.add_columns(
        Recommendation.short_title, Recommendation.position, Recommendation.position_source
    )
    row: Any = session.execute(columns.where(Recommendation.id.in_(seen))).one()
    themes = select(RecommendationTheme.theme_id, RecommendationTheme.is_heading, Theme.scheme).join(Theme)
    themes = themes.where(RecommendationTheme.recommendation_id.in_(seen), Theme.scheme != Scheme.UPR_INFO)
    tagged = session.execute(themes.order_by(Theme.order, Theme.id)).all()
    heading = next((each.theme_id for each in tagged if each.is_heading), None)
    goals = _values(session, RecommendationSdgGoal.sdg_goal_code, RecommendationSdgGoal, own.id)
    targets = _values(session, RecommendationSdgTarget.sdg_target_code, RecommendationSdgTarget, own.id)
    return RecommendationFields(
        ref=row.ref,
        kind=row.kind,
        source_id=row.source_id,
        text=row.text,
        short_title=row.short_title,
        position=row.position,
        position_source=row.position_source,
        state_codes=_values(session, RecommendingState.state_code, RecommendingState, own.id),
        heading_id=heading,
        theme_ids=frozenset(each.theme_id for each in tagged if each.theme_id != heading),
        group_ids=_values(session, RecommendationGroup.group_id, RecommendationGroup, own.id),
        sdg_codes=goals | targets,
    )


def _values(session: Session, column: Any, table: Any, recommendation_id: int) -> frozenset[Any]:
    return frozenset(session.scalars(select(column).where(table.recommendation_id == recommendation_id)))


def list_choices(session: Session, actor: Actor, review: Review, ohchr_version: str) -> Choices:
    """Themes: of OHCHR in that edition, the working topics, and whatever is tagged in the review; headings of the
    letter where the review has some. Not what only recommendations have that the actor does not see."""
    sources = select(Source).join(Review, Review.id == Source.review_id)
    sources = sources.where(Source.review_id == review.id, visible_reviews(actor))
    tagged = select(RecommendationTheme.theme_id).join(Recommendation)
    tagged = tagged.where(Recommendation.review_id == review.id, visible_recommendations(actor))
    is_letters = select(Theme.version).where(Theme.scheme == Scheme.LETTER, Theme.id.in_(tagged))
    offered = or_(
        (Theme.scheme == Scheme.OHCHR) & (Theme.version == ohchr_version),
        (Theme.scheme == Scheme.LETTER) & Theme.version.in_(is_letters),
        Theme.scheme == Scheme.TOPIC,
        Theme.id.in_(tagged) & (Theme.scheme != Scheme.UPR_INFO),
    )
    themes: dict[Scheme, list[tuple[int, str]]] = {}
    rows: Any = session.scalars(
        select(Theme)
        .where(offered, known_themes(actor))
        .order_by(Theme.version.desc(), Theme.order, Theme.id)
    )
    for theme in rows:
        themes.setdefault(theme.scheme, []).append((theme.id, theme.name))
    groups = session.scalars(select(Group).where(known_groups(actor)).order_by(Group.order, Group.id))
    return Choices(
        sources=[
            (each.id, _source_words(each)) for each in session.scalars(sources.order_by(Source.dated_on))
        ],
        headings={scheme: of for scheme, of in themes.items() if scheme != Scheme.TOPIC},
        themes={scheme: of for scheme, of in themes.items() if scheme != Scheme.LETTER},
        groups=[(group.id, group.name) for group in groups],
    )


def _source_words(source: Source) -> str:
    return f"{source.symbol}: {source.title}" if source.symbol else source.title


def list_state_names(session: Session, _actor: Actor, codes: frozenset[str]) -> list[str]:
    """In the order of their names."""
    return sorted(session.scalars(select(State.name).where(State.code.in_(codes))), key=sort_key)
