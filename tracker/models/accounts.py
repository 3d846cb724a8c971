"""A person's access: a handle, never a legal name. Server-side sign-ins that can be ended."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.organisations import Organisation


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
STATE_ROLES = frozenset({Role.FOCAL_POINT, Role.ALTERNATE, Role.VALIDATING_OFFICER, Role.COORDINATOR})
INDEPENDENT_ROLES = frozenset({Role.CONTRIBUTOR, Role.ORGANISATION_LEAD})


class Account(Base):
    """Identifiers are random, so that a gap in numbers betrays no account. Only State accounts hold an
    e-mail address until addresses are stored encrypted. `may_publish`: a contributor's right from the lead."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handle: Mapped[str] = mapped_column(unique=True)
    passphrase_hash: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    may_publish: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    roles: Mapped[list["AccountRole"]] = relationship(lazy="raise_on_sql")


class AccountRole(Base):
    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"), primary_key=True)


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token, the table only its SHA-256.

    Ending a sign-in removes the row: no trail of visits is kept.
    """

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
