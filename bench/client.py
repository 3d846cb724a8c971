"""A browser with one tab: keeps its connection where the server does, its cookies, and sends real forms."""

import re
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tracker import clock
from tracker.identity.second_factors import code_of


class ClientAnswer(NamedTuple):
    """`wait_seconds`: after how long the server asks to try again; 0 where it does not."""

    status: int
    wait_seconds: int
    text: str


class Unexpected(RuntimeError):
    """An answer of another status than was expected."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Client:
    """`location` is where the newest answer leads."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.location = ""

    def close(self) -> None:
        """Lets go of the connection; the next request opens another."""
        self._connection.close()

    def get(self, path: str, expected: int = 200) -> str:
        return _expect(expected, f"GET {path}", self._send("GET", path, None))

    def post(self, path: str, fields: dict[str, str], expected: int = 303) -> str:
        return _expect(expected, f"POST {path}", self.try_post(path, fields))

    def try_post(self, path: str, fields: dict[str, str]) -> ClientAnswer:
        """Whatever is answered."""
        return self._send("POST", path, urlencode(fields))

    def sign_in(self, handle: str, passphrase: str, totp_secret: str | None = None) -> None:
        """Without a secret: no code is asked for."""
        fields = fields_of(self.get("/sign-in"), "/sign-in")
        self.post("/sign-in", {**fields, "handle": handle, "passphrase": passphrase})
        if totp_secret:
            self.send_code(totp_secret)

    def send_code(self, totp_secret: str) -> None:
        fields = fields_of(self.get("/sign-in/code"), "/sign-in/code")
        self.post("/sign-in/code", {**fields, "code": code_of(totp_secret, clock.now())})

    def _send(self, method: str, path: str, body: str | None) -> ClientAnswer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self.location = answer.headers.get("Location", "")
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return ClientAnswer(answer.status, int(answer.headers["Retry-After"] or 0), text)


def _expect(expected: int, what: str, answer: ClientAnswer) -> str:
    if answer.status != expected:
        raise Unexpected(f"{what} answered {answer.status}, not {expected}", answer.status)
    return answer.text


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form whose address ends in `action`."""
    form = page.partition(f'{action}"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input[^>]*?type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    fields |= dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?type="hidden"[^>]*?value="([^"]*)"', form))
    if "csrf_token" not in fields:
        raise RuntimeError(f"no form {action}")
    return {name: unescape(value) for name, value in fields.items()}
