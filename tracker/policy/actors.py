"""The actor: on whose behalf something is read or done. A small value, not the request."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tracker.models.accounts import Role
from tracker.models.levels import Voice
from tracker.models.organisations import OrganisationKind


@dataclass(frozen=True)
class Actor:
    """`state_code`: the State of the actor's organisation. None for a visitor, for a body of the UN, and for an
    administrator or registrar without an organisation.

    `original_organisation_id`: where the actor's organisation was renamed, the one as which it began
    (`Organisation.original_id`).

    `is_setting_up`: the account must have a second factor and has none yet. Such an actor has no roles and no
    organisation, so that every rule except that of the set-up page refuses it.

    `saves_passphrase`: what an independent account chose for password managers."""

    account_id: UUID | None = None
    handle: str = ""
    roles: frozenset[Role] = frozenset()
    organisation_id: int | None = None
    original_organisation_id: int | None = None
    organisation_kind: OrganisationKind | None = None
    state_code: str | None = None
    may_publish: bool = False
    sees_all: bool = False
    is_setting_up: bool = False
    saves_passphrase: bool = False

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))

    @property
    def first_organisation_id(self) -> int | None:
        """`Organisation.first_id` of the actor's organisation."""
        return self.original_organisation_id or self.organisation_id

    @property
    def voice(self) -> Voice | None:
        return self.organisation_kind.voice if self.organisation_kind else None

    @property
    def is_of_the_state(self) -> bool:
        return self.voice == Voice.STATE

    @property
    def is_independent(self) -> bool:
        return self.voice in (Voice.CIVIL_SOCIETY, Voice.NHRI, Voice.UN)


VISITOR = Actor()
SYSTEM = Actor(handle="system", sees_all=True)
"""Sees all of the State's work; banned outside jobs/, cli/ and the seed (tests/architecture)."""


def is_independent_account(actor: Actor) -> bool:
    """Of an independent organisation, or the registrar. Nobody of the State and no administrator may learn that
    such an account exists."""
    return actor.is_independent or actor.has(Role.REGISTRAR)


def would_be_independent(roles: Iterable[Role], kind: OrganisationKind | None) -> bool:
    """`is_independent_account`, for an account that is not made yet; `kind` is None without an organisation."""
    return is_independent_account(Actor(roles=frozenset(roles), organisation_kind=kind))


def may_sign_in_pages(actor: Actor) -> bool:
    """The pages of one's own account: everybody who is signed in."""
    return actor.account_id is not None and not actor.is_setting_up


def may_set_up_second_factor(actor: Actor) -> bool:
    """Everybody who is signed in, also those who must set one up first."""
    return actor.account_id is not None
