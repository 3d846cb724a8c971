"""How levels and figures come about, with an example from the current review."""

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, current_app, get_template_attribute, render_template
from markupsafe import Markup

from tracker import addresses
from tracker.language import gettext
from tracker.models.levels import DEFINITIONS, Disagreement, ShownLevel
from tracker.policy.actors import Actor
from tracker.queries.levels import PointLevels
from tracker.queries.recommendations.rows import RecommendationRow, list_rows
from tracker.queries.reviews import ReviewFacts, find_current_review
from tracker.queries.themes import list_correspondences
from tracker.web.access import actor, public, state_code
from tracker.web.cache import cached_fragment, figures_of
from tracker.web.transactions import session

pages = Blueprint("method", __name__)


@dataclass(frozen=True)
class WorkedExample:
    """A recommendation, and the point of it on which the gap is widest; None where nobody disagrees."""

    row: RecommendationRow
    widest: PointLevels | None


@pages.get("/method")
@public
def index() -> str:
    """Each paragraph has an id, to which levels and figures link."""
    review = find_current_review(session(), actor(), state_code())
    example = None
    if review:
        example = cached_fragment("example of the method", review, lambda reader: _write(reader, review))
    base, code = current_app.config["TRACKER"].BASE_URL, review.code if review else "KGZ-3"
    return render_template(
        "method/index.html",
        review=review,
        example=example,
        shown_levels=list(ShownLevel),
        definitions={level.value: gettext(DEFINITIONS[level]) for level in ShownLevel},
        recommendation_address=f"{addresses.recommendation(base, code, 'A24')}#A24.3",
    )


@pages.get("/method/themes")
@public
def themes() -> str:
    """Which themes of the third cycle we take for which of the fourth."""
    found = list_correspondences(session())
    return render_template(
        "method/themes.html",
        read=[each for each in found if not each.is_by_name],
        same=[each.newer[0] for each in found if each.is_by_name],
    )


def _write(reader: Actor, review: ReviewFacts) -> Markup | None:
    found = choose_example(reader, review)
    if found is None:
        return None
    figures = figures_of(review)
    markup: Markup = get_template_attribute("components/example.html", "example")(
        review.code, found, figures.comparison
    )
    return markup


def choose_example(reader: Actor, review: ReviewFacts) -> WorkedExample | None:
    """One with several points, if there is any, on which most voices speak; of several such the one with the most
    entries, then the first. None where nobody has made an entry on a point."""
    points: dict[int, list[PointLevels]] = defaultdict(list)
    for point in figures_of(review).points:
        points[point.recommendation_id].append(point)
    said = {own: [each for point in of for each in point.said] for own, of in points.items()}
    spoken = [own for own in said if said[own]]
    if not spoken:
        return None

    def rank(own: int) -> tuple[bool, int, int]:
        return len(points[own]) > 1, len({each.voice for each in said[own]}), len(said[own])

    [row] = list_rows(session(), reader, [max(spoken, key=rank)])
    apart = [point for point in row.levels.points if point.disagreement not in (None, Disagreement.AGREE)]
    return WorkedExample(row, max(apart, key=lambda point: point.steps_apart or 0, default=None))
