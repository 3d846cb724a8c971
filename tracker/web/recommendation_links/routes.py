"""Links across reviews: suggestions for the coordinator, and for everybody what was asked again and again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput, NotAllowed, NotFound
from tracker.language import gettext
from tracker.models.recommendation_links import LinkKind
from tracker.models.recommendations import Recommendation
from tracker.policy.recommendation_links import can_link, may_link
from tracker.queries import recommendation_links as queries
from tracker.queries.recommendations.recommendation import find_place, get_recommendation
from tracker.queries.reviews import get_review, list_loaded
from tracker.services import recommendation_links as services
from tracker.services.link_suggestions import list_linkable
from tracker.web import places
from tracker.web.access import actor, public, requires, state_code
from tracker.web.page_numbers import is_number, page_number
from tracker.web.recommendation_links.forms import KINDS, REFUSE, LinkForm
from tracker.web.transactions import session

pages = Blueprint("recommendation_links", __name__, url_prefix="/links")
MOST_IN_LIST, MOST_ON_PAGE = 3, 10
"""Suggestions for a recommendation."""
GROUPS = 25
"""On a page of what was asked again and again."""


@pages.get("")
@requires(may_link)
def index() -> str:
    """The recommendations of a review, a page at a time, with the best suggestions for each."""
    facts, page = places.read_review(request.args), page_number()
    loaded = list_loaded(session(), actor(), state_code())
    codes = [each.code for each in loaded if each.kinds]
    if facts is None or not codes:
        return render_template("recommendation_links/index.html", review=None, codes=codes)
    review = get_review(session(), actor(), facts.code)
    if not can_link(actor(), review):
        raise NotAllowed
    later, has_more = queries.list_later(session(), actor(), review.id, page)
    if not later and page > 1:
        raise NotFound
    return render_template(
        "recommendation_links/index.html",
        review=review,
        codes=codes,
        has_earlier=queries.list_earlier_codes(session(), actor(), review) not in ([], [review.code]),
        rows=list_linkable(session(), actor(), review, later, MOST_IN_LIST),
        linked=queries.count_linked(session(), actor(), review.id),
        kinds=KINDS,
        page=page,
        has_more=has_more,
    )


@pages.route("/<review>/<ref>", methods=["GET", "POST"])
@requires(may_link)
def recommendation(review: str, ref: str) -> str | Response | tuple[str, int]:
    """One recommendation: its links, more suggestions, and a link by hand."""
    later = _get_later(review, ref)
    form = LinkForm()
    form.offer(queries.list_earlier_codes(session(), actor(), later.review))
    if request.method == "GET":
        return _show(later, form)
    if not form.validate():
        return _show(later, form), 422
    try:
        earlier = _get_earlier(form)
        kind = LinkKind.NOT_RELATED if request.form.get("decision") == REFUSE else LinkKind(form.kind.data)
        services.link_recommendations(session(), actor(), later, earlier, kind, clock.now())
    except NotFound:
        form.say_not_found()
        return _show(later, form), 422
    except BadInput as error:
        form.add_errors({"earlier_ref": str(error)})
        return _show(later, form), 422
    flash(_said(later, earlier, kind), "success")
    return _back(later, form.back.data or "")


@pages.post("/<review>/<ref>/remove")
@requires(may_link)
def remove(review: str, ref: str) -> Response:
    """Takes back what was decided on two recommendations."""
    later = _get_later(review, ref)
    earlier = get_recommendation(
        session(), actor(), request.form.get("earlier_review", ""), request.form.get("earlier_ref", "")
    )
    services.unlink_recommendations(session(), actor(), later, earlier, clock.now())
    flash(
        gettext("Taken back: %(later)s and %(earlier)s are not linked.", **_names(later, earlier)), "success"
    )
    return _back(later, request.form.get("back", ""))


@pages.get("/repeated")
@public
def repeated() -> str:
    """What was asked in most reviews comes first."""
    page, code = page_number(), state_code()
    groups = queries.list_repeated(session(), actor(), code)
    shown = groups[(page - 1) * GROUPS : page * GROUPS]
    if not shown and page > 1:
        raise NotFound
    ids = [row.id for group in shown for row in group]
    return render_template(
        "recommendation_links/repeated.html",
        groups=shown,
        total=len(groups),
        of_state=queries.list_state_words(session(), actor(), ids),
        page=page,
        has_more=len(groups) > page * GROUPS,
        may_link=may_link(actor()),
    )


def _get_later(review: str, ref: str) -> Recommendation:
    later = get_recommendation(session(), actor(), review, ref)
    if not can_link(actor(), later.review):
        raise NotAllowed
    return later


def _get_earlier(form: LinkForm) -> Recommendation:
    """Also where the number is written in another way, or is that of a point."""
    place = find_place(session(), actor(), form.earlier_review.data, form.earlier_ref.data or "")
    return get_recommendation(session(), actor(), place.review, place.ref)


def _show(later: Recommendation, form: LinkForm) -> str:
    own = queries.get_linked(session(), actor(), later.id)
    [row] = list_linkable(session(), actor(), later.review, [own], MOST_ON_PAGE)
    return render_template("recommendation_links/recommendation.html", row=row, form=form, kinds=KINDS)


def _said(later: Recommendation, earlier: Recommendation, kind: LinkKind) -> str:
    names = _names(later, earlier)
    if kind == LinkKind.NOT_RELATED:
        return gettext("Noted: %(earlier)s is not suggested for %(later)s any more.", **names)
    return gettext("Linked: %(later)s %(how)s %(earlier)s.", how=kind.label, **names)


def _names(later: Recommendation, earlier: Recommendation) -> dict[str, str]:
    return {
        "later": f"{later.review.code} {later.ref}",
        "earlier": f"{earlier.review.code} {earlier.ref}",
    }


def _back(later: Recommendation, page: str) -> Response:
    """To the list that the form stood on, or to the page of the recommendation."""
    code = later.review.code
    if is_number(page):
        return redirect(url_for("recommendation_links.index", review=code, page=page), 303)
    return redirect(url_for("recommendation_links.recommendation", review=code, ref=later.ref), 303)
