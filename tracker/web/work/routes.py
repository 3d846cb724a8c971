"""What waits for the actor, oldest first."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.language import day_of
from tracker.models.accounts import Role
from tracker.policy.accounts import may_lead
from tracker.policy.actors import may_sign_in_pages
from tracker.policy.assessments import may_publish_assessments
from tracker.policy.mails import may_follow_mails
from tracker.policy.organisations import may_invite_people
from tracker.policy.updates import may_follow_updates, may_write_updates
from tracker.queries import assessments, recipients, reviews, work
from tracker.queries.assigned_points import AssignedRecommendation, list_assigned_recommendations
from tracker.queries.invitations import find_link_that_replaces
from tracker.queries.preparation import find_prepared_review
from tracker.web.access import actor, requires, state_code
from tracker.web.next_steps import steps_of
from tracker.web.page_numbers import page_number
from tracker.web.transactions import session

pages = Blueprint("work", __name__)
SHOWN = 20
MOST_OWING = 3


@pages.get("/work")
@requires(may_sign_in_pages)
def index() -> str | Response:
    """A page that has become empty, because its recommendations have a lead meanwhile, leads to the first."""
    who = actor()
    speaks = may_publish_assessments(who)
    coordinates = may_follow_mails(who)
    review = reviews.find_current_review(session(), who, state_code()) if coordinates else None
    prepared = (
        find_prepared_review(session(), who, state_code(), day_of(clock.now())) if coordinates else None
    )
    page, mail_page = page_number(), page_number("mail")
    unassigned, has_more_unassigned = (
        recipients.list_unassigned(session(), who, review.id, page) if review else ([], False)
    )
    unreachable, has_more_unreachable = (
        recipients.list_unreachable_focal_points(session(), who, mail_page) if coordinates else ([], False)
    )
    if (page > 1 and not unassigned) or (mail_page > 1 and not unreachable):
        return redirect(url_for("work.index"))
    after = request.args.get("after", type=UUID)
    own, older = assessments.list_own_assessments(session(), who, SHOWN, after) if speaks else ((), None)
    if speaks and after and not own:  # it was withdrawn meanwhile, or all older ones were
        after = None
        own, older = assessments.list_own_assessments(session(), who, SHOWN)
    unanswered, has_more = work.list_unanswered(session(), who, SHOWN) if speaks else (None, False)
    return render_template(
        "work/index.html",
        who=who,
        now=clock.now(),
        today=day_of(clock.now()),
        coordinates=coordinates,
        review=review,
        prepared=prepared,
        steps=steps_of(who, prepared) if coordinates else [],
        waiting=work.list_waiting(session(), who) if may_follow_updates(who) else None,
        under_way=work.list_under_way(session(), who) if may_follow_updates(who) else [],
        assigned=_assigned() if may_write_updates(who) else None,
        own=own,
        newest_url=url_for("work.index", _anchor="published") if after else None,
        older_url=url_for("work.index", after=older, _anchor="published") if older else None,
        unanswered=unanswered,
        has_more_unanswered=has_more,
        unreachable=unreachable,
        has_more_unreachable=has_more_unreachable,
        mail_page=mail_page,
        unassigned=unassigned,
        unassigned_count=recipients.count_unassigned(session(), who, review.id) if review else 0,
        has_more_unassigned=has_more_unassigned,
        page=page,
        has_assignments=recipients.has_assignments(session(), who, review.id) if review else False,
        owing=work.list_owing(session(), who, review.id, MOST_OWING) if review else [],
        manages_organisations=may_invite_people(who),
        replacing=find_link_that_replaces(session(), who, clock.now()) if may_lead(who) else None,
        is_bare_contributor=who.has(Role.CONTRIBUTOR) and not speaks,
    )


def _assigned() -> list[AssignedRecommendation]:
    """What the organisation leads before what it supports; in both, first what lacks most."""
    return sorted(list_assigned_recommendations(session(), actor()), key=lambda found: found.urgency)
