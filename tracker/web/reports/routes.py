"""Reports: how complete the data is, then the workbook. `KGZ-3-live` is the edition not yet frozen."""

from datetime import date
from typing import BinaryIO

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock
from tracker.failures import NotFound
from tracker.policy.actors import Actor
from tracker.queries import completeness, midterm, milestones, reviews
from tracker.web import downloads
from tracker.web.access import actor, public, state_code
from tracker.web.cache import figures_of
from tracker.web.pages import demonstration
from tracker.web.transactions import session

pages = Blueprint("reports", __name__)
LIVE = "-live"


@pages.get("/reports")
@public
def index() -> str:
    """Shows how complete the data is and who still owes entries, before the download."""
    review = reviews.find_current_review(session(), actor(), state_code())
    if review is None:
        return render_template("reports/index.html", review=None)
    today, figures = _today(), figures_of(review)
    owing = completeness.list_lead_figures(session(), actor(), review.id, figures.points)
    return render_template(
        "reports/index.html",
        review=review,
        figures=figures,
        edition=review.code + LIVE,
        today=today,
        old_levels=completeness.count_old_levels(session(), actor(), review.id, today),
        owing=[each for each in owing if each.total],
        next_report=milestones.find_next_report(session(), actor(), review.state_code, today),
    )


@pages.get("/reports/<edition>/midterm.xlsx")
@public
def midterm_workbook(edition: str) -> AnyResponse:
    """The mid-term report as a workbook, as everybody may see it."""
    # Imports openpyxl at the first download: at the start it would take most of the time, and 15 MB of memory.
    from tracker.exchange.midterm.workbook import write_midterm

    if not edition.endswith(LIVE):
        raise NotFound
    code = edition.removesuffix(LIVE)
    try:
        review = reviews.get_review_facts(session(), actor(), code)
    except NotFound:  # or it is written in another way
        right = reviews.find_code(session(), actor(), code)
        return redirect(url_for("reports.midterm_workbook", edition=right + LIVE))
    config, today = current_app.config["TRACKER"], _today()

    def write(reader: Actor, file: BinaryIO) -> None:
        is_demonstration, base_url = demonstration(), config.BASE_URL
        report = midterm.get_midterm_report(
            session(), reader, code, edition, today, base_url, is_demonstration=is_demonstration
        )
        write_midterm(report, file)

    file = downloads.cached_file(f"midterm report of {today}", review, write)
    return downloads.workbook(file, f"{edition}-midterm.xlsx")


def _today() -> date:
    return clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
