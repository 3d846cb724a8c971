"""The actor: on whose behalf something is read or done. A small value, not the request."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tracker.models.accounts import Role
from tracker.models.levels import Voice
from tracker.models.organisations import OrganisationKind


@dataclass(frozen=True)
class Actor:
    """`is_setting_up`: the account must have a second factor and has none yet. Such an actor comes without roles
    and organisation, so that every rule but the one of that page refuses it."""

    account_id: UUID | None = None
    handle: str = ""
    roles: frozenset[Role] = frozenset()
    organisation_id: int | None = None
    organisation_kind: OrganisationKind | None = None
    state_code: str | None = None
    may_publish: bool = False
    sees_all: bool = False
    is_setting_up: bool = False

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))

    @property
    def voice(self) -> Voice | None:
        return self.organisation_kind.voice if self.organisation_kind else None

    @property
    def is_of_the_state(self) -> bool:
        return self.voice == Voice.STATE

    @property
    def is_independent(self) -> bool:
        return self.voice in (Voice.CIVIL_SOCIETY, Voice.NHRI_UN)


VISITOR = Actor()
SYSTEM = Actor(handle="system", sees_all=True)
"""Sees all of the State's work; banned outside jobs/, cli/ and the seed (tests/architecture)."""


def is_independent_account(actor: Actor) -> bool:
    """Of an independent organisation, or the registrar. Nobody of the State and no administrator may learn that
    such an account exists."""
    return actor.is_independent or actor.has(Role.REGISTRAR)


def would_be_independent(roles: Iterable[Role], kind: OrganisationKind | None) -> bool:
    """`is_independent_account` of an account that is yet to be made; `kind` is None without an organisation."""
    return is_independent_account(Actor(roles=frozenset(roles), organisation_kind=kind))


def may_sign_in_pages(actor: Actor) -> bool:
    """Pages of one's own: any signed-in person."""
    return actor.account_id is not None and not actor.is_setting_up


def may_set_up_second_factor(actor: Actor) -> bool:
    """Every person, and whoever must have one before anything else opens."""
    return actor.account_id is not None
