"""Letters and statements addressed to the State, with their clocks."""

from flask import Blueprint, render_template

from tracker.queries import communications
from tracker.web.access import actor, public, state_code
from tracker.web.transactions import session

pages = Blueprint("communications", __name__)


@pages.get("/communications")
@public
def index() -> str:
    return render_template(
        "communications/index.html",
        communications=communications.list_communications(session(), actor(), state_code()),
        linked=communications.list_linked_recommendations(session(), actor(), state_code()),
    )
