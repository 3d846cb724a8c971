"""Delivers one mail: to an SMTP server, or as an .eml file (`MAIL_URL`)."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.models.reminders import OutgoingMail

TIMEOUT_SECONDS = 20


class NotDelivered(Exception):
    """The server refused or did not answer; the message says why, without any address."""


def make_message(mail: OutgoingMail, sender: str, now: datetime) -> EmailMessage:
    """Plain text; the Message-ID is the row's, so that a second copy is known as such."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.account.email
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(mail.body, cte="8bit" if mail.body.isascii() else "base64")
    return message


def deliver(message: EmailMessage, mail_url: str) -> None:
    """Raises `NotDelivered` with the reason."""
    parts = urlsplit(mail_url)
    try:
        if parts.scheme == "file":
            _to_file(message, Path(unquote(parts.path)))
        else:
            _to_server(message, mail_url)
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(_reason(error)) from error


def _to_file(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def _to_server(message: EmailMessage, mail_url: str) -> None:
    parts = urlsplit(mail_url)
    host, is_encrypted = parts.hostname or "localhost", parts.scheme == "smtps"
    if is_encrypted:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.username:
            if not is_encrypted:
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _reason(error: Exception) -> str:
    """The kind of failure only: a server's answer may repeat the recipient's address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
