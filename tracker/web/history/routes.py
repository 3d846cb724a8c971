"""The history of changes: what was done, when, and the code that holds each line in its chain."""

from flask import Blueprint, render_template, request, url_for

from tracker.policy.history import may_follow_history
from tracker.queries import history
from tracker.web.access import actor, public
from tracker.web.transactions import session

pages = Blueprint("history", __name__)


@pages.get("/history")
@public
def index() -> str:
    """Newest first. Numbers and handles are shown to nobody but whom may follow the history."""
    page = history.list_lines(session(), actor(), request.args.get("page", ""))
    return render_template(
        "history/index.html",
        lines=page.lines,
        sees_all=may_follow_history(actor()),
        newer_url=url_for("history.index", page=page.newer) if page.newer else None,
        older_url=url_for("history.index", page=page.older) if page.older else None,
    )
