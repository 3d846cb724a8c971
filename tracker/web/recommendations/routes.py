"""The list, its workbook and JSON (exactly the rows of the filter), and one recommendation."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker import addresses, clock
from tracker.failures import NotFound
from tracker.language import gettext, ngettext
from tracker.models.levels import Voice
from tracker.models.recommendations import RecommendationKind
from tracker.policy.actors import Actor
from tracker.policy.assessments import can_assess
from tracker.policy.reviews import takes_entries
from tracker.policy.updates import may_follow_updates, may_write_updates
from tracker.queries import work
from tracker.queries.entries import list_page
from tracker.queries.evidence import list_confidential_evidence, list_public_evidence
from tracker.queries.recommendations import facet_labels
from tracker.queries.recommendations import rows as recommendation_rows
from tracker.queries.recommendations.facets import Filter
from tracker.queries.recommendations.recommendation import get_any_action_point, get_recommendation
from tracker.queries.recommendations.rows import RecommendationRow
from tracker.queries.reviews import ReviewFacts, get_review_facts
from tracker.queries.wordings import list_earlier_wordings
from tracker.web import downloads, places
from tracker.web.access import actor, public
from tracker.web.cache import cached_fragment, figures_of, fresh_fragment
from tracker.web.pages import demonstration, method_url
from tracker.web.recommendations import filters
from tracker.web.recommendations.fragments import RecommendationFragments, write_recommendation, write_rows
from tracker.web.recommendations.points import IN_PRINT, ON_SCREEN, Extent
from tracker.web.transactions import session

pages = Blueprint("recommendations", __name__)
MOST_DIGITS = 6


@pages.get("/recommendations")
@public
def index() -> str | AnyResponse:
    """The list with its filter; each row shows three voices. Empty fields of the form are left out of the address."""
    arguments = request.args
    if any(not value for value in arguments.values()):
        filled = {name: value for name, value in arguments.items() if value and name in filters.NAMES}
        return redirect(url_for("recommendations.index", **filled))  # type: ignore[arg-type]
    if successor := filters.find_successor(arguments):
        return redirect(url_for("recommendations.index", **successor))  # type: ignore[arg-type]
    filter_, review = filters.read_filter(arguments), places.read_review(arguments)
    code = arguments.get("review", "")
    if review and code not in ("", review.code):  # written in another way
        named = {name: value for name, value in arguments.items() if name in filters.NAMES}
        return redirect(url_for("recommendations.index", **{**named, "review": review.code}))  # type: ignore[arg-type]
    place = arguments.get("page", "")
    labels = _labels(filter_, review)
    facets: list[filters.Facet] = []
    selections: list[filters.Selection] = []
    if review is None:
        total = recommendation_rows.count(session(), actor(), None, filter_)
        page = recommendation_rows.list_page(session(), actor(), None, filter_, place, total)
        summary, voices = ngettext("%(num)s recommendation", "%(num)s recommendations", total), [*Voice]
    else:
        page = recommendation_rows.list_page(session(), actor(), review, filter_, place)
        facet_index = filters.index_of(review)
        parts = facet_index.matching(session(), filter_, review.id)
        facets = filters.list_facets(filter_, facet_index.counts(parts, filter_.voice), labels)
        selections = filters.list_selections(facet_index, labels, code, filter_)
        figures = figures_of(review)
        points = figures.total if not parts else None
        summary, voices = _summary(facet_index.count_kinds(parts), points), figures.voices
    return render_template(
        "recommendations/index.html",
        review=review,
        code=code,
        chosen_filter=filter_,
        notice=filters.notice_of(arguments),
        summary=summary,
        voices=voices,
        selections=selections,
        orders=filters.list_orders(filter_, code),
        rows=write_rows(review, page.ids),
        facets=facets,
        chosen=filters.list_chosen(filter_, code, labels),
        query=filters.query_of(filter_, code),
        newer_url=filters.query_of(filter_, code, page=page.newer) if page.newer else None,
        older_url=filters.query_of(filter_, code, page=page.older) if page.older else None,
    )


def _summary(kinds: dict[RecommendationKind, int], points: int | None) -> str:
    """“38 recommendations, 6 requests, 137 points”. Points are counted where all recommendations are shown."""
    requests = kinds.get(RecommendationKind.LETTER_BODY, 0)
    others = sum(kinds.values()) - requests
    parts = (
        [ngettext("%(num)s recommendation", "%(num)s recommendations", others)]
        if others or not requests
        else []
    )
    if requests:
        parts.append(ngettext("%(num)s request", "%(num)s requests", requests))
    if points is not None:
        parts.append(ngettext("%(num)s point", "%(num)s points", points))
    return ", ".join(parts)


@pages.get("/recommendations.xlsx")
@public
def workbook() -> AnyResponse:
    """The list as a workbook. Its second sheet names the filter, for readers who get the file from somebody else."""
    # openpyxl: see reports/routes.py
    from tracker.exchange.recommendations import Extent, write_recommendations_xlsx

    if successor := filters.find_successor(request.args):
        return redirect(url_for("recommendations.workbook", **successor))  # type: ignore[arg-type]
    filter_, review = filters.read_filter(request.args), places.read_review(request.args)
    code = review.code if review else ""
    chosen = filters.list_chosen(filter_, code, _labels(filter_, review))
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    extent = Extent(code, [(part.title, part.label) for part in chosen], today)
    write = partial(write_recommendations_xlsx, title=gettext("Recommendations"), extent=extent)
    file = _rows_as(f"workbook of {today}", write, filter_, review)
    return downloads.workbook(file, f"recommendations-{code or 'all'}.xlsx")


@pages.get("/recommendations.json")
@public
def open_json() -> AnyResponse:
    from tracker.exchange.recommendations import write_recommendations_json  # openpyxl: see reports/routes.py

    if successor := filters.find_successor(request.args):
        return redirect(url_for("recommendations.open_json", **successor))  # type: ignore[arg-type]
    filter_, review = filters.read_filter(request.args), places.read_review(request.args)
    file = _rows_as("JSON", write_recommendations_json, filter_, review)
    return Response(file, mimetype="application/json")


def _labels(filter_: Filter, review: ReviewFacts | None) -> facet_labels.Labels:
    """The labels of the filter's values: cached for one review; for all reviews read only if there is a filter."""
    if review:
        return filters.labels_of(review)
    return facet_labels.list_labels(session(), actor()) if filter_.values else {}


