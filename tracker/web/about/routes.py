"""Who runs this instance, and what it holds."""

from flask import Blueprint, current_app, render_template

from tracker.queries import reviews
from tracker.web.access import actor, public, state_code
from tracker.web.transactions import session

pages = Blueprint("about", __name__)


@pages.get("/about")
@public
def index() -> str:
    """What the operator says of itself is plain text from the settings; the rest is read from the data."""
    config = current_app.config["TRACKER"]
    loaded = reviews.list_loaded(session(), actor(), state_code())
    return render_template(
        "about/index.html",
        operator=(config.OPERATOR_NAME, config.OPERATOR_CONTACT, config.OPERATOR_TEXT),
        loaded=loaded,
        sources=reviews.list_state_sources(session(), actor(), state_code()),
    )
