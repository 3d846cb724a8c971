"""Turns failures into pages; nothing else does. One log line with the cause where something is broken."""

import logging
import traceback

from flask import Flask, current_app, g, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.failures import (
    AlreadyPublished,
    BadInput,
    ChangedMeanwhile,
    DatabaseUnavailable,
    DownloadsBusy,
    DraftDiscarded,
    KeyMissing,
    NotAllowed,
    NotFound,
    NotInState,
    Refused,
    Retired,
    ReviewClosed,
    Reworded,
    SignedOut,
    StorageUnavailable,
    TooBusy,
    TooManyAttempts,
)
from tracker.language import gettext, long_date, ngettext
from tracker.models.updates import UpdateState
from tracker.policy.updates import may_write_updates
from tracker.web import hosts, languages
from tracker.web.access import actor
from tracker.web.given_back import GivenBack, list_given_back, names_given_back
from tracker.web.pages import page_language

log = logging.getLogger("tracker.web")
ErrorPage = tuple[str, int]
PAGES = (400, 401, 403, 404, 405, 409, 410, 429, 500, 503)
RETRY_AFTER_SECONDS = 10
"""When the database is away, nobody knows for how long."""


def register(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _error: _not_found())
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(NotAllowed, lambda _error: _page(403))
    app.register_error_handler(DraftDiscarded, _draft_discarded)
    app.register_error_handler(BadInput, lambda error: _page(400, sentence=str(error)))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotInState, _not_in_state)
    app.register_error_handler(ChangedMeanwhile, _changed_meanwhile)
    app.register_error_handler(AlreadyPublished, _already_published)
    app.register_error_handler(ReviewClosed, _review_closed)
    app.register_error_handler(Retired, _retired)
    app.register_error_handler(Reworded, _reworded)
    app.register_error_handler(TooManyAttempts, _too_many_attempts)
    app.register_error_handler(TooBusy, _too_busy)
    app.register_error_handler(DownloadsBusy, _downloads_busy)
    app.register_error_handler(DatabaseUnavailable, _database_unavailable)
    app.register_error_handler(KeyMissing, _key_missing)
    app.register_error_handler(StorageUnavailable, _storage_unavailable)
    app.register_error_handler(CSRFError, lambda _error: _page(400, form_expired=True))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, **values: object) -> ErrorPage:
    """The page of a status. It repeats what the person typed into the refused form, so that nothing is lost. It leaves
    out its address: what is unseen is answered as what is unknown, to the byte."""
    to_first_page = languages.links("/")
    page = render_template(
        f"errors/{status}.html", typed=_typed(), printed_from=None, language_links=to_first_page, **values
    )
    return page, status


def _not_found() -> ErrorPage:
    return _page(404, other_page=languages.page_without_language())


def _http_error(error: HTTPException) -> ErrorPage | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 413:
        return _page(
            400,
            sentence=gettext(
                "What you sent is longer than this form can take. Go back, shorten your text or choose smaller files,"
                " and send it again."
            ),
        )
    if error.code == 408:
        return _page(
            400,
            sentence=gettext(
                "What you sent did not arrive in time, so nothing was done. Go back, choose smaller files and send it"
                " again."
            ),
        )
    if error.code == 404:
        return _not_found()
    return _page(error.code) if error.code in PAGES else _page(400 if error.code < 500 else 500)


def _signed_out(_error: SignedOut) -> ErrorPage:
    """A person whose sign-in ended after two hours of writing gets the text back, to copy it."""
    return _page(401)


def _typed() -> list[GivenBack]:
    """What the person put into the form: words, days and the level, each with its label. The classes of the fields tell
    (`web/given_back.py`); no other field is repeated, and nothing of a form that another site made. A form that is too
    long or too slow cannot be read."""
    try:
        sent = request.form
    except HTTPException:
        return []
    if not sent or not hosts.is_own_form():
        return []
    return list_given_back(sent)


def _draft_discarded(error: DraftDiscarded) -> ErrorPage:
    """Offers to start anew with what was typed, to whoever may write it."""
    carried = {name: text for name, text in request.form.items() if name in names_given_back()}
    new_url = None
    if error.review and error.point_ref and may_write_updates(actor()):
        new_url = url_for("updates.write", review=error.review, point_ref=error.point_ref)
    return _page(410, at=error.at, point_ref=error.point_ref, carried=carried, new_url=new_url)


def _refused(error: Refused) -> ErrorPage:
    """Led back to where it was asked: to the person or the organisation."""
    where = request.view_args or {}
    link = None
    if "account_id" in where:
        link = url_for("people.person", account_id=where["account_id"]), gettext("Back to the person")
    elif "key" in where:
        link = (
            url_for("organisations.organisation", key=where["key"]),
            gettext("Back to the organisation"),
        )
    heading = gettext("This is not possible now")
    return _page(409, heading=heading, sentence=str(error), link=link)


