"""A person's access: a handle, never a legal name. Server-side sign-ins that can be ended."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.organisations import Organisation
from tracker.models.sealed import KeyedDigest, Sealed


class Role(StrEnum):
    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    VALIDATING_OFFICER = "validating_officer"
    COORDINATOR = "coordinator"
    CONTRIBUTOR = "contributor"
    ORGANISATION_LEAD = "organisation_lead"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return gettext(ROLE_LABELS[self])


ROLE_LABELS: dict[str, str] = {
    "focal_point": mark("Focal point"),
    "alternate": mark("Alternate"),
    "validating_officer": mark("Validating officer"),
    "coordinator": mark("Coordinator"),
    "contributor": mark("Contributor"),
    "organisation_lead": mark("Organisation lead"),
    "registrar": mark("Registrar"),
    "administrator": mark("Administrator"),
}


class Account(Base):
    """Identifiers are random, so that a gap in numbers reveals no account. `may_publish`: a right that the lead gives
    to a contributor. `totp_secret` (RFC 6238) is stored once a code of it was typed; `totp_last_step` is the newest
    30-second step whose code was used, so that no code is used twice. `saves_passphrase`: what somebody of an
    independent organisation chose for password managers (`policy/accounts.py`); False for everybody else."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handle: Mapped[str] = mapped_column(unique=True)
    passphrase_hash: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    may_publish: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(Sealed("email"), deferred=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="en")
    saves_passphrase: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(Sealed("totp"), deferred=True)
    totp_last_step: Mapped[int | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    roles: Mapped[list["AccountRole"]] = relationship(lazy="raise_on_sql")


class AccountRole(Base):
    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"), primary_key=True)


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token, the table only its SHA-256. `needs_code`: only the
    passphrase was given, and the sign-in opens nothing but the page that asks for the code.

    Ending a sign-in deletes the row: there is no log of visits.
    """

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    needs_code: Mapped[bool] = mapped_column(default=False)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that replaces the second factor once: the row is deleted when it is used."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)


class InvitationKind(StrEnum):
    ACCOUNT = "account"
    NEW_PASSPHRASE = "new_passphrase"  # noqa: S105 - a code of a kind
    NEW_SECOND_FACTOR = "new_second_factor"


class Invitation(Base):
    """A link that works once, until `expires_at`. It leads to a new account with `roles` in `organisation_id`, which
    takes over from the account `replaces_id`; or the holder of `account_id` gets a new passphrase or second factor.
    Used and withdrawn links are deleted: there is no log. The table holds the SHA-256 of the link's token. `made_by` is
    a digest of the identifier of the account that made the link, which nobody can compute without the key folder: it
    serves to close the open links of an account, not to tell who invited whom."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[InvitationKind] = mapped_column(one_of(InvitationKind, "kind"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    may_publish: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Sealed("invitation"), default="")
    made_by: Mapped[str | None] = mapped_column(KeyedDigest("invitation"))
    expires_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    @property
    def given_roles(self) -> list[Role]:
        return [Role(role) for role in self.roles]


class KnownBrowser(Base):
    """A browser in which the owner of an account signed in. The cookie holds a random token; the table holds only a
    digest of token and handle, which nobody can compute without the key folder: it tells neither whose browser it is
    nor how many somebody has. `until` is the first day of a month, so that it tells no day of a sign-in."""

    __tablename__ = "known_browsers"

    token: Mapped[str] = mapped_column(KeyedDigest("browser"), primary_key=True)
    until: Mapped[date]


class Throttle(Base):
    """How often something was tried since an instant. What was tried (a handle, a device) is not stored, only a
    digest that nobody can compute without the key folder."""

    __tablename__ = "throttles"

    tried: Mapped[str] = mapped_column(KeyedDigest("throttle"), primary_key=True)
    times: Mapped[int]
    since: Mapped[datetime]
