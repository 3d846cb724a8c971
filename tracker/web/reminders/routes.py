"""The mails to people of the State: sent, waiting or failed, and why. One that was given up can be tried again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.language import gettext
from tracker.mail.outbox import is_given_up
from tracker.policy.mails import may_follow_mails
from tracker.queries import mails, recipients
from tracker.services import mails as services
from tracker.web.access import actor, requires
from tracker.web.page_numbers import page_number
from tracker.web.transactions import session

pages = Blueprint("reminders", __name__, url_prefix="/reminders")
SHOWN = 200


@pages.get("")
@requires(may_follow_mails)
def index() -> str | Response:
    page = page_number()
    unreachable, has_more = recipients.list_unreachable_focal_points(session(), actor(), page)
    if page > 1 and not unreachable:
        return redirect(url_for("reminders.index"))
    rows, now = mails.list_mails(session(), actor(), SHOWN), clock.now()
    return render_template(
        "reminders/index.html",
        mails=rows,
        given_up={mail.id for mail in rows if is_given_up(mail, now)},
        last_run=mails.find_last_run(session(), "remind_of_milestones"),
        unreachable=unreachable,
        has_more=has_more,
        page=page,
    )


@pages.post("/<uuid:mail_id>/try-again")
@requires(may_follow_mails)
def try_again(mail_id: UUID) -> Response:
    mail = mails.get_mail(session(), actor(), mail_id)
    if services.try_again(session(), actor(), mail, clock.now()):
        flash(gettext("The mail is tried again with the next delivery. Its state is shown here."), "success")
    else:
        flash(gettext("Nothing was changed: this mail is not given up any more."))
    return redirect(url_for("reminders.index"), 303)
