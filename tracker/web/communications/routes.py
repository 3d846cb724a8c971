"""Letters and statements addressed to the State, with their clocks."""

from flask import Blueprint, render_template

from tracker.queries import communications, reviews
from tracker.web.access import public
from tracker.web.transactions import session

pages = Blueprint("communications", __name__)


@pages.get("/communications")
@public
def index() -> str:
    review = reviews.find_current_review(session())
    found = communications.list_communications(session(), review.state_code) if review else []
    linked = communications.list_linked_recommendations(session(), review.state_code) if review else {}
    return render_template("communications/index.html", communications=found, linked=linked)
