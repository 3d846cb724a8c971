"""The page that shows a new link once, for the three journeys that make one."""

from flask import current_app, render_template

from tracker import addresses
from tracker.identity.invitations import InvitationLink


def link_page(link: InvitationLink, of: str, back_url: str) -> str:
    """`of`: what the link is for, in the words of whoever made it. The answer to a POST, so it is never stored."""
    base = current_app.config["TRACKER"].BASE_URL
    address = addresses.invitation(base, link.token)
    return render_template("invitations/link.html", address=address, link=link, of=of, back_url=back_url)
