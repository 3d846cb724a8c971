"""The pure rules of levels (docs/rules.md): index, level of a voice, disagreement, roll-up; words for every code."""

from enum import StrEnum

import pytest

from tracker.language import PSEUDO, speaking
from tracker.models.accounts import Role
from tracker.models.assignments import AssignmentKind
from tracker.models.communications import CommunicationKind, ReplyState
from tracker.models.levels import (
    INDEX,
    Disagreement,
    Level,
    RollUp,
    ShownLevel,
    Voice,
    VoiceLevel,
    disagreement,
    of_voice,
    roll_up,
)
from tracker.models.milestones import Certainty, MilestoneKind
from tracker.models.organisations import OrganisationKind
from tracker.models.recommendations import Position, RecommendationKind
from tracker.models.states import State
from tracker.models.updates import UpdateState

FULLY, PARTIALLY, PLANNED = Level.FULLY_IMPLEMENTED, Level.PARTIALLY_IMPLEMENTED, Level.PLANNED
NOT, REGRESSED = Level.NOT_IMPLEMENTED, Level.REGRESSED
OVERTAKEN, NOTHING = Level.OVERTAKEN, Level.NO_INFORMATION
MIXED = ShownLevel.MIXED
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


def test_the_index_is_that_of_the_definition() -> None:
    assert INDEX == {NOT: 0, PLANNED: 0, PARTIALLY: 0.5, FULLY: 1, REGRESSED: 0}
    assert OVERTAKEN not in INDEX
    assert NOTHING not in INDEX


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


def test_levels_are_shown_by_the_same_codes_plus_mixed_and_the_absence() -> None:
    assert set(ShownLevel) - set(Level) == {"mixed", "not_assessed"}
    assert set(Level) <= set(ShownLevel)


@pytest.mark.parametrize(
    ("kind", "voice"),
    [
        ("government", "state"),
        ("parliament", "state"),
        ("judiciary", "state"),
        ("local", "state"),
        ("nhri", "nhri_un"),
        ("un", "nhri_un"),
        ("cso", "civil_society"),
        ("coalition", "civil_society"),
    ],
)
def test_every_kind_of_organisation_speaks_with_one_voice(kind: str, voice: str) -> None:
    assert OrganisationKind(kind).voice == voice


def test_a_state_is_named_in_the_language_of_the_reader() -> None:
    state = State(code="KGZ", name_en="Kyrgyzstan", name_ru="Кыргызстан", name_ky="Кыргызстан (ky)")
    with speaking("ru"):
        assert state.name == "Кыргызстан"
    with speaking("ky"):
        assert state.name == "Кыргызстан (ky)"
    with speaking("en"):
        assert state.name == "Kyrgyzstan"


@pytest.mark.parametrize(
    ("given", "shown", "index"),
    [
        ([FULLY], "fully_implemented", 1.0),
        ([PLANNED], "planned", 0.0),
        ([REGRESSED], "regressed", 0.0),
        ([OVERTAKEN], "overtaken", None),
        ([NOTHING], "no_information", None),
        ([PARTIALLY, PARTIALLY], "partially_implemented", 0.5),
        ([PARTIALLY, NOT], "mixed", 0.25),
        ([FULLY, PARTIALLY, NOT], "mixed", 0.5),
        ([PLANNED, NOT], "mixed", 0.0),
        ([FULLY, OVERTAKEN], "mixed", 1.0),
        ([FULLY, NOTHING, NOT], "mixed", 0.5),
        ([OVERTAKEN, NOTHING], "mixed", None),
    ],
)
def test_a_voice_takes_the_level_of_its_organisations_or_is_mixed(
    given: list[Level], shown: str, index: float | None
) -> None:
    assert of_voice(given) == VoiceLevel(ShownLevel(shown), index, tuple(given))


def test_a_voice_without_an_entry_has_no_level() -> None:
    assert of_voice([]) is None


@pytest.mark.parametrize(
    ("state", "civil_society", "nhri_un", "expected"),
    [
        # contradicts: the State says fully or partially, somebody says not implemented or regressed
        ([FULLY], [NOT], [], "contradicts"),
        ([PARTIALLY], [REGRESSED], [], "contradicts"),
        ([PARTIALLY], [], [NOT], "contradicts"),
        ([PARTIALLY], [PARTIALLY], [REGRESSED], "contradicts"),
        ([FULLY], [FULLY, FULLY, FULLY, NOT], [], "contradicts"),  # one organisation is enough
        # differs: half a point apart, and not a hair less
        ([PARTIALLY], [PLANNED], [], "differs"),
        ([PARTIALLY], [FULLY], [], "differs"),
        ([FULLY], [PARTIALLY], [], "differs"),
        ([FULLY], [PARTIALLY, PLANNED], [], "differs"),
        ([NOT], [FULLY], [], "differs"),
        ([REGRESSED], [PARTIALLY], [], "differs"),
        ([], [FULLY], [PARTIALLY], "differs"),
        ([PARTIALLY], [PARTIALLY], [FULLY], "differs"),
        ([FULLY], [FULLY, PARTIALLY], [], "none"),  # 1 and 0.75
        ([PARTIALLY], [PARTIALLY, PLANNED], [], "none"),  # 0.5 and 0.25
        ([FULLY], [FULLY], [FULLY], "none"),
        ([PLANNED], [NOT], [], "none"),  # neither fully nor partially, both 0
        ([NOT], [REGRESSED], [], "none"),
        # what has no value takes no part, and silence never disagrees
        ([FULLY], [OVERTAKEN], [], "none"),
        ([NOTHING], [NOT], [], "none"),
        ([OVERTAKEN], [FULLY], [NOTHING], "none"),
        ([FULLY], [], [], "none"),
        ([], [NOT], [], "none"),
        ([], [], [], "none"),
    ],
)
def test_voices_disagree_as_the_domain_says(
    state: list[Level], civil_society: list[Level], nhri_un: list[Level], expected: str
) -> None:
    given = {Voice.STATE: state, Voice.CIVIL_SOCIETY: civil_society, Voice.NHRI_UN: nhri_un}
    said = {voice: found for voice, levels in given.items() if (found := of_voice(levels))}
    assert disagreement(said) == expected


