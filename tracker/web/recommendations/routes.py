"""The list, its workbook and JSON (exactly the rows of the filter), and one recommendation."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker import addresses, clock
from tracker.failures import BadInput, NotFound
from tracker.language import LANGUAGES, gettext, ngettext
from tracker.models.levels import Voice
from tracker.models.recommendations import RecommendationKind
from tracker.policy.actors import Actor
from tracker.policy.assessments import can_assess
from tracker.policy.assignments import may_assign
from tracker.policy.recommendations import may_edit_review
from tracker.policy.reviews import may_prepare_reviews, takes_entries
from tracker.policy.roles import coordinates_state
from tracker.policy.updates import may_follow_updates, may_write_updates
from tracker.queries import work
from tracker.queries.entries import list_page
from tracker.queries.evidence import list_confidential_evidence, list_public_evidence
from tracker.queries.recommendation_links import list_related
from tracker.queries.recommendations import facet_labels
from tracker.queries.recommendations import rows as recommendation_rows
from tracker.queries.recommendations.facets import Filter
from tracker.queries.recommendations.recommendation import (
    get_any_action_point,
    get_recommendation,
    list_points,
)
from tracker.queries.recommendations.rows import RecommendationRow
from tracker.queries.reviews import ReviewFacts, get_facts_of_all, get_review_facts
from tracker.queries.translations import find_for_reader, list_translations
from tracker.queries.wordings import list_earlier_wordings
from tracker.web import downloads, places
from tracker.web.access import actor, public, requires
from tracker.web.cache import Pool, cached_fragment, figures_of, fresh_fragment
from tracker.web.page_numbers import page_number
from tracker.web.pages import demonstration, method_url
from tracker.web.recommendations import assigning, filters
from tracker.web.recommendations.fragments import (
    RecommendationFragments,
    write_recommendation,
    write_rows,
    write_rows_of_all,
)
from tracker.web.recommendations.points import IN_PRINT, ON_SCREEN, Extent
from tracker.web.transactions import session

pages = Blueprint("recommendations", __name__)


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
    assign_all: assigning.Link | None = None
    selections: list[filters.Selection] = []
    if review is None:
        of_all = get_facts_of_all(session(), actor())
        name = f"list {filters.query_of(filter_, '')} {place}"
        total, page = cached_fragment(name, of_all, partial(_read_page_of_all, filter_, place), Pool.FIGURES)
        rows = write_rows_of_all(of_all, page.ids)
        summary, voices = ngettext("%(num)s recommendation", "%(num)s recommendations", total), [*Voice]
    else:
        page = recommendation_rows.list_page(session(), actor(), review, filter_, place)
        facet_index = filters.index_of(review)
        parts = facet_index.matching(session(), filter_, review.id)
        facets = filters.list_facets(filter_, facet_index, parts, labels)
        selections = filters.list_selections(facet_index, labels, code, filter_)
        figures = figures_of(review)
        points = figures.total if not parts else None
        kinds = facet_index.count_kinds(parts)
        summary, voices = _summary(kinds, points), figures.voices
        rows = write_rows(review, page.ids)
        assign_all = assigning.link_of(review, filters.query_of(filter_, review.code), sum(kinds.values()))
    return render_template(
        "recommendations/index.html",
        review=review,
        others=places.list_other_reviews(review),
        code=code,
        chosen_filter=filter_,
        first_ref=figures_of(review).first_ref if review else "",
        notice=filters.notice_of(arguments),
        summary=summary,
        voices=voices,
        selections=selections,
        orders=filters.list_orders(filter_, code),
        rows=rows,
        assign_all=assign_all,
        facets=facets,
        chosen=filters.list_chosen(filter_, code, labels),
        query=filters.query_of(filter_, code),
        retired=figures_of(review).retired_recommendations if review else (),
        may_add=review is not None and may_edit_review(actor(), review.state_code, review.closed_at),
        newer_url=filters.query_of(filter_, code, page=page.newer) if page.newer else None,
        older_url=filters.query_of(filter_, code, page=page.older) if page.older else None,
    )


def _read_page_of_all(filter_: Filter, place: str, reader: Actor) -> tuple[int, recommendation_rows.Page]:
    """How many there are in all reviews, and one page of them."""
    total = recommendation_rows.count(session(), reader, None, filter_)
    return total, recommendation_rows.list_page(session(), reader, None, filter_, place, total)


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


@pages.route("/recommendations/assign", methods=["GET", "POST"])
@requires(may_assign)
def assign() -> str | AnyResponse | tuple[str, int]:
    """The coordinator gives all recommendations of a list to one organisation at once. The form holds the filter."""
    filter_, review = filters.read_filter(request.values), places.read_review(request.values)
    if review is None:
        raise BadInput(gettext("Choose one review first: the recommendations of one are assigned at once."))
    chosen = filters.list_chosen(filter_, review.code, filters.labels_of(review))
    query = filters.query_of(filter_, review.code)
    return assigning.answer(
        review, recommendation_rows.list_ids(session(), actor(), review, filter_), chosen, query
    )


def _labels(filter_: Filter, review: ReviewFacts | None) -> facet_labels.Labels:
    """The labels of the filter's values, cached; for all reviews read only if there is a filter."""
    if review:
        return filters.labels_of(review)
    if not filter_.values:
        return {}
    of_all = get_facts_of_all(session(), actor())
    return cached_fragment("labels", of_all, partial(facet_labels.list_labels, session()), Pool.FIGURES)


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
        may_edit=may_edit_review(actor(), facts.state_code, facts.closed_at),
        may_write=open_for_entries
        and not fragments.is_retired
        and may_write_updates(actor())
        and actor().organisation_id in fragments.organisations,
        may_assess=open_for_entries and not fragments.is_retired and can_assess(actor(), facts.state_code),
        confidential=list_confidential_evidence(session(), actor(), fragments.id)
        if may_follow_updates(actor())
        else {},
        links=list_related(session(), actor(), fragments.id),
        link_url=url_for("recommendation_links.recommendation", review=review, ref=ref)
        if may_prepare_reviews(actor(), facts.state_code)
        else None,
        may_assign=coordinates_state(actor(), facts.state_code),
        open_work=work.list_open_updates(session(), actor(), fragments.id) if actor().account_id else {},
    )


@pages.get("/recommendations/<review>/<ref>/translations")
@public
def translations(review: str, ref: str) -> str | AnyResponse:
    """The authentic text and a translation side by side, point by point. `?language=`: into which one; else the
    reader's own, or the first that there is."""
    try:
        found = get_recommendation(session(), actor(), review, ref)
    except NotFound:
        return places.to_recommendation(review, ref)
    every = list_translations(session(), actor(), found.id)
    wanted = request.args.get("language", "")
    chosen = next((each for each in every if each.language == wanted), None)
    if wanted and chosen is None:
        raise NotFound
    return render_template(
        "recommendations/translations.html",
        recommendation=found,
        translations=every,
        chosen=chosen or find_for_reader(every, found.source.language) or next(iter(every), None),
        points=[point for point in list_points(session(), actor(), found.id) if point.retired_at is None],
        may_edit=may_edit_review(actor(), found.review.state_code, found.review.closed_at),
        offered=[code for code in LANGUAGES if code != found.source.language],
    )


@pages.get("/recommendations/<review>/<ref>/entries")
@public
def entries(review: str, ref: str) -> str | AnyResponse:
    """Everything that was published on a point (`point` in the address), or on the recommendation as a whole."""
    point_ref, page = request.args.get("point", ""), page_number()
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
