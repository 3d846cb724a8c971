"""An organisation is renamed, merged or divided from a day on: a page that says what passes, then the deed; and takes
it back where it was a slip."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput
from tracker.identity.accounts import refuse_ended
from tracker.language import gettext
from tracker.models.organisations import Organisation
from tracker.policy import organisations as policy
from tracker.queries import organisations as queries
from tracker.queries import people
from tracker.queries.successions import get_belongings
from tracker.services.organisations import successions as services
from tracker.services.organisations.names import names_of
from tracker.services.organisations.successions import Choices, Day, NewOrganisation
from tracker.services.organisations.take_backs import take_back_succession
from tracker.web.access import actor, requires
from tracker.web.successions.forms import MergeForm, RenameForm, SplitForm
from tracker.web.transactions import session

pages = Blueprint("successions", __name__, url_prefix="/organisations/<key>")
Page = str | Response | tuple[str, int]


@pages.route("/rename", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def rename(key: str) -> Page:
    """From a day on it is called otherwise."""
    old = _get_open(key)
    form = RenameForm(data={f"name_{code}": name for code, name in names_of(old).items()} | {"on": _today()})
    if request.method == "POST" and form.validate():
        new = NewOrganisation(form.names(), old.kind, form.key.data or "")
        try:
            heir = services.rename_organisation(session(), actor(), old, new, _day(form.on.data))
        except BadInput as error:
            form.form_errors.append(str(error))
        else:
            return _done(heir, gettext("%(old)s is called %(new)s now.", old=old.name, new=heir.name))
    return _page("successions/rename.html", form, old)


@pages.route("/merge", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def merge(key: str) -> Page:
    """Two or more become one, which exists or is new. The second step shows what passes."""
    old, form = _get_open(key), MergeForm(data={"on": _today()})
    known = [each for each in _known(old) if each is not old]
    form.offer(known)
    if request.method == "GET" or not form.validate():
        return _page("successions/merge.html", form, old)
    chosen = form.others.data or ()
    into = form.into.chosen(known)
    merged = [old, *(each for each in known if each.key in chosen and each is not into)]
    target = into or NewOrganisation(form.names(), old.kind, form.key.data or "")
    if sentence := _why_not_merged(merged, target):
        form.form_errors.append(sentence)
        return _page("successions/merge.html", form, old)
    if "apply" in request.form:
        try:
            heir = services.merge_organisations(session(), actor(), merged, target, _day(form.on.data))
        except BadInput as error:
            form.form_errors.append(str(error))
            return _page("successions/merge.html", form, old)
        return _done(heir, gettext("Merged. %(name)s goes on.", name=heir.name))
    passing = [(each, get_belongings(session(), actor(), each)) for each in merged]
    return render_template(
        "successions/merge_preview.html",
        form=form,
        organisation=old,
        passing=passing,
        into=into,
        sent=_sent(),
    )


def _why_not_merged(merged: Sequence[Organisation], into: Organisation | NewOrganisation) -> str | None:
    if isinstance(into, Organisation):
        return None
    if not into.names["en"]:
        return gettext("Choose the organisation that goes on, or enter the name of a new one in English")
    if len(merged) < 2:
        return gettext("Tick which others are merged with it. To give it another name alone, rename it")
    return None


@pages.route("/split", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def split(key: str) -> Page:
    """It is divided among several. The second step chooses who gets which assignment and which person."""
    old, form = _get_open(key), SplitForm(data={"on": _today()})
    if request.method == "GET" or not form.validate():
        return _page("successions/split.html", form, old)
    parts = form.read_parts(old, _known(old))
    if len(parts) < 2:
        form.form_errors.append(gettext("Enter the names of at least two organisations that go on"))
        return _page("successions/split.html", form, old)
    if "apply" in request.form:
        try:
            heirs = services.split_organisation(
                session(), actor(), old, parts, _choices(len(parts)), _day(form.on.data)
            )
        except BadInput as error:
            form.form_errors.append(str(error))
            return _page("successions/split.html", form, old)
        return _done(old, gettext("Divided. %(number)s organisations go on.", number=len(heirs)))
    return render_template(
        "successions/split_preview.html",
        form=form,
        organisation=old,
        has=get_belongings(session(), actor(), old),
        people=[row.Account for row in people.list_people(session(), actor(), old)],
        names=[part.name if isinstance(part, Organisation) else part.names["en"] for part in parts],
        exists=[isinstance(part, Organisation) for part in parts],
        sent=_sent(),
    )


@pages.post("/take-back")
@requires(policy.may_manage_organisations)
def take_back(key: str) -> Response:
    """Everything returns to where it was."""
    old = _get(key)
    take_back_succession(session(), actor(), old, clock.now())
    return _done(old, gettext("Taken back. %(name)s goes on as before.", name=old.name))


def _choices(parts: int) -> Choices:
    """Fields of the second step: `assignment-12` and `account-<identifier>` hold the place of a part."""
    assignments: dict[int, int] = {}
    accounts: dict[UUID, int] = {}
    for name, value in request.form.items():
        kind, _, of = name.partition("-")
        if not value.isdecimal() or int(value[:3]) >= parts:
            continue
        if kind == "assignment" and of.isdecimal() and len(of) < 10:
            assignments[int(of)] = int(value)
        elif kind == "account":
            try:
                accounts[UUID(of)] = int(value)
            except ValueError:
                continue
    return Choices(assignments, accounts)


def _sent() -> list[tuple[str, str]]:
    """What the first step was sent with, for the form of the second."""
    return [
        (name, value)
        for name in request.form
        for value in request.form.getlist(name)
        if name not in ("csrf_token", "preview", "apply")
    ]


def _get(key: str) -> Organisation:
    return queries.get_organisation_to_manage(session(), actor(), key)


def _get_open(key: str) -> Organisation:
    old = _get(key)
    refuse_ended(old)
    return old


def _known(old: Organisation) -> list[Organisation]:
    return queries.list_assignable_organisations(session(), actor(), old.state_code or "")


def _page(template: str, form: Any, old: Organisation) -> str | tuple[str, int]:
    has = get_belongings(session(), actor(), old)
    page = render_template(template, form=form, organisation=old, has=has)
    return (page, 422) if form.errors or form.form_errors else page


def _done(organisation: Organisation, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("organisations.organisation", key=organisation.key), 303)


def _day(on: date | None) -> Day:
    today = _today()
    return Day(on or today, today, clock.now())


def _today() -> date:
    return clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
