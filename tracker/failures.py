"""What can go wrong, as exceptions with facts. `web/errors.py` alone turns them into pages, `cli` into sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


class Failure(Exception):
    """Something a person must be told about; nothing was changed."""


class NotAllowed(Failure):
    """The actor may see the thing, but not do this with it."""


class SignedOut(Failure):
    """The sign-in ended before the form was sent."""


class NotFound(Failure):
    """There is no such thing, or the actor may not see it: both are the same on purpose."""


class LinkStale(Failure):
    """A link does not work: unknown, used, withdrawn, expired or incomplete. People are not told which."""


class DatabaseUnavailable(Failure):
    """The database is stopped, full, locked or out of reach."""


class StorageUnavailable(Failure):
    """The folder of evidence cannot be read or written: missing, full, or not permitted."""


class KeyMissing(Failure):
    """A stored secret cannot be read or written: the key folder is missing, damaged or another one."""


class BadInput(Failure):
    """Bad input to a command; the message is a sentence that says what to do."""


class Refused(BadInput):
    """Nothing is wrong with what was sent, but a rule does not allow it now. The sentence says why, and what to do
    first."""


@dataclass
class DraftDiscarded(NotFound):
    """An update of the actor's organisation or State that was discarded `at` this instant; its place, where the
    history tells it."""

    at: datetime
    review: str | None = None
    point_ref: str | None = None


@dataclass
class NotInState(Failure):
    """The work flow does not allow this step in the present `state` of the entry (docs/rules.md, "Updates")."""

    step: str
    state: str


@dataclass
class AlreadyPublished(Failure):
    """A published update never changes; a newer one supersedes it."""

    at: datetime


@dataclass
class ReviewClosed(Failure):
    """The review was closed `at` this instant and takes no more entries."""

    at: datetime


@dataclass
class Retired(Failure):
    """A recommendation or action point (`ref`) was retired `at` this instant and takes no more entries."""

    ref: str
    at: datetime


@dataclass
class Reworded(Failure):
    """The text that an entry is about was changed after its author had read it; `text` stands now. Nothing was
    stored."""

    text: str


@dataclass
class ChangedMeanwhile(Failure):
    """Somebody else saved the same draft: `theirs` holds what is stored now, nothing was overwritten."""

    theirs: Any


@dataclass
class OpenUpdateExists(Failure):
    """The organisation has an update on the same point already that is not published yet. Nothing was stored."""

    update_id: UUID


@dataclass
class ValidationFailed(Failure):
    """Values that a rule refuses: a translated sentence by the name of each field."""

    sentences: dict[str, str]


@dataclass
class SeedBroken(Failure):
    """A data file is wrong: nothing was written. `line` counts from 1."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


@dataclass
class PublicationBroken(Failure):
    """A published update (`subject`, as lines name it) is not what was published (`fault`)."""

    subject: str
    fault: str


@dataclass
class EvidenceBroken(Failure):
    """The bytes of a file of evidence (`name`, their SHA-256) are missing or changed (`fault`)."""

    name: str
    fault: str


@dataclass
class HistoryBroken(Failure):
    """The chain of the history is not as it was written: line `number` is the first that was changed, is missing,
    was inserted or is in another place (`fault`); without a number, no line has the hash `expected`."""

    number: int | None
    fault: str
    expected: str = ""


@dataclass
class TooManyAttempts(Failure):
    """Too many wrong attempts: the next is not verified before `seconds` have passed. `is_known`: this is a browser in
    which the owner signed in before."""

    seconds: int
    is_known: bool = False

    @property
    def minutes(self) -> int:
        return -(-self.seconds // 60)


@dataclass
class DownloadsBusy(Failure):
    """More files are asked for at once than this process makes. Retry after `seconds`."""

    seconds: int


@dataclass
class TooBusy(Failure):
    """More people sign in at once than this process can verify. Retry after `seconds`."""

    seconds: int
