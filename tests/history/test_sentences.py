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
HANDLE = {"handle": "reed-27"}
SAID: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    ("write_update", ""): ({}, "fox wrote a draft"),
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
    ("assign", "lead"): (
        {**NAMES, "kind": "lead", "recommendation": "KGZ-3 A12"},
        "fox made Ministry the lead of KGZ-3 A12",
    ),
    ("assign", "supporting"): (
        {**NAMES, "kind": "supporting", "recommendation": "KGZ-3 A12"},
        "fox made Ministry a supporting organisation of KGZ-3 A12",
    ),
    ("create_organisation", ""): (NAMES, "fox created Ministry"),
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


WRITERS = ("write_line", "write_account_line")
"""Both take the verb as their third argument."""


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
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
                verb = node.args[places[node.func.id]]
                if isinstance(verb, ast.Constant):
                    yield str(verb.value)
                else:
                    is_passed_on = isinstance(verb, ast.Name) and verb.id == "verb"
                    assert is_passed_on, f"{path.name}, line {node.lineno}: which verb is this?"
