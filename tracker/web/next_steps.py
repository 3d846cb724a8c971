"""What a coordinator does next with a review, until people can write, in the order of the work. Shown on the first
pages, and on that of the review."""

from dataclasses import dataclass

from flask import current_app, url_for

from tracker import clock
from tracker.language import day_of, gettext, ngettext, short_date
from tracker.policy.actors import Actor
from tracker.policy.reviews import may_open_reviews
from tracker.queries.preparation import Preparation, find_prepared_review, get_preparation
from tracker.queries.reviews import ReviewFacts
from tracker.web.transactions import session


@dataclass(frozen=True)
class Step:
    """`so_far`: what is done of it, in words, or what it waits for. `url` is None where nothing can be done yet."""

    words: str
    so_far: str
    is_done: bool
    url: str | None

    @property
    def is_possible(self) -> bool:
        return self.is_done or self.url is not None


def steps_of(actor: Actor, review: ReviewFacts | None = None, *, even_if_over: bool = False) -> list[Step]:
    """Of the review that is named, or of the one that the actor's State prepares; empty for everybody but the
    coordinator, and where everything is done."""
    if not may_open_reviews(actor):
        return []
    review = review or find_prepared_review(session(), actor, str(actor.state_code), day_of(clock.now()))
    if review is None:
        return [_open_one(None)]
    found = get_preparation(session(), actor, review)
    if found.is_over and not even_if_over:
        return []
    return [
        _open_one(found),
        _dates(found),
        _import(found),
        _organisations(found),
        _assign(found),
        _invite(found),
        _publish(found),
    ]


def _open_one(found: Preparation | None) -> Step:
    is_open = found is not None and (found.recommendations > 0 or not found.review.is_published)
    if found is None:
        words, so_far = gettext("Open a review"), ""
    elif is_open:
        words, so_far = gettext("Open the review"), gettext("%(review)s is open", review=found.review.code)
    else:
        words = gettext("Open the review %(review)s", review=found.review.code)
        so_far = gettext("it is known here and holds no recommendations yet")
    cycle = found.review.cycle if found else None
    url = url_for("reviews.open", cycle=cycle) if not is_open else None
    return Step(words, so_far, is_open, url)


def _dates(found: Preparation) -> Step:
    """Done with the date of the mid-term report: people are reminded of what leads up to it."""
    url = url_for("reviews.prepare", code=found.review.code, _anchor="dates")
    so_far = ngettext("%(num)s date is known", "%(num)s dates are known", found.dates)
    if found.report_on:
        so_far = gettext("mid-term report from %(day)s", day=short_date(found.report_on))
    elif not found.dates:
        so_far = gettext("none is known, so nobody is reminded of the mid-term report")
    return Step(gettext("Enter the dates of the review"), so_far, found.report_on is not None, url)


def _import(found: Preparation) -> Step:
    so_far = gettext("none is here yet")
    if found.recommendations:
        so_far = ngettext("%(num)s recommendation", "%(num)s recommendations", found.recommendations)
    if found.unfinished:
        waiting = ngettext("%(num)s file to look at", "%(num)s files to look at", found.unfinished)
        so_far = f"{so_far}, {waiting}"
    url = url_for("imports.index", review=found.review.code)
    is_done = found.recommendations > 0 and not found.unfinished
    return Step(gettext("Import the recommendations"), so_far, is_done, url)


def _organisations(found: Preparation) -> Step:
    so_far = gettext("none is here beside yours")
    if found.organisations:
        so_far = ngettext(
            "%(num)s organisation of the State beside yours",
            "%(num)s organisations of the State beside yours",
            found.organisations,
        )
    has_form = "organisations.create" in current_app.view_functions
    url = url_for("organisations.create" if has_form else "organisations.index")
    return Step(gettext("Create the organisations of the State"), so_far, found.organisations > 0, url)


def _assign(found: Preparation) -> Step:
    so_far = gettext("as soon as recommendations and organisations are here")
    if found.recommendations and not found.organisations:
        so_far = gettext("as soon as organisations of the State are here")
    elif found.recommendations:
        so_far = gettext("%(led)s of %(total)s have a lead", led=found.led, total=found.recommendations)
    is_done = 0 < found.recommendations == found.led
    return Step(gettext("Assign the recommendations"), so_far, is_done, _assign_url(found))


def _assign_url(found: Preparation) -> str | None:
    """None while nothing can be assigned."""
    if not found.recommendations or not found.organisations:
        return None
    if "assignments.index" in current_app.view_functions:
        return url_for("assignments.index", review=found.review.code)
    return url_for("recommendations.index", review=found.review.code)


def _invite(found: Preparation) -> Step:
    with_one = found.leads - found.without_focal_point
    so_far = gettext("no organisation leads a recommendation yet")
    if found.leads:
        so_far = gettext("%(n)s of %(total)s leads have a focal point", n=with_one, total=found.leads)
    url = url_for("organisations.index")
    if found.without_focal_point:
        url = url_for("assignments.index", review=found.review.code, _anchor="no-focal-point")
    is_done = found.leads > 0 and not found.without_focal_point
    return Step(gettext("Invite the people"), so_far, is_done, url)


def _publish(found: Preparation) -> Step:
    is_done = found.review.is_published and found.recommendations > 0
    so_far = gettext("until then only the people of the State read it")
    if is_done:
        so_far = gettext("everybody reads it")
    elif not found.recommendations:
        so_far = gettext(
            "as soon as recommendations are here; until then only the people of the State read it"
        )
    can_publish = found.recommendations > 0 and not is_done
    url = url_for("reviews.publish", code=found.review.code) if can_publish else None
    return Step(gettext("Publish the review"), so_far, is_done, url)
