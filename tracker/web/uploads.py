"""The request as our views read it: HEAD is GET, and the files of forms are in memory.

HEAD: no view, policy or transaction tells it from GET, so that none of them takes it for a form. Routing and the server
look at the WSGI environment instead, which still says HEAD: no body is sent.

Files: nothing of them is on a disk before a service stores it. Werkzeug writes files of more than 500 KB in clear to
the folder of temporary files. Here the files of one form share a budget of memory. What does not fit is read and
discarded, so that the form comes back with its text.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, current_app, request
from flask import Request as FlaskRequest
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.services.evidence.attachments import Limits, Upload, check_uploads

View = TypeVar("View", bound=Callable[..., Any])
MEGABYTE = 1_000_000
MOST_FORMS_READ = 10
"""A body with files is read up to this many times the limit of a form's files. A longer one is refused, and its text is
lost."""
MAX_PUBLIC_FORM = 16 * 1024
"""The longest body, in bytes, of a form that needs no sign-in: no such form takes a long text, and a flood of long
bodies would use up the server's time."""
PARSER_BUFFER = 2 * 64 * 1024
"""Bytes that the parser may have read and not yet passed on."""


def takes_files(view: View) -> View:
    """The form of this view may carry files; all other bodies end at FORM_MAX_KILOBYTES."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def limits() -> Limits:
    settings = current_app.config["TRACKER"]
    return Limits(settings.UPLOAD_MAX_MEGABYTES * MEGABYTE, settings.EVIDENCE_QUOTA_MEGABYTES * MEGABYTE)


def uploads_of(files: list[FileStorage] | None) -> list[Upload]:
    """The files that were chosen in a field; browsers send a nameless one where nothing was chosen."""
    return [Upload(each.filename or "", _content(each.stream)) for each in files or () if each.filename]


def checked_uploads(*, of_state: bool) -> list[Upload]:
    """The files of the field `files`, checked and cleaned. A view calls it before it first uses its session: checking
    takes seconds, in which nobody else could write."""
    return check_uploads(uploads_of(request.files.getlist("files")), limits(), of_state=of_state)


def register(app: Flask) -> None:
    app.request_class = Request


class MemoryBudget:
    """The memory for all files of one request."""

    def __init__(self, most: int) -> None:
        self.left = most
        self.seen = 0


class FileInMemory(BytesIO):
    """A file within the budget. One that does not fit becomes empty."""

    def __init__(self, budget: MemoryBudget) -> None:
        super().__init__()
        self._budget = budget
        self.is_too_large = False

    def write(self, data: Any) -> int:
        size = len(data)
        self._budget.seen += size
        if self.is_too_large:
            return size
        if size > self._budget.left:
            self.is_too_large = True
            self._budget.left += self.tell()
            self.seek(0)
            self.truncate()
            return size
        self._budget.left -= size
        return super().write(data)


class _Body:
    """The stream of a body. Raises RequestEntityTooLarge if the text beside the files is longer than a form's."""

    def __init__(self, stream: IO[bytes], budget: MemoryBudget, most_text: int) -> None:
        self._stream, self._budget, self._most_text, self._read = stream, budget, most_text, 0

    def read(self, size: int = -1) -> bytes:
        if self._read - self._budget.seen > self._most_text + PARSER_BUFFER:
            raise RequestEntityTooLarge
        chunk = self._stream.read(size)
        self._read += len(chunk)
        return chunk


class Request(FlaskRequest):
    """HEAD is GET, and files stay in memory."""

    _budget: MemoryBudget | None = None

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        if self.method == "HEAD":
            self.method = "GET"

    @property
    def takes_files(self) -> bool:
        view = current_app.view_functions.get(self.endpoint or "")
        return self.mimetype == "multipart/form-data" and getattr(view, "takes_files", False)

    @property
    def is_public_form(self) -> bool:
        """Whether the view is one that needs no sign-in."""
        view = current_app.view_functions.get(self.endpoint or "")
        return getattr(view, "access", None) == "public"

    @property
    def max_content_length(self) -> int | None:
        usual = super().max_content_length
        if usual is None:
            return usual
        if self.is_public_form:
            return min(usual, MAX_PUBLIC_FORM)
        return usual + MOST_FORMS_READ * limits().form_bytes if self.takes_files else usual

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise NotImplementedError("mark the view with @takes_files instead")

    @property
    def budget(self) -> MemoryBudget:
        if self._budget is None:
            self._budget = MemoryBudget(
                limits().form_bytes if self.takes_files else super().max_content_length or 0
            )
        return self._budget

    def _get_file_stream(self, *_values: Any, **_named: Any) -> IO[bytes]:
        return FileInMemory(self.budget)

    def _get_stream_for_parsing(self) -> IO[bytes]:
        stream = super()._get_stream_for_parsing()
        if not self.takes_files:
            return stream
        return _Body(stream, self.budget, super().max_content_length or 0)  # type: ignore[return-value]


def _content(stream: Any) -> bytes | None:
    """None where it was too large to be held."""
    return None if getattr(stream, "is_too_large", False) else stream.read()
