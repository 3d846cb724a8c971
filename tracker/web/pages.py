"""What every page needs: words, navigation, who is signed in, whether this is a demonstration."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup, escape

from tracker import clock, level_words
from tracker.failures import DatabaseUnavailable
from tracker.language import (
    PSEUDO,
    TextIn,
    current,
    file_size,
    gettext,
    in_other_language,
    in_which_language,
    language_name,
    long_date,
    long_time,
    mark,
    mark_in,
    short_date,
    short_period,
    speaking,
    translate,
    translate_plural,
    whole_number,
)
from tracker.look import COLOURS
from tracker.models.levels import Voice
from tracker.policy.accounts import helps_password_managers
from tracker.policy.actors import VISITOR
from tracker.policy.mails import may_follow_mails
from tracker.queries.reviews import is_demonstration
from tracker.web import languages, pictures, time_pictures
from tracker.web.access import actor, has_quick_exit
from tracker.web.transactions import database

STATIC = Path(__file__).parents[1] / "static"
ASK_AGAIN_AFTER = timedelta(minutes=1)
PAGES = (
    ("reviews.review", mark("Overview")),
    ("recommendations.index", mark("Recommendations")),
    ("disagreement.index", mark("Disagreement")),
    ("milestones.calendar", mark("Calendar")),
    ("reports.index", mark("Reports")),
    ("organisations.index", mark("Organisations")),
)
FOOTER = (
    ("reviews.index", mark("Reviews")),
    ("communications.index", mark("Communications to the State")),
    ("protection.index", mark("What is protected and what is not")),
    ("recommendation_links.repeated", mark("Asked again and again")),
    ("history.index", mark("History of changes")),
    ("method.index", mark("Method: how levels and figures come about")),
    ("about.index", mark("About this site")),
)
"""Shown where the application has the page."""


@dataclass(frozen=True)
class NavigationItem:
    url: str
    label: str
    is_current: bool


def register(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(long_date=long_date, long_time=long_time, short_date=short_date)
    environment.globals.update(short_period=short_period)
    environment.globals.update(in_which_language=in_which_language, in_other_language=in_other_language)
    environment.filters.update(file_size=file_size, whole_number=whole_number, with_lang=with_lang)
    sentences = {"_": translate_markup, "gettext": translate_markup, "ngettext": translate_plural_markup}
    sentences["pgettext"] = translate_in_markup
    environment.globals.update(sentences, asset=asset, Voice=Voice, colours=COLOURS)
    environment.globals.update(
        language_name=language_name, pictures=pictures, time_pictures=time_pictures, level_words=level_words
    )
    app.before_request(set_language)
    app.teardown_request(reset_language)
    app.context_processor(page_context)


@lru_cache
def asset(name: str) -> str:
    """The address of a static file, with its hash, so that browsers may cache it. The address is the same for
    everybody and no data of a review, so it is not in `web/cache.py`."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def set_language() -> None:
    """Texts of this request are in the language of its address, days in the time zone of the settings."""
    g.speaking = speaking(languages.of_request(), current_app.config["TRACKER"].TIMEZONE)
    g.speaking.__enter__()


def reset_language(_error: BaseException | None) -> None:
    language = g.pop("speaking", None)
    if language is not None:
        language.__exit__(None, None, None)


def translate_markup(message: str, **values: Any) -> Markup:
    """`_` of the templates: the translation as markup, with each value escaped. Jinja's own `_` goes
    through its context each time and takes twice as long: 0.8 ms more on a page of three hundred sentences."""
    return _filled(translate(message), values)


def translate_in_markup(context: str, message: str, **values: Any) -> Markup:
    """For a word that other languages write in two ways."""
    return _filled(translate(mark_in(context, message)), values)


def translate_plural_markup(singular: str, plural: str, number: int, **values: Any) -> Markup:
    return _filled(translate_plural(singular, plural, number), {"num": number, **values})


def _filled(text: str, values: dict[str, Any]) -> Markup:
    return Markup(text % {name: escape(value) for name, value in values.items()})  # noqa: S704 - our text, values escaped


def with_lang(text: str) -> str:
    """A text of people: marked where it is in another language than the page."""
    if isinstance(text, TextIn) and text.language != page_language():
        return Markup('<span lang="{}">{}</span>').format(text.language, text)
    return text


def page_language() -> str:
    return "en" if current() == PSEUDO else current()


def page_context() -> dict[str, Any]:
    who = actor()
    return {
        "page_language": page_language(),
        "language_links": languages.links(),
        "navigation": navigation(),
        "signed_in": None if who is VISITOR else who,
        "demonstration": demonstration(),
        "helps_managers": helps_password_managers(who),
        "leave_url": url_for("protection.leave") if has_quick_exit() else None,
        "home_url": url_for("reviews.review"),
        "footer_links": footer_links(),
        "method_url": method_url(),
        "work_url": url_for("work.index"),
        "account_url": url_for("account.index"),
        "sign_in_url": url_for("sign_in.sign_in"),
        "sign_out_url": url_for("sign_in.sign_out"),
        "protection_url": url_for("protection.index"),
        "printed_at": clock.now(),
        "printed_from": printed_from(),
    }


def navigation() -> list[NavigationItem]:
    """The pages of the menu that the reader may open."""
    here = (request.endpoint or "").partition(".")[0]
    shown = list(PAGES)
    if may_follow_mails(actor()):
        shown.append(("reminders.index", mark("Reminders")))
    return [
        NavigationItem(url_for(endpoint), gettext(label), endpoint.partition(".")[0] == here)
        for endpoint, label in shown
    ]


def method_url() -> str:
    """Where levels and figures are explained."""
    return url_for("method.index")


def footer_links() -> list[NavigationItem]:
    return [
        NavigationItem(url_for(endpoint), gettext(label), is_current=False)
        for endpoint, label in FOOTER
        if endpoint in current_app.view_functions
    ]


def printed_from() -> str | None:
    """The address that a printed page tells; not that of a link that opens something, and none on an answer to a form.
    Errors leave it out (`web/errors.py`): what is unseen and what is unknown answer alike."""
    if request.method != "GET" or "token" in (request.view_args or {}):
        return None
    query = request.query_string.decode(errors="replace")
    host = urlsplit(current_app.config["TRACKER"].BASE_URL).netloc
    return f"{host}{request.script_root}{request.path}{'?' if query else ''}{query}"


def demonstration() -> bool:
    """Once true it stays true for the life of the process; until then the database is asked again each minute.
    It is a setting and no data of a review, so it is not in `web/cache.py`."""
    answer = current_app.extensions.setdefault("demonstration", {"is": False, "asked_at": None})
    now = clock.now()
    if "is_database_away" in g:
        return bool(answer["is"])
    if not answer["is"] and (answer["asked_at"] is None or now - answer["asked_at"] > ASK_AGAIN_AFTER):
        try:
            with database().reading() as session:
                answer["is"] = is_demonstration(session)
            answer["asked_at"] = now
        except DatabaseUnavailable:
            return False  # the page that says so must not need the database
    return bool(answer["is"])
