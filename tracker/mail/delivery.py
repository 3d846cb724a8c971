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
    """Sends one mail. Every failure becomes `NotDelivered` with the reason, so that the other mails go on."""
    if not to:
        raise NotDelivered("NoAddress")
    try:
        deliver(make_message(claim, to, sender, now), mail_url)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotDelivered(_reason(error)) from error


def make_message(mail: Claim, to: str, sender: str, now: datetime) -> EmailMessage:
    """Returns a plain-text message. Its Message-ID is that of the row, so that mail programs recognise a second copy.
    Raises ValueError for a line break in a header."""
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
    """Sends the message to the server, or writes it into the folder, that `mail_url` names."""
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
    """Raises `NotDelivered` where no mail could go out, without sending one: an unwritable folder, or a server that
    does not answer or refuses the user and password."""
    parts = urlsplit(mail_url)
    try:
        if parts.scheme == "file":
            with tempfile.TemporaryFile(dir=nearest(Path(unquote(parts.path)))):
                return  # the first mail makes the folder itself
        with _server(mail_url):
            return
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotDelivered(_reason(error)) from error


def _to_server(message: EmailMessage, mail_url: str) -> None:
    with _server(mail_url) as server:
        server.send_message(message)


@contextmanager
def _server(mail_url: str) -> Iterator[smtplib.SMTP]:
    """Connects to the server that `mail_url` names, and signs in where it names a user."""
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
    """Sends QUIT and closes. An error at QUIT is ignored: the server has taken the mail, and a retry would send a
    second copy (smtplib's own `with` block raises there)."""
    try:
        yield
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _reason(error: Exception) -> str:
    """Returns only the kind of failure: a server's answer may repeat the recipient's address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
