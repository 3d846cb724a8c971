"""One file by its own address, to be saved: no browser opens it on this site."""

from uuid import UUID

from flask import Blueprint, Response, current_app, send_file

from tracker.queries import evidence as queries
from tracker.storage import Storage
from tracker.web.access import actor, public
from tracker.web.headers import FILE_POLICY
from tracker.web.transactions import session

pages = Blueprint("evidence", __name__, url_prefix="/evidence")


@pages.get("/<uuid:evidence_id>")
@public
def evidence(evidence_id: UUID) -> Response:
    """Who may not see it gets what an unknown address gives. The type is the one of the allow-list that the file
    was checked for, the name the cleaned one; the day on the disk is nobody's business."""
    found = queries.get_evidence(session(), actor(), evidence_id)
    storage: Storage = current_app.extensions["storage"]
    response = send_file(
        storage.open(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        last_modified=None,
    )
    if response.status_code == 200:
        response.content_length = found.size_bytes
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
