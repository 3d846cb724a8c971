"""Writes down what goes wrong in a browser while a test looks elsewhere."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium prints of a page that answers 404 or 422; such an answer to anything but a page is a fault."""


def watch(context: BrowserContext, address: str) -> list[str]:
    """The list fills with faults: console errors, page errors, failed, refused and foreign requests."""
    faults: list[str] = []
    pages: set[str] = set()

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:")):
            faults.append(f"a request to somebody else: {request.url}")
        if request.is_navigation_request():
            pages.add(request.url)

    def on_response(response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            faults.append(f"{response.status} for {response.url}")

    def on_failed(request: Request) -> None:
        is_given_up = request.failure == "net::ERR_ABORTED"
        is_download = request.is_navigation_request() and ".xlsx" in request.url
        # Chromium asks for the icon when all else is done, and no more when the test has gone on.
        if not (is_given_up and (is_download or "/favicon.svg" in request.url)):
            faults.append(f"{request.failure} for {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        is_refused_page = message.text.startswith(REFUSED) and message.location["url"] in pages
        if message.type in ("error", "warning") and not is_refused_page:
            faults.append(f"console of {message.location['url']}: {message.text}")

    context.on("request", on_request)
    context.on("response", on_response)
    context.on("requestfailed", on_failed)
    context.on("console", on_console)
    context.on("weberror", lambda error: faults.append(f"page error: {error.error}"))
    return faults
