"""Mails to deliver and a certificate for a server that encrypts."""

import ssl
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from tests.cast import NOW
from tracker.database import Database
from tracker.jobs.context import JobContext
from tracker.jobs.deliver_mails import deliver_due
from tracker.mail import outbox
from tracker.mail.digest import Words
from tracker.mail.outbox import Claim
from tracker.models.accounts import Account
from tracker.models.reminders import MailKind, OutgoingMail

SENDER = "UPR follow-up <follow-up@example.org>"
WORDS = Words("UPR follow-up: 1 date needs your attention", "Hello,\n\nthis date needs your attention.\n")
KYRGYZ = Words(
    "Эскертүү: бир мөөнөт жакындады", "Саламатсызбы,\n\nКыргыз Жараны: өкмөттүн үчүнчү доклады, ң.\n"
)
RUSSIAN = Words("Напоминание: срок через девять месяцев", "Здравствуйте,\n\nподъезд, щётка, «Ёлка».\n")


def make_claim(words: Words = WORDS) -> Claim:
    mail_id = UUID("00000000-0000-4000-8000-000000000001")
    return Claim(mail_id, "ky", words.subject, words.body, 1, "here:1", NOW)


def queue(database: Database, handle: str = "focal_point", words: Words = WORDS, day: int = 0) -> UUID:
    """A mail in the outbox, due at NOW."""
    with database.transaction() as session:
        account = session.scalars(select(Account).where(Account.handle == handle)).one()
        on_date = NOW.date() + timedelta(days=day)
        return outbox.queue_mail(session, MailKind.REMINDER_DIGEST, account, words, on_date, NOW).id


def read_mail(database: Database, mail_id: UUID) -> OutgoingMail:
    with database.reading() as session:
        return session.get_one(OutgoingMail, mail_id)


def deliver(database: Database, mail_url: str, after: timedelta = timedelta(0)) -> str:
    """The job, some time after NOW; gives what it says."""
    context = JobContext(database, "http://localhost", mail_url, SENDER, "Asia/Bishkek")
    return deliver_due(context, NOW.date(), NOW + after)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for localhost made now, and the file of that certificate."""
    key, found = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run(
        ["openssl", "req", *kind, *subject, "-keyout", key, "-out", found], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found, key)
    return context, found