def _rows_as(name: str, write: Callable[..., None], filter_: Filter, review: ReviewFacts | None) -> bytes:
    """Every row of the filter in a file."""

    def write_file(reader: Actor, file: BinaryIO) -> None:
        rows = recommendation_rows.iterate(session(), reader, review, filter_)
        write(rows, file, is_demonstration=demonstration(), link=_link)

    return downloads.cached_file(f"{name} {filters.query_of(filter_, '')}", review, write_file)


@pages.get("/recommendations/<review>/<ref>", strict_slashes=False)
@public
def recommendation(review: str, ref: str) -> str | AnyResponse:
    """The text as printed, its points, each voice's latest entry and its history. An address that is written in another
    way, or that names a point, leads here. `?print=all`: everything open, earlier entries included."""
    is_for_print = request.args.get("print") == "all"
    try:
        facts, fragments = _read_recommendation(review, ref, IN_PRINT if is_for_print else ON_SCREEN)
    except NotFound:
        return places.to_recommendation(review, ref)
    if request.path.endswith("/"):
        return places.to_recommendation(review, ref)
    open_for_entries = takes_entries(is_published=facts.is_published, closed_at=facts.closed_at)
    return render_template(
        "recommendations/recommendation.html",
        review=review,
        fragments=fragments,
        is_for_print=is_for_print,
        closed_at=facts.closed_at,
        may_write=open_for_entries
        and may_write_updates(actor())
        and actor().organisation_id in fragments.organisations,
        may_assess=open_for_entries and can_assess(actor(), facts.state_code),
        confidential=list_confidential_evidence(session(), actor(), fragments.id)
        if may_follow_updates(actor())
        else {},
        open_work=work.list_open_updates(session(), actor(), fragments.id) if actor().account_id else {},
    )


@pages.get("/recommendations/<review>/<ref>/entries")
@public
def entries(review: str, ref: str) -> str | AnyResponse:
    """Everything that was published on a point (`point` in the address), or on the recommendation as a whole."""
    point_ref, page = request.args.get("point", ""), _page_number()
    try:
        recommendation = get_recommendation(session(), actor(), review, ref)
        point = get_any_action_point(session(), actor(), review, point_ref) if point_ref else None
    except NotFound:
        return places.to_entries(review, ref, point_ref)
    if point and point.recommendation_id != recommendation.id:
        raise NotFound
    shown, has_more = list_page(session(), actor(), recommendation.id, point.id if point else None, page)
    if not shown and page > 1:
        raise NotFound
    return render_template(
        "recommendations/entries.html",
        recommendation=recommendation,
        point=point,
        entries=shown,
        wordings=list_earlier_wordings(session(), actor(), [recommendation.id], shown),
        files=list_public_evidence(session(), actor(), [recommendation.id]),
        page=page,
        has_more=has_more,
    )


def _page_number() -> int:
    """1 without one."""
    typed = request.args.get("page", "1")
    if not typed.isdecimal() or not int(typed[:9]) >= 1 or len(typed) > MOST_DIGITS:
        raise NotFound
    return int(typed)


def _read_recommendation(
    review: str, ref: str, extent: Extent
) -> tuple[ReviewFacts, RecommendationFragments]:
    facts = get_review_facts(session(), actor(), review)
    today, is_demonstration = (
        clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now()),
        demonstration(),
    )
    url = method_url()

    def write(reader: Actor) -> RecommendationFragments:
        return write_recommendation(
            reader, review, ref, today, url, extent, is_demonstration=is_demonstration
        )

    if extent is IN_PRINT:
        return facts, fresh_fragment(facts, write)
    return facts, cached_fragment(f"recommendation {ref} of {today}", facts, write)


def _link(row: RecommendationRow) -> str:
    return addresses.recommendation(current_app.config["TRACKER"].BASE_URL, row.review, row.ref)
