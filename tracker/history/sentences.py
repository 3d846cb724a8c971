"""Makes the sentence of a history line from its verb and facts, when it is read, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.language import current, gettext, mark, translate
from tracker.models.accounts import ROLE_LABELS, InvitationKind, Role
from tracker.models.assignments import AssignmentKind
from tracker.models.history import HistoryLine

Facts = Mapping[str, Any]
MISSING = "…"
"""In the place of a fact that is missing, because somebody changed the line in the database: the page still opens, and
`flask verify` names the line."""


def _of_assignment(facts: Facts) -> str:
    if facts.get("kind") == AssignmentKind.LEAD:
        return mark("%(who)s made %(organisation)s the lead of %(recommendation)s")
    return mark("%(who)s made %(organisation)s a supporting organisation of %(recommendation)s")


def _of_acceptance(facts: Facts) -> str:
    if "before" in facts:
        return mark("%(who)s took over from %(before)s")
    return mark("%(who)s accepted an invitation")


def _of_discarding(facts: Facts) -> str:
    """Older lines do not tell the point."""
    if "point" in facts:
        return mark("%(who)s discarded the draft on %(point)s")
    return mark("%(who)s discarded the draft")


def _of_recovery_link(facts: Facts) -> str:
    if facts.get("kind") == InvitationKind.NEW_PASSPHRASE:
        return mark("%(who)s made a link to a new passphrase for %(handle)s")
    return mark("%(who)s made a link to a new second factor for %(handle)s")


def _of_second_factor(facts: Facts) -> str:
    if facts.get("change") == "set_up":
        return mark("%(who)s set up a second factor")
    if facts.get("change") == "replaced":
        return mark("%(who)s replaced their second factor")
    return mark("%(who)s made new recovery codes")


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    # updates and their files
    "write_update": mark("%(who)s wrote a draft"),
    "change_update": mark("%(who)s changed the draft"),
    "submit_update": mark("%(who)s submitted the update"),
    "recall_update": mark("%(who)s recalled the update"),
    "validate_update": mark("%(who)s validated the update"),
    "return_update": mark("%(who)s returned the update"),
    "publish_update": mark("%(who)s published the update"),
    "discard_update": _of_discarding,
    "attach_evidence": mark("%(who)s attached a file"),
    "remove_evidence": mark("%(who)s removed a file"),
    # who is responsible
    "assign": _of_assignment,
    # accounts, links and organisations
    "create_organisation": mark("%(who)s created %(organisation)s"),
    "create_account": mark("%(who)s created %(handle)s"),
    "invite": mark("%(who)s invited somebody as %(role)s"),
    "invite_successor": mark("%(who)s invited a successor of %(handle)s"),
    "create_recovery_link": _of_recovery_link,
    "withdraw_invitation": mark("%(who)s withdrew a link that was not used"),
    "accept_invitation": _of_acceptance,
    "set_new_passphrase": mark("%(who)s set a new passphrase by a link"),
    "drop_second_factor": mark("%(who)s used a link to a new second factor"),
    "change_passphrase": mark("%(who)s changed their passphrase"),
    "change_second_factor": _of_second_factor,
    "change_roles": mark("%(who)s changed the roles of %(handle)s"),
    "hand_over": mark("%(who)s handed the work of %(handle)s over to %(successor)s"),
    "end_account": mark("%(who)s ended the account of %(handle)s"),
    # mails
    "try_again": mark("%(who)s asked for another attempt at the mail to %(handle)s"),
}
"""By verb. Where a verb has several sentences, a function of the facts chooses one."""
UNKNOWN = mark("%(who)s: %(verb)s")
"""A line of a newer version, or one that was changed in the database."""


def sentence_of(line: HistoryLine) -> str:
    """Lines of format 1 hold their sentence, in the language in which it was written."""
    if line.format == 1:
        return line.sentence or ""
    facts = line.facts if isinstance(line.facts, dict) else {}
    chosen = SENTENCES.get(line.verb, UNKNOWN)
    message = chosen if isinstance(chosen, str) else chosen(facts)
    return translate(message) % _Words({**facts, "verb": line.verb})


class _Words(dict[str, Any]):
    """The facts as they are read: labels for codes, names for keys."""

    def __getitem__(self, name: str) -> str:
        if name == "who" and self.get("who_role") == Role.REGISTRAR:
            return gettext("the registrar")
        value = str(self.get(name, MISSING))
        if name == "role":
            return gettext(ROLE_LABELS[value]) if value in ROLE_LABELS else value
        if name == "organisation":
            names = self.get("names")
            return str(names.get(current()) or names.get("en") or value) if isinstance(names, dict) else value
        return value
