"""What lines say: every verb that the product writes has a sentence, made in the language of who reads it."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from config import ROOT
from tracker.history.sentences import SENTENCES, sentence_of
from tracker.language import PSEUDO, speaking
from tracker.models.history import PUBLIC_VERBS, PURGING_VERBS, HistoryLine

NAMES = {"organisation": "ministry-a", "names": {"en": "Ministry", "ru": "Министерство", "ky": ""}}
INTO = {"into": ["agency"], "into_names": [{"en": "Agency", "ru": "", "ky": ""}], "on": "2026-10-01"}
HANDLE = {"handle": "reed-27"}
OF = {"recommendation": "KGZ-4 140.7"}
INTO_RUSSIAN = {**OF, "language": "ru"}
POINT = {"point": "KGZ-4 140.7.1"}
ADOPTED = {"review": "UZB-5", "milestone": "adoption", "days": ["2025-07-02", "2025-07-02"]}
ENDS = {"later": "KGZ-4 140.7", "earlier": "KGZ-1 76.12"}
SAID: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    ("write_update", ""): ({}, "fox wrote a draft"),
    ("carry_update", ""): (NAMES, "fox brought in a draft of Ministry"),
    ("change_update", ""): ({}, "fox changed the draft"),
    ("submit_update", ""): ({}, "fox submitted the update"),
    ("recall_update", ""): ({}, "fox recalled the update"),
    ("validate_update", ""): ({}, "fox validated the update"),
    ("return_update", ""): ({}, "fox returned the update"),
    ("publish_update", ""): ({}, "fox published the update"),
    ("discard_update", ""): ({"review": "KGZ-3", "point": "A12.1"}, "fox discarded the draft on A12.1"),
    ("discard_update", "older"): ({}, "fox discarded the draft"),
    ("attach_evidence", ""): ({}, "fox attached a file"),
    ("remove_evidence", ""): ({}, "fox removed a file"),
    ("translate_recommendation", "official"): (
        {**INTO_RUSSIAN, "kind": "official"},
        "fox added the official translation of KGZ-4 140.7 into Russian",
    ),
    ("translate_recommendation", "checked"): (
        {**INTO_RUSSIAN, "kind": "unofficial", "checked": True},
        "fox added a checked working translation of KGZ-4 140.7 into Russian",
    ),
    ("translate_recommendation", "unchecked"): (
        {**INTO_RUSSIAN, "kind": "unofficial", "checked": False},
        "fox added a working translation of KGZ-4 140.7 into Russian, not checked",
    ),
    ("correct_translation", "official"): (
        {**INTO_RUSSIAN, "kind": "official"},
        "fox corrected the official translation of KGZ-4 140.7 into Russian",
    ),
    ("correct_translation", "checked"): (
        {**INTO_RUSSIAN, "kind": "unofficial", "checked": True},
        "fox corrected the working translation of KGZ-4 140.7 into Russian: checked",
    ),
    ("correct_translation", "unchecked"): (
        {**INTO_RUSSIAN, "kind": "unofficial", "checked": False},
        "fox corrected the working translation of KGZ-4 140.7 into Russian: not checked",
    ),
    ("remove_translation", ""): (
        {**INTO_RUSSIAN, "kind": "unofficial", "checked": False},
        "fox removed the translation of KGZ-4 140.7 into Russian",
    ),
    ("assign", "lead"): (
        {**NAMES, "kind": "lead", "recommendation": "KGZ-3 A12"},
        "fox made Ministry the lead of KGZ-3 A12",
    ),
    ("assign", "supporting"): (
        {**NAMES, "kind": "supporting", "recommendation": "KGZ-3 A12"},
        "fox made Ministry a supporting organisation of KGZ-3 A12",
    ),
    ("link_recommendations", "repeats"): (
        {**ENDS, "kind": "repeats"},
        "fox noted that KGZ-4 140.7 repeats KGZ-1 76.12",
    ),
    ("link_recommendations", "similar"): (
        {**ENDS, "kind": "similar"},
        "fox noted that KGZ-4 140.7 is similar to KGZ-1 76.12",
    ),
    ("link_recommendations", "follows_up"): (
        {**ENDS, "kind": "follows_up"},
        "fox noted that KGZ-4 140.7 follows up KGZ-1 76.12",
    ),
    ("link_recommendations", "refused"): (
        {**ENDS, "kind": "not_related"},
        "fox noted that KGZ-4 140.7 is not related to KGZ-1 76.12",
    ),
    ("unlink_recommendations", ""): (ENDS, "fox took back what was noted on KGZ-4 140.7 and KGZ-1 76.12"),
    ("end_assignment", "lead"): (
        {**NAMES, "kind": "lead", "recommendation": "KGZ-3 A12"},
        "fox ended the lead of Ministry on KGZ-3 A12",
    ),
    ("end_assignment", "supporting"): (
        {**NAMES, "kind": "supporting", "recommendation": "KGZ-3 A12"},
        "fox ended the support of Ministry on KGZ-3 A12",
    ),
    ("create_organisation", ""): (NAMES, "fox created Ministry"),
    ("correct_organisation", ""): (NAMES, "fox corrected the name of Ministry"),
    ("rename_organisation", ""): (
        {**NAMES, **INTO},
        "fox renamed Ministry: from 1 October 2026 Agency goes on",
    ),
    ("merge_organisation", ""): ({**NAMES, **INTO}, "fox merged Ministry into Agency, from 1 October 2026"),
    ("split_organisation", ""): (
        {**NAMES, "into": ["a", "b"], "on": "2026-10-01"},
        "fox divided Ministry: from 1 October 2026 a and b go on",
    ),
    ("take_back_succession", ""): ({**NAMES, **INTO}, "fox took back that Ministry had passed to Agency"),
    ("end_organisation", ""): ({**NAMES, "on": "2026-10-01"}, "fox ended Ministry, from 1 October 2026"),
    ("reopen_organisation", ""): (NAMES, "fox opened Ministry again"),
    ("create_account", ""): (HANDLE, "fox created reed-27"),
    ("invite", ""): ({"role": "focal_point"}, "fox invited somebody as Focal point"),
    ("invite_successor", ""): (HANDLE, "fox invited a successor of reed-27"),
    ("create_recovery_link", "passphrase"): (
        {**HANDLE, "kind": "new_passphrase"},
        "fox made a link to a new passphrase for reed-27",
    ),
    ("create_recovery_link", "factor"): (
        {**HANDLE, "kind": "new_second_factor"},
        "fox made a link to a new second factor for reed-27",
    ),
    ("withdraw_invitation", ""): ({}, "fox withdrew a link that was not used"),
    ("accept_invitation", "new"): ({}, "fox accepted an invitation"),
    ("accept_invitation", "successor"): ({"before": "reed-27"}, "fox took over from reed-27"),
    ("set_new_passphrase", ""): ({}, "fox set a new passphrase by a link"),
    ("drop_second_factor", ""): ({}, "fox used a link to a new second factor"),
    ("change_passphrase", ""): ({}, "fox changed their passphrase"),
    ("change_second_factor", "first"): ({"change": "set_up"}, "fox set up a second factor"),
    ("change_second_factor", "other"): ({"change": "replaced"}, "fox replaced their second factor"),
    ("change_second_factor", "codes"): ({"change": "recovery_codes"}, "fox made new recovery codes"),
    ("change_roles", ""): (HANDLE, "fox changed the roles of reed-27"),
    ("hand_over", ""): (
        {**HANDLE, "successor": "heron-3"},
        "fox handed the work of reed-27 over to heron-3",
    ),
    ("enter_milestone", ""): (ADOPTED, "fox entered a date of UZB-5: Adoption, 2 Jul 2025"),
    ("correct_milestone", "days"): (
        {**ADOPTED, "days_before": ["2025-06-16", "2025-07-09"]},
        "fox corrected a date of UZB-5: Adoption, now 2 Jul 2025, formerly 16 Jun\u2009–\u20099 Jul 2025",
    ),
    ("correct_milestone", "source"): (
        {**ADOPTED, "days": ["damaged"]},
        "fox corrected how a date of UZB-5 is known: Adoption, damaged",
    ),
    ("remove_milestone", ""): (ADOPTED, "fox removed a date of UZB-5: Adoption, 2 Jul 2025"),
    ("add_recommendation", ""): (OF, "fox added the recommendation KGZ-4 140.7"),
    ("correct_recommendation", ""): (
        {**OF, "fields": ["text", "states"]},
        "fox corrected KGZ-4 140.7: Text, states",
    ),
    ("change_position_now", ""): (OF, "fox changed the position now of KGZ-4 140.7"),
    ("retire_recommendation", ""): (OF, "fox retired the recommendation KGZ-4 140.7"),
    ("restore_recommendation", ""): (OF, "fox restored the recommendation KGZ-4 140.7"),
    ("add_point", ""): (POINT, "fox added the point KGZ-4 140.7.1"),
    ("reword_point", ""): (POINT, "fox reworded the point KGZ-4 140.7.1; its meaning stays"),
    ("replace_point", ""): (
        {**POINT, "points": ["140.7.2"]},
        "fox replaced the point KGZ-4 140.7.1, whose meaning changed, by 140.7.2",
    ),
    ("split_point", ""): (
        {**POINT, "points": ["140.7.2", "140.7.3"]},
        "fox split the point KGZ-4 140.7.1; 140.7.2, 140.7.3 are new",
    ),
    ("merge_points", ""): (
        {**POINT, "points": ["140.7.2"]},
        "fox merged into the point KGZ-4 140.7.1: 140.7.2",
    ),
    ("retire_point", ""): (POINT, "fox retired the point KGZ-4 140.7.1"),
    ("restore_point", ""): (POINT, "fox restored the point KGZ-4 140.7.1"),
    ("order_points", ""): (OF, "fox changed the order of the points of KGZ-4 140.7"),
    ("open_review", ""): ({"review": "KGZ-4"}, "fox opened the review KGZ-4"),
    ("publish_review", ""): ({"review": "KGZ-4"}, "fox published the review KGZ-4"),
    ("close_review", ""): ({"review": "KGZ-4"}, "fox closed the review KGZ-4"),
    ("reopen_review", ""): ({"review": "KGZ-4"}, "fox opened the review KGZ-4 again"),
    ("apply_import", ""): (
        {"review": "KGZ-4", "added": 3, "changed": 0},
        "fox imported into KGZ-4: 3 added, 0 changed",
    ),
    ("apply_import", "with drafts"): (
        {"review": "KGZ-4", "added": 3, "changed": 0, "drafts": 2},
        "fox imported into KGZ-4: 3 added, 0 changed, drafts for ministries: 2",
    ),
    ("undo_import", ""): (
        {"review": "KGZ-4", "removed": 3},
        "fox undid an import into KGZ-4: 3 removed",
    ),
    ("end_account", ""): (HANDLE, "fox ended the account of reed-27"),
    ("try_again", ""): (HANDLE, "fox asked for another attempt at the mail to reed-27"),
}


def line(verb: str, **facts: Any) -> HistoryLine:
    return HistoryLine(format=2, verb=verb, facts={"who": "fox", **facts})


@pytest.mark.parametrize("named", SAID, ids=" ".join)
def test_each_verb_says_what_was_done(named: tuple[str, str]) -> None:
    facts, sentence = SAID[named]
    assert sentence_of(line(named[0], **facts)) == sentence


def test_every_verb_of_the_product_has_a_sentence_and_no_other() -> None:
    written = set(verbs_in_the_code())
    assert written == set(SENTENCES) == {verb for verb, _ in SAID}
    assert written >= PUBLIC_VERBS | PURGING_VERBS


def test_a_sentence_is_in_the_language_of_its_reader_with_names_and_labels_of_today() -> None:
    with speaking(PSEUDO):
        assert sentence_of(line("invite", role="focal_point")) == "⟦fox invited somebody as ⟦Focal point⟧⟧"
        assert sentence_of(line("publish_update", who_role="registrar")) == (
            "⟦⟦the registrar⟧ published the update⟧"
        )
    with speaking("ru"):
        assert "Министерство" in sentence_of(line("create_organisation", **NAMES))
    with speaking("ky"):
        assert "Ministry" in sentence_of(line("create_organisation", **NAMES))


def test_an_older_line_says_what_was_stored() -> None:
    older = HistoryLine(format=1, verb="let_in_again", sentence="fox made a link for reed-27", facts=None)
    with speaking(PSEUDO):
        assert sentence_of(older) == "fox made a link for reed-27"


@pytest.mark.parametrize(
    "facts", [None, {}, ["who"], "who", {"who": None, "names": None, "role": 7}, {"who": {"a": "%s"}}]
)
@pytest.mark.parametrize("verb", [*SENTENCES, "be_anything"])
def test_a_line_that_was_changed_in_the_database_can_still_be_read(verb: str, facts: Any) -> None:
    assert sentence_of(HistoryLine(format=2, verb=verb, facts=facts))


def test_a_line_of_a_verb_that_this_version_does_not_know_names_it() -> None:
    assert sentence_of(line("move_mountain")) == "fox: move_mountain"


WRITERS = ("write_line", "write_account_line", "write_edit")
"""They take the verb as their third argument."""


def verbs_in_the_code() -> Iterator[str]:
    """What is given to every function that has a parameter `verb`, of all modules that write lines. A module that
    passes on a verb which nobody can read here is refused."""
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(isinstance(node, ast.Name) and node.id in WRITERS for node in ast.walk(tree)):
            continue
        places = dict.fromkeys(WRITERS, 2) | {
            node.name: [each.arg for each in node.args.args].index("verb")
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and "verb" in [each.arg for each in node.args.args]
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name_of(node.func) in places:
                place = places[_name_of(node.func)] - isinstance(
                    node.func, ast.Attribute
                )  # self is not given
                verb = node.args[place]
                if isinstance(verb, ast.Constant):
                    yield str(verb.value)
                else:
                    is_passed_on = isinstance(verb, ast.Name) and verb.id == "verb"
                    assert is_passed_on, f"{path.name}, line {node.lineno}: which verb is this?"


def _name_of(called: ast.expr) -> str:
    """Of a function, or of a method of the same object."""
    is_own = (
        isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "self"
    )
    return called.id if isinstance(called, ast.Name) else called.attr if is_own else ""
