"""The pure rules of levels (docs/rules.md): what a voice says, counts, disagreement; words for every code."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.language import PSEUDO, speaking
from tracker.models.accounts import Role
from tracker.models.assignments import AssignmentKind
from tracker.models.communications import CommunicationKind, ReplyState
from tracker.models.levels import (
    Disagreement,
    Distribution,
    Level,
    ShownLevel,
    Voice,
    VoiceLevels,
    WholeLevel,
    disagreement,
    steps_apart,
)
from tracker.models.milestones import Certainty, MilestoneKind
from tracker.models.organisations import OrganisationKind
from tracker.models.recommendations import Position, RecommendationKind
from tracker.models.states import State
from tracker.models.updates import UpdateState

FULLY, PARTIALLY, PLANNED = Level.FULLY_IMPLEMENTED, Level.PARTIALLY_IMPLEMENTED, Level.PLANNED
NOT, REGRESSED = Level.NOT_IMPLEMENTED, Level.REGRESSED
OVERTAKEN, NOTHING = Level.OVERTAKEN, Level.NO_INFORMATION
CODES_WITH_WORDS = (
    AssignmentKind,
    Certainty,
    CommunicationKind,
    Disagreement,
    Level,
    MilestoneKind,
    Position,
    RecommendationKind,
    ReplyState,
    Role,
    ShownLevel,
    UpdateState,
    Voice,
)


@pytest.mark.parametrize("kind", CODES_WITH_WORDS)
def test_every_code_has_a_word_of_its_own_that_is_marked_for_translation(kind: type[StrEnum]) -> None:
    words = [code.label for code in kind]
    assert all(words)
    assert len(set(words)) == len(words)
    with speaking(PSEUDO):
        assert [code.label for code in kind] == [f"⟦{word}⟧" for word in words]


def test_every_level_has_a_definition() -> None:
    found = [level.definition for level in Level]
    assert len(set(found)) == len(Level)
    assert all(text.endswith(".") for text in found)


def test_levels_are_shown_by_the_same_codes_plus_the_range_and_what_has_none() -> None:
    assert set(ShownLevel) - set(Level) == {"mixed", "no_level", "no_entry"}
    assert set(Level) <= set(ShownLevel)


@pytest.mark.parametrize(
    ("kind", "voice"),
    [
        ("government", "state"),
        ("parliament", "state"),
        ("judiciary", "state"),
        ("local", "state"),
        ("nhri", "nhri"),
        ("un", "un"),
        ("cso", "civil_society"),
        ("coalition", "civil_society"),
    ],
)
def test_every_kind_of_organisation_speaks_with_one_voice(kind: str, voice: str) -> None:
    assert OrganisationKind(kind).voice == voice


def test_a_state_is_named_in_the_language_of_the_reader() -> None:
    state = State(code="KGZ", names={"en": "Kyrgyzstan", "ru": "Кыргызстан", "ky": "Кыргызстан (ky)"})
    with speaking("ru"):
        assert state.name == "Кыргызстан"
    with speaking("ky"):
        assert state.name == "Кыргызстан (ky)"
    with speaking("en"):
        assert state.name == "Kyrgyzstan"


@pytest.mark.parametrize(
    ("levels_given", "shown", "label"),
    [
        ([], "no_entry", "No entry"),
        ([None], "no_level", "Entry, no level"),
        ([FULLY], "fully_implemented", "Fully implemented"),
        ([NOT, NOT], "not_implemented", "Not implemented"),
        ([REGRESSED, PARTIALLY], "mixed", "Regressed to Partially implemented, 2 organisations"),
        ([PARTIALLY, REGRESSED, PLANNED], "mixed", "Regressed to Partially implemented, 3 organisations"),
        (
            [OVERTAKEN, PARTIALLY, REGRESSED],
            "mixed",
            "Regressed to Partially implemented, Overtaken by events, 3 organisations",
        ),
        ([PARTIALLY, NOTHING], "mixed", "Partially implemented, No information, 2 organisations"),
        ([OVERTAKEN, NOTHING], "mixed", "No information, Overtaken by events, 2 organisations"),
    ],
)
def test_a_voice_says_what_its_organisations_give_and_no_level_between(
    levels_given: list[Level | None], shown: str, label: str
) -> None:
    said = VoiceLevels(tuple(levels_given))
    expected = (ShownLevel(shown), label, len(levels_given))
    assert (said.shown, said.label, said.organisations) == expected


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([[]], "no entry"),
        ([[], []], "no entry"),
        ([[PLANNED], [], [], []], "1 planned, 3 no entry"),
        ([[PLANNED]], "planned"),
        ([[REGRESSED], [PARTIALLY]], "1 partially, 1 regressed"),
        ([[FULLY], [FULLY]], "2 fully"),
        ([[REGRESSED, FULLY]], "regressed to fully, 2 organisations"),
        ([[REGRESSED, FULLY], [NOT, FULLY]], "2 ranges"),
        ([[None], []], "1 entry without a level, 1 no entry"),
    ],
)
def test_points_are_counted_by_level_and_a_single_one_has_its_word(
    points: list[list[Level | None]], words: str
) -> None:
    said = Distribution(tuple(VoiceLevels(tuple(point)) for point in points))
    assert said.words == words


levels = st.sampled_from(Level)
voice_levels = st.lists(st.none() | levels, max_size=4).map(lambda given: VoiceLevels(tuple(given)))


@given(st.lists(voice_levels, max_size=9))
def test_counts_add_up_to_the_points_and_show_nothing_that_nobody_gave(points: list[VoiceLevels]) -> None:
    said = Distribution(tuple(points))
    assert sum(said.counts.values()) == said.total == len(points)
    assert said.with_level <= said.with_entry <= said.total
    given = {level.value for point in points for level in point.given if level}
    assert {shown.value for shown in said.counts} & {*Level} <= given
    for point in points:
        assert {*point.levels} == {level for level in point.given if level}
        assert set(point.range or ()) <= {*point.levels}


@given(levels, levels)
def test_two_levels_are_as_far_apart_from_either_side(one: Level, other: Level) -> None:
    assert steps_apart(one, other) == steps_apart(other, one)
    assert (steps_apart(one, other) == 0) == (one == other)
    assert 0 <= steps_apart(one, other) <= 4


@pytest.mark.parametrize(
    ("state", "other", "expected"),
    [
        (FULLY, FULLY, "agree"),
        (FULLY, PARTIALLY, "differs"),
        (FULLY, PLANNED, "contradicts"),
        (FULLY, REGRESSED, "contradicts"),
        (PLANNED, NOT, "differs"),
        (NOT, REGRESSED, "differs"),
        (OVERTAKEN, FULLY, "differs"),
        (OVERTAKEN, REGRESSED, "contradicts"),
        (REGRESSED, NOTHING, "contradicts"),
        (OVERTAKEN, NOTHING, "differs"),
        (OVERTAKEN, OVERTAKEN, "agree"),
    ],
)
def test_levels_agree_differ_or_contradict(state: Level, other: Level, expected: str) -> None:
    assert disagreement(steps_apart(state, other)) == Disagreement(expected)


def test_where_not_both_give_a_level_there_is_no_disagreement() -> None:
    assert disagreement(None) is None


def test_a_self_assessment_is_marked() -> None:
    assert WholeLevel("Office", REGRESSED).label == "Regressed, Office"
    assert WholeLevel("Office", REGRESSED, True).label == "Regressed, Office (self-assessment)"
