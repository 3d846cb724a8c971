"""Answers that the browser saves as a file."""

from io import BytesIO

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(file: BytesIO, name: str) -> Response:
    """An Excel workbook, which the browser saves under `name`."""
    response = Response(file.getvalue(), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
