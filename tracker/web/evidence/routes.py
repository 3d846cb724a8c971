"""One file by its own address. Browsers save it and do not open it on this site."""

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
    """A file that the actor may not see is a 404, like an unknown address. The type is that of the allow-list against
    which the file was checked, with the alphabet of a text; the name is the cleaned one. The day on the disk is not
    shown."""
    file = queries.get_evidence(session(), actor(), evidence_id)
    storage: Storage = current_app.extensions["storage"]
    response = send_file(
        storage.open(file.sha256),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.saved_name,
        etag=file.sha256,
        last_modified=None,
    )
    if "charset=" in file.media_type and response.status_code == 200:
        response.headers["Content-Type"] = file.media_type  # Flask would call every text UTF-8
    if response.status_code == 200:
        response.content_length = file.size_bytes
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
