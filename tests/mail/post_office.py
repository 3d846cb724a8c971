"""A real SMTP server for the tests: it keeps what arrives, and can hold, refuse or forget on request."""

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import free_port

LONGEST_HOLD_SECONDS = 120


class PostOffice:
    """`hold` names the step (`EHLO` or `DATA`) at which every sender waits until `release`; a pause is made over
    every mail."""

    def __init__(self) -> None:
        self.port = free_port()
        self.arrived: list[EmailMessage] = []
        self.refusal = ""
        self.goodbye = ""
        self.pause_seconds = 0.0
        self.logins: list[tuple[bytes, bytes]] = []
        self._held_step = ""
        self._released = threading.Event()

    def hold(self, step: str) -> None:
        self._released.clear()
        self._held_step = step

    def release(self) -> None:
        self._held_step = ""
        self._released.set()

    def copies(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(str(message["Message-ID"]) for message in list(self.arrived))

    async def _wait_at(self, step: str) -> None:
        for _ in range(LONGEST_HOLD_SECONDS * 50):
            if self._held_step != step or self._released.is_set():
                return
            await asyncio.sleep(0.02)

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        await self._wait_at("EHLO")
        return answers

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusal:
            return f"{self.refusal} <{address}> is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        await asyncio.sleep(self.pause_seconds)
        await self._wait_at("DATA")
        return "250 taken"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.goodbye or "221 Bye"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)


@contextmanager
def post_office(
    *, login_with: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[PostOffice]:
    """Listens on the loopback; `login_with` asks for STARTTLS and a login, `tls` encrypts from the start."""
    office = PostOffice()
    options: dict[str, Any] = {}
    if login_with:
        options = {
            "tls_context": login_with,
            "require_starttls": True,
            "authenticator": office.authenticate,
            "auth_required": True,
        }
    controller = Controller(office, hostname="127.0.0.1", port=office.port, ssl_context=tls, **options)
    controller.start()
    try:
        yield office
    finally:
        office.release()
        controller.stop()
