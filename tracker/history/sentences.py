"""Makes the sentence of a history line from its verb and facts, when it is read, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tracker.language import current, gettext, language_name, long_date, mark, short_period, translate
from tracker.models.accounts import ROLE_LABELS, InvitationKind, Role
from tracker.models.assignments import AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.milestones import MILESTONE_LABELS
from tracker.models.recommendation_fields import label_of
from tracker.models.recommendation_links import LinkKind
from tracker.models.translations import TranslationKind

Facts = Mapping[str, Any]
MISSING = "…"
"""In the place of a fact that is missing, because somebody changed the line in the database: the page still opens, and
`flask verify` names the line."""


def _of_assignment(facts: Facts) -> str:
    if facts.get("kind") == AssignmentKind.LEAD:
        return mark("%(who)s made %(organisation)s the lead of %(recommendation)s")
    return mark("%(who)s made %(organisation)s a supporting organisation of %(recommendation)s")


def _of_ended_assignment(facts: Facts) -> str:
    if facts.get("kind") == AssignmentKind.LEAD:
        return mark("%(who)s ended the lead of %(organisation)s on %(recommendation)s")
    return mark("%(who)s ended the support of %(organisation)s on %(recommendation)s")


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


def _of_link(facts: Facts) -> str:
    kind = facts.get("kind")
    if kind == LinkKind.REPEATS:
        return mark("%(who)s noted that %(later)s repeats %(earlier)s")
    if kind == LinkKind.FOLLOWS_UP:
        return mark("%(who)s noted that %(later)s follows up %(earlier)s")
    if kind == LinkKind.SIMILAR:
        return mark("%(who)s noted that %(later)s is similar to %(earlier)s")
    return mark("%(who)s noted that %(later)s is not related to %(earlier)s")


def _of_import(facts: Facts) -> str:
    if "drafts" in facts:
        return mark(
            "%(who)s imported into %(review)s: %(added)s added, %(changed)s changed, drafts for ministries: %(drafts)s"
        )
    return mark("%(who)s imported into %(review)s: %(added)s added, %(changed)s changed")


def _of_translation(facts: Facts) -> str:
    if facts.get("kind") == TranslationKind.OFFICIAL:
        return mark("%(who)s added the official translation of %(recommendation)s into %(language)s")
    if facts.get("checked"):
        return mark("%(who)s added a checked working translation of %(recommendation)s into %(language)s")
    return mark("%(who)s added a working translation of %(recommendation)s into %(language)s, not checked")


def _of_corrected_translation(facts: Facts) -> str:
    if facts.get("kind") == TranslationKind.OFFICIAL:
        return mark("%(who)s corrected the official translation of %(recommendation)s into %(language)s")
    if facts.get("checked"):
        return mark(
            "%(who)s corrected the working translation of %(recommendation)s into %(language)s: checked"
        )
    return mark(
        "%(who)s corrected the working translation of %(recommendation)s into %(language)s: not checked"
    )


def _of_corrected_milestone(facts: Facts) -> str:
    if "days_before" in facts:
        return mark(
            "%(who)s corrected a date of %(review)s: %(milestone)s, now %(days)s, formerly %(days_before)s"
        )
    return mark("%(who)s corrected how a date of %(review)s is known: %(milestone)s, %(days)s")


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    # updates and their files
    "write_update": mark("%(who)s wrote a draft"),
    "carry_update": mark("%(who)s brought in a draft of %(organisation)s"),
    "change_update": mark("%(who)s changed the draft"),
    "submit_update": mark("%(who)s submitted the update"),
    "recall_update": mark("%(who)s recalled the update"),
    "validate_update": mark("%(who)s validated the update"),
    "return_update": mark("%(who)s returned the update"),
    "publish_update": mark("%(who)s published the update"),
    "discard_update": _of_discarding,
    "attach_evidence": mark("%(who)s attached a file"),
    "remove_evidence": mark("%(who)s removed a file"),
    # reviews, what stands in them, and files that are imported
    "open_review": mark("%(who)s opened the review %(review)s"),
    "publish_review": mark("%(who)s published the review %(review)s"),
    "close_review": mark("%(who)s closed the review %(review)s"),
    "reopen_review": mark("%(who)s opened the review %(review)s again"),
    "enter_milestone": mark("%(who)s entered a date of %(review)s: %(milestone)s, %(days)s"),
    "correct_milestone": _of_corrected_milestone,
    "remove_milestone": mark("%(who)s removed a date of %(review)s: %(milestone)s, %(days)s"),
    "add_recommendation": mark("%(who)s added the recommendation %(recommendation)s"),
    "correct_recommendation": mark("%(who)s corrected %(recommendation)s: %(fields)s"),
    "translate_recommendation": _of_translation,
    "correct_translation": _of_corrected_translation,
    "remove_translation": mark("%(who)s removed the translation of %(recommendation)s into %(language)s"),
    "change_position_now": mark("%(who)s changed the position now of %(recommendation)s"),
    "retire_recommendation": mark("%(who)s retired the recommendation %(recommendation)s"),
    "restore_recommendation": mark("%(who)s restored the recommendation %(recommendation)s"),
    "add_point": mark("%(who)s added the point %(point)s"),
    "reword_point": mark("%(who)s reworded the point %(point)s; its meaning stays"),
    "replace_point": mark("%(who)s replaced the point %(point)s, whose meaning changed, by %(points)s"),
    "split_point": mark("%(who)s split the point %(point)s; %(points)s are new"),
    "merge_points": mark("%(who)s merged into the point %(point)s: %(points)s"),
    "retire_point": mark("%(who)s retired the point %(point)s"),
    "restore_point": mark("%(who)s restored the point %(point)s"),
    "order_points": mark("%(who)s changed the order of the points of %(recommendation)s"),
    "apply_import": _of_import,
    "undo_import": mark("%(who)s undid an import into %(review)s: %(removed)s removed"),
    # links across reviews
    "link_recommendations": _of_link,
    "unlink_recommendations": mark("%(who)s took back what was noted on %(later)s and %(earlier)s"),
    # who is responsible
    "assign": _of_assignment,
    "end_assignment": _of_ended_assignment,
    # accounts, links and organisations
    "create_organisation": mark("%(who)s created %(organisation)s"),
    "correct_organisation": mark("%(who)s corrected the name of %(organisation)s"),
    "rename_organisation": mark("%(who)s renamed %(organisation)s: from %(on)s %(into)s goes on"),
    "merge_organisation": mark("%(who)s merged %(organisation)s into %(into)s, from %(on)s"),
    "split_organisation": mark("%(who)s divided %(organisation)s: from %(on)s %(into)s go on"),
    "take_back_succession": mark("%(who)s took back that %(organisation)s had passed to %(into)s"),
    "end_organisation": mark("%(who)s ended %(organisation)s, from %(on)s"),
    "reopen_organisation": mark("%(who)s opened %(organisation)s again"),
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
        found = self.get(name, MISSING)
        if name == "fields" and isinstance(found, list):
            return ", ".join(label_of(str(each)) for each in found)
        if name in ("days", "days_before") and isinstance(found, list):
            return _period(found)
        value = ", ".join(map(str, found)) if isinstance(found, list) else str(found)
        if name == "role":
            return gettext(ROLE_LABELS[value]) if value in ROLE_LABELS else value
        if name == "language":
            return language_name(value)
        if name == "milestone":
            return gettext(MILESTONE_LABELS[value]) if value in MILESTONE_LABELS else value
        if name == "organisation":
            return _name_of(self.get("names"), value)
        if name == "into":
            return self._into()
        return _day(value) if name == "on" else value

    def _into(self) -> str:
        """The organisations that go on: “A and B”."""
        keys, names = self.get("into"), self.get("into_names")
        if not isinstance(keys, list) or not keys:
            return MISSING
        every = names if isinstance(names, list) and len(names) == len(keys) else [None] * len(keys)
        *others, last = [_name_of(each, str(key)) for each, key in zip(every, keys, strict=True)]
        return gettext("%(first)s and %(last)s", first=", ".join(others), last=last) if others else last


def _name_of(names: object, otherwise: str) -> str:
    """In the reader's language."""
    return str(names.get(current()) or names.get("en") or otherwise) if isinstance(names, dict) else otherwise


def _period(days: list[Any]) -> str:
    """A day, or the first and the last one."""
    try:
        first, last = (date.fromisoformat(str(day)) for day in days)
    except ValueError:
        return ", ".join(map(str, days))
    return short_period(first, last)


def _day(value: str) -> str:
    try:
        return long_date(date.fromisoformat(value))
    except ValueError:
        return value
