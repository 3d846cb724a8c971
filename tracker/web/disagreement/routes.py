"""The page of disagreement: the matrix of a review, then the points with the widest gaps or those of one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, get_template_attribute, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.failures import BadInput
from tracker.language import gettext, ngettext
from tracker.level_words import level_word, voice_word
from tracker.models.levels import ShownLevel, Voice
from tracker.queries import disagreement
from tracker.queries.levels import PointLevels
from tracker.queries.reviews import ReviewFacts
from tracker.web import places
from tracker.web.access import public
from tracker.web.cache import cached_fragment, figures_of
from tracker.web.pages import method_url

pages = Blueprint("disagreement", __name__)
LEVELS = [level.value for level in ShownLevel if level != ShownLevel.MIXED]
KNOWN = {
    "state_says": LEVELS,
    "others_say": LEVELS,
    "voice": [voice.value for voice in Voice if voice != Voice.STATE],
}
NAMES = tuple(KNOWN)
"""Of the arguments that choose a number."""
WIDEST_SHOWN = 9
MOST_POINTS = 200
"""Points of one number of the matrix that the page lists; of more it says how many there are."""
MOST_HEADINGS = 3


@dataclass(frozen=True)
class Chosen:
    """Which points a number stands for: those of a cell, a row or a column of the matrix, or those on which a voice
    contradicts the State. Without any: the widest gaps."""

    state_says: ShownLevel | None
    others_say: ShownLevel | None
    voice: Voice | None

    def __bool__(self) -> bool:
        return any((self.state_says, self.others_say, self.voice))

    def points_of(self, points: Sequence[PointLevels]) -> list[PointLevels]:
        found = disagreement.contradicted_by(points, self.voice) if self.voice else list(points)
        return [
            point
            for point in found
            if self.state_says in (None, disagreement.state_of(point))
            and self.others_say in (None, disagreement.others_of(point))
        ]

    def title(self, number: int) -> str:
        """“State: partially. Others: not implemented. 6 points”"""
        parts = []
        if self.state_says:
            parts.append(gettext("State: %(level)s.", level=level_word(self.state_says.value)))
        if self.others_say:
            parts.append(gettext("Others: %(level)s.", level=level_word(self.others_say.value)))
        if self.voice:
            parts.append(gettext("Contradicted by: %(voice)s.", voice=voice_word(self.voice.value)))
        return " ".join([*parts, ngettext("%(num)s point", "%(num)s points", number)])


@pages.get("/disagreement")
@public
def index() -> str | Response:
    """Of one review, chosen as in the list. Each number leads to its points, on this page or in the list."""
    arguments = request.args
    review, chosen = places.read_review(arguments), read_chosen(arguments)
    if review is None and arguments.get("review") != "all":
        return render_template("disagreement/index.html", review=None)
    if (
        review is None or arguments.get("review", review.code) != review.code
    ):  # all of them, or written in another way
        named = {name: arguments[name] for name in NAMES if arguments.get(name)}
        code = {"review": review.code} if review else {}
        return redirect(url_for("disagreement.index", **named, **code))  # type: ignore[arg-type]
    # Only one is cached: so many numbers can be chosen that they would push out every other page
    if chosen:
        fragment = _write(review, chosen)
    else:
        fragment = cached_fragment("disagreement", review, lambda _: _write(review, chosen))
    return render_template("disagreement/index.html", review=review, fragment=fragment)


def read_chosen(arguments: Mapping[str, str]) -> Chosen:
    """What no number of the page stands for is refused with a sentence: an unknown level or voice, the State as the
    voice that contradicts itself, and a range, which no cell of the matrix is."""
    for name, known in KNOWN.items():
        if arguments.get(name) and arguments[name] not in known:
            raise BadInput(
                gettext(
                    "“%(value)s” is no level or voice that can be chosen here. Choose a number in the table.",
                    value=arguments[name],
                )
            )
    state_says, others_say, voice = (arguments.get(name) for name in NAMES)
    return Chosen(
        ShownLevel(state_says) if state_says else None,
        ShownLevel(others_say) if others_say else None,
        Voice(voice) if voice else None,
    )


def _write(review: ReviewFacts, chosen: Chosen) -> Markup:
    """Everything below the heading of the page."""
    figures = figures_of(review)
    points = chosen.points_of(figures.points) if chosen else figures.widest
    headings = sorted(figures.headings, key=lambda heading: -heading.comparison.contradict)
    parts = {
        "figures": figures,
        "matrix": disagreement.make_matrix(figures.points),
        "by_voice": disagreement.compare_by_voice(figures.points),
        "headings": [each for each in headings if each.comparison.contradict][:MOST_HEADINGS],
        "silent": disagreement.where_the_state_is_silent(figures.points),
        "title": chosen.title(len(points)) if chosen else "",
        "points": points[:MOST_POINTS],
        "total": len(points),
        "shown": MOST_POINTS if chosen else WIDEST_SHOWN,
    }
    markup: Markup = get_template_attribute("components/disagreement.html", "disagreement")(
        review.code, method_url(), parts
    )
    return markup