def test_voices_half_a_step_apart_differ_whatever_the_rounding() -> None:
    high = of_voice([Level.FULLY_IMPLEMENTED] * 2 + [Level.PARTIALLY_IMPLEMENTED] * 3)
    low = of_voice([Level.PARTIALLY_IMPLEMENTED] * 2 + [Level.PLANNED] * 3)
    assert high is not None
    assert low is not None
    said = {Voice.CIVIL_SOCIETY: high, Voice.NHRI_UN: low}
    assert disagreement(said) == Disagreement.DIFFERS


def test_organisations_of_one_voice_that_differ_are_mixed_and_no_disagreement() -> None:
    mixed = of_voice([FULLY, NOT])
    assert mixed is not None
    assert disagreement({Voice.CIVIL_SOCIETY: mixed}) == Disagreement.NONE


@pytest.mark.parametrize(
    ("points", "total", "level", "assessed"),
    [
        ([FULLY, FULLY], 2, "fully_implemented", 2),
        ([FULLY, FULLY], 3, "partially_implemented", 2),  # one point without an entry
        ([FULLY, OVERTAKEN], 2, "fully_implemented", 2),  # overtaken is left out
        ([FULLY, NOTHING], 2, "fully_implemented", 2),
        ([FULLY, OVERTAKEN], 3, "partially_implemented", 2),
        ([FULLY, NOT], 2, "partially_implemented", 2),
        ([FULLY, PLANNED], 2, "partially_implemented", 2),
        ([PARTIALLY], 1, "partially_implemented", 1),
        ([PARTIALLY, NOT, NOT], 8, "partially_implemented", 3),
        ([PLANNED], 1, "not_implemented", 1),
        ([PLANNED, NOT], 2, "not_implemented", 2),
        ([NOT], 5, "not_implemented", 1),
        ([NOT, OVERTAKEN], 2, "not_implemented", 2),
        ([OVERTAKEN, NOTHING], 2, None, 2),  # nothing is left
        ([OVERTAKEN], 1, None, 1),
        ([], 4, None, 0),
        ([], 0, None, 0),
    ],
)
def test_points_roll_up_to_a_recommendation(
    points: list[Level], total: int, level: str | None, assessed: int
) -> None:
    given = [(ShownLevel(point), INDEX.get(point)) for point in points]
    assert roll_up(given, total) == RollUp(Level(level) if level else None, assessed, total, False)


def test_regressed_is_a_flag_beside_the_level() -> None:
    fully, regressed = (ShownLevel(FULLY), 1.0), (ShownLevel(REGRESSED), 0.0)
    assert roll_up([regressed], 1) == RollUp(NOT, 1, 1, True)
    assert roll_up([fully, regressed], 2) == RollUp(PARTIALLY, 2, 2, True)
    assert not roll_up([fully], 2).is_regressed


def test_a_roll_up_tells_what_its_points_say() -> None:
    planned, fully = (ShownLevel.PLANNED, 0.0), (ShownLevel(FULLY), 1.0)
    found = roll_up([planned, fully, planned, (None, None)], 5)
    assert found.levels == ((ShownLevel(FULLY), 1), (ShownLevel.PLANNED, 2))
    assert found.hides
    assert roll_up([planned], 1).hides  # as a whole it is called not implemented
    assert roll_up([(ShownLevel.NO_INFORMATION, None)], 1).hides
    assert not roll_up([fully], 1).hides
    assert not roll_up([], 1).hides


def test_a_mixed_point_counts_with_its_mean_and_never_as_fully() -> None:
    assert roll_up([(MIXED, 0.25)], 1).level == PARTIALLY
    assert roll_up([(MIXED, 0.0)], 1).level == NOT
    assert roll_up([(MIXED, 1.0), (ShownLevel(FULLY), 1.0)], 2).level == PARTIALLY
    assert roll_up([(MIXED, None)], 1) == RollUp(None, 1, 1, False)


def test_points_of_which_the_voice_says_nothing_are_not_assessed() -> None:
    assert roll_up([(None, None), (ShownLevel(FULLY), 1.0)], 2) == RollUp(PARTIALLY, 1, 2, False)
