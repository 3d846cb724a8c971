"""The cookie of forms: it holds their token and what is said once, signed with SECRET_KEY."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class FormCookie(SecureCookieSessionInterface):
    """With one serializer for all requests: making it takes longer than reading or writing the cookie."""

    def __init__(self, app: Flask) -> None:
        self._made = super().get_signing_serializer(app)

    def get_signing_serializer(self, _app: Flask) -> URLSafeTimedSerializer | None:
        return self._made


def register(app: Flask) -> None:
    """Call it when the settings stand."""
    app.session_interface = FormCookie(app)
