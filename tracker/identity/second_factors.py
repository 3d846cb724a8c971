"""The second factor: time-based codes (RFC 6238, through pyotp) and recovery codes. Each code works once."""

import hashlib
import secrets
from base64 import b32encode
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed
from tracker.history.lines import write_line
from tracker.identity.passphrases import LETTERS
from tracker.identity.sign_ins import read_actor
from tracker.models.accounts import Account, RecoveryCode
from tracker.models.sealed import keys_of
from tracker.policy.accounts import can_remove_second_factor
from tracker.policy.actors import Actor, is_independent_account

STEP_SECONDS = 30
STEPS_BESIDE = 1
"""A code of the step before or after is accepted, too: clocks differ."""
RECOVERY_CODES = 10
SECRET_BYTES = 20
ISSUER = "UPR Follow-up"


def make_secret() -> str:
    return pyotp.random_base32()


def propose_secret(session: Session, account_id: UUID, sign_in_id: UUID) -> str:
    """The secret that this sign-in is offered until it confirms one: the same at every call, but never stored.

    Only a holder of the key folder can compute it. Once it is confirmed, the next call gives another one.
    """
    present = session.scalar(select(Account.totp_secret).where(Account.id == account_id)) or ""
    keys = keys_of(session.get_bind().dialect)
    digest = keys.digest("proposed totp", f"{account_id} {sign_in_id} {present}")
    return b32encode(bytes.fromhex(digest)[:SECRET_BYTES]).decode()


def provisioning_uri(actor: Actor, secret: str) -> str:
    """The content of the QR code. The phone of an independent person must show nothing but the handle."""
    issuer = None if is_independent_account(actor) else ISSUER
    return pyotp.TOTP(secret).provisioning_uri(name=actor.handle, issuer_name=issuer)


def code_of(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def use_code(session: Session, account_id: UUID, typed: str, now: datetime) -> bool:
    """Whether `typed` is a present code or a recovery code that was not used before; it then counts as used. Locks the
    account until the transaction ends: of two requests at once exactly one is accepted, and whoever replaces the factor
    waits, and then ends what the code has opened."""
    code = _normalise(typed)
    query = select(Account.totp_secret).where(Account.id == account_id, Account.ended_at.is_(None))
    secret = session.scalar(query.with_for_update(key_share=True))
    if not code.isdecimal():
        return _use_recovery_code(session, account_id, code)
    step = _step_of(secret, code, now) if secret else None
    if step is None:
        return False
    is_newer = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
    statement = update(Account).where(Account.id == account_id, is_newer).values(totp_last_step=step)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an update gives a cursor result


def forget_used_steps(session: Session, now: datetime) -> None:
    """Forgets which code was used last, to the half minute of a sign-in, once no code of that step is accepted any
    more."""
    oldest = int(now.timestamp()) // STEP_SECONDS - STEPS_BESIDE
    statement = update(Account).where(Account.totp_last_step < oldest).values(totp_last_step=None)
    session.execute(statement, execution_options={"synchronize_session": False})


def confirm_second_factor(
    session: Session, actor: Actor, secret: str, typed: str, now: datetime
) -> list[str] | None:
    """Replaces the factor and returns its recovery codes, which are shown only now. None: the code does not belong to
    this secret, and nothing was changed."""
    step = _step_of(secret, _normalise(typed), now)
    if step is None or actor.account_id is None:
        return None
    account = session.get_one(Account, actor.account_id)
    change = "set_up" if account.totp_secret is None else "replaced"
    account.totp_secret, account.totp_last_step = secret, step
    session.flush()
    _write_change(session, actor, change, now)
    return _make_recovery_codes(session, account.id)


def replace_recovery_codes(session: Session, actor: Actor, now: datetime) -> list[str]:
    """Ten new ones; the old ones no longer work."""
    account = session.get_one(Account, actor.account_id)
    if account.totp_secret is None:
        raise NotAllowed
    codes = _make_recovery_codes(session, account.id)
    session.flush()  # the codes before the head of the history, in the order of everybody who removes them
    _write_change(session, actor, "recovery_codes", now)
    return codes


def remove_second_factor(session: Session, actor: Actor) -> None:
    """Only for accounts that need none. These are independent, so no history line is written."""
    if not can_remove_second_factor(actor):
        raise NotAllowed
    account = session.get_one(Account, actor.account_id)
    account.totp_secret = account.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def count_recovery_codes(session: Session, actor: Actor) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == actor.account_id)
    return session.scalar(query) or 0


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step that has this code, compared in constant time."""
    present, totp = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in range(present - STEPS_BESIDE, present + STEPS_BESIDE + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def _make_recovery_codes(session: Session, account_id: UUID) -> list[str]:
    """Sixteen letters each, about 79 bits: too many to be guessed from the stored hash."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, code_hash=_hash(account_id, code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _use_recovery_code(session: Session, account_id: UUID, code: str) -> bool:
    statement = delete(RecoveryCode).where(RecoveryCode.account_id == account_id)
    result = session.execute(statement.where(RecoveryCode.code_hash == _hash(account_id, code)))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a delete gives a cursor result


def _hash(account_id: UUID, code: str) -> str:
    return hashlib.sha256(f"{account_id} {code}".encode()).hexdigest()


def _normalise(typed: str) -> str:
    """Without the spaces and hyphens of printed and typed codes; cut to 32 characters, as no code is longer."""
    return "".join(letter for letter in typed.casefold() if letter.isalnum())[:32]


def _write_change(session: Session, actor: Actor, change: str, now: datetime) -> None:
    """Writes the history line, but none for an independent account. An actor who sets up a first factor has no roles
    (`is_setting_up`), so the stored ones decide."""
    holder = read_actor(session, actor.account_id) if actor.account_id else actor
    if not is_independent_account(holder):
        subject, facts = f"account {holder.account_id}", {"change": change}
        write_line(session, holder, "change_second_factor", subject, at=now, facts=facts)
