"""The review that an address asks for; and leads addresses to the right one whose refs are written in another way: with
small or Cyrillic letters, with another dash, with a slash or a dot behind."""

from collections.abc import Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.failures import NotFound
from tracker.queries.recommendations.recommendation import find_place
from tracker.queries.reviews import (
    ReviewFacts,
    find_code,
    find_current_review,
    get_review_facts,
    list_reviews,
)
from tracker.web.access import actor, state_code
from tracker.web.transactions import session


def read_review(arguments: Mapping[str, str]) -> ReviewFacts | None:
    """The review of an address: the named one, also in small letters or with another dash, or without a name the one of
    the home page; None for all."""
    code = arguments.get("review", "")
    if code == "all":
        return None
    if code:
        try:
            return get_review_facts(session(), actor(), code)
        except NotFound:
            return get_review_facts(session(), actor(), find_code(session(), actor(), code))
    return find_current_review(session(), actor(), state_code())


def list_other_reviews(shown: ReviewFacts | None) -> list[ReviewFacts]:
    """The reviews of the same State that can be chosen instead because they hold recommendations, the newest first."""
    code = shown.state_code if shown else state_code()
    every = list_reviews(session(), actor(), code, only_filled=True)
    return [each for each in every if shown is None or each.id != shown.id]


def to_recommendation(review: str, ref: str) -> Response:
    """To the page of a recommendation, or to the point on it that `ref` names."""
    place = find_place(session(), actor(), review, ref)
    address = {"review": place.review, "ref": place.ref}
    return redirect(url_for("recommendations.recommendation", **address, _anchor=place.point_ref))  # type: ignore[arg-type]


def to_entries(review: str, ref: str, point_ref: str) -> Response:
    """To the page of all entries on a recommendation, or on the point of it that `point_ref` names."""
    place = find_place(session(), actor(), review, ref)
    point = find_place(session(), actor(), review, point_ref) if point_ref else place
    right = {"review": place.review, "ref": place.ref, "point": point.point_ref}
    if point.ref != place.ref or (review, ref, point_ref or None) == tuple(right.values()):
        raise NotFound
    return redirect(url_for("recommendations.entries", **right))  # type: ignore[arg-type]


def to_form(endpoint: str, review: str, language: str | None = None, **ref: str) -> Response:
    """To the form on a recommendation or point that does not exist under this very address. `ref`: the value of the
    address by its name; `language`: of a translation. A form that was sent is not led on: it would lose its text."""
    [(name, written)] = ref.items()
    place = find_place(session(), actor(), review, written)
    right = place.point_ref or place.ref
    if request.method == "POST" or (place.review, right) == (review, written):
        raise NotFound
    return redirect(url_for(endpoint, review=place.review, language=language, **{name: right}))  # type: ignore[arg-type]
