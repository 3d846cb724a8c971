"""Every mail to people of the State: sent, waiting or failed, and why."""

from flask import Blueprint, render_template

from tracker.mail.outbox import MOST_ATTEMPTS
from tracker.policy.mails import may_follow_mails
from tracker.queries import mails, recipients
from tracker.web.access import actor, requires
from tracker.web.transactions import session

pages = Blueprint("reminders", __name__)
SHOWN = 200


@pages.get("/reminders")
@requires(may_follow_mails)
def index() -> str:
    return render_template(
        "reminders/index.html",
        mails=mails.list_mails(session(), actor(), SHOWN),
        most_attempts=MOST_ATTEMPTS,
        last_run=mails.find_last_run(session(), "remind_of_milestones"),
        unreachable=recipients.list_unreachable_focal_points(session()),
    )