def _changed_meanwhile(_error: ChangedMeanwhile) -> ErrorPage:
    return _page(
        409,
        heading=gettext("This was changed in the meantime"),
        sentence=gettext(
            "Somebody changed this update after you opened it. Nothing was done: read it again first."
        ),
        link=_to_update(gettext("Read the update again")),
    )


def _to_update(words: str) -> tuple[str, str] | None:
    """A link to the update that a step was about, whose page says how it stands now. Whoever may not see it is told so
    there."""
    update_id = (request.view_args or {}).get("update_id")
    return (url_for("updates.update", update_id=update_id), words) if update_id else None


def _not_in_state(error: NotInState) -> ErrorPage:
    if (error.step, error.state) == ("recall", UpdateState.VALIDATED):
        sentence = gettext(
            "The update was validated meanwhile, so it cannot be recalled any more. Nothing was changed. Ask whoever"
            " validated it, or the coordinator, to return it with a comment."
        )
    else:
        sentence = gettext(
            "The update has moved on meanwhile, so this step is no longer possible. Nothing was changed."
        )
    link = _to_update(gettext("See how the update stands now"))
    return _page(409, heading=gettext("This was changed in the meantime"), sentence=sentence, link=link)


def _already_published(error: AlreadyPublished) -> ErrorPage:
    sentence = gettext(
        "It was published on %(day)s, and a published update never changes. Nothing was done now.",
        day=long_date(error.at),
    )
    advice = gettext("If there is more to say, write a new update on the same point from “Your work”.")
    return _page(
        409,
        heading=gettext("This update is published already"),
        sentence=sentence,
        advice=advice if may_write_updates(actor()) else None,
        link=_to_update(gettext("See the published update")),
    )


def _review_closed(error: ReviewClosed) -> ErrorPage:
    return _page(
        409,
        heading=gettext("This review is closed"),
        sentence=gettext(
            "This review was closed on %(day)s and takes no entries any more. Nothing was changed.",
            day=long_date(error.at),
        ),
    )


def _retired(error: Retired) -> ErrorPage:
    sentence = gettext(
        "%(ref)s was retired on %(day)s and takes no entries any more. Nothing was changed.",
        ref=error.ref,
        day=long_date(error.at),
    )
    heading = gettext("This takes no entries any more")
    return _page(409, heading=heading, sentence=sentence, link=_to_update(gettext("Back to the update")))


def _reworded(error: Reworded) -> ErrorPage:
    sentence = gettext(
        "The text of the point was changed after you opened the page, so nothing was done. It now says: “%(text)s”."
        " Read the update again: does it answer this text?",
        text=error.text,
    )
    heading = gettext("This was changed in the meantime")
    return _page(409, heading=heading, sentence=sentence, link=_to_update(gettext("Read the update again")))


def _too_many_attempts(error: TooManyAttempts) -> tuple[str, int, dict[str, str]]:
    """The same answer whether the handle exists or not."""
    wait = ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", error.minutes)
    return *_page(429, wait=wait, is_known=error.is_known), {"Retry-After": str(error.seconds)}


def _too_busy(error: TooBusy) -> tuple[str, int, dict[str, str]]:
    """A page without the frame: it costs a third of one with it, and many ask for it."""
    template = current_app.jinja_env.get_template("layouts/busy.html")
    page = template.render(page_language=page_language(), seconds=error.seconds)
    return page, 503, {"Retry-After": str(error.seconds)}


def _downloads_busy(error: DownloadsBusy) -> tuple[str, int, dict[str, str]]:
    return *_page(503, seconds=error.seconds), {"Retry-After": str(error.seconds)}


def _database_unavailable(error: DatabaseUnavailable) -> tuple[str, int, dict[str, str]]:
    log.error("database unavailable: %s", " ".join(str(error).split()))
    g.is_database_away = True  # the page does not ask again: whoever waits for an answer waits once
    return *_page(503), {"Retry-After": str(RETRY_AFTER_SECONDS)}


def _key_missing(error: KeyMissing) -> ErrorPage:
    log.error("key folder: %s", error)
    return _page(503)


def _storage_unavailable(error: StorageUnavailable) -> ErrorPage:
    log.error("storage unavailable: %s", " ".join(str(error).split()))
    return _page(503)


def _unexpected(error: Exception) -> ErrorPage:
    # Where, but not what: the message of a database may repeat the row, and a draft must not end in a log.
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s\n%s", type(error).__name__, frames)
    return _page(500)
