"""What every page needs: words, navigation, who is signed in, whether this is a demonstration."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup, escape

from tracker import clock
from tracker.failures import DatabaseUnavailable
from tracker.language import (
    PSEUDO,
    current,
    file_size,
    gettext,
    long_date,
    long_time,
    mark,
    short_date,
    speaking,
    translate,
    translate_plural,
)
from tracker.models.levels import ShownLevel, Voice
from tracker.policy.actors import VISITOR
from tracker.policy.mails import may_follow_mails
from tracker.policy.organisations import may_see_organisations
from tracker.queries.reviews import is_demonstration
from tracker.web.access import actor, has_way_out
from tracker.web.transactions import database

STATIC = Path(__file__).parents[1] / "static"
LOOK_AGAIN = timedelta(minutes=1)
PAGES = (
    ("reviews.review", mark("Overview")),
    ("recommendations.index", mark("Recommendations")),
    ("milestones.calendar", mark("Calendar")),
    ("communications.index", mark("Communications")),
    ("reports.index", mark("Reports")),
)


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
    environment.filters.update(file_size=file_size)
    words = {"_": words_of, "gettext": words_of, "ngettext": plural_words_of}
    environment.globals.update(words, asset=asset, Voice=Voice, legend_of=legend_of)
    app.before_request(begin_speaking)
    app.teardown_request(end_speaking)
    app.context_processor(page_context)


@lru_cache
def asset(name: str) -> str:
    """The address of a static file, with its hash so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def begin_speaking() -> None:
    """Texts and days of this request are those of the settings."""
    settings = current_app.config["TRACKER"]
    g.speaking = speaking(settings.LANGUAGE, settings.TIMEZONE)
    g.speaking.__enter__()


def end_speaking(_error: BaseException | None) -> None:
    language = g.pop("speaking", None)
    if language is not None:
        language.__exit__(None, None, None)


def words_of(message: str, **values: Any) -> Markup:
    """`_` of the pages: the translation, with each value escaped. Jinja's own goes through its context for
    every word and takes five times as long; a page has three hundred."""
    return _markup(current(), message) if not values else _filled(translate(message), values)


def plural_words_of(singular: str, plural: str, number: int, **values: Any) -> Markup:
    return _filled(translate_plural(singular, plural, number), {"num": number, **values})


@lru_cache(maxsize=4096)
def _markup(_language: str, message: str) -> Markup:
    return Markup(translate(message) % {})  # noqa: S704 - our own text, written in a template


def _filled(text: str, values: dict[str, Any]) -> Markup:
    return Markup(text % {name: escape(value) for name, value in values.items()})  # noqa: S704 - escaped here


def legend_of() -> list[tuple[str, str]]:
    """Codes and words of the levels in the order of bars."""
    return [(level.value, level.label) for level in ShownLevel]


def page_language() -> str:
    return "en" if current() == PSEUDO else current()


def page_context() -> dict[str, Any]:
    who = actor()
    return {
        "page_language": page_language(),
        "navigation": navigation(),
        "signed_in": None if who is VISITOR else who,
        "demonstration": demonstration(),
        "leave_url": url_for("protection.leave") if has_way_out() else None,
        **_addresses(),
    }


@lru_cache
def _addresses() -> dict[str, str]:
    return {
        "home_url": url_for("reviews.review"),
        "history_url": url_for("history.index"),
        "work_url": url_for("work.index"),
        "account_url": url_for("account.index"),
        "sign_in_url": url_for("sign_in.sign_in"),
        "sign_out_url": url_for("sign_in.sign_out"),
        "protection_url": url_for("protection.index"),
    }


def navigation() -> tuple[NavigationItem, ...]:
    """Only what exists and the reader may open."""
    here = (request.endpoint or "").partition(".")[0]
    return _navigation(current(), here, may_follow_mails(actor()), may_see_organisations(actor()))


@lru_cache
def _navigation(
    _language: str, here: str, may_follow: bool, keeps_organisations: bool
) -> tuple[NavigationItem, ...]:
    shown = list(PAGES)
    if may_follow:
        shown.append(("reminders.index", mark("Reminders")))
    if keeps_organisations:
        shown.append(("organisations.index", mark("Organisations")))
    return tuple(
        NavigationItem(url_for(endpoint), gettext(label), endpoint.partition(".")[0] == here)
        for endpoint, label in shown
    )


def demonstration() -> bool:
    """Remembered for the life of the process once it is true; asked again each minute until then."""
    answer = current_app.extensions.setdefault("demonstration", {"is": False, "asked_at": None})
    now = clock.now()
    if not answer["is"] and (answer["asked_at"] is None or now - answer["asked_at"] > LOOK_AGAIN):
        try:
            with database().reading() as session:
                answer["is"] = is_demonstration(session)
            answer["asked_at"] = now
        except DatabaseUnavailable:
            return False  # the page that says so must not need the database
    return bool(answer["is"])
