"""Delivers one mail: to an SMTP server, or as an .eml file (`MAIL_URL`)."""

import smtplib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.mail.outbox import Claim
from tracker.safety import nearest

TIMEOUT_SECONDS = 20


class NotDelivered(Exception):
    """The server refused or did not answer; the message says why, without any address."""


def send(claim: Claim, to: str | None, sender: str, mail_url: str, now: datetime) -> None:
    """Raises `NotDelivered` with the reason; whatever is wrong with one mail does not stop the others."""
    if not to:
        raise NotDelivered("NoAddress")
    try:
        deliver(make_message(claim, to, sender, now), mail_url)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotDelivered(_reason(error)) from error


def make_message(mail: Claim, to: str, sender: str, now: datetime) -> EmailMessage:
    """Plain text; the Message-ID is the row's, so that a second copy is known as such. A line break in a
    header is refused with a ValueError."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.mail_id}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="8bit" if mail.body.isascii() else "base64")
    message["Content-Language"] = mail.language  # after the content, which removes every Content- header
    return message


def deliver(message: EmailMessage, mail_url: str) -> None:
    """To the server or folder that `mail_url` names."""
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        _to_file(message, Path(unquote(parts.path)))
    else:
        _to_server(message, mail_url)


def _to_file(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def check(mail_url: str) -> None:
    """Raises `NotDelivered` where a mail would not be taken, without sending one: an unwritable folder, a server
    that does not answer or does not know the name and passphrase."""
    parts = urlsplit(mail_url)
    try:
        if parts.scheme == "file":
            with tempfile.TemporaryFile(dir=nearest(Path(unquote(parts.path)))):
                return  # the folder itself is made with the first mail
        with _server(mail_url):
            return
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotDelivered(_reason(error)) from error


def _to_server(message: EmailMessage, mail_url: str) -> None:
    with _server(mail_url) as server:
        server.send_message(message)


@contextmanager
def _server(mail_url: str) -> Iterator[smtplib.SMTP]:
    """The server that `mail_url` names, signed in where it names a user."""
    parts = urlsplit(mail_url)
    host, is_encrypted = parts.hostname or "localhost", parts.scheme == "smtps"
    if is_encrypted:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with _connection(server):
        if parts.username:
            if not is_encrypted:
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


@contextmanager
def _connection(server: smtplib.SMTP) -> Iterator[None]:
    """Says goodbye and closes. What the server answers to that changes nothing: it has taken the mail, and
    to try it again would be a second copy (smtplib's own block raises there)."""
    try:
        yield
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _reason(error: Exception) -> str:
    """The kind of failure only: a server's answer may repeat the recipient's address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
