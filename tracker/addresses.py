"""Absolute links for mails and workbooks, without Flask, to pages in the language that is spoken just now. A test
compares them with the URL map."""

from urllib.parse import quote
from uuid import UUID

from tracker.language import PSEUDO, current


def in_language(base_url: str) -> str:
    """English has no prefix (`web/languages.py`)."""
    return base_url if current() in ("en", PSEUDO) else f"{base_url}/{current()}"


def recommendation(base_url: str, review: str, ref: str) -> str:
    return f"{in_language(base_url)}/recommendations/{quote(review)}/{quote(ref)}"


def action_point(base_url: str, review: str, ref: str, point_ref: str) -> str:
    return f"{recommendation(base_url, review, ref)}#{quote(point_ref)}"


def evidence(base_url: str, evidence_id: UUID) -> str:
    return f"{in_language(base_url)}/evidence/{evidence_id}"


def work(base_url: str) -> str:
    return f"{in_language(base_url)}/work"


def calendar(base_url: str) -> str:
    return f"{in_language(base_url)}/calendar"


def invitation(base_url: str, token: str) -> str:
    return f"{in_language(base_url)}/invitations/{quote(token)}"
