"""Security headers of every answer, static files and errors included."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from tracker.web.access import has_quick_exit, is_secure

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'{away}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
FILE_POLICY = "default-src 'none'; sandbox"
"""For files that people sent: if a browser shows one after all, nothing in it runs."""
ONE_YEAR = 31_536_000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


def register(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Browsers never store pages of signed-in people and pages with a form's token; they cache static files, whose
    address has a hash, for a year. Flask sets the form cookie only after this, so `csrf_token` in `g` tells whether the
    page has a token: reading the cookie here would count as using it."""
    policy = response.headers.get("Content-Security-Policy")
    response.headers.extend(HEADERS)  # nobody else sets one of them
    is_file = policy == FILE_POLICY
    away = current_app.config["TRACKER"].LEAVE_URL if has_quick_exit() else None
    own = FILE_POLICY if is_file else _policy(away)
    response.headers["Content-Security-Policy"] = own
    if is_secure():
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    elif "token" in g or "csrf_token" in g or request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers["Vary"] = "Cookie"
    return response


def _policy(leave_url: str | None) -> str:
    """Browsers apply `form-action` also to the redirect that answers a form. The quick exit leads to another site."""
    away = urlsplit(leave_url) if leave_url else None
    return _POLICY.format(away=f" {away.scheme}://{away.netloc}" if away else "")
