"""Steps of the stories about imports: a coordinator's browser uploads and applies."""

from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.exchange.imports.matrices import SECOND, SECOND_ROWS, Row, quick_matrix
from tests.strict_client import StrictClient, text_of

REVIEW = "KGZ-4"
NEW_SOURCE = {"title": "Report of the Working Group", "dated_on": "2025-07-01"}


def file_of(name: str, content: bytes) -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


def upload(
    coordinator: StrictClient, content: bytes = b"", name: str = "matrix.docx", **fields: Any
) -> TestResponse:
    """Into KGZ-4, from the newest document of the review, or a new one where it has none."""
    page = f"/imports/new/{REVIEW}"
    loaded = coordinator.get(page)
    is_first = "Another document" not in text_of(loaded)
    sent = {**(NEW_SOURCE if is_first else {}), **fields}
    if content:
        sent["file"] = file_of(name, content)
    return coordinator.send_from(loaded, page, **sent)


def matrix(rows: tuple[Row, ...] = SECOND_ROWS) -> bytes:
    return quick_matrix(SECOND, rows)


def import_matrix(coordinator: StrictClient, rows: tuple[Row, ...] = SECOND_ROWS) -> str:
    """Uploads and applies it; the address of the import."""
    answer = upload(coordinator, matrix(rows))
    assert answer.status_code == 303
    address = str(answer.headers["Location"])
    assert coordinator.send(f"{address}/apply", "/apply").status_code == 303
    return address
