"""The page that shows a new link once, for the three journeys that make one."""

from flask import current_app, render_template

from tracker import addresses
from tracker.identity.invitations import InvitationLink


def link_page(link: InvitationLink, of: str, back_url: str) -> str:
    """`of` says what the link is for, to the person who made it. The page answers a POST, so no browser stores it."""
    base = current_app.config["TRACKER"].BASE_URL
    address = addresses.invitation(base, link.token)
    return render_template("invitations/link.html", address=address, link=link, of=of, back_url=back_url)
