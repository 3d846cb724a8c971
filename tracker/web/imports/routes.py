"""Imports: upload, say what the columns hold, look at the preview, apply, undo."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.exchange.imports.column_names import suggest_columns
from tracker.exchange.imports.rows import Column
from tracker.failures import BadInput, NotAllowed
from tracker.language import day_of, gettext
from tracker.models.imports import Import, ImportState, ItemKind
from tracker.models.recommendations import Position
from tracker.models.reviews import Review
from tracker.policy import imports as policy
from tracker.queries import imports as queries
from tracker.queries import reviews
from tracker.queries.preparation import find_prepared_review
from tracker.queries.states import list_states
from tracker.services.imports import applying
from tracker.services.imports import uploads as services
from tracker.services.reviews import add_source, refuse_closed
from tracker.web.access import actor, requires
from tracker.web.confirmations import confirm
from tracker.web.imports.forms import UploadForm, column_choices, layout_choices, read_layout
from tracker.web.imports.preview import DRAFTS, FIRST_SHOWN, columns_to_choose, show_items, shown_kind
from tracker.web.imports.reading import read_if_small
from tracker.web.page_numbers import is_number, page_number
from tracker.web.transactions import database, session
from tracker.web.uploads import takes_files

pages = Blueprint("imports", __name__, url_prefix="/imports")
SECONDS_TO_REFRESH = 5
FORGET = "forget"
"""In the place of a State: what the name means is asked again."""


@pages.get("")
@requires(policy.may_import)
def index() -> str:
    """The imports of one review of the own State: the one that the address names, else the one that is prepared."""
    state = str(actor().state_code)
    own = reviews.list_reviews(session(), actor(), state)
    by_code = {each.code: each for each in own}
    review = by_code.get(request.args.get("review", ""))
    review = review or find_prepared_review(session(), actor(), state, day_of(clock.now()))
    listed = queries.list_imports(session(), actor(), review.id) if review else []
    return render_template("imports/index.html", reviews=own, review=review, imports=listed)


@pages.route("/new/<review>", methods=["GET", "POST"])
@requires(policy.may_import)
@takes_files
def upload(review: str) -> ResponseReturnValue:
    """Stores a file or pasted text, and reads it if it is small."""
    form, status = UploadForm(), 200
    with database().reading() as before:
        into = reviews.get_review(before, actor(), review)
        _refuse_import(into)
        form.offer(reviews.list_sources(before, actor(), into.id))
    if request.method == "POST":
        sent = form.read()
        if sent is not None:
            try:
                import_id = _store(form, into, sent)
            except BadInput as error:
                form.form_errors.append(str(error))
            else:
                read_if_small(import_id)
                return redirect(url_for("imports.import", import_id=import_id), 303)
        status = 422
    return render_template("imports/upload.html", form=form, review=into), status


def _refuse_import(review: Review) -> None:
    if not policy.can_see_import(actor(), review):
        raise NotAllowed
    refuse_closed(review.closed_at)


def _store(form: UploadForm, into: Review, sent: services.FileSent) -> UUID:
    """The file, in a transaction of its own, and the document where it is new."""
    with database().transaction() as writing:
        review = reviews.get_review(writing, actor(), into.code)
        source_id = form.chosen_source()
        if source_id is None:
            source_id = add_source(writing, actor(), review, form.source()).id
        return services.upload_import(writing, actor(), review, sent, source_id, clock.now()).id


@pages.get("/<uuid:import_id>", endpoint="import")
@requires(policy.may_import)
def import_(import_id: UUID) -> ResponseReturnValue:
    """Where the import stands. While it waits to be read, the page loads itself again, without a script."""
    found = queries.get_import(session(), actor(), import_id)
    if found.state == ImportState.READ:
        return _preview(found)
    if found.state == ImportState.COLUMNS:
        return redirect(url_for("imports.columns", import_id=import_id))
    keeps = applying.list_what_keeps(session(), found) if found.state == ImportState.APPLIED else []
    page = render_template(
        "imports/import.html",
        found=found,
        layouts=layout_choices(),
        **_applied(found),
        keeps=keeps,
        most_named=applying.MOST_NAMED,
        can_import=policy.can_import(actor(), found.review),
    )
    response = make_response(page)
    if found.state == ImportState.WAITING:
        response.headers["Refresh"] = str(SECONDS_TO_REFRESH)
    return response


def _applied(found: Import) -> dict[str, int]:
    """How many recommendations it added and changed, and drafts it made."""
    added, taken = queries.count_applied(session(), actor(), found.id)
    drafts = queries.count_drafts(session(), actor(), found.id).taken
    return {"added": added, "changed": taken - added, "drafts": drafts}


def _preview(found: Import) -> str:
    """One kind of items at a time, in pages."""
    who, page = actor(), page_number()
    counts = queries.count_items(session(), who, found.id)
    drafts = queries.count_drafts(session(), who, found.id)
    kind = shown_kind(request.args.get("show"), counts, drafts.held)
    items, has_more = queries.list_items(session(), who, found.id, kind, page)
    states = list_states(session())
    names = {each.code: each.name for each in states}
    return render_template(
        "imports/preview.html",
        found=found,
        layouts=layout_choices(),
        counts=counts,
        held=queries.count_held(session(), who, found.id),
        taken=queries.count_taken(session(), who, found.id),
        unknown_states=queries.list_unknown_states(session(), who, found.id),
        explained=queries.list_explained_states(session(), who, found),
        states=states,
        names=names,
        forget=FORGET,
        kinds=FIRST_SHOWN,
        kind=kind,
        shown=kind.value if kind else DRAFTS,
        drafts=drafts,
        position_words=lambda code: Position(code).label,
        plain_words=str,
        page=page,
        items=show_items(items, names),
        has_more=has_more,
        can_import=policy.can_import(who, found.review),
    )


@pages.route("/<uuid:import_id>/columns", methods=["GET", "POST"])
@requires(policy.may_import)
def columns(import_id: UUID) -> ResponseReturnValue:
    """What each column of a table holds. The suggestion, or what was chosen, is selected before."""
    error, status = "", 200
    if request.method == "POST":
        try:
            with database().transaction() as writing:
                found = queries.get_import(writing, actor(), import_id)
                services.choose_columns(writing, actor(), found, _columns_sent(found))
                services.wait_again(writing, actor(), found, None)
        except BadInput as refused:
            error, status = str(refused), 422
        else:
            read_if_small(import_id)
            return redirect(url_for("imports.import", import_id=import_id), 303)
    with database().reading() as reading:
        found = queries.get_import(reading, actor(), import_id)
    if not found.headers or found.applied_at is not None:
        return redirect(url_for("imports.import", import_id=import_id), 303)
    chosen = _columns_sent(found) if error else found.columns or suggest_columns(found.headers, found.samples)
    shown = columns_to_choose(found.headers, found.samples, chosen)
    page = render_template(
        "imports/columns.html", found=found, columns=shown, choices=column_choices(), error=error
    )
    return page, status


def _columns_sent(found: Import) -> list[Column]:
    sent = [request.form.get(f"column_{position}", "") for position in range(len(found.headers))]
    return [Column(each) if each in {*Column} else Column.NONE for each in sent]


@pages.post("/<uuid:import_id>/states")
@requires(policy.may_import)
def states(import_id: UUID) -> Response:
    """Remembers which States the unknown names mean, or forgets what somebody chose, and reads the file again."""
    names = request.form.getlist("spelling")
    named = [(name, request.form.get(f"state_{number}", "")) for number, name in enumerate(names)]
    with database().transaction() as writing:
        found = queries.get_import(writing, actor(), import_id)
        for name, code in named:
            if code == FORGET:
                services.forget_state(writing, actor(), found, name)
            elif code:
                services.name_state(writing, actor(), found, name, code, clock.now())
        services.wait_again(writing, actor(), found, None)
    read_if_small(import_id)
    return redirect(url_for("imports.import", import_id=import_id), 303)


@pages.post("/<uuid:import_id>/read-again")
@requires(policy.may_import)
def read_again(import_id: UUID) -> Response:
    """As another format, or because the review was changed since."""
    with database().transaction() as writing:
        found = queries.get_import(writing, actor(), import_id)
        services.wait_again(writing, actor(), found, read_layout(request.form.get("layout")))
    read_if_small(import_id)
    return redirect(url_for("imports.import", import_id=import_id), 303)


@pages.post("/<uuid:import_id>/take")
@requires(policy.may_import)
def take(import_id: UUID) -> Response:
    """Which doubtful items of one page are taken."""
    found = queries.get_import(session(), actor(), import_id)
    services.take_items(session(), actor(), found, _numbers_sent("shown"), _numbers_sent("taken"))
    flash(gettext("Saved. Nothing is imported yet."), "success")
    page = next(iter(_numbers_sent("page")), 1)
    show = DRAFTS if request.form.get("show") == DRAFTS else ItemKind.DOUBTFUL.value
    return redirect(url_for("imports.import", import_id=import_id, show=show, page=page), 303)


def _numbers_sent(name: str) -> set[int]:
    """Of the lines of one page."""
    return {int(each) for each in request.form.getlist(name)[: queries.PAGE] if is_number(each)}


@pages.route("/<uuid:import_id>/apply", methods=["GET", "POST"])
@requires(policy.may_import)
def apply(import_id: UUID) -> ResponseReturnValue:
    """Asks once, then imports everything that is taken, in one transaction."""
    found = queries.get_import(session(), actor(), import_id)
    taken = queries.count_taken(session(), actor(), import_id)
    drafts = queries.count_drafts(session(), actor(), import_id)
    if request.method == "GET":
        if found.state != ImportState.READ or not (taken or drafts.taken):
            return redirect(url_for("imports.import", import_id=import_id), 303)
        counts = queries.count_items(session(), actor(), import_id)
        left = counts.get(ItemKind.DOUBTFUL, 0) - taken.get(ItemKind.DOUBTFUL, 0)
        facts = {"taken": taken, "counts": counts, "left": left, "drafts": drafts}
        return render_template("imports/apply.html", found=found, **facts)
    try:
        applying.apply_import(session(), actor(), found, clock.now())
    except applying.PreviewIsOld as error:
        return render_template("imports/old_preview.html", found=found, sentence=str(error)), 409
    confirm(
        gettext("Imported."),
        url_for("recommendations.index", review=found.review.code),
        gettext("See the recommendations of %(review)s", review=found.review.code),
    )
    return redirect(url_for("imports.import", import_id=import_id), 303)


@pages.route("/<uuid:import_id>/undo", methods=["GET", "POST"])
@requires(policy.may_import)
def undo(import_id: UUID) -> ResponseReturnValue:
    """Asks once, then takes back everything that the import did."""
    found = queries.get_import(session(), actor(), import_id)
    if request.method == "GET":
        if found.state != ImportState.APPLIED or applying.list_what_keeps(session(), found):
            return redirect(url_for("imports.import", import_id=import_id), 303)
        return render_template("imports/undo.html", found=found)
    applying.undo_import(session(), actor(), found, clock.now())
    flash(gettext("Undone: the review is as it was before this import."), "success")
    return redirect(url_for("imports.import", import_id=import_id), 303)


@pages.post("/<uuid:import_id>/discard")
@requires(policy.may_import)
def discard(import_id: UUID) -> Response:
    """Forgets a file that was not applied."""
    found = queries.get_import(session(), actor(), import_id)
    services.discard_import(session(), actor(), found)
    flash(gettext("Discarded: nothing of “%(name)s” was imported.", name=found.file_name), "success")
    return redirect(url_for("imports.index", review=found.review.code), 303)
