"""Which entries count, and how far voices are apart (docs/rules.md, "Levels" and "Disagreement"): the cases of the rule
and its properties, without a database."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.levels import (
    Disagreement,
    Distribution,
    Level,
    ShownLevel,
    Voice,
    VoiceLevels,
    disagreement,
)
from tracker.services.levels import Given, compare_with_state, list_current

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "level_cases.json").read_text(encoding="utf-8")
)["points"]
NAMES = UUID(int=0)
POINT = 1


def instant(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def read_case(case: dict[str, Any]) -> tuple[list[Given], dict[int, str]]:
    """The entries of a case, and the names of the organisations by their ids."""
    entries = [
        Given(
            uuid5(NAMES, f"state {number}"),
            POINT,
            100 + number,
            Voice.STATE,
            Level(each["level"]) if each["led"] else None,
            instant(each["published"]),
            date.fromisoformat(each["as_of_on"]) if each["as_of_on"] else None,
        )
        for number, each in enumerate(case["state"])
    ]
    names = sorted({each["organisation"] for each in case["others"]})
    entries += [
        Given(
            uuid5(NAMES, f"other {number}"),
            POINT,
            names.index(each["organisation"]),
            Voice(each["voice"]),
            Level(each["level"]),
            instant(each["published"]),
        )
        for number, each in enumerate(case["others"])
    ]
    return entries, dict(enumerate(names))


def kind_of(said: VoiceLevels) -> dict[str, Any]:
    """What is shown of a voice, as the cases write it."""
    if said.shown == ShownLevel.NO_ENTRY:
        return {"kind": "none"}
    if said.shown != ShownLevel.MIXED:
        return {"kind": "level", "level": said.shown.value, "organisations": said.organisations}
    if said.range is None:
        return {"kind": "several", "levels": [*said.levels], "organisations": said.organisations}
    low, high = said.range
    found = {"kind": "range", "from": low.value, "to": high.value, "besides": [*said.besides]}
    return {**found, "organisations": said.organisations}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_of_the_rule(case: dict[str, Any]) -> None:
    entries, names = read_case(case)
    current = list_current(entries)
    apart = compare_with_state(current, [POINT])
    expected = case["expected"]
    of_state = [each for each in current if each.voice == Voice.STATE]
    level = of_state[0].level.value if of_state and of_state[0].level else None
    assert level == expected["state"]
    assert (bool(of_state) and level is None) == expected["state_has_entry_without_level"]
    said = {
        voice: VoiceLevels(tuple(each.level for each in current if each.voice == voice))
        for voice in Voice
        if voice != Voice.STATE
    }
    assert {voice.value: kind_of(found) for voice, found in said.items()} == expected["voices"]
    others = [each for each in current if each.voice != Voice.STATE]
    found = {names[each.organisation_id]: disagreement(apart[each.entry_id]) for each in others}
    assert found == expected["by_organisation"]
    steps = [apart[each.entry_id] for each in others]
    widest = max((each for each in steps if each is not None), default=None)
    assert disagreement(widest) == expected["disagreement"]
    assert (widest is not None) == expected["both_give_a_level"]


days = st.dates(date(2024, 1, 1), date(2026, 11, 30))
instants = days.map(lambda day: datetime.combine(day, datetime.min.time(), UTC))
points = st.sampled_from([1, 2, 3])
updates = st.builds(
    Given,
    entry_id=st.uuids(),
    point_id=points,
    organisation_id=st.sampled_from([1, 2]),
    voice=st.just(Voice.STATE),
    level=st.none() | st.sampled_from(Level),
    published_at=instants,
    as_of_on=st.none() | days,
)
assessments = st.builds(
    Given,
    entry_id=st.uuids(),
    point_id=st.none() | points,
    organisation_id=st.sampled_from([11, 12, 13]),
    voice=st.just(Voice.CIVIL_SOCIETY),
    level=st.sampled_from(Level),
    published_at=instants,
)
entries_of_all = st.lists(updates | assessments, max_size=12, unique_by=lambda each: each.entry_id)


@given(entries_of_all, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(entries: list[Given], random: Any) -> None:
    other = list(entries)
    random.shuffle(other)
    assert {each.entry_id for each in list_current(entries)} == {
        each.entry_id for each in list_current(other)
    }
    one, two = list_current(entries), list_current(other)
    assert compare_with_state(one, [1, 2, 3]) == compare_with_state(two, [1, 2, 3])


@given(entries_of_all)
def test_each_organisation_counts_once_on_a_point_and_the_state_once_altogether(entries: list[Given]) -> None:
    current = list_current(entries)
    assert {each.entry_id for each in current} <= {each.entry_id for each in entries}
    owners = [
        (each.point_id, None if each.voice == Voice.STATE else each.organisation_id) for each in current
    ]
    assert len(owners) == len(set(owners))
    spoken = {(each.point_id, each.voice) for each in entries}
    assert {(each.point_id, each.voice) for each in current} == spoken
    for each in current:  # an entry without a level counts only where the State gives none
        if each.voice == Voice.STATE and each.level is None:
            same = [
                other for other in entries if (other.point_id, other.voice) == (each.point_id, each.voice)
            ]
            assert all(other.level is None for other in same)


@given(entries_of_all)
def test_what_is_counted_is_what_somebody_gave(entries: list[Given]) -> None:
    current = list_current(entries)
    for voice in (Voice.STATE, Voice.CIVIL_SOCIETY):
        said = Distribution(
            tuple(
                VoiceLevels(tuple(e.level for e in current if (e.point_id, e.voice) == (point, voice)))
                for point in (1, 2, 3)
            )
        )
        assert sum(said.counts.values()) == 3
        given_levels = {each.level.value for each in entries if each.voice == voice and each.level}
        assert {shown.value for shown in said.counts} <= given_levels | {"mixed", "no_level", "no_entry"}


def test_a_whole_recommendation_is_compared_only_where_all_its_points_bear_one_level_of_the_state() -> None:
    now = instant("2026-01-01")

    def update(point: int, level: Level) -> Given:
        return Given(uuid5(NAMES, f"{point}"), point, 1, Voice.STATE, level, now)

    whole = Given(uuid5(NAMES, "whole"), None, 9, Voice.CIVIL_SOCIETY, Level.REGRESSED, now)
    partially, planned = Level.PARTIALLY_IMPLEMENTED, Level.PLANNED
    same = [update(1, partially), update(2, partially), whole]
    assert disagreement(compare_with_state(same, [1, 2])[whole.entry_id]) == Disagreement.CONTRADICTS
    assert compare_with_state(same, [1, 2, 3])[whole.entry_id] is None, "one point has no level"
    assert compare_with_state(same[1:], [2])[whole.entry_id] == 3, "a retired point does not count"
    other = [update(1, partially), update(2, planned), whole]
    assert compare_with_state(other, [1, 2])[whole.entry_id] is None
