"""The history of changes: what was done, when, and the hash of each line in the chain."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.history import LineKind
from tracker.models.organisations import Organisation
from tracker.policy.history import may_follow_history
from tracker.queries.history import filter as history_filter
from tracker.queries.history import lines as history
from tracker.queries.history.filter import HistoryFilter
from tracker.web.access import actor, public
from tracker.web.forms import Chosen
from tracker.web.history.forms import HistoryForm
from tracker.web.transactions import session

pages = Blueprint("history", __name__)
NAMES = ("kind", "organisation", "since", "until")


@pages.get("/history")
@public
def index() -> ResponseReturnValue:
    """Newest first. Only actors who may follow the history see numbers and handles. Empty fields of the form are left
    out of the address."""
    arguments = request.args
    if any(not value for value in arguments.values()):
        filled = {name: arguments[name] for name in (*NAMES, "page") if arguments.get(name)}
        return redirect(url_for("history.index", **filled))  # type: ignore[arg-type]
    organisations = history_filter.list_organisations(session(), actor())
    form = HistoryForm(formdata=arguments)
    form.offer(history_filter.list_kinds(actor()), organisations)
    if not form.validate():
        # What is unseen and what is unknown answer alike: the address on paper would tell them apart.
        return _page(form, printed_from=None), 422
    filter_ = _read_filter(form, {each.key: each for each in organisations})
    page = history.list_lines(session(), actor(), filter_, arguments.get("page", ""))
    chosen = form.chosen()
    query = {name: arguments[name] for name in chosen}
    return _page(
        form,
        lines=page.lines,
        chosen=[
            Chosen(title, label, _address({other: query[other] for other in query if other != name}))
            for name, (title, label) in chosen.items()
        ],
        newer_url=_address(query, page=page.newer) if page.newer else None,
        older_url=_address(query, page=page.older) if page.older else None,
    )


def _page(form: HistoryForm, **values: Any) -> str:
    return render_template("history/index.html", form=form, sees_all=may_follow_history(actor()), **values)


def _read_filter(form: HistoryForm, organisations: dict[str, Organisation]) -> HistoryFilter:
    """Days begin at midnight in the time zone of the settings."""
    zone = current_app.config["TRACKER"].TIMEZONE
    since, until = form.since.data, form.until.data
    return HistoryFilter(
        kind=LineKind(form.kind.data) if form.kind.data else None,
        organisation=organisations[form.organisation.data] if form.organisation.data else None,
        since=clock.begin_of(zone, since) if since else None,
        until=clock.begin_of(zone, until + timedelta(days=1)) if until else None,
    )


def _address(query: dict[str, str], **more: str) -> str:
    return url_for("history.index", **query, **more)  # type: ignore[arg-type]
